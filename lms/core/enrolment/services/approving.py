"""The yes that an enrolment needs: from whom, in order or from any of them, with a stand-in.

What nobody answers lapses after `TIME_TO_ANSWER`; who is asked is reminded once before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import insert, select, update

from lms.contracts import Actor, EnrolmentFacts
from lms.core.catalogue.queries import may_in_run, runs_by_id
from lms.core.catalogue.services import HeldRun
from lms.core.enrolment.models import Approval, Enrolment
from lms.core.enrolment.queries import (
    ApprovalFacts,
    TermsFacts,
    Waiting,
    active_among,
    approvals_of,
    cost_centre_holder,
    leads_of,
    partner_of,
    stand_ins_of,
    stands_in,
    terms_of,
)
from lms.core.enrolment.services.moving import change, facts_of, hold_run_of, move
from lms.core.enrolment.services.reasons import CHANGED, insist
from lms.core.enrolment.services.seats import (
    TAKES_SEATS,
    break_pair,
    offer_free_seats,
    seat_or_queue,
)
from lms.core.enrolment.states import REASON_NEEDED
from lms.core.refused import Refused
from lms.core.settings.queries import all_for
from lms.db import db, now
from lms.journal import record

SETTINGS = "core.enrolment"


@dataclass(frozen=True, slots=True)
class _Asked:
    kind: str
    approver_id: int | None


def time_to_answer() -> timedelta:
    """How long somebody may take to answer before a request lapses."""
    return timedelta(days=int(all_for(SETTINGS)["days_to_answer"]))


# --- asking -------------------------------------------------------------------------------------


def ask_for_approval(
    enrolment: EnrolmentFacts, run: HeldRun, terms: TermsFacts, actor: Actor
) -> str:
    """A request goes to those whose yes it needs, or on to a seat when it needs none (any more);
    the new state. Who nominated has said yes already."""
    asked = _who_is_asked(enrolment, terms)
    nominator = _nominator_of(enrolment)
    given = [nominator is not None and _speaks_for(nominator, one, enrolment) for one in asked]
    signs = not asked or any(
        yes and one.kind == "line_manager" for one, yes in zip(asked, given, strict=True)
    )
    if nominator is not None and signs:
        _sign_goal(enrolment.id, nominator)
    if all(given) or (terms.approval == "any" and any(given)):
        return settle(enrolment, run, "requested", terms, actor)
    moment = now()
    due = moment + time_to_answer()
    opened = False
    ids = []
    for position, (one, yes) in enumerate(zip(asked, given, strict=True), start=1):
        open_now = not yes and (terms.approval == "any" or not opened)
        opened = opened or open_now
        approval_id: int = db.session.execute(
            insert(Approval)
            .values(
                enrolment_id=enrolment.id,
                position=position,
                kind=one.kind,
                approver_id=one.approver_id,
                state="yes" if yes else "open" if open_now else "coming",
                opened_at=moment if open_now else None,
                due=due if open_now else None,
                decided_by_id=nominator if yes else None,
                decided_at=moment if yes else None,
            )
            .returning(Approval.id)
        ).scalar_one()
        if open_now:
            ids.append((approval_id, one))
    move(enrolment.id, "requested", "awaiting_approval", actor, answer_due=due)
    for approval_id, one in ids:
        _tell_opened(enrolment, approval_id, one.kind, one.approver_id, actor)
    return "awaiting_approval"


def _nominator_of(enrolment: EnrolmentFacts) -> int | None:
    """Who nominated; not who acts just now, for collected requests are answered by the system."""
    if enrolment.source != "nomination":
        return None
    return db.session.scalar(select(Enrolment.nominated_by_id).where(Enrolment.id == enrolment.id))


def _speaks_for(person_id: int, asked: _Asked, enrolment: EnrolmentFacts) -> bool:
    """Has this person given the yes that is asked for by having nominated?"""
    if person_id == enrolment.person_id:
        return False
    if asked.approver_id is None:
        return person_id in leads_of(enrolment.run_id)
    return stands_in(Actor(person_id=person_id), asked.approver_id)


def _who_is_asked(enrolment: EnrolmentFacts, terms: TermsFacts) -> list[_Asked]:
    """Each once; nobody decides about themselves, and in the place of somebody who has left the
    run's leads are asked."""
    holders: dict[str, int | None] = {}
    for kind in terms.approvers:
        if kind == "line_manager":
            holders[kind] = enrolment.manager_id
        elif kind == "cost_centre":
            holders[kind] = cost_centre_holder(enrolment.employer_id, enrolment.unit_id)
        else:
            holders[kind] = None
    active = active_among(holder for holder in holders.values() if holder is not None)
    asked: list[_Asked] = []
    for kind, holder in holders.items():
        usable = holder in active and holder != enrolment.person_id
        one = _Asked(kind, holder if usable else None)
        if one.approver_id not in [other.approver_id for other in asked]:
            asked.append(one)
    return asked


