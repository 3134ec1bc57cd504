"""Leaving, answering an offer, letting time run out, and handing a seat to a colleague."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lms.contracts import Actor, EnrolmentFacts
from lms.core.catalogue.services import HeldRun, hold_run
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import employment_of, terms_of
from lms.core.enrolment.services.approving import end_approvals, go_on_alone
from lms.core.enrolment.services.asking import Wish, insert_request
from lms.core.enrolment.services.moving import change, facts_of, hold_run_of, move
from lms.core.enrolment.services.reasons import NOT_OPEN, core_refusals, insist, refusal
from lms.core.enrolment.services.seats import (
    TAKES_SEATS,
    give_back,
    offer_free_seats,
    offered_or_waits,
    queue,
)
from lms.core.enrolment.states import LIVE, WITH_SEAT
from lms.core.refused import Refused
from lms.db import db, now
from lms.journal import record

REASON_WHEN_LATE = refusal(
    "reason.late",
    "Fristen for afbud er gået. Skriv kort hvorfor, så holdet ved det.",
    "Tiden för återbud har gått ut. Skriv kort varför, så att omgången vet det.",
    "The time for withdrawing is over. Write briefly why, so that the run knows.",
)
NOT_THE_SAME_WORKPLACE = refusal(
    "to.elsewhere",
    "Pladsen kan kun gå til en kollega fra samme arbejdsgiver.",
    "Platsen kan bara gå till en kollega hos samma arbetsgivare.",
    "The seat can go to a colleague with the same employer only.",
)


# --- offers -------------------------------------------------------------------------------------


def accept_offer(enrolment_id: int, actor: Actor) -> None:
    """Take the seat that was offered. A word that comes late counts until the offer has lapsed."""
    hold_run_of(enrolment_id)
    move(enrolment_id, "offered", "seated", actor)


def decline_offer(enrolment_id: int, actor: Actor, reason: str = "") -> str:
    """Say no to the seat that was offered; it is offered to the next at once. By the run's terms
    one leaves, or waits again at the end of the queue (where one may be the next again). The new
    state."""
    run = hold_run_of(enrolment_id)
    enrolment = facts_of(enrolment_id)
    insist(enrolment.state == "offered")
    data = {"run": run.id}
    record("enrolment.offer_declined", "enrolment", enrolment_id, actor=actor, data=data)
    terms = terms_of([run.id])[run.id]
    if terms.after_no == "leave":
        _leave(enrolment, run, "withdrawn", actor, reason)
        return "withdrawn"
    go_on_alone(enrolment, run, actor)
    queue(enrolment_id, "offered", terms, actor, again=True, reason=reason, reservation_id=None)
    give_back(run.id, enrolment.reservation_id)
    return offered_or_waits(enrolment_id, None, terms, actor)


# --- leaving ------------------------------------------------------------------------------------


def withdraw(enrolment_id: int, actor: Actor, reason: str = "") -> None:
    """Withdraw from any live state; a seat held goes on to the next in the queue at once. After
    the run's day for it, who has a seat says why: `Refused` without a reason."""
    run = hold_run_of(enrolment_id)
    enrolment = facts_of(enrolment_id)
    insist(enrolment.state in LIVE)
    if enrolment.state in ("seated", "active"):
        until = terms_of([run.id])[run.id].withdraw_until
        if until is not None and until < now():
            if not reason.strip() and not actor.is_system:
                raise Refused(REASON_WHEN_LATE)
            data = {"run": run.id}
            record("enrolment.late_withdrawal", "enrolment", enrolment_id, actor=actor, data=data)
    _leave(enrolment, run, "withdrawn", actor, reason)


