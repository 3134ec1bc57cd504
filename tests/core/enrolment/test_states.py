"""The state machine by its table, and the seats behind it."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.models import Run
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import hooks, services
from lms.core.enrolment.models import Enrolment, Transition
from lms.core.enrolment.services import moving
from lms.core.enrolment.states import LIVE, MOVES, OVER, STATES, WITH_SEAT, IllegalMove, check_move
from lms.core.refused import Refused
from lms.db import db, now
from lms.journal.models import JournalEntry
from lms.work import Conflict, unit_of_work

WRITERS = 4
"""At once in one process: of its five connections one stays for who asks which plugins are on."""


@pytest.fixture
def do(lms_app):
    """`do(call, *arguments)`: a service in a unit of work of its own, tried again on conflict."""

    def run(call, *arguments, **options):
        with lms_app.app_context():
            for _attempt in range(20):
                try:
                    with unit_of_work():
                        return call(*arguments, **options)
                except Conflict:
                    continue
            raise AssertionError("twenty conflicts in a row")

    return run


def states_in(app, run) -> dict[int, str]:
    with app.app_context():
        rows = db.session.execute(
            db.select(Enrolment.id, Enrolment.state).where(Enrolment.run_id == run.id)
        )
        return {row.id: row.state for row in rows}


def taken(app, run) -> int:
    with app.app_context():
        return db.session.scalar(db.select(Run.taken).where(Run.id == run.id))


def holds(app, run) -> bool:
    """Does the counter say what the states say?"""
    return taken(app, run) == sum(s in WITH_SEAT for s in states_in(app, run).values())


# --- the table ----------------------------------------------------------------------------------


@pytest.mark.once
def test_the_table_is_whole():
    assert {state for after in MOVES.values() for state in after} <= set(STATES)
    assert set(STATES) == LIVE | OVER
    assert not any(MOVES[state] for state in OVER)
    assert all(MOVES[state] >= {"withdrawn", "cancelled"} for state in LIVE)


@pytest.mark.once
@pytest.mark.parametrize(("old", "new"), list(itertools.product([None, *STATES], STATES)))
def test_a_move_is_in_the_table_or_refused(old, new):
    allowed = new == "requested" if old is None else new in MOVES[old]
    if allowed:
        check_move(old, new)
    else:
        with pytest.raises(IllegalMove):
            check_move(old, new)


def test_every_move_is_guarded_noted_and_told(do, lms_app, make_run, make_enrolment, maker):
    run = make_run(capacity=100)
    for old in STATES:
        for new in sorted(MOVES[old]):
            row = make_enrolment(run=run, state=old)
            do(moving.move, row.id, old, new, SYSTEM, reason="because")
            assert maker.reload(row).state == new
            with pytest.raises(Refused):  # it is no longer in `old`
                do(moving.move, row.id, old, new, SYSTEM)
            with lms_app.app_context():
                step = db.session.scalars(
                    db.select(Transition)
                    .where(Transition.enrolment_id == row.id)
                    .order_by(Transition.id.desc())
                ).first()
                assert (step.old, step.new, step.reason) == (old, new, "because")
                entry = db.session.scalars(
                    db.select(JournalEntry).order_by(JournalEntry.id.desc())
                ).first()
                assert (entry.verb, entry.subject_id) == (f"enrolment.{new}", row.id)


VERBS = {
    "say_yes": (services.say_yes, {"awaiting_approval"}),
    "say_no": (lambda id_, actor: services.say_no(id_, actor, "because"), {"awaiting_approval"}),
    "accept_offer": (services.accept_offer, {"offered"}),
    "decline_offer": (services.decline_offer, {"offered"}),
    "withdraw": (services.withdraw, LIVE),
    "finish": (lambda id_, actor: services.finish(id_, "completed", actor), {"active"}),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_works_from_its_states_and_from_no_other(
    do, lms_app, make_run, make_enrolment, maker, verb
):
    call, allowed = VERBS[verb]
    run = make_run(capacity=100)
    for state in STATES:
        row = make_enrolment(run=run, state=state)
        if state in allowed:
            do(call, row.id, SYSTEM)
            assert maker.reload(row).state != state
        else:
            with pytest.raises(Refused):
                do(call, row.id, SYSTEM)
            assert maker.reload(row).state == state
    assert holds(lms_app, run)


def test_a_no_without_a_reason_is_refused(do, make_enrolment):
    with pytest.raises(ValueError, match="reason"):
        do(services.say_no, make_enrolment(state="awaiting_approval").id, SYSTEM, " ")


# --- asking -------------------------------------------------------------------------------------


def test_employer_manager_and_function_are_kept_as_they_were(
    do, make_run, make_person, make_assignment, make_unit, maker, lms_app
):
    person, manager, unit = make_person(), make_person(), make_unit()
    assignment = make_assignment(person=person, manager=manager, unit=unit)
    enrolment_id = do(services.ask_for_seat, person.id, make_run().id, SYSTEM, goal="x")
    make_assignment(person=person)  # a new job later changes nothing
    with lms_app.app_context():
        row = db.session.get_one(Enrolment, enrolment_id)
        assert row.employer_id == unit.organisation_id
        assert (row.manager_id, row.unit_id) == (manager.id, unit.id)
        assert row.function_id == assignment.function_id


def test_nobody_decides_on_themselves(do, make_run, make_person, make_assignment, lms_app):
    person = make_person()
    make_assignment(person=person, manager=person)
    enrolment_id = do(services.ask_for_seat, person.id, make_run().id, SYSTEM, goal="x")
    with lms_app.app_context():
        assert db.session.get_one(Enrolment, enrolment_id).manager_id is None


def test_one_live_enrolment_for_each_person_and_run(do, make_run, make_person, lms_app):
    run, person = make_run(), make_person()
    do(services.ask_for_seat, person.id, run.id, SYSTEM, goal="x")
    with pytest.raises(Refused) as refused:
        do(services.ask_for_seat, person.id, run.id, SYSTEM, goal="x")
    assert [reason.code for reason in refused.value.refusals] == ["already"]


def test_asking_twice_at_the_same_moment_makes_one(do, make_run, make_person, lms_app):
    run, person = make_run(), make_person()

    def ask(_number):
        try:
            return do(services.ask_for_seat, person.id, run.id, SYSTEM, goal="x")
        except Refused:
            return None

    with ThreadPoolExecutor(4) as pool:
        made = [id_ for id_ in pool.map(ask, range(4)) if id_ is not None]
    assert len(made) == 1
    assert list(states_in(lms_app, run)) == made


# --- seats --------------------------------------------------------------------------------------


def test_fifty_who_get_a_yes_at_once_never_oversell_and_queue_in_order(
    do, lms_app, make_run, make_enrolment
):
    run = make_run(capacity=5)
    rows = [make_enrolment(run=run, state="awaiting_approval") for _ in range(50)]
    with ThreadPoolExecutor(WRITERS) as pool:
        outcomes = list(pool.map(lambda row: do(services.say_yes, row.id, SYSTEM), rows))
    assert outcomes.count("seated") == 5
    assert outcomes.count("waitlisted") == 45
    assert taken(lms_app, run) == 5
    with lms_app.app_context():
        positions = db.session.scalars(
            db.select(Enrolment.position).where(Enrolment.state == "waitlisted")
        ).all()
    assert sorted(positions) == list(range(1, 46))


def test_seats_given_back_while_others_ask_never_stay_empty(do, lms_app, make_run, make_enrolment):
    run = make_run(capacity=6)
    leaving = [make_enrolment(run=run, state="seated") for _ in range(6)]
    asking = [make_enrolment(run=run, state="awaiting_approval") for _ in range(12)]
    work = [
        *(lambda row=row: services.withdraw(row.id, SYSTEM) for row in leaving),
        *(lambda row=row: services.say_yes(row.id, SYSTEM) for row in asking),
    ]
    mixed = [call for pair in itertools.zip_longest(work[6:], work[:6]) for call in pair if call]
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(do, mixed))
    states = list(states_in(lms_app, run).values())
    assert states.count("seated") + states.count("offered") == 6
    assert states.count("waitlisted") == 6
    assert taken(lms_app, run) == 6


def test_who_queued_first_is_offered_first_and_newcomers_do_not_jump(
    do, lms_app, make_run, make_enrolment, maker
):
    run = make_run(capacity=1)
    holder = make_enrolment(run=run, state="seated")
    queue = [make_enrolment(run=run, state="waitlisted") for _ in range(3)]
    newcomer = make_enrolment(run=run, state="awaiting_approval")
    do(services.withdraw, holder.id, SYSTEM)
    assert do(services.say_yes, newcomer.id, SYSTEM) == "waitlisted"
    for index, row in enumerate(queue):
        assert maker.reload(row).state == "offered"
        assert all(maker.reload(other).state == "waitlisted" for other in queue[index + 1 :])
        do(services.decline_offer, row.id, SYSTEM)
    assert maker.reload(newcomer).state == "offered"
    assert holds(lms_app, run)


def test_seats_added_while_people_wait_go_to_the_head_of_the_queue(
    do, lms_app, make_run, make_enrolment, maker
):
    run = make_run(capacity=1)
    make_enrolment(run=run, state="seated")
    head = make_enrolment(run=run, state="waitlisted")
    newcomer = make_enrolment(run=run, state="awaiting_approval")
    with lms_app.app_context(), unit_of_work():
        db.session.execute(db.update(Run).values(capacity=2))
    assert do(services.say_yes, newcomer.id, SYSTEM) == "waitlisted"
    assert maker.reload(head).state == "offered"
    assert maker.reload(newcomer).state == "waitlisted"


def test_the_place_shown_counts_those_before(lms_app, make_run, make_enrolment, do):
    from lms.core.enrolment.queries import row_by_id

    run = make_run(capacity=1)
    make_enrolment(run=run, state="seated")
    rows = [make_enrolment(run=run, state="waitlisted") for _ in range(3)]
    do(services.withdraw, rows[0].id, SYSTEM)
    with lms_app.app_context():
        assert [row_by_id(row.id).place for row in rows] == [None, 1, 2]


# --- time ---------------------------------------------------------------------------------------


def test_requests_and_offers_run_out_and_the_seat_moves_on(
    do, lms_app, make_run, make_enrolment, maker, clock
):
    run = make_run(capacity=1)
    late = clock.now - timedelta(seconds=1)
    request = make_enrolment(run=run, state="awaiting_approval", answer_due=late)
    in_time = make_enrolment(
        run=run, state="awaiting_approval", answer_due=clock.now + timedelta(1)
    )
    offer = make_enrolment(run=run, state="offered", answer_due=late)
    head = make_enrolment(run=run, state="waitlisted")
    assert do(services.lapse_overdue, SYSTEM) == 2
    assert [maker.reload(row).state for row in (request, in_time, offer, head)] == [
        "lapsed",
        "awaiting_approval",
        "lapsed",
        "offered",
    ]
    assert holds(lms_app, run)
    assert do(services.lapse_overdue, SYSTEM) == 0


def test_the_job_that_lets_them_run_out_is_scheduled_and_runs(
    lms_app, make_run, make_enrolment, maker
):
    from lms.jobs import drain, enqueue

    job = next(job for job in hooks.lms_jobs() if job.name == "enrolment.lapse_overdue")
    assert job.every == timedelta(minutes=15)
    row = make_enrolment(state="awaiting_approval", answer_due=now() - timedelta(minutes=1))
    with lms_app.app_context():
        with unit_of_work():
            enqueue(job.name, {})
        drain()
    assert maker.reload(row).state == "lapsed"


def test_due_times_are_set_and_cleared(do, make_run, make_person, lms_app, clock):
    person, run = make_person(), make_run()
    enrolment_id = do(services.ask_for_seat, person.id, run.id, SYSTEM, goal="x")
    with lms_app.app_context():
        row = db.session.get_one(Enrolment, enrolment_id)
        assert row.answer_due == clock.now + timedelta(days=10)
    do(services.say_yes, enrolment_id, SYSTEM)
    with lms_app.app_context():
        assert db.session.get_one(Enrolment, enrolment_id).answer_due is None


# --- the run ------------------------------------------------------------------------------------


def test_when_a_run_begins_seats_become_active_and_the_rest_lapses(
    do, lms_app, make_run, make_enrolment, maker
):
    run = make_run(capacity=10)
    rows = {
        state: make_enrolment(run=run, state=state)
        for state in ("awaiting_approval", "waitlisted", "offered", "seated", "withdrawn")
    }
    do(change_run_state, run.id, "running", SYSTEM)
    assert {state: maker.reload(row).state for state, row in rows.items()} == {
        "awaiting_approval": "lapsed",
        "waitlisted": "lapsed",
        "offered": "lapsed",
        "seated": "active",
        "withdrawn": "withdrawn",
    }
    assert holds(lms_app, run)


def test_a_run_put_on_hold_and_taken_up_again_leaves_seats_alone(
    do, lms_app, make_run, make_enrolment, maker
):
    run = make_run(state="running")
    row = make_enrolment(run=run, state="active")
    do(change_run_state, run.id, "interrupted", SYSTEM, "Sne")
    do(change_run_state, run.id, "running", SYSTEM)
    assert maker.reload(row).state == "active"


def test_when_a_run_is_cancelled_every_live_enrolment_is(
    do, lms_app, make_run, make_enrolment, maker
):
    run = make_run(capacity=20)
    rows = {
        state: make_enrolment(run=run, state=state)
        for state in ("awaiting_approval", "waitlisted", "offered", "seated", "declined")
    }
    do(change_run_state, run.id, "cancelled", SYSTEM, "For få")
    for state, row in rows.items():
        assert maker.reload(row).state == ("declined" if state == "declined" else "cancelled")
    assert taken(lms_app, run) == 0


@pytest.mark.parametrize("state", ["running", "cancelled", "completed"])
def test_a_yes_after_the_run_began_leads_nowhere(do, make_run, make_enrolment, maker, state):
    run = make_run(state=state)
    row = make_enrolment(run=run, state="awaiting_approval")
    with pytest.raises(Refused):
        do(services.say_yes, row.id, Actor(person_id=row.person_id))
    assert maker.reload(row).state == "awaiting_approval"
    assert maker.reload(run).taken == 0
