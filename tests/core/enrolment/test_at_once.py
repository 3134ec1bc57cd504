"""Two verbs on the same run at the same moment: the second begins when the first has done its work
and has not committed yet."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from lms.contracts import SYSTEM
from lms.core.catalogue.models import Run
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import services
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.states import LIVE, WITH_SEAT
from lms.core.refused import Refused
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.testing.databases import chosen_kind
from lms.testing.specimen import SPECIMEN, SPECIMEN_TYPE, Specimen
from lms.work import Conflict, unit_of_work

PROVE = os.environ.get("LMS_PROVE") == "1"
HEAD_START = 0.06  # seconds the second is given to come as far as it can

VERBS = {
    "ask": lambda there: services.ask_for_seat(there["newcomer"], there["run"], SYSTEM, goal="x"),
    "yes": lambda there: services.say_yes(there["asked"], SYSTEM, goal="y"),
    "no": lambda there: services.say_no(there["asked"], SYSTEM, "because"),
    "accept": lambda there: services.accept_offer(there["offered"], SYSTEM),
    "decline": lambda there: services.decline_offer(there["offered"], SYSTEM),
    "leave a seat": lambda there: services.withdraw(there["seated"], SYSTEM),
    "leave an offer": lambda there: services.withdraw(there["offered"], SYSTEM),
    "leave the queue": lambda there: services.withdraw(there["waitlisted"], SYSTEM),
    "leave a request": lambda there: services.withdraw(there["asked"], SYSTEM),
    "lapse": lambda there: services.lapse_overdue(SYSTEM),
    "close": lambda there: change_run_state(there["run"], "closed", SYSTEM),
    "begin": lambda there: change_run_state(there["run"], "running", SYSTEM),
    "cancel": lambda there: change_run_state(there["run"], "cancelled", SYSTEM, "because"),
}
WHOLE_RUN = ("lapse", "close", "begin", "cancel")


class Collecting(Specimen):
    """A course type more: one whose requests rest until the run is closed for them."""

    @hookimpl
    def lms_course_types(self):
        collecting = replace(
            SPECIMEN_TYPE, key="collecting", collects_requests=True, manager_decides=False
        )
        return (SPECIMEN_TYPE, collecting)


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Collecting())]


@pytest.fixture
def at_once(lms_app):
    """`at_once(first, second)`: what became of both, "done", "refused" or "conflict"."""

    def attempt(call, done=None, committed=None):
        with lms_app.app_context():
            try:
                with unit_of_work():
                    call()
                    if done is not None:
                        done.set()
                        committed.wait(HEAD_START)
            except Refused:
                return "refused"
            except Conflict:
                return "conflict"
            finally:
                if done is not None:
                    done.set()
            return "done"

    def run(first, second):
        done, finished = threading.Event(), threading.Event()

        def after_the_first():
            done.wait(10)
            try:
                return attempt(second)
            finally:
                finished.set()

        with ThreadPoolExecutor(2) as pool:
            outcomes = pool.submit(after_the_first), pool.submit(attempt, first, done, finished)
            later, sooner = (outcome.result() for outcome in outcomes)
        return sooner, later

    return run


def look(app, run_id):
    """The run's (state, capacity, taken) and the states of its enrolments."""
    with app.app_context():
        row = db.session.get_one(Run, run_id)
        states = db.session.scalars(db.select(Enrolment.state).where(Enrolment.run_id == run_id))
        return (row.state, row.capacity, row.taken), sorted(states)


def insist_on_sense(app, run_id):
    (state, capacity, taken), states = look(app, run_id)
    assert taken == sum(one in WITH_SEAT for one in states)
    assert taken <= capacity
    assert taken == capacity or "waitlisted" not in states, "a seat is idle while somebody waits"
    if state == "cancelled":
        assert not set(states) & LIVE
    if state == "running":
        assert set(states) & LIVE <= {"active"}
    if state == "closed":
        assert "requested" not in states


def pairs(first):
    """SQLite has one writer, so few pairs tell as much as all do."""
    together = WHOLE_RUN if chosen_kind() == "postgresql" else ("begin",)
    for second in VERBS:
        if PROVE or first in together or second in together:
            yield second


@pytest.mark.parametrize("first", VERBS)
def test_any_two_verbs_at_once_leave_the_run_in_order(
    lms_app, make_run, make_person, make_enrolment, make_version, at_once, first
):
    version, late = make_version(), now() - timedelta(minutes=1)
    people = {name: make_person() for name in ("seated", "offered", "waitlisted", "asked", "new")}
    for second in pairs(first):
        run = make_run(version=version, capacity=2)
        there = {"run": run.id, "newcomer": people["new"].id}
        for name, state in (
            ("seated", "seated"),
            ("offered", "offered"),
            ("waitlisted", "waitlisted"),
            ("asked", "awaiting_approval"),
        ):
            due = late if state in ("offered", "awaiting_approval") else None
            row = make_enrolment(run=run, person=people[name], state=state, answer_due=due)
            there[name] = row.id

        outcomes = at_once(lambda: VERBS[first](there), lambda: VERBS[second](there))  # noqa: B023
        assert "conflict" not in outcomes, (first, second)
        assert outcomes[0] == "done", (first, second)
        insist_on_sense(lms_app, run.id)
        with lms_app.app_context(), unit_of_work():  # nothing overdue for the next pair
            db.session.execute(db.update(Enrolment).values(answer_due=None))


@pytest.mark.parametrize("verb", ["close", "begin", "cancel"])
@pytest.mark.parametrize("course_type", ["specimen", "collecting"])
@pytest.mark.parametrize("asks_first", [True, False])
def test_no_request_is_left_behind_in_a_run_that_closes_meanwhile(
    lms_app, make_run, make_person, at_once, verb, course_type, asks_first
):
    run = make_run(course_type=course_type, capacity=2)
    there = {"run": run.id, "newcomer": make_person().id}
    calls = [lambda: VERBS["ask"](there), lambda: VERBS[verb](there)]
    outcomes = at_once(*(calls if asks_first else reversed(calls)))
    assert outcomes == (("done", "done") if asks_first else ("done", "refused"))
    insist_on_sense(lms_app, run.id)


def test_of_two_changes_of_a_run_at_once_the_second_is_judged_by_the_first(
    lms_app, make_run, make_enrolment, at_once
):
    run = make_run()
    make_enrolment(run=run, state="seated")
    there = {"run": run.id}
    outcomes = at_once(lambda: VERBS["cancel"](there), lambda: VERBS["begin"](there))
    assert outcomes == ("done", "refused")
    assert look(lms_app, run.id)[0][0] == "cancelled"


def test_the_queue_is_in_the_order_of_commits(lms_app, make_run, make_enrolment, at_once):
    run = make_run(capacity=1)
    make_enrolment(run=run, state="seated")
    rows = [make_enrolment(run=run, state="awaiting_approval") for _ in range(2)]
    calls = [lambda row=row: services.say_yes(row.id, SYSTEM) for row in reversed(rows)]
    assert at_once(*calls) == ("done", "done")
    with lms_app.app_context():
        queue = db.session.scalars(
            db.select(Enrolment.id)
            .where(Enrolment.state == "waitlisted")
            .order_by(Enrolment.position)
        ).all()
    assert queue == [rows[1].id, rows[0].id]
