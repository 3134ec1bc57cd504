"""Who is asked for a yes, and who may answer for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lms.contracts import Actor
from lms.core.catalogue.models import TeamMember
from lms.core.enrolment.models import Approval, CostCentre, Enrolment, StandIn
from lms.core.users.models import Person
from lms.db import db, today


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalFacts:
    """One yes that an enrolment needs; `approver_id` None means whoever leads the run."""

    id: int
    enrolment_id: int
    position: int
    kind: str
    approver_id: int | None
    approver: str | None
    state: str
    opened_at: datetime | None
    due: datetime | None
    reminded_at: datetime | None
    decided_by_id: int | None
    decided_by: str | None
    decided_at: datetime | None


def stood_in_for(person_id: int | None, day: date | None = None) -> Select[int]:
    """The people for whom a person answers on a day (today, where the site is): ids, to be used in
    a query."""
    day = day or today()
    return select(StandIn.person_id).where(
        StandIn.stand_in_id == person_id, StandIn.from_day <= day, StandIn.to_day >= day
    )


def answers_for(column: InstrumentedAttribute[int | None], actor: Actor) -> ColumnElement[bool]:
    """Is the person in `column` the actor, or somebody the actor stands in for today?"""
    return or_(column == actor.person_id, column.in_(stood_in_for(actor.person_id)))


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Enrolments that wait for the actor's own word, or for those of whom they lead the run."""
    led = select(TeamMember.run_id).where(
        TeamMember.person_id == actor.person_id, TeamMember.role == "programme_lead"
    )
    return and_(
        Enrolment.state == "awaiting_approval",
        Enrolment.person_id != actor.person_id,
        Enrolment.id.in_(
            select(Approval.enrolment_id).where(
                Approval.state == "open", answers_for(Approval.approver_id, actor)
            )
        )
        | and_(
            Enrolment.run_id.in_(led),
            Enrolment.id.in_(
                select(Approval.enrolment_id).where(
                    Approval.state == "open", Approval.approver_id.is_(None)
                )
            ),
        ),
    )


def asked_questions() -> ColumnElement[bool]:
    """Somebody was nominated, and has the run's questions to answer before anything else."""
    return and_(
        Enrolment.state == "requested",
        Enrolment.source == "nomination",
        Enrolment.answer_due.is_not(None),
    )


def asked_about(actor: Actor) -> Select[int]:
    """Ids of the enrolments whose approval the actor was or is asked for."""
    return select(Approval.enrolment_id).where(answers_for(Approval.approver_id, actor))


def approvals_of(enrolment_ids: Sequence[int]) -> Mapping[int, Sequence[ApprovalFacts]]:
    """The approvals of these enrolments in order, in one query."""
    found: dict[int, list[ApprovalFacts]] = defaultdict(list)
    approver, decider = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(
            Approval.id,
            Approval.enrolment_id,
            Approval.position,
            Approval.kind,
            Approval.approver_id,
            approver.name.label("approver"),
            Approval.state,
            Approval.opened_at,
            Approval.due,
            Approval.reminded_at,
            Approval.decided_by_id,
            decider.name.label("decided_by"),
            Approval.decided_at,
        )
        .outerjoin(approver, approver.id == Approval.approver_id)
        .outerjoin(decider, decider.id == Approval.decided_by_id)
        .where(Approval.enrolment_id.in_(enrolment_ids))
        .order_by(Approval.enrolment_id, Approval.position)
    )
    for row in rows:
        found[row.enrolment_id].append(ApprovalFacts(**row._asdict()))
    return found


def stand_ins_of(person_id: int) -> Sequence[int]:
    """Who answers for this person today."""
    day = today()
    return db.session.scalars(
        select(StandIn.stand_in_id)
        .join(Person, Person.id == StandIn.stand_in_id)
        .where(
            StandIn.person_id == person_id,
            StandIn.from_day <= day,
            StandIn.to_day >= day,
            Person.state == "active",
        )
        .order_by(StandIn.id)
    ).all()


def stands_in(actor: Actor, person_id: int) -> bool:
    """Is the actor this person, or do they answer for them today?"""
    return actor.person_id == person_id or (
        db.session.scalar(stood_in_for(actor.person_id).where(StandIn.person_id == person_id))
        is not None
    )


def active_among(person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who can answer: who have neither left nor been shut out."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return frozenset()
    return frozenset(
        db.session.scalars(select(Person.id).where(Person.id.in_(wanted), Person.state == "active"))
    )


def cost_centre_holder(organisation_id: int | None, unit_id: int | None) -> int | None:
    """Who answers for the money of a unit, else of its organisation; None when nobody is named."""
    return db.session.scalar(
        select(CostCentre.holder_id)
        .join(Person, Person.id == CostCentre.holder_id)
        .where(
            CostCentre.organisation_id == organisation_id,
            or_(CostCentre.unit_id.is_(None), CostCentre.unit_id == unit_id),
            Person.state == "active",
        )
        .order_by(CostCentre.unit_id.is_(None))
        .limit(1)
    )


def leads_of(run_id: int) -> Sequence[int]:
    """The programme leads on a run's team."""
    return db.session.scalars(
        select(TeamMember.person_id)
        .where(TeamMember.run_id == run_id, TeamMember.role == "programme_lead")
        .order_by(TeamMember.id)
    ).all()
