"""Lots that anybody can work out again, and rules that plugins bring."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, EnrolmentRequest, LocalisedText, WaitingRule
from lms.core.catalogue.queries import runs_by_id
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import services
from lms.core.enrolment.models import Terms
from lms.core.enrolment.queries import terms_of
from lms.core.enrolment.services import Entry
from lms.core.refused import Refused
from lms.db import db
from lms.hookspecs import hookimpl
from lms.journal.models import JournalEntry
from lms.testing.specimen import SPECIMEN, Specimen

WORDS = LocalisedText(en="Those who waited last time")
RULE = f"{SPECIMEN}.patient"


class Patient(Specimen):
    """Brings a rule: the longer the goal, the sooner the seat. "break" breaks it."""

    __slots__ = ()

    @hookimpl
    def lms_waiting_rules(self):
        return [WaitingRule(key=RULE, title=WORDS, explanation=WORDS)]

    @hookimpl
    def lms_waiting_ranks(self, rule, requests):
        if any(request.goal == "break" for request in requests):
            raise RuntimeError("broken")
        if any(request.goal == "forget" for request in requests):
            return []
        far = {"far": 10**30, "near": -(10**30)}
        return [far.get(request.goal, -len(request.goal)) for request in requests]


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Patient())]


def seed_of(desk, run) -> str:
    with desk.app.app_context():
        return db.session.scalar(db.select(Terms.draw_seed).where(Terms.run_id == run))


def test_nobody_gets_a_seat_before_the_draw_and_its_order_is_that_of_the_lots(desk):
    run = desk.run(2, waiting_rule="lottery")
    before = desk.look(terms_of, [run])[run]
    rows = [desk.ask(run) for _ in range(5)]
    assert desk.states(*rows) == ["waitlisted"] * 5
    assert desk.do(services.draw, run, SYSTEM) == 5
    (entry,) = desk.entries("enrolment.drawn")
    seed = entry.data["seed"]
    assert (entry.subject_id, entry.data["took_part"]) == (run, 5)
    assert before.draw_digest == hashlib.sha256(seed.encode()).hexdigest()
    assert desk.look(terms_of, [run])[run].draw_seed == seed
    lots = {one: services.lot(seed, desk.row(one).key) for one in rows}
    assert {one: desk.row(one).rank for one in rows} == lots
    order = sorted(rows, key=lots.__getitem__)
    assert desk.states(*order) == ["offered", "offered", *["waitlisted"] * 3]
    late = desk.ask(run)
    desk.withdraw(order[0], order[1], order[2])
    assert desk.states(order[4], late) == ["offered", "waitlisted"]
    assert desk.row(late).rank > max(lots.values())


def test_who_comes_after_the_draw_is_behind_everybody_in_the_order_they_came(desk):
    run = desk.run(0, waiting_rule="lottery", after_no="return")
    first = desk.ask(run)
    desk.do(services.draw, run, SYSTEM)
    late = [desk.ask(run) for _ in range(2)]
    desk.do(services.change_capacity, run, 1, SYSTEM)
    assert desk.states(first, *late) == ["offered", "waitlisted", "waitlisted"]
    desk.do(services.decline_offer, first, SYSTEM)  # had a turn: behind the late ones now
    assert desk.states(first, *late) == ["waitlisted", "offered", "waitlisted"]
    desk.withdraw(late[0])
    assert desk.states(first, late[1]) == ["waitlisted", "offered"]


def test_a_pair_has_one_lot(desk):
    run = desk.run(0, waiting_rule="lottery")
    one, other = desk.pair(run, desk.a, desk.a)
    desk.do(services.draw, run, SYSTEM)
    ranks = {desk.row(one).rank, desk.row(other).rank}
    assert ranks == {services.lot(seed_of(desk, run), desk.row(one).pair_key)}


def test_the_seed_is_nowhere_before_the_draw(desk):
    run = desk.run(1, waiting_rule="lottery")
    desk.ask(run)
    desk.terms(run, offer_hours=5)
    seed = seed_of(desk, run)
    assert len(seed) == 32
    assert desk.look(terms_of, [run])[run].draw_seed is None
    with desk.app.app_context():
        rows = db.session.execute(db.select(JournalEntry.data, JournalEntry.payload)).all()
    assert rows
    assert not any(seed in json.dumps([row.data, row.payload]) for row in rows)
    digests = [desk.look(terms_of, [run])[run].draw_digest]
    desk.terms(run, offer_hours=6)
    assert [desk.look(terms_of, [run])[run].draw_digest] == digests  # shown once, never another


def test_a_draw_is_held_once_and_only_while_there_is_something_to_draw(desk):
    run = desk.run(1, waiting_rule="lottery")
    desk.do(services.draw, run, SYSTEM)
    assert desk.refused(services.draw, run, SYSTEM) == ["changed"]
    assert desk.refused(services.draw, desk.run(1), SYSTEM) == ["changed"]
    over = desk.run(1, waiting_rule="lottery")
    desk.do(change_run_state, over, "cancelled", SYSTEM, "because")
    assert desk.refused(services.draw, over, SYSTEM) == ["changed"]


def test_another_lottery_after_the_first_has_a_seed_of_its_own(desk):
    run = desk.run(1, waiting_rule="lottery")
    desk.do(services.draw, run, SYSTEM)
    old = seed_of(desk, run)
    desk.terms(run, waiting_rule="first_come")
    desk.terms(run, waiting_rule="lottery")
    terms = desk.look(terms_of, [run])[run]
    assert terms.waits_for_draw
    assert seed_of(desk, run) != old
    assert desk.states(desk.ask(run)) == ["waitlisted"]


def test_lots_are_drawn_on_their_day_by_themselves(desk, clock):
    run = desk.run(1, waiting_rule="lottery", draw_at=clock.now + timedelta(days=2))
    undated = desk.run(1, waiting_rule="lottery")
    row = desk.ask(run)
    desk.do(change_run_state, run, "closed", SYSTEM)
    assert desk.states(row) == ["waitlisted"]  # the day is still to come
    assert desk.do(services.draw_due) == 0
    clock.move(days=2, seconds=1)
    assert desk.do(services.draw_due) == 1
    assert desk.do(services.draw_due) == 0
    assert desk.states(row) == ["offered"]
    waiting = desk.ask(undated)
    desk.do(change_run_state, undated, "closed", SYSTEM)  # without a day: when it closes
    assert desk.states(waiting) == ["offered"]


def test_a_run_that_begins_undrawn_draws_and_gives_the_seats_away(desk):
    run = desk.run(1, waiting_rule="lottery")
    rows = [desk.ask(run) for _ in range(3)]
    desk.do(change_run_state, run, "running", SYSTEM)
    assert sorted(desk.states(*rows)) == ["active", "lapsed", "lapsed"]
    assert desk.seats(run) == (1, 0)


def test_the_rule_stays_while_people_wait_by_it(desk):
    run = desk.run(1)
    desk.ask(run)
    desk.terms(run, waiting_rule="shares")
    waiting = desk.ask(run)
    with pytest.raises(Refused) as caught:
        desk.terms(run, waiting_rule="lottery")
    assert caught.value.refusals[0].code == "waiting_rule.people_wait"
    desk.withdraw(waiting)
    desk.terms(run, waiting_rule="lottery")


# --- rules of plugins ---------------------------------------------------------------------------


def asked(run, goal):
    return EnrolmentRequest(person_id=1, run=run, employer_id=None, goal=goal)


def ranks(desk, run, *goals):
    def ask():
        facts, terms = runs_by_id([run])[run], terms_of([run])[run]
        requests = [asked(facts, goal) for goal in goals]
        return services.ranks_of(terms, requests)

    with desk.app.test_request_context():
        return list(ask())


def test_lms_waiting_rules(desk):
    run = desk.run(0, waiting_rule=RULE)
    short, long = (
        desk.ask(run, goal=goal, entry=Entry(rank=ranks(desk, run, goal)[0]))
        for goal in ("no", "because I have waited")
    )
    desk.do(services.change_capacity, run, 1, SYSTEM)
    assert desk.states(short, long) == ["waitlisted", "offered"]


def test_lms_waiting_ranks(desk):
    run = desk.run(0, waiting_rule=RULE)
    assert ranks(desk, run, "a", "abc", "far", "near") == [-1, -3, 2**62, -(2**62)]
    assert ranks(desk, desk.run(0), "a", "break") == [0, 0]  # the house's own rules ask nobody


@pytest.mark.parametrize("goal", ["break", "forget"])
def test_a_rule_that_does_not_answer_refuses(desk, goal):
    run = desk.run(0, waiting_rule=RULE)
    with pytest.raises(Refused) as caught:
        ranks(desk, run, goal)
    assert caught.value.refusals[0].code == "waiting_rule"
    gone = desk.run(0, waiting_rule="gone.rule")
    with pytest.raises(Refused):
        ranks(desk, gone, "a")


def test_who_had_an_offer_stands_behind_those_of_any_rank(desk):
    run = desk.run(0, waiting_rule=RULE, after_no="return")
    first, second = (desk.ask(run, entry=Entry(rank=rank)) for rank in (-5, 7))
    desk.do(services.change_capacity, run, 1, SYSTEM)
    assert desk.do(services.decline_offer, first, SYSTEM) == "waitlisted"
    assert desk.states(first, second) == ["waitlisted", "offered"]


def test_a_plugins_rule_is_not_taken_up_when_somebody_has_asked_without_a_rank(desk):
    run = desk.run(1, approvers=("line_manager",))
    asked = desk.ask(run)
    with pytest.raises(Refused):
        desk.terms(run, waiting_rule=RULE)
    desk.terms(run, waiting_rule="shares")
    desk.withdraw(asked)
    desk.terms(run, waiting_rule=RULE)


def test_a_rank_of_a_rule_that_was_left_counts_for_nothing(desk):
    run = desk.run(0, waiting_rule=RULE, approvers=("line_manager",))
    ranked = desk.ask(run, entry=Entry(rank=9))
    desk.terms(run, waiting_rule="first_come")
    later = desk.ask(run)
    for one in (ranked, later):
        desk.do(services.say_yes, one, SYSTEM)
    desk.do(services.change_capacity, run, 1, SYSTEM)
    assert desk.states(ranked, later) == ["offered", "waitlisted"]
