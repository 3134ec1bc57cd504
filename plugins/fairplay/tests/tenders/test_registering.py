"""Tenders: registered with what they need, changed while they live, over with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lms.api import Refused
from lms_fairplay.services import tenders


def codes(call: Any, *arguments: Any, **options: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        call(*arguments, **options)
    return [one.code for one in caught.value.refusals]


def test_a_day_in_the_past_an_unknown_category_and_no_title_are_refused(buying):
    assert codes(buying.register, days=-1) == ["expected_on.past"]
    assert codes(buying.register, "spaceships") == ["category.unknown"]
    assert codes(buying.register, title=" ") == ["title.missing"]
    assert codes(buying.register, "x", title="", days=-3) == [
        "title.missing",
        "expected_on.past",
        "category.unknown",
    ]
    assert buying.register(days=0).state == "expected"


def test_the_same_tender_twice_is_refused_until_the_first_is_over(buying):
    first = buying.register(title="Loftlifte 2027")
    assert codes(buying.register, title="  LOFTLIFTE  2027") == ["title.twice"]
    assert buying.register("meals", title="Loftlifte 2027").live
    assert buying.register(title="Badestole").live
    buying.end(first)
    assert buying.register(title="Loftlifte 2027").live


def test_title_and_day_change_and_the_day_may_stay_when_it_has_passed(buying, clock):
    field, tender = buying.field, buying.register(days=3)
    buying.register(title="Senge")
    field.do(tenders.change, tender.id, "Nye lifte", buying.day(30), buying.actor)
    assert buying.tender(tender).title == "Nye lifte"
    assert codes(field.do, tenders.change, tender.id, "Senge", buying.day(30), buying.actor) == [
        "title.twice"
    ]
    clock.move(days=40)
    passed = buying.tender(tender).expected_on
    field.do(tenders.change, tender.id, "Lifte", passed, buying.actor)
    again = passed - timedelta(days=1)
    assert codes(field.do, tenders.change, tender.id, "Lifte", again, buying.actor) == [
        "expected_on.past"
    ]


def test_a_tender_that_is_out_still_stops(buying):
    tender = buying.register()
    buying.field.do(tenders.announce, tender.id, buying.actor)
    assert buying.tender(tender).state == "open"
    assert buying.refused() == ["waits"]


def test_dropping_needs_a_reason_and_closing_where_no_pack_was_public(buying, quick_press):
    tender = buying.register()
    for state in ("dropped", "closed"):
        assert codes(buying.end, tender, state, " ") == ["reason.missing"]
    buying.publish(tender, buying.pack(tender))
    buying.end(tender, "closed", "")
    assert buying.tender(tender).state == "closed"


def test_what_is_over_changes_no_more(buying):
    tender = buying.register()
    buying.end(tender)
    do, actor = buying.field.do, buying.actor
    assert codes(do, tenders.change, tender.id, "Ny", buying.day(9), actor) == ["over"]
    assert codes(do, tenders.announce, tender.id, actor) == ["over"]
    assert codes(buying.end, tender) == ["over"]
    assert codes(buying.ask, tender) == ["over"]
