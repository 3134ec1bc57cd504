"""A run of each type is made in one form that asks for days, places and hosts alone (CT1-1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask

from lms.api import (
    SYSTEM,
    LocalisedText,
    Refused,
    activities_in_runs,
    activities_in_version,
    approve_version,
    course_plan,
    evaluation_dates,
    needs_of,
    runs_by_id,
    save_activity,
    sessions_of,
    terms_of,
    unit_of_work,
    values_of,
)
from lms.core.catalogue.models import CourseVersion
from lms.core.learning.services.building import begin_course, take_out_module
from lms.db import db
from lms.testing.rows import Maker
from lms_courses.types import COMPANY, KEYS, STAFF, STUDENT


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["courses", "activities"]


@pytest.fixture
def school(maker: Maker) -> Any:
    return maker.organisation(name="Skolen på Bakken", kind="institution")


@pytest.fixture
def lead(lms_app: Flask, maker: Maker, school: Any, sign_in: Any) -> Any:
    """A browser of somebody who leads runs at the school."""
    person = maker.person(language="en")
    maker.assignment(person=person, organisation=school)
    maker.access_role(person=person, role="programme_lead", organisation=school)
    return sign_in(lms_app.test_client(), person)


def approved(app: Flask, key: str, owner_id: int) -> str:
    """The address of the form for a run of an approved course of this type."""
    text = LocalisedText(da="Et ord", sv="Ett ord", en="A word")
    with app.app_context():
        plan = course_plan(key)
        assert plan is not None
        with unit_of_work():
            version_id = begin_course(
                plan,
                owner_id,
                SYSTEM,
                title=plan.title,
                **dict.fromkeys(("lead", "purpose", "target_group"), text),
                outcomes=[text],
                minutes=900,
                languages=["da"],
            )
            approve_version(version_id, SYSTEM)
        return f"/build/version/{db.session.get_one(CourseVersion, version_id).key}/run"


def filled(page: str) -> dict[str, Any]:
    """What the page's form would send as it stands."""
    found: dict[str, Any] = {}
    form = page[page.index("<form", page.index("<main")) :]
    for tag in re.findall(r"<input\b[^>]*>", form[: form.index("</form>")]):
        name, value = (re.search(rf'{part}="([^"]*)"', tag) for part in ("name", "value"))
        kind = re.search(r'type="(\w+)"', tag)
        if name is None:
            continue
        if kind is not None and kind[1] in ("checkbox", "radio"):
            if " checked" in tag:
                found.setdefault(name[1], []).append(value[1] if value else "y")
        else:
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(
        r'<select\b[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(
            r'<option[^>]* selected[^>]*value="([^"]*)"|<option[^>]*value="([^"]*)"[^>]* selected',
            options,
        )
        first = re.search(r'<option[^>]*value="([^"]*)"', options)
        found[name] = (
            next(filter(None, chosen.groups()), "") if chosen else first[1] if first else ""
        )
    return found


DAYS = {
    # Five sessions over ten weeks and over twelve; three weeks of Mondays, Wednesdays and Fridays.
    COMPANY: [
        date(2027, 1, 11),
        date(2027, 1, 25),
        date(2027, 2, 8),
        date(2027, 2, 22),
        date(2027, 3, 8),
    ],
    STAFF: [
        date(2027, 1, 4),
        date(2027, 1, 25),
        date(2027, 2, 15),
        date(2027, 3, 8),
        date(2027, 3, 29),
    ],
    STUDENT: [date(2027, 1, day) for day in (11, 13, 15, 18, 20, 22, 25)],
}


