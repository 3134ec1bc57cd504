"""Enrolments as rows with the words needed to show them, and who may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from lms.contracts import Actor, EnrolmentFacts, LocalisedText
from lms.core.catalogue.models import CourseVersion, Run, RunHost, TeamMember
from lms.core.catalogue.queries import TEAM_RIGHTS
from lms.core.enrolment.models import Enrolment, Transition
from lms.core.enrolment.queries.deciding import answers_for, asked_about, waits_for
from lms.core.enrolment.states import LIVE
from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment
from lms.db import db, execute

READING_RIGHTS = ("enrolment.manage", "learning.teach")
"""Permissions that let somebody see the enrolments of a run."""


_Manager = aliased(Person)
_Ahead = aliased(Enrolment)
_in_run = Enrolment.run_id + 0
"""A person has a few enrolments, a run has thousands. SQLite knows neither number and may go
through those of the run; of a sum it has no index, so it begins with the person."""
_FACTS = tuple(EnrolmentFacts.__dataclass_fields__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of the timeline. Pages tell the relation of `by_id` to the reader, never a name."""

    at: datetime
    old: str | None
    new: str
    by_id: int | None
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """An enrolment with the words needed to show it. `place` is the place on the waiting list, 1
    being next, None when not waiting; `of` is how many rows the list has in all."""

    enrolment: EnrolmentFacts
    person_name: str
    person_key: str
    function: LocalisedText | None
    unit: str | None
    employer: str | None
    manager_name: str | None
    run_title: LocalisedText
    run_starts_at: datetime | None
    run_ends_at: datetime | None
    run_zone: str
    run_state: str
    run_capacity: int
    run_taken: int
    run_held: int
    run_venue: str
    run_town: str
    run_price: int
    run_currency: str
    run_minutes: int
    run_practice_minutes: int
    answer_due: datetime | None
    changed_at: datetime
    place: int | None
    of: int


@dataclass(frozen=True, slots=True)
class Own:
    """Somebody's enrolment in a run: which it is and how it stands."""

    id: int
    key: str
    state: str


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
        answers_for(Enrolment.manager_id, actor),
        Enrolment.id.in_(_of_own_people(actor)),
        Enrolment.nominated_by_id == actor.person_id,
        Enrolment.id.in_(asked_about(actor)),
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


def _of_own_people(actor: Actor) -> Select[int]:
    """Enrolments of those who report to the actor now, made while they worked for the same
    employer: a manager takes over from the one before."""
    return (
        select(Enrolment.id)
        .join(
            Assignment,
            and_(
                Assignment.person_id == Enrolment.person_id,
                Assignment.organisation_id == Enrolment.employer_id,
            ),
        )
        .where(answers_for(Assignment.manager_id, actor), current_assignment())
    )


def _columns(manager_id: ColumnElement[Any]) -> tuple[Any, ...]:
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
        manager_id.label("manager_id"),
        Enrolment.goal,
        Enrolment.created_at,
        Enrolment.position,
        Enrolment.answers,
        Enrolment.unit_id,
        Enrolment.pair_key,
        Enrolment.reservation_id,
    )


