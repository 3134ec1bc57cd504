"""Standings: written with the change, only where it changed, and the same however it came about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lms.contracts import SYSTEM
from lms.core.catalogue.moving import cancel_session, move_session
from lms.core.learning.models import Activity, Standing
from lms.core.learning.queries import activities_by_id
from lms.core.learning.services import (
    Presence,
    accept_work,
    declare,
    reassess,
    set_attendance,
    start_work,
    take_out,
    waive,
)
from lms.core.learning.services.standing import recompute
from lms.db import db, now
from lms.jobs import drain
from lms.jobs.models import Job
from lms.journal import deliver, seal
from lms.journal.models import JournalEntry
from lms.work import unit_of_work
from tests.core.learning.facts import make_activity

RULE = {"version": "r1", "conditions": {"attendance": {"percent": 80}, "activities": {}}}


@pytest.fixture
def run(make_run):
    moments = [now() - timedelta(days=9), now() - timedelta(days=2), now() + timedelta(days=9)]
    return make_run(state="running", sessions=moments, session_minutes=100, capacity=50, rule=RULE)


@pytest.fixture
def do(lms_app):
    def call(service, *arguments, **options):
        with lms_app.app_context(), unit_of_work():
            return service(*arguments, **options)

    return call


@pytest.fixture
def task(maker, run):
    return make_activity(maker, run, title="Plan")


@pytest.fixture
def finish(do):
    """`finish(activity, enrolment)`: begun and accepted."""

    def accept(activity, enrolment):
        work = do(start_work, activity.id, enrolment.id, SYSTEM)
        return do(accept_work, work, SYSTEM)

    return accept


def rows(app):
    with app.app_context():
        found = db.session.scalars(db.select(Standing).order_by(Standing.enrolment_id)).all()
        db.session.expunge_all()
        return {row.enrolment_id: row for row in found}


def told(app):
    with app.app_context():
        return [
            (entry.subject_id, entry.data["old"], entry.data["result"])
            for entry in db.session.scalars(
                db.select(JournalEntry)
                .where(JournalEntry.verb == "learning.standing_changed")
                .order_by(JournalEntry.id)
            )
        ]


def listen(app):
    with app.app_context():
        seal()
        deliver()
        return drain()


def test_one_persons_work_touches_one_persons_standing(
    lms_app, run, task, finish, make_enrolment, do, maker
):
    a, b = (make_enrolment(run=run, state="active") for _ in range(2))
    first = maker.sessions_of(run)[0]
    do(set_attendance, first.id, [Presence(enrolment_id=a.id, mode="present")], SYSTEM)
    before = rows(lms_app)
    assert before[a.id].minutes_attended == 100
    assert (before[b.id].minutes_attended, before[b.id].minutes_held) == (0, 100)
    finish(task, a)
    after = rows(lms_app)
    assert (after[a.id].done, after[a.id].required) == (1, 1)
    assert after[a.id].changed_at > before[a.id].changed_at
    assert after[b.id].changed_at == before[b.id].changed_at
    assert after[a.id].outlook == "must_attend"


def test_the_journal_tells_when_the_verdict_changes_and_only_then(
    lms_app, run, task, finish, make_enrolment, do, maker
):
    a = make_enrolment(run=run, state="active")
    for session in maker.sessions_of(run)[:2]:
        do(set_attendance, session.id, [Presence(enrolment_id=a.id, mode="present")], SYSTEM)
    finish(task, a)
    assert told(lms_app) == []
    do(cancel_session, maker.sessions_of(run)[2].id, SYSTEM, "Ingen lokaler")
    listen(lms_app)
    assert told(lms_app) == [(a.id, "undecided", "met")]


def test_a_moved_session_is_named_by_its_new_day(lms_app, run, task, make_enrolment, do, maker):
    a = make_enrolment(run=run, state="active")
    first, _second, last = maker.sessions_of(run)
    do(set_attendance, first.id, [Presence(enrolment_id=a.id, mode="present")], SYSTEM)
    assert rows(lms_app)[a.id].outlook == "must_attend"
    day = datetime(2031, 3, 4, 9, tzinfo=UTC)
    do(move_session, last.id, day, day + timedelta(minutes=100), SYSTEM)
    listen(lms_app)
    (attendance, _activities) = rows(lms_app)[a.id].reasons
    assert "Tuesday 4 March" in attendance["reason"]["en"]
    assert "tirsdag 4. marts" in attendance["reason"]["da"]
    assert "tisdag 4 mars" in attendance["reason"]["sv"]


def test_an_activity_taken_out_is_asked_of_nobody(
    lms_app, run, task, finish, make_enrolment, do, maker
):
    other = make_activity(maker, run, title="Log")
    a = make_enrolment(run=run, state="active")
    finish(task, a)
    assert (rows(lms_app)[a.id].done, rows(lms_app)[a.id].required) == (1, 2)

    def away():
        take_out(activities_by_id([other.id])[other.id], SYSTEM)

    do(away)
    listen(lms_app)
    assert (rows(lms_app)[a.id].done, rows(lms_app)[a.id].required) == (1, 1)


def test_one_job_for_many_changes_and_none_without(lms_app, run, make_enrolment, do, maker):
    make_enrolment(run=run, state="active")
    for title in ("Plan", "Log", "Note"):
        activity = make_activity(maker, run, title=title)

        def away(activity=activity):
            take_out(activities_by_id([activity.id])[activity.id], SYSTEM)

        do(away)
    with lms_app.app_context():
        seal()
        deliver()
        waiting = db.session.scalars(
            db.select(Job).where(Job.type == "learning.recompute", Job.state == "queued")
        ).all()
        assert len(waiting) == 1
        assert waiting[0].args == {"run": run.id}
        drain()
        (job,) = db.session.scalars(db.select(Job).where(Job.type == "learning.recompute")).all()
        assert (job.state, job.done_count) == ("done", 1)
        assert db.session.scalar(db.select(db.func.count()).select_from(Activity)) == 0


def test_what_is_decided_is_not_judged_again(lms_app, run, task, make_enrolment, do):
    a = make_enrolment(run=run, state="completed")
    assert do(reassess, [a.id], SYSTEM) == ()
    assert rows(lms_app) == {}


def test_recomputing_twice_writes_nothing(lms_app, run, task, finish, make_enrolment, do):
    for _ in range(3):
        make_enrolment(run=run, state="active")
    assert do(recompute, run.id, limit=2).looked == 2
    assert len(rows(lms_app)) == 2
    last = do(recompute, run.id).last_id
    assert do(recompute, run.id, after_id=last) == (0, 0, last)
    before = {id_: row.changed_at for id_, row in rows(lms_app).items()}
    do(recompute, run.id)
    assert {id_: row.changed_at for id_, row in rows(lms_app).items()} == before
    assert len(before) == 3


def test_a_waiver_changes_the_verdict_of_one(lms_app, run, task, finish, make_enrolment, do):
    a, b = (make_enrolment(run=run, state="active") for _ in range(2))
    do(waive, a.id, "attendance", "Syg hele ugen", SYSTEM)
    do(waive, a.id, "activities", "Har gjort det før", SYSTEM)
    do(declare, b.id, True, "", SYSTEM)
    found = rows(lms_app)
    assert (found[a.id].result, found[b.id].result) == ("met", "undecided")
    assert told(lms_app) == [(a.id, "undecided", "met")]
