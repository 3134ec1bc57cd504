"""What happens to seats when a run is closed, begins, is cancelled or has too few people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select, update

from lms.contracts import SYSTEM, Actor, RunFacts
from lms.core.catalogue.models import Run
from lms.core.catalogue.services import change_capacity as change_run_capacity
from lms.core.catalogue.services import change_run_state, hold_run
from lms.core.enrolment.models import Enrolment, Terms
from lms.core.enrolment.queries import Waiting, terms_of
from lms.core.enrolment.services.approving import end_approvals, is_agreed
from lms.core.enrolment.services.asking import answer_requests
from lms.core.enrolment.services.moving import facts_of, move
from lms.core.enrolment.services.reasons import insist
from lms.core.enrolment.services.seats import (
    TAKES_SEATS,
    draw,
    draw_lots,
    give_back,
    offer_free_seats,
    take_for,
)
from lms.core.enrolment.states import LIVE, WITH_SEAT
from lms.db import db, now
from lms.journal import record

WARN_BEFORE = timedelta(days=7)
"""How long before the day of deciding the leads are told that a run is under its minimum."""


def finish(enrolment_id: int, new: str, actor: Actor, reason: str = "") -> None:
    """End an active enrolment as completed, not_completed or no_show."""
    move(enrolment_id, "active", new, actor, reason=reason)


def close_run(run: RunFacts, actor: Actor) -> None:
    """The run takes no more requests: those collected are answered, and lots are drawn where
    no later day was set for it."""
    answer_requests(run, actor)
    terms = terms_of([run.id])[run.id]
    if terms.waits_for_draw and terms.draw_at is None:
        draw(run.id, actor)


def start_run(run: RunFacts, actor: Actor) -> None:
    """The run begins: seats become active, what still waits lapses.

    Where nobody closed the run first, those whose request was still being collected, or who wait
    for lots to be drawn, get the seats that are free; so does who waits for nothing but a partner
    who has not answered. Nobody gets one without the yes that the terms ask for.
    """
    hold_run(run.id)
    had_an_offer = {id_ for id_, state in in_states(run.id, LIVE) if state == "offered"}
    answer_requests(run, actor)
    draw_lots(run.id, actor)
    terms = terms_of([run.id])[run.id]
    for enrolment_id, state in in_states(run.id, LIVE - {"active"}):
        facts = facts_of(enrolment_id)
        if state == "offered" and enrolment_id not in had_an_offer:
            move(enrolment_id, state, "seated", actor)
            state = "seated"
        elif is_agreed(facts):
            me = Waiting(id=facts.id, employer_id=facts.employer_id, pair_key=None)
            seats = take_for(hold_run(run.id), [me], terms)
            if seats is not None:
                seat = seats[0].reservation_id
                move(enrolment_id, state, "seated", actor, reservation_id=seat)
                state = "seated"
        if state == "seated":
            move(enrolment_id, state, "active", actor)
            continue
        end_approvals(enrolment_id)
        new = "withdrawn" if state == "requested" else "lapsed"
        move(enrolment_id, state, new, actor, pair_key=None)
        if state in WITH_SEAT:
            give_back(run.id, facts.reservation_id)


def cancel_run(run: RunFacts, actor: Actor, reason: str = "") -> None:
    """The run is cancelled, and with it every live enrolment; everybody reads why."""
    hold_run(run.id)
    for enrolment_id, state in in_states(run.id, LIVE):
        facts = facts_of(enrolment_id)
        end_approvals(enrolment_id)
        move(enrolment_id, state, "cancelled", actor, reason=reason, pair_key=None)
        if state in WITH_SEAT:
            give_back(run.id, facts.reservation_id)


def change_capacity(run_id: int, capacity: int, actor: Actor) -> None:
    """Another number of seats; new ones are offered to those who wait. `Refused` when more are
    taken or kept."""
    change_run_capacity(run_id, capacity, actor)
    offer_free_seats(run_id, actor)


# --- too few ------------------------------------------------------------------------------------


def warn_of_minimums(*, limit: int = 100) -> int:
    """Tell the leads of runs that are under their minimum shortly before the day of deciding, once
    each; how many runs."""
    rows = db.session.execute(
        select(Terms.run_id, Terms.minimum, Run.taken)
        .join(Run, Run.id == Terms.run_id)
        .where(
            Terms.minimum > Run.taken,
            Terms.minimum_decision.is_(None),
            or_(
                Terms.decide_by < now() + WARN_BEFORE,
                Terms.decide_by.is_(None) & (Run.starts_at < now() + 2 * WARN_BEFORE),
            ),
            Run.state.in_(sorted(TAKES_SEATS)),
        )
        .order_by(Terms.run_id)
        .limit(limit)
    ).all()
    warned = 0
    for row in rows:
        asked = db.session.execute(
            update(Terms)
            .where(Terms.run_id == row.run_id, Terms.minimum_decision.is_(None))
            .values(minimum_decision="asked")
            .execution_options(synchronize_session=False)
        )
        if not asked.rowcount:  # type: ignore[attr-defined]
            continue  # somebody has decided, or told them, in the last moment
        warned += 1
        record(
            "enrolment.under_minimum",
            "run",
            row.run_id,
            actor=SYSTEM,
            data={"taken": row.taken, "minimum": row.minimum},
        )
    return warned


def run_anyway(run_id: int, actor: Actor) -> None:
    """The run takes place although it is under its minimum."""
    insist(hold_run(run_id).state in TAKES_SEATS)
    note_decision(run_id, "run_anyway")
    data = {"decision": "run_anyway"}
    record("enrolment.minimum_decided", "run", run_id, actor=actor, data=data)


def cancel_too_few(run_id: int, actor: Actor, reason: str) -> None:
    """The run is cancelled because it is under its minimum. Raises `Refused`."""
    hold_run(run_id)
    note_decision(run_id, "cancel")
    data = {"decision": "cancel"}
    record("enrolment.minimum_decided", "run", run_id, actor=actor, data=data)
    change_run_state(run_id, "cancelled", actor, reason)


def note_decision(run_id: int, decision: str) -> None:
    """What was decided about a run that may be under its minimum."""
    db.session.execute(
        update(Terms)
        .where(Terms.run_id == run_id)
        .values(minimum_decision=decision)
        .execution_options(synchronize_session=False)
    )


def in_states(run_id: int, states: frozenset[str]) -> Sequence[tuple[int, str]]:
    """Ids and states of the run's enrolments in these states, the oldest first."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.state)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(sorted(states)))
        .order_by(Enrolment.id)
    )
    return [(id_, state) for id_, state in rows]
