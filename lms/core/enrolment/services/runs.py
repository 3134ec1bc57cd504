"""What happens to seats when a run is closed, begins, is cancelled or goes into another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select, update

from lms.contracts import SYSTEM, Actor, EnrolmentRequest, RunFacts
from lms.core.catalogue.models import Run
from lms.core.catalogue.queries import runs_by_id
from lms.core.catalogue.services import change_capacity as change_run_capacity
from lms.core.catalogue.services import change_run_state, hold_run, next_place_in_queue
from lms.core.enrolment.models import Enrolment, Terms
from lms.core.enrolment.queries import Waiting, employment_of, has_live, terms_of
from lms.core.enrolment.services.approving import ask_for_approval, end_approvals
from lms.core.enrolment.services.asking import answer_requests, insert_request
from lms.core.enrolment.services.moving import change, facts_of, move
from lms.core.enrolment.services.reasons import insist, refusal
from lms.core.enrolment.services.seats import draw, give_back, offer_free_seats, take_for
from lms.core.enrolment.states import LIVE, WITH_SEAT
from lms.core.refused import Refused
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
    """The run begins: seats become active, what still waits lapses. Requests still being
    collected, because nobody closed the run first, get the seats that are free."""
    held, terms = hold_run(run.id), terms_of([run.id])[run.id]
    for enrolment_id, state in _in_states(run.id, LIVE - {"active"}):
        facts = facts_of(enrolment_id)
        if state == "requested":
            me = Waiting(id=facts.id, employer_id=facts.employer_id, pair_key=None)
            seats = take_for(held, [me], terms)
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
    for enrolment_id, state in _in_states(run.id, LIVE):
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
            Run.state.in_(("open", "closed")),
        )
        .order_by(Terms.run_id)
        .limit(limit)
    ).all()
    for row in rows:
        _note_decision(row.run_id, "asked")
        record(
            "enrolment.under_minimum",
            "run",
            row.run_id,
            actor=SYSTEM,
            data={"taken": row.taken, "minimum": row.minimum},
        )
    return len(rows)


def run_anyway(run_id: int, actor: Actor) -> None:
    """The run takes place although it is under its minimum."""
    hold_run(run_id)
    _note_decision(run_id, "run_anyway")
    data = {"decision": "run_anyway"}
    record("enrolment.minimum_decided", "run", run_id, actor=actor, data=data)


def merge_runs(run_id: int, into_id: int, actor: Actor, reason: str) -> int:
    """Everybody who has a seat, waits or has asked goes into another run of the same course, and
    this one is cancelled; how many went. Raises `Refused` when the other has too few seats free
    for all who have one here, or is no other open run of the course."""
    for each in sorted((run_id, into_id)):
        hold_run(each)
    runs = runs_by_id([run_id, into_id])
    run, into = runs[run_id], runs[into_id]
    insist(run.state in ("open", "closed"))
    if into.id == run.id or into.course_id != run.course_id or into.state != "open":
        raise Refused(
            refusal(
                "into.other",
                "Vælg et andet åbent hold på det samme forløb.",
                "Välj en annan öppen omgång av samma kurs.",
                "Choose another open run of the same course.",
            )
        )
    rows = _in_states(run_id, LIVE)
    if sum(state in WITH_SEAT for _id, state in rows) > into.free:
        raise Refused(
            refusal(
                "into.too_few",
                "Det andet hold har ikke pladser nok til alle. Giv det flere pladser først.",
                "Den andra omgången har inte platser nog åt alla. Ge den fler platser först.",
                "The other run has too few seats for everybody. Give it more seats first.",
            )
        )
    for enrolment_id, state in rows:
        _move_over(enrolment_id, state, into, actor, reason)
    _note_decision(run_id, "merge")
    data = {"decision": "merge", "into": into_id}
    record("enrolment.minimum_decided", "run", run_id, actor=actor, data=data)
    change_run_state(run_id, "cancelled", actor, reason)
    offer_free_seats(into_id, actor)
    return len(rows)


def _move_over(enrolment_id: int, state: str, into: RunFacts, actor: Actor, reason: str) -> None:
    facts = facts_of(enrolment_id)
    end_approvals(enrolment_id)
    move(
        enrolment_id,
        state,
        "cancelled",
        actor,
        reason=reason,
        data={"merged_into": into.id},
        pair_key=None,
        reservation_id=None,
    )
    if state in WITH_SEAT:
        give_back(facts.run_id, facts.reservation_id)
    if has_live(facts.person_id, into.id):
        return
    request = EnrolmentRequest(
        person_id=facts.person_id,
        run=into,
        employer_id=facts.employer_id,
        goal=facts.goal,
        answers=facts.answers,
        source=facts.source,
    )
    new_id = insert_request(
        request,
        employment_of(facts.person_id),
        actor,
        handed_from_id=enrolment_id,
        pair_key=facts.pair_key,
    )
    held, terms = hold_run(into.id), terms_of([into.id])[into.id]
    if state in WITH_SEAT:
        me = Waiting(id=new_id, employer_id=facts.employer_id, pair_key=None)
        seats = take_for(held, [me], terms)
        if seats is None:
            move(new_id, "requested", "waitlisted", actor, position=next_place_in_queue(into.id))
        else:
            move(new_id, "requested", "seated", actor, reservation_id=seats[0].reservation_id)
    elif state == "waitlisted":
        move(new_id, "requested", "waitlisted", actor, position=next_place_in_queue(into.id))
    else:
        change(new_id, pair_key=None)
        ask_for_approval(facts_of(new_id), held, terms, actor)


def _note_decision(run_id: int, decision: str) -> None:
    db.session.execute(
        update(Terms)
        .where(Terms.run_id == run_id)
        .values(minimum_decision=decision)
        .execution_options(synchronize_session=False)
    )


def _in_states(run_id: int, states: frozenset[str]) -> Sequence[tuple[int, str]]:
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.state)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(sorted(states)))
        .order_by(Enrolment.id)
    )
    return [(id_, state) for id_, state in rows]
