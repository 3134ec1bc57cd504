"""Questions about enrolments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from lms.contracts import Actor, EnrolmentFacts, LocalisedText
from lms.core.catalogue.models import Run, RunHost, TeamMember
from lms.core.catalogue.queries import TEAM_RIGHTS
from lms.core.enrolment.models import Enrolment, Transition
from lms.core.enrolment.states import LIVE
from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment
from lms.db import db

READING_RIGHTS = ("enrolment.manage", "learning.teach")
"""Permissions that let somebody see the enrolments of a run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of the timeline. `by_role` tells the reader's relation, never a name in public."""

    at: datetime
    old: str | None
    new: str
    by_name: str | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An enrolment with the words needed to show it in a list."""

    enrolment: EnrolmentFacts
    person_name: str
    person_key: str
    function: LocalisedText | None
    unit: str | None
    employer: str | None
    run_title: LocalisedText
    run_starts_at: datetime | None
    run_ends_at: datetime | None
    run_zone: str
    run_state: str
    run_capacity: int
    run_taken: int
    answer_due: datetime | None
    changed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Employment:
    """Where a person works now, as an enrolment will remember it."""

    organisation_id: int | None = None
    unit_id: int | None = None
    function_id: int | None = None
    manager_id: int | None = None


def visible(actor: Actor) -> ColumnElement[bool]:
    """Own enrolments, those one decides on, those of runs one teaches or manages (by team or
    host), and those of own employees for who manages enrolments there."""
    if actor.is_system or any(actor.may(right) for right in READING_RIGHTS):
        return true()
    if not actor.signed_in:
        return Enrolment.id.is_(None)
    roles = [role for role, rights in TEAM_RIGHTS.items() if rights & set(READING_RIGHTS)]
    conditions = [
        Enrolment.person_id == actor.person_id,
        Enrolment.manager_id == actor.person_id,
        Enrolment.run_id.in_(
            select(TeamMember.run_id).where(
                TeamMember.person_id == actor.person_id, TeamMember.role.in_(roles)
            )
        ),
    ]
    held = frozenset[int]().union(*(actor.organisations_with(r) or () for r in READING_RIGHTS))
    if held:
        conditions.append(
            Enrolment.run_id.in_(
                select(RunHost.run_id).where(
                    RunHost.organisation_id.in_(held), RunHost.role == "host"
                )
            )
        )
    if employing := actor.organisations_with("enrolment.manage"):
        conditions.append(Enrolment.employer_id.in_(employing))
    return or_(*conditions)


def _columns() -> tuple[Any, ...]:
    return (
        Enrolment.id,
        Enrolment.key,
        Enrolment.run_id,
        Run.key.label("run_key"),
        Enrolment.person_id,
        Run.course_type,
        Enrolment.state,
        Enrolment.source,
        Enrolment.employer_id,
        Enrolment.manager_id,
        Enrolment.goal,
        Enrolment.created_at,
        Enrolment.position,
        Enrolment.answers,
    )


def _row_select() -> Select[Any]:
    return (
        select(
            *_columns(),
            Person.name.label("person_name"),
            Person.key.label("person_key"),
            Function.title.label("function"),
            Unit.name.label("unit"),
            Organisation.name.label("employer"),
            Run.title.label("run_title"),
            Run.starts_at.label("run_starts_at"),
            Run.ends_at.label("run_ends_at"),
            Run.zone.label("run_zone"),
            Run.state.label("run_state"),
            Run.capacity.label("run_capacity"),
            Run.taken.label("run_taken"),
            Enrolment.answer_due,
            Enrolment.changed_at,
        )
        .join(Run, Run.id == Enrolment.run_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Function, Function.id == Enrolment.function_id)
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
        .outerjoin(Organisation, Organisation.id == Enrolment.employer_id)
    )


_FACTS = tuple(EnrolmentFacts.__dataclass_fields__)


def _rows(statement: Select[Any]) -> list[Row]:
    found = []
    for row in db.session.execute(statement):
        values = row._asdict()
        facts = EnrolmentFacts(**{name: values.pop(name) for name in _FACTS})
        found.append(Row(enrolment=facts, **values))
    return found


def enrolments_by_id(ids: Sequence[int]) -> Mapping[int, EnrolmentFacts]:
    """Facts about these enrolments, whoever asks: for services, jobs and hooks."""
    rows = db.session.execute(
        select(*_columns()).join(Run, Run.id == Enrolment.run_id).where(Enrolment.id.in_(ids))
    )
    return {row.id: EnrolmentFacts(**row._asdict()) for row in rows}


def row_by_key(key: str, actor: Actor) -> Row | None:
    """One enrolment the actor may see."""
    return next(iter(_rows(_row_select().where(Enrolment.key == key, visible(actor)))), None)


def row_by_id(enrolment_id: int) -> Row | None:
    """One enrolment, whoever asks: for mails and single-use links."""
    return next(iter(_rows(_row_select().where(Enrolment.id == enrolment_id))), None)


def live_in_run(person_id: int, run_id: int) -> Row | None:
    """The person's newest enrolment in the run: the live one, else the last that is over."""
    statement = (
        _row_select()
        .where(Enrolment.person_id == person_id, Enrolment.run_id == run_id)
        .order_by(Enrolment.state.in_(LIVE).desc(), Enrolment.id.desc())
        .limit(1)
    )
    return next(iter(_rows(statement)), None)