def _tell_opened(
    enrolment: EnrolmentFacts, approval_id: int, kind: str, approver_id: int | None, actor: Actor
) -> None:
    record(
        "enrolment.approval_opened",
        "enrolment",
        enrolment.id,
        actor=actor,
        data={
            "run": enrolment.run_id,
            "approval": approval_id,
            "kind": kind,
            "approvers": whom_to_tell(enrolment, approver_id),
        },
    )


def whom_to_tell(enrolment: EnrolmentFacts, approver_id: int | None) -> list[int]:
    """Whom to tell: who is asked, and their stand-ins; in the place of nobody, or of somebody who
    has left, the run's leads."""
    asked = list(stand_ins_of(approver_id)) if approver_id is not None else []
    if approver_id is not None and active_among([approver_id]):
        asked.insert(0, approver_id)
    else:
        asked += leads_of(enrolment.run_id)
    return [one for one in dict.fromkeys(asked) if one != enrolment.person_id]


# --- answering ----------------------------------------------------------------------------------


def say_yes(enrolment_id: int, actor: Actor, *, goal: str | None = None) -> str:
    """Somebody who was asked agrees (and may adjust the goal, which they sign); the new state,
    which is still awaiting_approval while another yes is missing."""
    run = hold_run_of(enrolment_id)
    insist(run.state in TAKES_SEATS)
    enrolment = facts_of(enrolment_id)
    approvals, mine = _approvals_and_mine(enrolment, actor)
    if goal is not None and goal != enrolment.goal:
        change(enrolment_id, goal=goal)
        record(
            "enrolment.goal_adjusted",
            "enrolment",
            enrolment_id,
            actor=actor,
            payload={"before": enrolment.goal, "after": goal},
        )
        enrolment = replace(enrolment, goal=goal)
    if mine.kind == "line_manager" or goal is not None:
        _sign_goal(enrolment_id, actor.person_id)
    _decide(mine, "yes", enrolment, actor)
    terms = terms_of([run.id])[run.id]
    rest = [a for a in approvals if a.id != mine.id and a.state in ("open", "coming")]
    if terms.approval != "any" and rest:
        _open_next(enrolment, rest[0], actor)
        return "awaiting_approval"
    _end(rest)
    return settle(enrolment, run, "awaiting_approval", terms, actor)


def say_no(enrolment_id: int, actor: Actor, reason: str) -> None:
    """Somebody who was asked declines, with a reason the employee reads; `ValueError` without
    one. One no ends the request."""
    if "declined" in REASON_NEEDED and not reason.strip():
        raise ValueError("a no needs a reason")
    run = hold_run_of(enrolment_id)
    enrolment = facts_of(enrolment_id)
    approvals, mine = _approvals_and_mine(enrolment, actor)
    _decide(mine, "no", enrolment, actor)
    _end([a for a in approvals if a.id != mine.id and a.state in ("open", "coming")])
    move(enrolment_id, "awaiting_approval", "declined", actor, reason=reason)
    go_on_alone(enrolment, run, actor)


def settle(
    enrolment: EnrolmentFacts, run: HeldRun, old: str, terms: TermsFacts, actor: Actor
) -> str:
    """Nobody's yes is missing: a seat, or the queue. Of a pair the first waits for the second."""
    me = Waiting(
        id=enrolment.id,
        employer_id=enrolment.employer_id,
        pair_key=enrolment.pair_key,
        facts=enrolment,
    )
    partner = partner_of(enrolment.id, enrolment.pair_key) if enrolment.pair_key else None
    if partner is None:
        return seat_or_queue(run, [me], old, terms, actor)
    other = facts_of(partner.id)
    if not is_agreed(other):
        if old == "requested":
            move(enrolment.id, "requested", "awaiting_approval", actor)
        else:
            change(enrolment.id, answer_due=None)
        return "awaiting_approval"
    if old == "requested":
        move(enrolment.id, "requested", "awaiting_approval", actor)
    return seat_or_queue(run, [partner, me], "awaiting_approval", terms, actor)