@pytest.mark.parametrize("key", KEYS)
def test_ct1_1_a_run_is_made_by_saying_when_and_where(
    lms_app: Flask, maker: Maker, school: Any, lead: Any, key: str
) -> None:
    """CT1-1: sessions, assignments, evaluation dates and who is needed are there from the start."""
    address = approved(lms_app, key, school.id)
    opened = lead.get(address).get_data(as_text=True)
    assert "filled in from the course" in opened
    start = DAYS[key][0].isoformat()
    asked = filled(opened) | {"start": start, "venue": "Sal 2", "town": "Aarhus"}
    laid = lead.post(address, data=asked | {"act": "lay_out"}).get_data(as_text=True)
    made = lead.post(address, data=filled(laid) | {"act": "make"})
    if key == STAFF:
        # The last day is Easter Monday: it is named, and whoever has seen it may still choose it.
        assert "Easter Monday (Denmark, Sweden)" in laid
    assert made.status_code == 303, made.get_data(as_text=True)
    with lms_app.test_request_context():
        plan = course_plan(key)
        assert plan is not None
        (run,) = runs_by_id(range(1, 3)).values()
        sessions = sessions_of([run.id])[run.id]
        assert [session.starts_at.date() for session in sessions] == DAYS[key]
        assert [session.minutes for session in sessions] == [m.minutes for m in plan.modules]
        assert [s.between.da for s in sessions] == [
            m.between.da if m.between else "" for m in plan.modules
        ]
        assert (run.capacity, run.town, run.host_ids) == (plan.capacity, "Aarhus", (school.id,))
        planned = [one.title for module in plan.modules for one in module.activities]
        assert [one.title for one in activities_in_runs([run.id])[run.id]] == planned
        kept = evaluation_dates(run, sessions)
        assert {one.key for one in kept} == {moment.key for moment in plan.moments}
        needed = {need.key for need in needs_of([run])[run.id]}
        assert {f"function_{f.key}" for f in plan.functions if f.required} <= needed
        assert (terms_of([run.id])[run.id].ways == ("nomination",)) == (key == COMPANY)


def test_ct1_1_what_clashes_is_warned_of(
    lms_app: Flask, maker: Maker, school: Any, lead: Any
) -> None:
    """A place in use, and a run of one's own, at the same time."""
    address = approved(lms_app, COMPANY, school.id)
    first = filled(lead.get(address).get_data(as_text=True))
    first |= {"start": "2027-01-11", "venue": "Sal 2", "town": "Aarhus", "title_en": "The first"}
    laid = lead.post(address, data=first | {"act": "lay_out"}).get_data(as_text=True)
    assert "The place is in use then" not in laid
    assert lead.post(address, data=filled(laid) | {"act": "make"}).status_code == 303

    def warned(**changes: str) -> str:
        form = filled(lead.get(address).get_data(as_text=True))
        form |= {"start": "2027-01-25", "venue": " sal  2 ", "town": "Aarhus", "act": "lay_out"}
        page: str = lead.post(address, data=form | changes).get_data(as_text=True)
        return page

    same = warned()
    # The second to the fifth day of the first are the first to the fourth of this one.
    assert same.count("The place is in use then: The first, 9:00–12:00.") == 4
    elsewhere = warned(venue="Sal 3")
    assert "The place is in use" not in elsewhere
    assert elsewhere.count("You are on the team of another run then: The first") == 4
    assert "another run then" not in warned(venue="Sal 3", clock="12:00")
    assert "another run then" not in warned(start="2027-01-26", venue="Sal 3")


def test_a_module_goes_with_what_was_planned_for_it_until_somebody_writes_in_it(
    lms_app: Flask, maker: Maker, school: Any
) -> None:
    text = LocalisedText(da="Et ord")
    with lms_app.app_context():
        plan = course_plan(STAFF)
        assert plan is not None
        with unit_of_work():
            version_id = begin_course(
                plan,
                school.id,
                SYSTEM,
                **dict.fromkeys(("title", "lead", "purpose", "target_group"), text),
                outcomes=[text],
                minutes=900,
                languages=["da"],
            )
        notice, options = activities_in_version(version_id)
        assert (notice.module, options.module) == ("notice", "options")
        with unit_of_work():
            save_activity(
                notice, values_of(notice), {**notice.content, "words": 90}, SYSTEM, revision=1
            )
        with pytest.raises(Refused), unit_of_work():
            take_out_module(version_id, "notice", STAFF, SYSTEM)
        for module in ("options", "decision"):
            with unit_of_work():
                take_out_module(version_id, module, STAFF, SYSTEM)
        assert [one.module for one in activities_in_version(version_id)] == ["notice"]
