"""Sockets that the home room fills."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lms.contracts import SYSTEM, DataPolicy, LocalisedText, MenuLink
from lms.core.home.services import write_programme
from lms.hookspecs import hookimpl
from lms.work import unit_of_work

PROGRAMME = Path(__file__).parent / "demo" / "programme.json"


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """Where one begins: the front page for guests, what waits for those who are signed in."""
    return (
        MenuLink(
            endpoint="home.front",
            label=LocalisedText(da="Forside", sv="Start", en="Front page"),
            icon="house",
            order=10,
            audience="guests",
        ),
        MenuLink(
            endpoint="home.mine",
            label=LocalisedText(da="Hjem", sv="Hem", en="Home"),
            icon="house",
            order=10,
            audience="signed_in",
        ),
        MenuLink(
            endpoint="administration.index",
            label=LocalisedText(da="Drift", sv="Drift", en="Administration"),
            icon="plug",
            order=90,
            permission="site.admin",
            audience="signed_in",
        ),
    )


@hookimpl
def lms_demo() -> Mapping[str, Callable[[], None]]:
    """The programme with what it has promised."""
    return {"10-programme": _load_programme}


def _load_programme() -> None:
    given = json.loads(PROGRAMME.read_text(encoding="utf-8"))
    with unit_of_work():
        write_programme(given, SYSTEM)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """A programme holds no persons."""
    return (
        DataPolicy(
            table="home_programme", purpose="the programme that the courses belong to", export=False
        ),
        DataPolicy(table="home_target", purpose="what the programme has promised", export=False),
    )
