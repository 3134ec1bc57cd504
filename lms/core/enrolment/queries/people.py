"""Questions about who works where, who is away when, and who waits: numbers, not lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.contracts import Actor
from lms.core.catalogue.models import CourseSession, Run
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.states import LIVE
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment
from lms.db import db

_Manager = aliased(Person)


@dataclass(frozen=True, kw_only=True, slots=True)
class Employment:
    """Where a person works now, as an enrolment will remember it."""

    organisation_id: int | None = None
    unit_id: int | None = None
    function_id: int | None = None
    manager_id: int | None = None
    manager_name: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Away:
    """A course session that takes one of a manager's people away from work. `sure` when the seat
    is theirs, not while it waits for a yes."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    sure: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """How a manager's people stand, in numbers. `completed` counts from a given moment."""

    reports: int
    under_way: int
    completed: int


def people_of(actor: Actor, since: datetime) -> People:
    """How many report to the actor today, how many of them are under way or have a seat, and how
    many have completed since `since`. One query."""
    seats = select(func.count(func.distinct(Enrolment.person_id))).where(
        Enrolment.manager_id == actor.person_id
    )
    row = db.session.execute(
        select(
            select(func.count(func.distinct(Assignment.person_id)))
            .where(Assignment.manager_id == actor.person_id, current_assignment())
            .scalar_subquery()
            .label("reports"),
            seats.where(Enrolment.state.in_(("seated", "active")))
            .scalar_subquery()
            .label("under_way"),
            seats.where(Enrolment.state == "completed", Enrolment.changed_at >= since)
            .scalar_subquery()
            .label("completed"),
        )
    ).one()
    return People(reports=row.reports, under_way=row.under_way, completed=row.completed)


def away_of(actor: Actor, since: datetime, until: datetime) -> list[Away]:
    """Course sessions of the actor's people between two moments, one for each person."""
    rows = db.session.execute(
        select(
            CourseSession.starts_at,
            CourseSession.ends_at,
            Run.zone,
            Enrolment.state.in_(("seated", "active")).label("sure"),
        )
        .join(Run, Run.id == CourseSession.run_id)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .where(
            Enrolment.manager_id == actor.person_id,
            Enrolment.state.in_(("seated", "active", "awaiting_approval")),
            CourseSession.state != "cancelled",
            CourseSession.starts_at >= since,
            CourseSession.starts_at < until,
        )
    )
    return [
        Away(starts_at=row.starts_at, ends_at=row.ends_at, zone=row.zone, sure=bool(row.sure))
        for row in rows
    ]


def employment_of(person_id: int) -> Employment:
    """The person's present employment, the newest first; nobody is their own manager."""
    row = db.session.execute(
        select(
            Assignment.organisation_id,
            Assignment.unit_id,
            Assignment.function_id,
            Assignment.manager_id,
            _Manager.name.label("manager_name"),
        )
        .outerjoin(_Manager, _Manager.id == Assignment.manager_id)
        .where(Assignment.person_id == person_id, current_assignment())
        .order_by(Assignment.from_day.desc(), Assignment.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return Employment()
    own_manager = row.manager_id == person_id
    return Employment(
        organisation_id=row.organisation_id,
        unit_id=row.unit_id,
        function_id=row.function_id,
        manager_id=None if own_manager else row.manager_id,
        manager_name=None if own_manager else row.manager_name,
    )


def has_live(person_id: int, run_id: int) -> bool:
    """Does the person have a live enrolment in the run?"""
    found = db.session.scalar(
        select(Enrolment.id).where(
            Enrolment.person_id == person_id,
            Enrolment.run_id == run_id,
            Enrolment.state.in_(LIVE),
        )
    )
    return found is not None


def counts_in_run(run_id: int) -> Mapping[str, int]:
    """Number of enrolments of a run by state."""
    rows = db.session.execute(
        select(Enrolment.state, func.count().label("number"))
        .where(Enrolment.run_id == run_id)
        .group_by(Enrolment.state)
    )
    return {row.state: row.number for row in rows}
