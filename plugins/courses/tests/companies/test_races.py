"""Two who do the same thing at the same moment: the second knows of the first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from lms.api import EditedMeanwhile, Refused, accept_upload, actor_for_person, now, unit_of_work
from lms.db import db
from lms.work import Conflict
from lms_courses.models import Application, Call, Panel
from lms_courses.panel_kinds import FEEDBACK_DAY
from lms_courses.plan_template import FIELDS
from lms_courses.queries.calls import ApplicationFacts, own_application
from lms_courses.services import plans
from lms_courses.services.calls import CallValues, write_call
from lms_courses.services.deciding import answer
from lms_courses.services.panels import set_up_panel
from lms_courses.services.sharing import share

AT_ONCE = (Conflict, EditedMeanwhile, Refused)


def told(track: Any, first: Callable[[], object], second: Callable[[], object]) -> str:
    """What the second is told who begins while the first is not done: the name of the error, ""
    for nothing."""
    errors: list[Exception] = []

    def run() -> None:
        with track.app.app_context():
            try:
                with unit_of_work():
                    second()
            except AT_ONCE as error:
                errors.append(error)

    thread = threading.Thread(target=run)
    with track.app.app_context(), unit_of_work():
        first()
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(10)
    assert not thread.is_alive()
    return "".join(type(error).__name__ for error in errors)


@pytest.fixture
def placed(track: Any) -> list[str]:
    """The keys of two companies that applied: the first has a place."""
    track.open()
    keys = [
        track.apply(name, number)
        for name, number in zip(("Alfa ApS", "Beta ApS"), track.numbers, strict=False)
    ]
    track.over()
    track.answer(keys[0], "confirmed")
    return keys


def company(key: str) -> ApplicationFacts:
    found = own_application(key)
    assert found is not None
    return found


def test_two_write_the_first_claim_at_once(track: Any, placed: list[str]) -> None:
    colleague = track.member("Alfa ApS")

    def save(text: str) -> None:
        plans.save_claims(
            company(placed[0]),
            {"citizen": text},
            actor_for_person(colleague.id),
            seen=lambda there: not any(there.values()),
        )

    assert told(track, lambda: save("Ro"), lambda: save("Uro")) == "EditedMeanwhile"


def test_two_begin_the_plan_at_once(track: Any, placed: list[str]) -> None:
    colleague = track.member("Alfa ApS")

    def save() -> None:
        content = {field.key: "Svar" for field in FIELDS}
        actor = actor_for_person(colleague.id)
        plans.save_plan(company(placed[0]), content, date(2027, 2, 1), actor, revision=0)

    assert told(track, save, save) == "EditedMeanwhile"


def test_two_write_a_call_at_once(track: Any) -> None:
    values = CallValues(
        criteria=track.criteria,
        category="",
        places=2,
        people=1,
        opens_at=now() + timedelta(days=1),
        closes_at=now() + timedelta(days=2),
    )

    def write() -> None:
        write_call(track.facts, values, track.actor)

    assert told(track, write, write) in ("Conflict", "Refused")
    with track.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Call)) == 1


def test_two_set_up_a_panel_at_once(track: Any, placed: list[str]) -> None:
    held_at = now() + timedelta(days=1)

    def set_up() -> None:
        set_up_panel(track.facts, FEEDBACK_DAY, held_at, track.actor)

    assert told(track, set_up, set_up) in ("Conflict", "")
    with track.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Panel)) == 1


def test_i_20_what_is_shared_while_a_place_is_given_reaches_both(
    track: Any, placed: list[str]
) -> None:
    track.fair.made.clear()

    def give() -> None:
        answer(placed[1], "confirmed", "Efter kriterierne.", track.actor)

    def hand_out() -> None:
        file = accept_upload(b"Vi har brug for ro.", "behov.txt")
        share(track.facts, file, "Behov", track.actor, language="da")

    assert told(track, give, hand_out) == ""
    shared = {one.company_id for one in track.fair.made if one.kind == "share"}
    with track.app.app_context():
        there = db.session.scalars(
            select(Application.organisation_id).where(Application.state == "confirmed")
        ).all()
    assert shared == set(there)
    assert len(shared) == 2
