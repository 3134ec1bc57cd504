"""Threads with hundreds of records of one kind: nothing is crowded out, and what is folded is
counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from lms.contracts import GUEST, SYSTEM, Actor, LocalisedText, RecordFacts, RecordType
from lms.core.records.drawing import TALLEST
from lms.core.records.models import RecordLink
from lms.core.records.queries import MOST_ALIKE, MOST_LINKS, links_around
from lms.core.records.tracing import thread_of
from lms.db import db, new_key, now
from lms.hookspecs import hookimpl
from lms.testing import Plugin
from lms.work import unit_of_work

Ref = tuple[str, str]
COURSE: Ref = ("lesson", "c")
STAGES = {"wish": 10, "lesson": 40, "trying": 60, "proof": 80, "gain": 90}


def _described(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """Records called theirs are seen by the system only."""
    return {
        key: RecordFacts(key=key, title=LocalisedText(da=f"Nr. {key}"))
        for key in keys
        if actor.is_system or not key.startswith("theirs")
    }


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    return tuple(
        RecordType(
            key=key, title=LocalisedText(da=key), icon="sprout", stage=stage, describe=_described
        )
        for key, stage in STAGES.items()
    )


@pytest.fixture
def lms_plugins() -> Sequence[Plugin]:
    return [("wishes", SimpleNamespace(lms_record_types=lms_record_types))]


@pytest.fixture
def app(lms_app: Flask) -> Iterator[Flask]:
    with lms_app.app_context():
        yield lms_app


def joined(*pairs: tuple[Ref, Ref]) -> None:
    """Links in this order, written at once."""
    with unit_of_work():
        db.session.execute(
            insert(RecordLink),
            [
                {
                    "key": new_key(),
                    "from_kind": first[0],
                    "from_key": first[1],
                    "to_kind": second[0],
                    "to_key": second[1],
                    "state": "linked",
                    "created_at": now(),
                }
                for first, second in pairs
            ],
        )


def proofs(count: int, name: str = "p") -> list[tuple[Ref, Ref]]:
    """Certificates of the course."""
    return [(COURSE, ("proof", f"{name}{number}")) for number in range(count)]


def test_hundreds_of_certificates_crowd_nothing_out(
    app: Flask, count_queries: Callable[[], Any]
) -> None:
    joined(*proofs(MOST_LINKS + 10))
    joined((("wish", "w"), COURSE), (COURSE, ("trying", "t")), (("trying", "t"), ("gain", "g")))
    with count_queries() as asked:
        around = links_around(*COURSE)
    assert len(asked) == 1
    assert not around.whole
    assert len(around.links) == MOST_ALIKE + 3
    found = thread_of(*COURSE, SYSTEM)
    assert found is not None
    assert {("wish", "w"), ("trying", "t"), ("gain", "g")} < {node.ref for node in found.nodes}
    from_the_wish = thread_of("wish", "w", SYSTEM)
    assert from_the_wish is not None
    assert ("gain", "g") in {node.ref for node in from_the_wish.nodes}


def test_many_courses_with_many_certificates_leave_room_for_what_is_further_away(
    app: Flask,
) -> None:
    lessons = [("lesson", f"l{number}") for number in range(10)]
    joined(*((("wish", "w"), lesson) for lesson in lessons))
    joined(*((one, ("proof", f"{one[1]}.{n}")) for one in lessons for n in range(40)))
    joined((lessons[9], ("trying", "t")), (("trying", "t"), ("gain", "g")))
    found = thread_of("wish", "w", SYSTEM)
    assert found is not None
    assert ("gain", "g") in {node.ref for node in found.nodes}
    assert len(found.links) == MOST_LINKS


def test_ones_own_among_many_of_others_is_there(app: Flask) -> None:
    joined((COURSE, ("proof", "mine")), *proofs(MOST_ALIKE - 1, "theirs"))
    found = thread_of(*COURSE, GUEST)
    assert found is not None
    assert [node.ref for node in found.nodes] == [COURSE, ("proof", "mine")]
    assert found.whole


def test_a_circle_counts_each_link_once(app: Flask) -> None:
    back = [(("proof", f"p{number}"), COURSE) for number in range(40)]
    joined(*proofs(40), *back)
    assert links_around(*COURSE).whole
    assert len(links_around(*COURSE).links) == 80


def test_a_tall_column_is_folded_and_the_list_has_them_all(app: Flask, client: FlaskClient) -> None:
    joined((("wish", "w"), COURSE), *proofs(44), (("proof", "p7"), ("gain", "g")))
    page = client.get("/records/proof/p30?lang=en").text
    assert "and 37 more" not in page, "one certificate leads to nothing but what it led to"
    page = client.get(f"/records/{COURSE[0]}/{COURSE[1]}?lang=en").text
    drawing, _, below = page.partition('class="line-map"')[2].partition("</svg>")
    assert f"and {44 - (TALLEST - 1)} more" in drawing
    assert drawing.count("<rect") == 3 + TALLEST
    assert len(set(re.findall(r"Nr\. p\d+", below))) == 44
    assert "Nr. p7<" in drawing, "what leads on keeps its box"
    assert 'href="#line"' in drawing
    assert 'id="line"' in below
    assert "fits here" not in page


def test_a_thread_that_is_cut_says_so(app: Flask, client: FlaskClient) -> None:
    joined(*proofs(MOST_ALIKE + 1))
    page = client.get(f"/records/{COURSE[0]}/{COURSE[1]}?lang=en").text
    assert "More hangs on this thread than fits here" in page
