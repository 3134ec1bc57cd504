"""Seats kept for organisations, limits for employers, shares, and how many seats there are."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM
from lms.core.catalogue.services import change_run_state, take_seat
from lms.core.enrolment import services


def test_kept_seats_are_for_their_own_people_and_taken_first(desk):
    run = desk.run(3)
    desk.keep(run, desk.a, 2)
    assert desk.seats(run) == (0, 2)
    first = desk.ask(run, desk.a)
    assert (desk.seats(run), desk.row(first).reservation_id is not None) == ((1, 1), True)
    other, queued = desk.ask(run, desk.b), desk.ask(run, desk.b)
    assert desk.states(other, queued) == ["seated", "waitlisted"]
    assert desk.states(desk.ask(run, desk.a)) == ["seated"]
    assert desk.states(desk.ask(run, desk.a)) == ["waitlisted"]
    assert desk.seats(run) == (3, 0)


def test_a_kept_seat_given_back_is_kept_again_until_it_is_released(desk):
    run = desk.run(2)
    kept = desk.keep(run, desk.a, 1)
    own, other = desk.ask(run, desk.a), desk.ask(run, desk.b)
    waiting = desk.ask(run, desk.b)
    desk.withdraw(own)
    assert desk.seats(run) == (1, 1)
    assert desk.states(other, waiting) == ["seated", "waitlisted"]
    again = desk.ask(run, desk.a)
    assert desk.states(again) == ["seated"]
    assert desk.do(services.release, kept, run, SYSTEM) == 0
    desk.withdraw(again)
    assert desk.states(waiting) == ["offered"]
    assert desk.seats(run) == (2, 0)


def test_a_release_gives_the_rest_to_whoever_waits_and_the_journal_says_so(desk):
    run = desk.run(3)
    kept = desk.keep(run, desk.a, 3)
    own = desk.ask(run, desk.a)
    waiting = [desk.ask(run, desk.b) for _ in range(3)]
    assert desk.states(*waiting) == ["waitlisted"] * 3
    assert desk.do(services.release, kept, desk.run(1), SYSTEM) == 0  # of another run
    assert desk.do(services.release, kept, run, SYSTEM) == 2
    assert desk.do(services.release, kept, run, SYSTEM) == 0
    assert desk.states(own, *waiting) == ["seated", "offered", "offered", "waitlisted"]
    (entry,) = desk.entries("enrolment.seats_released")
    assert (entry.subject_id, entry.data) == (run, {"organisation": desk.a.id, "seats": 2})


def test_seats_are_released_when_their_day_has_come_and_not_before(desk, clock):
    run, over = desk.run(2), desk.run(2)
    for each in (run, over):
        desk.keep(each, desk.a, 1, clock.now + timedelta(days=3))
    desk.keep(run, desk.b, 1)  # for good
    desk.do(change_run_state, over, "cancelled", SYSTEM, "because")
    waiting = desk.ask(run)
    clock.move(days=3)
    assert desk.do(services.release_due) == 0
    clock.move(seconds=1)
    assert desk.do(services.release_due) == 1
    assert desk.do(services.release_due) == 0
    assert desk.states(waiting) == ["offered"]
    assert desk.seats(run) == (1, 1)


def test_seats_put_off_in_the_last_moment_are_not_released(desk, clock):
    run = desk.run(1)
    kept = desk.keep(run, desk.a, 1, clock.now + timedelta(days=3))
    assert desk.do(services.release, kept, run, SYSTEM, when_due=True) == 0
    assert desk.seats(run) == (0, 1)


def test_how_many_seats_can_be_kept(desk):
    run = desk.run(3)
    desk.ask(run)
    assert desk.refused(services.keep_for, run, desk.a.id, 3, None, SYSTEM) == ["seats.too_many"]
    desk.keep(run, desk.a, 2)
    desk.ask(run, desk.a)
    assert desk.refused(services.keep_for, run, desk.a.id, 0, None, SYSTEM) == ["seats.used"]
    waiting = desk.ask(run, desk.b)
    kept = desk.keep(run, desk.a, 1)  # one fewer: it goes to who waits
    assert desk.states(waiting) == ["offered"]
    assert desk.seats(run) == (3, 0)
    desk.do(services.release, kept, run, SYSTEM)
    desk.do(services.change_capacity, run, 4, SYSTEM)
    desk.keep(run, desk.a, 2)  # again, after a release: one is used
    assert desk.seats(run) == (3, 1)


def test_seats_newly_kept_go_to_own_people_who_wait(desk):
    run = desk.run(1, per_employer=1)
    seated, waiting = desk.ask(run, desk.a), desk.ask(run, desk.b)
    desk.do(services.change_capacity, run, 1, SYSTEM)
    assert desk.states(seated, waiting) == ["seated", "waitlisted"]
    desk.withdraw(seated)
    assert desk.states(waiting) == ["offered"]


def test_kept_seats_do_not_let_their_people_overtake_for_the_others(desk):
    """Three own people wait with one kept seat: the second one stands in line like anybody."""
    run = desk.run(0, waiting_rule="lottery")
    others = [desk.ask(run, desk.b) for _ in range(2)]
    own = [desk.ask(run, desk.a) for _ in range(3)]
    desk.do(services.change_capacity, run, 3, SYSTEM)
    desk.keep(run, desk.a, 1)
    desk.do(services.draw, run, SYSTEM)
    order = sorted([*others, *own], key=lambda one: desk.row(one).rank)
    first_own = next(one for one in order if one in own)
    rest = [one for one in order if one != first_own]
    assert {one for one in order if desk.row(one).state == "offered"} == {first_own, *rest[:2]}
    assert desk.row(first_own).reservation_id is not None


# --- limits and shares --------------------------------------------------------------------------


def test_an_employer_has_no_more_seats_than_it_may(desk):
    run = desk.run(5, per_employer=2)
    rows = [desk.ask(run, desk.a) for _ in range(4)]
    assert desk.states(*rows) == ["seated", "seated", "waitlisted", "waitlisted"]
    # Who comes later may have the seat that those before may not; without an employer there is
    # no limit.
    assert desk.states(desk.ask(run, desk.b)) == ["offered"]
    alone = [desk.ask(run) for _ in range(2)]
    assert desk.states(*alone) == ["offered", "offered"]
    desk.withdraw(rows[0])
    assert desk.states(*rows[2:]) == ["offered", "waitlisted"]
    desk.do(services.change_capacity, run, 6, SYSTEM)
    assert desk.states(rows[3]) == ["waitlisted"]
    desk.terms(run, per_employer=3)
    assert desk.states(rows[3]) == ["offered"]


def test_a_kept_seat_counts_against_the_limit(desk):
    run = desk.run(3, per_employer=1)
    desk.keep(run, desk.a, 2)
    assert desk.states(desk.ask(run, desk.a), desk.ask(run, desk.a)) == ["seated", "waitlisted"]


def test_by_shares_the_employer_with_the_fewest_seats_is_next(desk):
    run = desk.run(4, waiting_rule="shares")
    seated = [desk.ask(run, desk.a), desk.ask(run, desk.a), desk.ask(run, desk.b), desk.ask(run)]
    a, b, nobody = desk.ask(run, desk.a), desk.ask(run, desk.b), desk.ask(run)
    desk.withdraw(seated[1])
    assert desk.states(a, b, nobody) == ["offered", "waitlisted", "waitlisted"]  # 1, 1 and 1
    desk.withdraw(seated[0])
    assert desk.states(a, b, nobody) == ["offered", "offered", "waitlisted"]
    more = desk.ask(run, desk.a)
    desk.do(services.change_capacity, run, 5, SYSTEM)
    # Those without an employer count together: one seat, as few as A, and they asked before.
    assert desk.states(nobody, more) == ["offered", "waitlisted"]


# --- how many there are -------------------------------------------------------------------------


def test_a_full_run_gives_no_seat_whoever_counted_before(desk):
    run = desk.run(2)
    assert [desk.do(take_seat, run) for _ in range(3)] == [True, True, False]


def test_more_seats_are_offered_at_once_and_fewer_only_while_they_are_free(desk):
    run = desk.run(2)
    rows = [desk.ask(run, desk.a) for _ in range(5)]
    desk.do(services.change_capacity, run, 4, SYSTEM)
    assert desk.states(*rows) == ["seated", "seated", "offered", "offered", "waitlisted"]
    too_low = desk.refused(services.change_capacity, run, 3, SYSTEM)
    assert too_low == ["capacity.too_low"]
    desk.withdraw(rows[4], rows[3])
    desk.do(services.change_capacity, run, 3, SYSTEM)
    entry = desk.entries("catalogue.capacity_changed")[-1]
    assert entry.data == {"before": 4, "after": 3}
    desk.do(services.change_capacity, run, 5, SYSTEM)
    desk.keep(run, desk.a, 2)
    assert desk.refused(services.change_capacity, run, 4, SYSTEM) == ["capacity.too_low"]


@pytest.mark.parametrize("after_no", ["leave", "return"])
def test_a_declined_offer_goes_to_the_next(desk, after_no):
    run = desk.run(1, after_no=after_no)
    seated, first, second = (desk.ask(run) for _ in range(3))
    desk.withdraw(seated)
    new = desk.do(services.decline_offer, first, SYSTEM, "not now")
    assert new == ("withdrawn" if after_no == "leave" else "waitlisted")
    assert desk.states(first, second) == [new, "offered"]
    assert desk.entries("enrolment.offer_declined")[0].subject_id == first
    if after_no == "return":
        third = desk.ask(run)
        desk.withdraw(second)
        assert desk.states(first, third) == ["offered", "waitlisted"]
        # Where nobody else waits the seat is not left idle.
        desk.withdraw(third)
        assert desk.do(services.decline_offer, first, SYSTEM) == "offered"
    assert desk.seats(run) == (1, 0)


def test_an_offer_lasts_as_long_as_the_terms_say_and_lapses_by_itself(desk, clock):
    run = desk.run(1, offer_hours=5)
    seated, first, second = (desk.ask(run) for _ in range(3))
    desk.withdraw(seated)
    assert desk.row(first).answer_due == clock.now + timedelta(hours=5)
    clock.move(hours=5)
    assert desk.do(services.lapse_overdue, SYSTEM) == 0
    clock.move(seconds=1)
    assert desk.do(services.lapse_overdue, SYSTEM) == 1
    assert desk.states(first, second) == ["lapsed", "offered"]
    desk.do(services.accept_offer, second, SYSTEM)
    clock.move(days=30)
    assert desk.do(services.lapse_overdue, SYSTEM) == 0
