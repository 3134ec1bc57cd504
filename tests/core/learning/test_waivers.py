"""Waivers: who may let somebody off, what is read of it, and that it can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor
from lms.core.learning.models import Standing, Waiver
from lms.core.learning.services import decide_completions, take_waiver_back, waive
from lms.core.refused import Refused
from lms.db import db, now
from lms.journal.models import JournalEntry
from lms.work import unit_of_work

RULE = {"version": "w", "conditions": {"attendance": {"percent": 80}, "declared": {}}}


@pytest.fixture
def run(make_run):
    return make_run(state="running", sessions=[now() - timedelta(days=3)], rule=RULE)


@pytest.fixture
def do(lms_app):
    def call(service, *arguments, **options):
        with lms_app.app_context(), unit_of_work():
            return service(*arguments, **options)

    return call


@pytest.fixture
def teacher(make_person, make_team_member, run):
    person = make_person(name="Tove Teacher", language="en")
    make_team_member(run=run, person=person)
    return person


def result_of(app, enrolment):
    with app.app_context():
        return db.session.scalar(
            db.select(Standing.result).where(Standing.enrolment_id == enrolment.id)
        )


def codes(error) -> list[str]:
    return [refusal.code for refusal in error.value.refusals]


def test_a_teacher_lets_off_and_the_participant_reads_why(
    lms_app, sign_in, submit, run, teacher, make_person, make_enrolment
):
    person = make_person(language="en")
    row = make_enrolment(run=run, person=person, state="active")
    browser = sign_in(lms_app.test_client(), teacher)
    url = f"/teach/{run.key}/standing/{row.key}"
    assert "Let them off a condition" in browser.get(url).text
    answer = submit(browser, url, condition="attendance", reason="")
    assert answer.status_code == 422
    assert "Write a reason. The participant reads it." in answer.text
    assert submit(browser, url, condition="nonsense", reason="x").status_code == 422
    answer = submit(browser, url, condition="attendance", reason="Barnets første sygedag")
    assert answer.status_code == 303
    assert "Barnets første sygedag" in browser.get(url).text
    own = sign_in(lms_app.test_client(), person)
    text = own.get(f"/enrolments/{row.key}").text
    assert "Tove Teacher has let you off" in text
    assert "Barnets første sygedag" in text
    assert "You are let off the attendance that is asked for." in text
    back = submit(browser, f"{url}/back", condition="attendance")
    assert back.status_code == 303
    assert "Barnets første sygedag" not in own.get(f"/enrolments/{row.key}").text


def test_the_verdict_follows_and_the_journal_keeps_the_reason(
    lms_app, do, run, teacher, make_enrolment
):
    row = make_enrolment(run=run, state="active")
    actor = Actor(person_id=teacher.id)
    do(waive, row.id, "attendance", " Syg ", actor)
    do(waive, row.id, "declared", "Kan det i forvejen", actor)
    assert result_of(lms_app, row) == "met"
    do(waive, row.id, "declared", "Viste det på sit arbejde", actor)
    do(take_waiver_back, row.id, "attendance", actor)
    assert result_of(lms_app, row) == "undecided"
    with lms_app.app_context():
        (left,) = db.session.scalars(db.select(Waiver)).all()
        assert (left.condition, left.reason, left.by_id) == (
            "declared",
            "Viste det på sit arbejde",
            teacher.id,
        )
        told = db.session.scalars(
            db.select(JournalEntry)
            .where(JournalEntry.verb.in_(("learning.waived", "learning.waiver_ended")))
            .order_by(JournalEntry.id)
        ).all()
        assert [entry.data["condition"] for entry in told] == [
            "attendance",
            "declared",
            "declared",
            "attendance",
        ]
        assert told[0].payload == {"reason": "Syg"}


def test_nobody_lets_themselves_off(lms_app, do, run, make_enrolment, make_person):
    person = make_person()
    row = make_enrolment(run=run, person=person, state="active")
    with pytest.raises(Refused) as error:
        do(waive, row.id, "attendance", "Travlt", Actor(person_id=person.id))
    assert codes(error) == ["own"]


def test_a_companys_employee_lets_nobody_off(
    lms_app,
    do,
    sign_in,
    submit,
    run,
    teacher,
    make_enrolment,
    make_organisation,
    make_assignment,
):
    make_assignment(person=teacher, organisation=make_organisation(kind="company"))
    row = make_enrolment(run=run, state="active")
    with pytest.raises(Refused) as error:
        do(waive, row.id, "attendance", "Travlt", Actor(person_id=teacher.id))
    assert codes(error) == ["company"]
    browser = sign_in(lms_app.test_client(), teacher)
    url = f"/teach/{run.key}/standing/{row.key}"
    assert "Let them off a condition" not in browser.get(url).text
    assert submit(browser, url, condition="attendance", reason="x").status_code == 404


def test_what_cannot_be_waived(do, run, make_enrolment):
    row = make_enrolment(run=run, state="active")
    for condition, reason, code in (
        ("agreement", "x", "condition.unknown"),
        ("attendance", "  ", "reason.needed"),
    ):
        with pytest.raises(Refused) as error:
            do(waive, row.id, condition, reason, SYSTEM)
        assert codes(error) == [code]
    with pytest.raises(Refused) as error:
        do(take_waiver_back, row.id, "attendance", SYSTEM)
    assert codes(error) == ["not_waived"]


def test_what_is_decided_stays_as_it_was_decided(lms_app, do, run, make_enrolment):
    row = make_enrolment(run=run, state="active")
    for condition in ("attendance", "declared"):
        do(waive, row.id, condition, "Syg", SYSTEM)
    found = do(decide_completions, [row.id], SYSTEM)
    assert found[row.id].result == "met"
    assert all(reason.waived for reason in found[row.id].reasons)
    with pytest.raises(Refused):
        do(take_waiver_back, row.id, "attendance", SYSTEM)