def go_on_alone(enrolment: EnrolmentFacts, run: HeldRun, actor: Actor) -> None:
    """One of a pair is out: the other goes on alone, and no longer waits for the first."""
    partner = break_pair(enrolment.id, enrolment.pair_key)
    if partner is None:
        return
    other = facts_of(partner.id)
    if run.state not in TAKES_SEATS:
        return
    if is_agreed(other):
        settle(other, run, "awaiting_approval", terms_of([run.id])[run.id], actor)
    elif other.state == "waitlisted":
        offer_free_seats(run.id, actor)  # one seat was too few for two


def is_agreed(enrolment: EnrolmentFacts) -> bool:
    """Has everybody said yes, so that it waits for its partner only?"""
    return enrolment.state == "awaiting_approval" and not any(
        approval.state in ("open", "coming")
        for approval in approvals_of([enrolment.id]).get(enrolment.id, ())
    )


def _approvals_and_mine(
    enrolment: EnrolmentFacts, actor: Actor
) -> tuple[Sequence[ApprovalFacts], ApprovalFacts]:
    """The enrolment's approvals, and the open one that the actor may answer; `Refused` when there
    is none (any more)."""
    approvals = approvals_of([enrolment.id]).get(enrolment.id, ())
    found = None
    if enrolment.state == "awaiting_approval":
        found = approval_to_answer(enrolment, approvals, actor)
    if found is None:
        raise Refused(CHANGED)
    return approvals, found


def approval_to_answer(
    enrolment: EnrolmentFacts, approvals: Sequence[ApprovalFacts], actor: Actor
) -> ApprovalFacts | None:
    """The open approval this actor may answer: their own before one they stand in for, before one
    that is the run's leads'. Nobody answers about themselves."""
    waiting = [approval for approval in approvals if approval.state == "open"]
    if actor.person_id == enrolment.person_id or not waiting:
        return None
    if actor.is_system:
        return waiting[0]
    named = [approval for approval in waiting if approval.approver_id is not None]
    for approval in named:
        if approval.approver_id == actor.person_id:
            return approval
    for approval in named:
        if approval.approver_id is not None and stands_in(actor, approval.approver_id):
            return approval
    active = active_among(a.approver_id for a in named if a.approver_id is not None)
    for approval in waiting:
        # Asked of nobody by name, or of somebody who has left since.
        if approval.approver_id not in active:
            run = runs_by_id([enrolment.run_id])[enrolment.run_id]
            return approval if may_in_run(actor, run, "enrolment.manage") else None
    return None


def _decide(approval: ApprovalFacts, answer: str, enrolment: EnrolmentFacts, actor: Actor) -> None:
    db.session.execute(
        update(Approval)
        .where(Approval.id == approval.id)
        .values(state=answer, decided_by_id=actor.person_id, decided_at=now())
        .execution_options(synchronize_session=False)
    )
    record(
        "enrolment.approval_decided",
        "enrolment",
        enrolment.id,
        actor=actor,
        data={
            "run": enrolment.run_id,
            "approval": approval.id,
            "kind": approval.kind,
            "answer": answer,
            "for": approval.approver_id,
        },
    )


def _open_next(enrolment: EnrolmentFacts, approval: ApprovalFacts, actor: Actor) -> None:
    due = now() + time_to_answer()
    db.session.execute(
        update(Approval)
        .where(Approval.id == approval.id)
        .values(state="open", opened_at=now(), due=due)
        .execution_options(synchronize_session=False)
    )
    change(enrolment.id, answer_due=due)
    _tell_opened(enrolment, approval.id, approval.kind, approval.approver_id, actor)


def _end(approvals: Sequence[ApprovalFacts]) -> None:
    if approvals:
        db.session.execute(
            update(Approval)
            .where(Approval.id.in_([approval.id for approval in approvals]))
            .values(state="over")
            .execution_options(synchronize_session=False)
        )


def end_approvals(enrolment_id: int) -> None:
    """Whoever was asked need not answer any more."""
    db.session.execute(
        update(Approval)
        .where(Approval.enrolment_id == enrolment_id, Approval.state.in_(("open", "coming")))
        .values(state="over")
        .execution_options(synchronize_session=False)
    )


def _sign_goal(enrolment_id: int, person_id: int | None) -> None:
    change(enrolment_id, goal_signed_at=now(), goal_signed_by_id=person_id)