def withdraw_all_of(person_ids: int | Sequence[int], actor: Actor, reason: str = "") -> int:
    """Somebody, or several at once, have left their work for good: their live enrolments end, and
    seats go on. How many. The runs of all are held in the order of their ids."""
    wanted = [person_ids] if isinstance(person_ids, int) else list(person_ids)
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.run_id)
        .where(Enrolment.person_id.in_(wanted), Enrolment.state.in_(sorted(LIVE)))
        .order_by(Enrolment.run_id, Enrolment.id)
    ).all()
    left = 0
    for row in rows:
        run = hold_run(row.run_id)
        enrolment = facts_of(row.id)
        if enrolment.state in LIVE:
            _leave(enrolment, run, "withdrawn", actor, reason)
            left += 1
    return left


def _leave(
    enrolment: EnrolmentFacts, run: HeldRun, new: str, actor: Actor, reason: str = ""
) -> None:
    end_approvals(enrolment.id)
    move(enrolment.id, enrolment.state, new, actor, reason=reason, pair_key=None)
    go_on_alone(enrolment, run, actor)
    if enrolment.state in WITH_SEAT:
        give_back(run.id, enrolment.reservation_id)
        if run.state in TAKES_SEATS:
            offer_free_seats(run.id, actor)


def lapse_overdue(actor: Actor, *, limit: int = 200) -> int:
    """Let requests and offers lapse whose time is over; free seats move on. A colleague's request
    that was never confirmed is withdrawn. Returns how many."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.run_id)
        .where(
            Enrolment.state.in_(("requested", "awaiting_approval", "offered")),
            Enrolment.answer_due < now(),
        )
        .order_by(Enrolment.id)
        .limit(limit)
    ).all()
    lapsed = 0
    # Run after run, so that two who do this at once take the runs in the same order.
    for row in sorted(rows, key=lambda row: (row.run_id, row.id)):
        run = hold_run(row.run_id)
        # Somebody may have answered in the last moment: their word counts.
        still_due = db.session.scalar(
            select(Enrolment.id).where(Enrolment.id == row.id, Enrolment.answer_due < now())
        )
        if still_due is None:
            continue
        enrolment = facts_of(row.id)
        new = "withdrawn" if enrolment.state == "requested" else "lapsed"
        _leave(enrolment, run, new, actor)
        lapsed += 1
    return lapsed


# --- handing over -------------------------------------------------------------------------------


def hand_over(enrolment_id: int, to_person_id: int, actor: Actor, reason: str = "") -> int:
    """A seat goes to a colleague with the same employer, who takes over its reservation and its
    partner; the id of the colleague's enrolment. Who may do so is decided before: whoever may say
    yes for both. Raises `Refused`."""
    held = hold_run_of(enrolment_id)
    enrolment = facts_of(enrolment_id)
    insist(enrolment.state == "seated" and held.state in TAKES_SEATS)
    job = employment_of(to_person_id)
    if job.organisation_id is None or job.organisation_id != enrolment.employer_id:
        raise Refused(NOT_THE_SAME_WORKPLACE)
    # A seat that is there already may go on after the day for requests.
    reasons = core_refusals(held, to_person_id, "nomination")
    reasons = [reason for reason in reasons if reason.code != NOT_OPEN]
    if reasons:
        raise Refused(*reasons)
    pair_key, reservation_id = enrolment.pair_key, enrolment.reservation_id
    move(
        enrolment_id,
        "seated",
        "withdrawn",
        actor,
        reason=reason,
        data={"handed_over": True},
        pair_key=None,
        reservation_id=None,
    )
    new_id = insert_request(
        held,
        Wish(person_id=to_person_id, goal=enrolment.goal),
        job,
        actor,
        source="nomination",
        nominated_by_id=actor.person_id,
        handed_from_id=enrolment_id,
        pair_key=pair_key,
    ).id
    move(new_id, "requested", "seated", actor, reservation_id=reservation_id)
    change(new_id, goal_signed_at=now(), goal_signed_by_id=actor.person_id)
    record(
        "enrolment.handed_over",
        "enrolment",
        new_id,
        actor=actor,
        data={"run": held.id, "from": enrolment_id},
    )
    return new_id
