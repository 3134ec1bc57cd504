"""Course types whose requests rest until the run is closed for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.queries import runs_by_id
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import services
from lms.core.enrolment.services import Entry
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, SPECIMEN_TYPE, Specimen


class Collecting(Specimen):
    """Requests are collected."""

    __slots__ = ()

    @hookimpl
    def lms_course_types(self):
        return (replace(SPECIMEN_TYPE, collects_requests=True, manager_decides=False),)


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Collecting())]


def test_requests_rest_until_the_run_closes_and_are_answered_in_the_order_they_came(desk):
    run, other = desk.run(2), desk.run(2)
    rows = [desk.ask(run) for _ in range(3)]
    elsewhere = desk.ask(other)
    assert desk.states(*rows, elsewhere) == ["requested"] * 4
    desk.do(change_run_state, run, "closed", SYSTEM)
    assert desk.states(*rows, elsewhere) == ["seated", "seated", "waitlisted", "requested"]
    assert desk.seats(other) == (0, 0)


def test_what_is_collected_again_counts(desk):
    run = desk.run(3)
    desk.ask(run)
    facts = desk.look(runs_by_id, [run])[run]
    assert desk.do(services.answer_requests, facts, SYSTEM) == 1
    assert desk.do(services.answer_requests, facts, SYSTEM) == 0
    gone = replace(facts, course_type="gone")
    desk.ask(run)
    assert desk.do(services.answer_requests, gone, SYSTEM) == 0


def test_a_nomination_that_was_collected_is_still_the_managers_yes(desk):
    run, manager = desk.run(1, approvers=("line_manager",)), desk.make.person()
    row = desk.ask(
        run,
        person=desk.person(desk.a, manager),
        actor=Actor(person_id=manager.id),
        entry=Entry(source="nomination"),
    )
    desk.do(change_run_state, run, "closed", SYSTEM)
    assert desk.states(row) == ["seated"]
    assert desk.row(row).goal_signed_by_id == manager.id


def test_a_colleagues_yes_rests_with_the_request_while_the_run_is_open(desk):
    run = desk.run(4)
    one, other = desk.pair(run, desk.a, desk.a, nominated=False)
    third, silent = desk.pair(run, desk.a, desk.a, nominated=False)
    colleague = Actor(person_id=desk.row(other).person_id)
    assert desk.do(services.confirm, other, colleague) == "requested"
    assert desk.row(other).answer_due is None
    desk.do(change_run_state, run, "closed", SYSTEM)
    assert desk.states(one, other) == ["seated"] * 2
    assert desk.states(third, silent) == ["awaiting_approval", "requested"]
    late = Actor(person_id=desk.row(silent).person_id)
    assert desk.do(services.confirm, silent, late) == "seated"
    assert desk.states(third) == ["seated"]


def test_where_nobody_closes_the_run_first_what_was_collected_gets_the_free_seats(desk):
    run, asks = desk.run(1), desk.run(1, approvers=("line_manager",))
    first, second = desk.ask(run), desk.ask(run)
    unanswered = desk.ask(asks)
    for each in (run, asks):
        desk.do(change_run_state, each, "running", SYSTEM)
    assert desk.states(first, second) == ["active", "lapsed"]
    assert desk.states(unanswered) == ["lapsed"]  # a seat without the yes it needs is no seat
    assert (desk.seats(run), desk.seats(asks)) == ((1, 0), (0, 0))


def test_collected_requests_rest_on_in_the_run_they_are_merged_into(desk):
    run, into = desk.run(1), desk.run(1)
    row = desk.ask(run)
    desk.do(services.merge_runs, run, into, SYSTEM, "too few")
    assert desk.states(row) == ["cancelled"]
    desk.do(change_run_state, into, "closed", SYSTEM)
    assert desk.seats(into) == (1, 0)
