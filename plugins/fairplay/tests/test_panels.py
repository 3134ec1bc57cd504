"""What other plugins show a company of itself: the socket `fairplay_company_panels`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader

from lms.api import LocalisedText, Panel, hookimpl


class Knower:
    """A plugin that knows what a company was told."""

    def __init__(self) -> None:
        self.broken = False

    @hookimpl(optionalhook=True)
    def fairplay_company_panels(self, company_id, actor):
        if self.broken:
            raise RuntimeError("no luck")
        return [
            Panel(
                template="knower/told.html",
                title=LocalisedText(en="What you were told"),
                values={"told": f"Told to {company_id} by {actor.name}"},
            )
        ]


@pytest.fixture
def knower() -> Knower:
    return Knower()


@pytest.fixture
def lms_plugins(knower: Knower) -> Sequence[Any]:
    return ["fairplay", ("knower", knower)]


def test_fairplay_company_panels_stand_on_the_companys_own_page(field, knower, monkeypatch):
    told = DictLoader({"knower/told.html": "<p>{{ told }}</p>"})
    environment = field.app.jinja_env
    monkeypatch.setattr(environment, "loader", ChoiceLoader([told, environment.loader]))
    seller = field.seller()
    seen = field.page(seller, "/fairplay/mine").get_data(as_text=True)
    assert "What you were told" in seen
    assert f"Told to {field.lift.id} by {seller.name}" in seen
    knower.broken = True
    away = field.page(seller, "/fairplay/mine")
    assert away.status_code == 200
    assert "What you were told" not in away.get_data(as_text=True)