def mine(actor: Actor, *, limit: int = 50) -> list[Row]:
    """The actor's own enrolments, live ones first, then the newest."""
    return _rows(
        _row_select()
        .where(Enrolment.person_id == actor.person_id)
        .order_by(Enrolment.state.in_(LIVE).desc(), Run.starts_at.desc(), Enrolment.id.desc())
        .limit(limit)
    )


def waiting_for(actor: Actor, *, limit: int = 100) -> list[Row]:
    """Requests that wait for the actor's yes, the most urgent first."""
    return _rows(
        _row_select()
        .where(Enrolment.state == "awaiting_approval", Enrolment.manager_id == actor.person_id)
        .order_by(Enrolment.answer_due, Enrolment.id)
        .limit(limit)
    )


def decided_by(actor: Actor, *, limit: int = 50) -> list[Row]:
    """What became of the actor's people: enrolments past the yes or no, newest first."""
    return _rows(
        _row_select()
        .where(
            Enrolment.manager_id == actor.person_id,
            Enrolment.state.not_in(("requested", "awaiting_approval")),
        )
        .order_by(Enrolment.changed_at.desc(), Enrolment.id.desc())
        .limit(limit)
    )


def in_run(run_id: int, states: Sequence[str] | None = None, *, limit: int, offset: int = 0) -> list[Row]:
    """Participants of a run by name; who may ask is decided before."""
    statement = _row_select().where(Enrolment.run_id == run_id)
    if states is not None:
        statement = statement.where(Enrolment.state.in_(states))
    return _rows(
        statement.order_by(Person.search_text, Enrolment.id).limit(limit).offset(offset)
    )


def counts_in_run(run_id: int) -> Mapping[str, int]:
    """Number of enrolments of a run by state."""
    rows = db.session.execute(
        select(Enrolment.state, func.count())
        .where(Enrolment.run_id == run_id)
        .group_by(Enrolment.state)
    )
    return {state: count for state, count in rows}


def place_in_queue(enrolment: EnrolmentFacts) -> int | None:
    """The place on the waiting list, 1 being next; None when not waiting."""
    if enrolment.state != "waitlisted" or enrolment.position is None:
        return None
    before = db.session.scalar(
        select(func.count())
        .select_from(Enrolment)
        .where(
            Enrolment.run_id == enrolment.run_id,
            Enrolment.state == "waitlisted",
            Enrolment.position < enrolment.position,
        )
    )
    return 1 + (before or 0)


def timeline(enrolment_id: int) -> list[Step]:
    """All steps in order."""
    rows = db.session.execute(
        select(
            Transition.at,
            Transition.old,
            Transition.new,
            Person.name.label("by_name"),
            Transition.reason,
        )
        .outerjoin(Person, Person.id == Transition.by_id)
        .where(Transition.enrolment_id == enrolment_id)
        .order_by(Transition.id)
    )
    return [Step(**row._asdict()) for row in rows]


def employment_of(person_id: int) -> Employment:
    """The person's present employment, the newest first; nobody is their own manager."""
    row = db.session.execute(
        select(
            Assignment.organisation_id,
            Assignment.unit_id,
            Assignment.function_id,
            Assignment.manager_id,
        )
        .where(Assignment.person_id == person_id, current_assignment())
        .order_by(Assignment.from_day.desc(), Assignment.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return Employment()
    manager_id = None if row.manager_id == person_id else row.manager_id
    return Employment(
        organisation_id=row.organisation_id,
        unit_id=row.unit_id,
        function_id=row.function_id,
        manager_id=manager_id,
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
