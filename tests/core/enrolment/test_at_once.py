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
from lms.core.enrolment.models import Approval, Enrolment, Reservation
from lms.core.enrolment.queries import reservations_of, terms_of
from lms.core.enrolment.services import Entry, Wish
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
    "nominate two": lambda there: services.ask_together(
        [Wish(person_id=there["newcomer"]), Wish(person_id=there["colleague"])],
        there["run"],
        SYSTEM,
        entry=Entry(source="nomination"),
    ),
    "release": lambda there: services.release(there["kept"], there["run"], SYSTEM),
    "keep": lambda there: services.keep_for(there["run"], there["employer"], 1, None, SYSTEM),
    "capacity": lambda there: services.change_capacity(there["run"], 4, SYSTEM),
    "terms": lambda there: services.set_terms(
        replace(terms_of([there["run"]])[there["run"]], per_employer=None), SYSTEM
    ),
    "hand over": lambda there: services.hand_over(there["seated"], there["newcomer"], SYSTEM),
    "merge": lambda there: services.merge_runs(there["run"], there["into"], SYSTEM, "few"),
    "merge the other way": lambda there: services.merge_runs(
        there["into"], there["run"], SYSTEM, "few"
    ),
    "leave work": lambda there: services.withdraw_all_of(there["leaver"], SYSTEM),
    "remind": lambda there: services.remind(),
}
SEVERAL = ("lapse", "merge")


class Collecting(Specimen):
    """A course type more: one whose requests rest until the run is closed for them."""

    __slots__ = ()

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
    with app.app_context():
        held = db.session.scalar(db.select(Run.held).where(Run.id == run_id))
        left = db.session.scalar(
            db.select(db.func.coalesce(db.func.sum(Reservation.seats - Reservation.used), 0)).where(
                Reservation.run_id == run_id, Reservation.released_at.is_(None)
            )
        )
        live = db.session.scalars(
            db.select(Enrolment.person_id).where(
                Enrolment.run_id == run_id, Enrolment.state.in_(LIVE)
            )
        ).all()
    assert len(live) == len(set(live))
    assert held == left
    assert taken + held <= capacity
    full = taken + held == capacity
    assert full or "waitlisted" not in states, "a seat is idle while somebody waits"
    if state == "cancelled":
        assert not set(states) & LIVE
    if state == "running":
        assert set(states) & LIVE <= {"active"}
    if state == "closed":
        assert "requested" not in states


def pairs(first):
    """SQLite has one writer, so few pairs tell as much as all do."""
    together = SEVERAL if chosen_kind() == "postgresql" else ("merge",)
    for second in VERBS:
        if PROVE or first in together or second in together:
            yield second


@pytest.mark.parametrize("first", VERBS)
def test_any_two_verbs_at_once_leave_the_run_in_order(
    lms_app,
    make_run,
    make_person,
    make_assignment,
    make_enrolment,
    make_version,
    make_organisation,
    at_once,
    first,
):
    version, late = make_version(), now() - timedelta(minutes=1)
    employer, before = make_organisation(), now() - timedelta(days=6)
    names = ("seated", "offered", "waitlisted", "asked", "new", "colleague")
    people = {name: make_person() for name in names}
    for name in ("new", "colleague"):
        make_assignment(person=people[name], organisation=employer)
    for second in pairs(first):
        run, into = (make_run(version=version, capacity=3, sessions=0) for _ in range(2))
        with lms_app.app_context(), unit_of_work():
            services.set_terms(replace(terms_of([run.id])[run.id], in_pairs=True), SYSTEM)
        there = {
            "run": run.id,
            "into": into.id,
            "newcomer": people["new"].id,
            "colleague": people["colleague"].id,
            "employer": employer.id,
            "leaver": people["seated"].id,
        }
        for name, state in (
            ("seated", "seated"),
            ("offered", "offered"),
            ("waitlisted", "waitlisted"),
            ("asked", "awaiting_approval"),
        ):
            due = late if state in ("offered", "awaiting_approval") else None
            row = make_enrolment(
                run=run,
                person=people[name],
                state=state,
                answer_due=due,
                employer=employer if name == "seated" else None,
                created_at=before,
            )
            there[name] = row.id
        make_enrolment(run=into, person=people["seated"], employer=employer)
        with lms_app.app_context(), unit_of_work():
            services.keep_for(run.id, employer.id, 1, None, SYSTEM)
            there["kept"] = reservations_of([run.id])[run.id][0].id

        outcomes = at_once(lambda: VERBS[first](there), lambda: VERBS[second](there))  # noqa: B023
        assert "conflict" not in outcomes, (first, second)
        assert outcomes[0] == "done", (first, second)
        for each in (run, into):
            insist_on_sense(lms_app, each.id)
        with lms_app.app_context(), unit_of_work():  # nothing overdue for the next pair
            db.session.execute(db.update(Enrolment).values(answer_due=None))
            db.session.execute(db.update(Approval).values(state="over"))
            db.session.execute(db.update(Enrolment).values(state="cancelled"))


def test_who_asks_while_a_seat_is_handed_to_them_has_one_enrolment_and_nobody_waits_for_ever(
    lms_app, make_run, make_person, make_assignment, make_enrolment, make_organisation, at_once
):
    employer, newcomer = make_organisation(), make_person()
    make_assignment(person=newcomer, organisation=employer)
    for first, second in (("ask", "hand over"), ("hand over", "ask")):
        run = make_run(capacity=2)
        seated = make_enrolment(run=run, state="seated", employer=employer)
        there = {"run": run.id, "newcomer": newcomer.id, "seated": seated.id}
        outcomes = at_once(lambda: VERBS[first](there), lambda: VERBS[second](there))  # noqa: B023
        assert outcomes == ("done", "refused"), (first, second)


def test_two_draws_at_once_are_one(lms_app, make_run, make_enrolment, at_once):
    run = make_run(capacity=1)
    with lms_app.app_context(), unit_of_work():
        terms = terms_of([run.id])[run.id]
        services.set_terms(replace(terms, waiting_rule="lottery", draw_at=now()), SYSTEM)
    for _ in range(3):
        make_enrolment(run=run, state="waitlisted")
    calls = (lambda: services.draw(run.id, SYSTEM)), services.draw_due
    assert at_once(*calls) == ("done", "done")
    assert look(lms_app, run.id)[1] == ["offered", "waitlisted", "waitlisted"]


def test_who_asks_while_lots_are_drawn_comes_behind(
    lms_app, make_run, make_person, make_enrolment, at_once
):
    run, newcomer = make_run(capacity=0), make_person()
    with lms_app.app_context(), unit_of_work():
        terms = terms_of([run.id])[run.id]
        terms = replace(terms, waiting_rule="lottery", approvers=())
        services.set_terms(terms, SYSTEM)
    drawn = make_enrolment(run=run, state="waitlisted")
    there = {"run": run.id, "newcomer": newcomer.id}
    outcomes = at_once(lambda: services.draw(run.id, SYSTEM), lambda: VERBS["ask"](there))
    assert outcomes == ("done", "done")
    with lms_app.app_context():
        order = db.session.scalars(
            db.select(Enrolment.person_id).order_by(Enrolment.rank, Enrolment.position)
        ).all()
    assert order == [drawn.person_id, newcomer.id]


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
