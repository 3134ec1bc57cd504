"""Leaving late, handing over, leaving work, and coming back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import services


def test_after_the_day_for_it_a_seat_is_given_up_with_a_reason(desk, clock):
    run = desk.run(1, withdraw_until=clock.now + timedelta(days=1))
    row, waiting = desk.ask(run), desk.ask(run)
    person = Actor(person_id=desk.row(row).person_id)
    clock.move(days=1, seconds=1)
    desk.withdraw(waiting)  # who has no seat leaves when they like
    assert not desk.entries("enrolment.late_withdrawal")
    assert desk.refused(services.withdraw, row, person, " ") == ["reason.late"]
    assert desk.states(row) == ["seated"]
    desk.do(services.withdraw, row, person, "ill")
    (late,) = desk.entries("enrolment.late_withdrawal")
    assert (late.subject_id, late.actor_id) == (row, person.person_id)
    assert desk.states(row) == ["withdrawn"]


def test_up_to_the_day_nobody_asks_why(desk, clock):
    run = desk.run(1, withdraw_until=clock.now + timedelta(days=1))
    row = desk.ask(run)
    clock.move(days=1)
    desk.do(services.withdraw, row, Actor(person_id=desk.row(row).person_id))
    assert not desk.entries("enrolment.late_withdrawal")


def test_the_system_needs_no_reason_and_an_offer_is_never_late(desk, clock):
    run = desk.run(1, withdraw_until=clock.now - timedelta(days=1))
    row, waiting = desk.ask(run), desk.ask(run)
    desk.do(services.withdraw, row, SYSTEM)
    assert desk.states(row, waiting) == ["withdrawn", "offered"]
    desk.do(services.withdraw, waiting, Actor(person_id=desk.row(waiting).person_id))
    assert len(desk.entries("enrolment.late_withdrawal")) == 1


def test_who_leaves_work_leaves_every_run_and_seats_go_on(desk):
    runs = [desk.run(1) for _ in range(3)]
    person = desk.person(desk.a)
    rows = [desk.ask(run, person=person) for run in runs]
    waiting = [desk.ask(run) for run in runs[:2]]
    desk.do(change_run_state, runs[2], "running", SYSTEM)
    assert desk.do(services.withdraw_all_of, person, SYSTEM, "left") == 3
    assert desk.states(*rows, *waiting) == ["withdrawn"] * 3 + ["offered"] * 2
    assert desk.do(services.withdraw_all_of, person, SYSTEM) == 0


def test_several_leave_at_once_run_after_run(desk):
    runs = [desk.run(2) for _ in range(2)]
    people = [desk.person(desk.a) for _ in range(2)]
    rows = [
        desk.ask(run, person=person)
        for run, person in ((runs[1], people[0]), (runs[0], people[1]), (runs[1], people[1]))
    ]
    assert desk.do(services.withdraw_all_of, people, SYSTEM) == 3
    left = [entry.subject_id for entry in desk.entries("enrolment.withdrawn")]
    assert left == [rows[1], rows[0], rows[2]]  # nobody who holds the later waits for the earlier


def test_one_may_come_back_and_what_was_stays(desk):
    run = desk.run(1)
    person = desk.person(desk.a)
    first = desk.ask(run, person=person)
    assert desk.refused(services.ask_for_seat, person, run, SYSTEM) == ["already"]
    desk.withdraw(first)
    second = desk.ask(run, person=person)
    assert desk.states(first, second) == ["withdrawn", "seated"]
    assert [new for new, _by in desk.authors(first)] == ["requested", "seated", "withdrawn"]


# --- handing over -------------------------------------------------------------------------------


def test_a_seat_goes_to_a_colleague_with_its_reservation_and_its_partner(desk):
    run = desk.run(2)
    kept = desk.keep(run, desk.a, 1)
    one, other = desk.pair(run, desk.a, desk.b)
    waiting = desk.ask(run, desk.a)
    manager, colleague = Actor(person_id=desk.person()), desk.person(desk.a)
    new = desk.do(services.hand_over, one, colleague, manager, "on leave")
    assert desk.states(one, other, new, waiting) == ["withdrawn", "seated", "seated", "waitlisted"]
    was, now = desk.row(one), desk.row(new)
    assert (was.reservation_id, was.pair_key) == (None, None)
    assert (now.reservation_id, now.pair_key) == (kept, desk.row(other).pair_key)
    assert (now.handed_from_id, now.goal, now.nominated_by_id, now.goal_signed_by_id) == (
        one,
        was.goal,
        manager.person_id,
        manager.person_id,
    )
    assert desk.seats(run) == (2, 0)
    assert desk.entries("enrolment.withdrawn")[0].data["handed_over"] is True
    (entry,) = desk.entries("enrolment.handed_over")
    assert (entry.subject_id, entry.data["from"]) == (new, one)
    desk.withdraw(new)  # the seat is still the employer's
    assert desk.states(waiting) == ["offered"]


def test_a_seat_stays_with_the_employer_and_goes_to_nobody_who_has_asked(desk):
    run = desk.run(1)
    row, waiting = desk.ask(run, desk.a), desk.ask(run, desk.a)
    stranger, nobody = desk.person(desk.b), desk.person()
    for person in (stranger, nobody):
        assert desk.refused(services.hand_over, row, person, SYSTEM) == ["to.elsewhere"]
    queued = desk.row(waiting).person_id
    assert desk.refused(services.hand_over, row, queued, SYSTEM) == ["already"]
    colleague = desk.person(desk.a)
    assert desk.refused(services.hand_over, waiting, colleague, SYSTEM) == ["changed"]
    alone = desk.run(1)
    without = desk.ask(alone)
    assert desk.refused(services.hand_over, without, nobody, SYSTEM) == ["to.elsewhere"]
    assert desk.states(row, waiting, without) == ["seated", "waitlisted", "seated"]


@pytest.mark.parametrize(("state", "allowed"), [("closed", True), ("running", False)])
def test_a_seat_is_handed_over_until_the_run_begins(desk, state, allowed):
    run = desk.run(1)
    row, colleague = desk.ask(run, desk.a), desk.person(desk.a)
    desk.do(change_run_state, run, state, SYSTEM)
    if allowed:
        new = desk.do(services.hand_over, row, colleague, SYSTEM)
        assert desk.states(new) == ["seated"]
    else:
        assert desk.refused(services.hand_over, row, colleague, SYSTEM) == ["changed"]