def _place() -> ColumnElement[int]:
    """Those at or before one's own rank and position who wait for the same run."""
    return (
        select(func.count())
        .select_from(_Ahead)
        .where(
            _Ahead.run_id == Enrolment.run_id,
            _Ahead.state == "waitlisted",
            or_(
                _Ahead.rank < Enrolment.rank,
                and_(_Ahead.rank == Enrolment.rank, _Ahead.position <= Enrolment.position),
            ),
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _row_select(*, counted: bool = False) -> Select[Any]:
    """Rows to show. A manager who has left or is shut out counts as none, so that those who manage
    the run's enrolments may answer instead."""
    return (
        select(
            *_columns(_Manager.id.expression),
            Person.name.label("person_name"),
            Person.key.label("person_key"),
            Function.title.label("function"),
            Unit.name.label("unit"),
            Organisation.name.label("employer"),
            _Manager.name.label("manager_name"),
            Run.title.label("run_title"),
            Run.starts_at.label("run_starts_at"),
            Run.ends_at.label("run_ends_at"),
            Run.zone.label("run_zone"),
            Run.state.label("run_state"),
            Run.capacity.label("run_capacity"),
            Run.taken.label("run_taken"),
            Run.held.label("run_held"),
            Run.venue.label("run_venue"),
            Run.town.label("run_town"),
            Run.price.label("run_price"),
            Run.currency.label("run_currency"),
            CourseVersion.minutes.label("run_minutes"),
            CourseVersion.practice_minutes.label("run_practice_minutes"),
            Enrolment.answer_due,
            Enrolment.changed_at,
            case((Enrolment.state == "waitlisted", _place())).label("place"),
            (func.count().over() if counted else literal(1)).label("of"),
        )
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Function, Function.id == Enrolment.function_id)
        .outerjoin(Unit, Unit.id == Enrolment.unit_id)
        .outerjoin(Organisation, Organisation.id == Enrolment.employer_id)
        .outerjoin(_Manager, and_(_Manager.id == Enrolment.manager_id, _Manager.state == "active"))
    )


def _rows(statement: Select[Any], **asked: object) -> list[Row]:
    found = []
    for row in execute(statement, asked):
        values = row._asdict()
        facts = EnrolmentFacts(**{name: values.pop(name) for name in _FACTS})
        found.append(Row(enrolment=facts, **values))
    return found


@cache
def _facts_by_id() -> Select[*tuple[Any, ...]]:
    return (
        select(*_columns(Enrolment.manager_id.expression))
        .join(Run, Run.id == Enrolment.run_id)
        .where(Enrolment.id.in_(bindparam("ids", expanding=True)))
    )


@cache
def _newest() -> Select[Any]:
    return (
        _row_select()
        .where(
            Enrolment.person_id.in_(bindparam("people", expanding=True)),
            _in_run.in_(bindparam("runs", expanding=True)),
        )
        .order_by(Enrolment.state.not_in(LIVE).desc(), Enrolment.id)
    )


@cache
def _own() -> Select[int, str, str]:
    return (
        select(Enrolment.id, Enrolment.key, Enrolment.state)
        .where(
            Enrolment.person_id == bindparam("person", type_=Integer),
            _in_run == bindparam("run", type_=Integer),
        )
        .order_by(Enrolment.state.in_(LIVE).desc(), Enrolment.id.desc())
        .limit(1)
    )


def enrolments_by_id(ids: Sequence[int]) -> Mapping[int, EnrolmentFacts]:
    """Facts about these enrolments, whoever asks: for services, jobs and hooks."""
    rows = execute(_facts_by_id(), {"ids": list(ids)})
    return {row.id: EnrolmentFacts(**row._asdict()) for row in rows}


def row_by_key(key: str, actor: Actor) -> Row | None:
    """One enrolment the actor may see."""
    return next(iter(_rows(_row_select().where(Enrolment.key == key, visible(actor)))), None)


def row_by_id(enrolment_id: int) -> Row | None:
    """One enrolment, whoever asks: for mails and single-use links."""
    return next(iter(_rows(_row_select().where(Enrolment.id == enrolment_id))), None)


def newest_of(person_ids: Sequence[int], run_ids: Sequence[int]) -> Mapping[tuple[int, int], Row]:
    """The newest enrolment by (person id, run id): the live one, else the last that is over."""
    rows = _rows(_newest(), people=list(person_ids), runs=list(run_ids))
    return {(row.enrolment.person_id, row.enrolment.run_id): row for row in rows}


def own_in(run_id: int, person_id: int) -> Own | None:
    """The enrolment that `newest_of` finds for one person in one run, and no more than where it
    is and how it stands."""
    row = execute(_own(), {"person": person_id, "run": run_id}).first()
    return Own(*row) if row else None


def runs_with_visible(run_ids: Sequence[int], actor: Actor) -> Sequence[int]:
    """Those of these runs that have an enrolment the actor may see."""
    return db.session.scalars(
        select(Enrolment.run_id).where(Enrolment.run_id.in_(run_ids), visible(actor)).distinct()
    ).all()


def of_persons(person_ids: Sequence[int], actor: Actor, *, limit: int = 50) -> list[Row]:
    """Enrolments of these people that the actor may see, live ones first, then the newest."""
    return _rows(
        _row_select()
        .where(Enrolment.person_id.in_(person_ids), visible(actor))
        .order_by(Enrolment.state.in_(LIVE).desc(), Run.starts_at.desc(), Enrolment.id.desc())
        .limit(limit)
    )


def mine(actor: Actor, *, limit: int = 50) -> list[Row]:
    """The actor's own enrolments, live ones first, then the newest."""
    return of_persons([actor.person_id] if actor.person_id else [], actor, limit=limit)


def waits_for_own_word() -> ColumnElement[bool]:
    """A colleague or whoever nominated them has asked, and they have not said yes yet."""
    return and_(
        Enrolment.state == "requested",
        or_(Enrolment.pair_key.is_not(None), Enrolment.source == "nomination"),
        Enrolment.answer_due.is_not(None),
    )


def asked_of(actor: Actor, *, limit: int = 20) -> list[Row]:
    """What waits for the actor's word: requests of own people, seats offered to oneself,
    colleagues who want to go together, nominations with questions."""
    return _rows(
        _row_select()
        .where(
            or_(
                waits_for(actor),
                and_(
                    Enrolment.person_id == actor.person_id,
                    or_(Enrolment.state == "offered", waits_for_own_word()),
                ),
            )
        )
        .order_by(Enrolment.answer_due, Enrolment.id)
        .limit(limit)
    )


def waiting_for(actor: Actor, *, limit: int = 50) -> list[Row]:
    """Requests that wait for the actor's yes, the most urgent first."""
    return _rows(
        _row_select(counted=True)
        .where(waits_for(actor))
        .order_by(Enrolment.answer_due, Enrolment.id)
        .limit(limit)
    )


def in_run(
    run_id: int,
    states: Sequence[str] | None = None,
    *,
    employers: Sequence[int | None] | None = None,
    limit: int,
    offset: int = 0,
) -> list[Row]:
    """Participants of a run by name, those who only wait in the order of the queue; who may ask is
    decided before. `Row.of` is the whole list."""
    statement = _row_select(counted=True).where(Enrolment.run_id == run_id)
    if states is not None:
        statement = statement.where(Enrolment.state.in_(states))
    if employers is not None:
        named = [employer for employer in employers if employer is not None]
        fits = Enrolment.employer_id.in_(named)
        statement = statement.where(
            or_(fits, Enrolment.employer_id.is_(None)) if None in employers else fits
        )
    if states is not None and list(states) == ["waitlisted"]:
        statement = statement.order_by(Enrolment.rank, Enrolment.position)
    else:
        statement = statement.order_by(Person.search_text, Enrolment.id)
    return _rows(statement.limit(limit).offset(offset))


def timeline(enrolment_id: int) -> list[Step]:
    """All steps in order."""
    rows = db.session.execute(
        select(Transition.at, Transition.old, Transition.new, Transition.by_id, Transition.reason)
        .where(Transition.enrolment_id == enrolment_id)
        .order_by(Transition.id)
    )
    return [Step(**row._asdict()) for row in rows]
