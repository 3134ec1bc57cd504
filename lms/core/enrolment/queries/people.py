"""Questions about who works where, who leads whom, who is away when, and how they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from lms.contracts import Actor
from lms.core.catalogue.models import CourseSession, Run
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.states import LIVE
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment
from lms.db import db, execute, now

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
    """How a manager's people stand, in numbers. `completed` counts from a given moment; without
    one since then and without a live enrolment are those who have no course `yet`."""

    reports: int
    under_way: int
    completed: int
    no_course_yet: int


def people_of(actor: Actor, since: datetime) -> People:
    """How many report to the actor today, how many of them are under way or have a seat, and how
    many have completed since `since`. One query."""
    seats = select(func.count(func.distinct(Enrolment.person_id))).where(
        Enrolment.manager_id == actor.person_id
    )
    reports = select(func.count(func.distinct(Assignment.person_id))).where(
        Assignment.manager_id == actor.person_id, current_assignment()
    )
    row = db.session.execute(
        select(
            reports.scalar_subquery().label("reports"),
            seats.where(Enrolment.state.in_(("seated", "active")))
            .scalar_subquery()
            .label("under_way"),
            seats.where(Enrolment.state == "completed", Enrolment.changed_at >= since)
            .scalar_subquery()
            .label("completed"),
            reports.where(
                Assignment.person_id.not_in(select(Enrolment.person_id).where(counts_since(since)))
            )
            .scalar_subquery()
            .label("no_course_yet"),
        )
    ).one()
    return People(**row._asdict())


def counts_since(since: datetime) -> ColumnElement[bool]:
    """Is the enrolment live, or was the course taken part in since then?"""
    return or_(
        Enrolment.state.in_(sorted(LIVE)),
        Enrolment.state.in_(("completed", "not_completed")) & (Enrolment.changed_at >= since),
    )


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


@cache
def _employments() -> Select[*tuple[Any, ...]]:
    today = bindparam("today", type_=Date)
    return (
        select(
            Assignment.person_id,
            Assignment.organisation_id,
            Assignment.unit_id,
            Assignment.function_id,
            Assignment.manager_id,
            _Manager.name.label("manager_name"),
        )
        .outerjoin(_Manager, _Manager.id == Assignment.manager_id)
        .where(
            Assignment.person_id.in_(bindparam("people", expanding=True)),
            Assignment.from_day <= today,
            or_(Assignment.to_day.is_(None), Assignment.to_day >= today),
        )
        .order_by(Assignment.from_day, Assignment.id)
    )


@cache
def _live() -> Select[int]:
    return select(Enrolment.id).where(
        Enrolment.person_id == bindparam("person", type_=Integer),
        Enrolment.run_id == bindparam("run", type_=Integer),
        # Written out, for only so may the index of live enrolments be used.
        Enrolment.state.in_(bindparam("live", sorted(LIVE), expanding=True, literal_execute=True)),
    )


def employment_of(person_id: int) -> Employment:
    """The person's present employment, the newest first; nobody is their own manager."""
    return employments_of([person_id])[person_id]


def employments_of(person_ids: Sequence[int]) -> Mapping[int, Employment]:
    """The present employment of each of these people, in one query."""
    asked = {"people": list(person_ids), "today": now().date()}
    rows = execute(_employments(), asked)
    found = dict.fromkeys(person_ids, Employment())
    for row in rows:
        values = row._asdict()
        if values.pop("person_id") == row.manager_id:
            values |= {"manager_id": None, "manager_name": None}
        found[row.person_id] = Employment(**values)
    return found


def has_live(person_id: int, run_id: int) -> bool:
    """Does the person have a live enrolment in the run?"""
    return execute(_live(), {"person": person_id, "run": run_id}).first() is not None


def counts_in_run(run_id: int) -> Mapping[str, int]:
    """Number of enrolments of a run by state."""
    rows = db.session.execute(
        select(Enrolment.state, func.count().label("number"))
        .where(Enrolment.run_id == run_id)
        .group_by(Enrolment.state)
    )
    return {row.state: row.number for row in rows}
