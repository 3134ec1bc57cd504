"""Two who go together: both get a seat or neither, until one of them is out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import services
from lms.core.enrolment.services import Wish
from lms.core.enrolment.services.reasons import NOT_TOGETHER
from lms.core.refused import Refused


def partners(desk, *rows) -> bool:
    keys = {desk.row(row).pair_key for row in rows}
    return len(keys) == 1 and None not in keys


def test_a_pair_is_two(desk):
    with pytest.raises(ValueError, match="two"):
        desk.do(services.ask_together, [Wish(person_id=1)], desk.run(2), SYSTEM)


@pytest.mark.parametrize("nominated", [True, False])
def test_a_run_that_takes_no_pairs_takes_none(desk, nominated):
    run = desk.run(4, in_pairs=False)
    with pytest.raises(Refused) as error:
        desk.pair(run, desk.a, desk.b, nominated=nominated)
    assert error.value.refusals == (NOT_TOGETHER,)
    assert desk.seats(run) == (0, 0)


def test_both_get_a_seat_or_neither(desk):
    run = desk.run(3)
    first, second = (desk.pair(run, desk.a, desk.b) for _ in range(2))
    assert partners(desk, *first)
    assert partners(desk, *second)
    assert desk.states(*first, *second) == ["seated", "seated", "waitlisted", "waitlisted"]
    # One seat is too few for two: it goes to the next who comes alone.
    assert desk.states(desk.ask(run)) == ["offered"]
    desk.withdraw(first[0])
    assert desk.states(*second) == ["waitlisted"] * 2
    desk.withdraw(first[1])
    assert desk.states(*second) == ["offered", "offered"]
    assert desk.seats(run) == (3, 0)


def test_one_out_of_the_queue_lets_the_other_have_the_one_seat(desk):
    run = desk.run(1)
    one, other = desk.pair(run, desk.a, desk.a)
    assert desk.states(one, other) == ["waitlisted"] * 2
    desk.withdraw(one)
    assert desk.states(one, other) == ["withdrawn", "offered"]
    assert desk.row(other).pair_key is None


def test_one_declines_the_offer_and_the_other_keeps_theirs(desk):
    run = desk.run(2)
    seated = [desk.ask(run) for _ in range(2)]
    one, other = desk.pair(run, desk.a, desk.a)
    desk.withdraw(*seated)
    assert desk.states(one, other) == ["offered"] * 2
    assert desk.do(services.decline_offer, one, SYSTEM) == "withdrawn"
    desk.do(services.accept_offer, other, SYSTEM)
    assert desk.states(one, other) == ["withdrawn", "seated"]
    assert desk.row(other).pair_key is None


def test_who_declines_and_waits_on_waits_alone(desk):
    run = desk.run(2, after_no="return")
    seated = [desk.ask(run) for _ in range(2)]
    one, other = desk.pair(run, desk.a, desk.a)
    desk.withdraw(*seated)
    ahead = desk.ask(run)
    assert desk.do(services.decline_offer, one, SYSTEM) == "waitlisted"
    assert desk.states(one, other, ahead) == ["waitlisted", "offered", "offered"]
    assert (desk.row(one).pair_key, desk.row(other).pair_key) == (None, None)
    desk.withdraw(ahead)
    assert desk.states(one) == ["offered"]


def test_a_limit_for_employers_counts_two_of_one_but_not_of_two(desk):
    run = desk.run(6, per_employer=1)
    assert desk.states(*desk.pair(run, desk.a, desk.a)) == ["waitlisted"] * 2
    # Of two employers each counts once, and this pair is not held up by the one before.
    assert desk.states(*desk.pair(run, desk.a, desk.b)) == ["offered"] * 2
    assert desk.states(*desk.pair(run, desk.b, None)) == ["waitlisted"] * 2
    assert desk.states(*desk.pair(run, None, None)) == ["offered"] * 2
    assert desk.seats(run) == (4, 0)


def test_a_kept_seat_and_a_free_one_make_a_pair(desk):
    run = desk.run(2)
    desk.keep(run, desk.a, 1)
    one, other = desk.pair(run, desk.a, desk.b)
    assert desk.states(one, other) == ["seated"] * 2
    assert [desk.row(row).reservation_id is None for row in (one, other)] == [False, True]
    full = desk.run(2)
    kept = desk.keep(full, desk.a, 1)
    desk.ask(full)
    waiting = desk.pair(full, desk.a, desk.b)
    assert desk.states(*waiting) == ["waitlisted"] * 2
    assert desk.seats(full) == (1, 1)  # what was taken for the first of them is given back
    assert desk.do(services.release, kept, full, SYSTEM) == 1


def test_kept_seats_for_two_go_to_a_pair_though_others_wait(desk):
    run = desk.run(2)
    desk.keep(run, desk.a, 2)
    desk.ask(run)
    assert desk.states(*desk.pair(run, desk.a, desk.b)) == ["waitlisted"] * 2
    assert desk.states(*desk.pair(run, desk.a, desk.a)) == ["offered"] * 2


# --- before they have their yes -----------------------------------------------------------------


def test_the_first_with_a_yes_waits_for_the_second(desk):
    run = desk.run(2, approvers=("line_manager",))
    one, other = desk.pair(run, desk.a, desk.a)
    assert desk.do(services.say_yes, one, SYSTEM) == "awaiting_approval"
    assert desk.row(one).answer_due is None
    assert desk.seats(run) == (0, 0)
    assert desk.do(services.say_yes, other, SYSTEM) == "seated"
    assert desk.states(one, other) == ["seated"] * 2


@pytest.mark.parametrize("how", ["declined", "withdrawn", "lapsed"])
def test_when_one_is_out_the_other_goes_on_alone(desk, how, clock):
    run = desk.run(2, approvers=("line_manager",))
    one, other = desk.pair(run, desk.a, desk.a)
    desk.do(services.say_yes, one, SYSTEM)
    if how == "declined":
        desk.do(services.say_no, other, SYSTEM, "because")
    elif how == "withdrawn":
        desk.withdraw(other)
    else:
        clock.move(days=10, seconds=1)
        assert desk.do(services.lapse_overdue, SYSTEM) == 1
    assert desk.states(one, other) == ["seated", how]
    assert desk.row(one).pair_key is None


def test_who_has_no_yes_yet_goes_on_waiting_for_it_alone(desk):
    run = desk.run(1, approvers=("line_manager",))
    one, other = desk.pair(run, desk.a, desk.a)
    desk.withdraw(other)
    assert desk.states(one) == ["awaiting_approval"]
    assert desk.do(services.say_yes, one, SYSTEM) == "seated"


def test_a_colleague_who_was_asked_along_says_yes_themselves(desk, clock):
    run = desk.run(2)
    one, other = desk.pair(run, desk.a, desk.a, nominated=False)
    assert desk.states(one, other) == ["awaiting_approval", "requested"]
    assert desk.row(other).answer_due == clock.now + timedelta(days=10)
    (entry,) = desk.entries("enrolment.pair_asked")
    assert (entry.subject_id, entry.data["by"]) == (other, desk.row(one).person_id)
    first, colleague = (Actor(person_id=desk.row(row).person_id) for row in (one, other))
    assert desk.refused(services.confirm, other, first) == ["changed"]
    assert desk.do(services.confirm, other, colleague) == "seated"
    assert desk.states(one, other) == ["seated"] * 2
    assert desk.authors(one)[-1] == ("seated", colleague.person_id)
    (said,) = desk.entries("enrolment.pair_confirmed")
    assert (said.subject_id, said.actor_id) == (other, colleague.person_id)
    assert desk.refused(services.confirm, other, colleague) == ["changed"]


def test_a_colleague_who_does_not_answer_is_let_go_and_the_first_goes_alone(desk, clock):
    run = desk.run(1)
    one, other = desk.pair(run, desk.a, desk.a, nominated=False)
    clock.move(days=10, seconds=1)
    assert desk.do(services.lapse_overdue, SYSTEM) == 1
    assert desk.states(one, other) == ["seated", "withdrawn"]


def test_a_colleague_may_say_yes_after_the_first_has_gone_and_after_the_run_closed(desk):
    run = desk.run(1)
    one, other = desk.pair(run, desk.a, desk.a, nominated=False)
    desk.withdraw(one)
    desk.do(change_run_state, run, "closed", SYSTEM)
    assert desk.states(one, other) == ["withdrawn", "requested"]
    colleague = Actor(person_id=desk.row(other).person_id)
    assert desk.do(services.confirm, other, colleague) == "seated"


def test_when_the_run_begins_the_one_with_a_yes_gets_a_seat_and_the_silent_one_none(desk):
    run = desk.run(2)
    one, other = desk.pair(run, desk.a, desk.a, nominated=False)
    desk.do(change_run_state, run, "running", SYSTEM)
    assert desk.states(one, other) == ["active", "withdrawn"]
    assert desk.seats(run) == (1, 0)
