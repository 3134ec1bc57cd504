"""Questions of somebody who leads others: who they are, their seats, and what waits for a yes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from lms.contracts import Actor, LocalisedText
from lms.core.catalogue.models import CourseSession, Run
from lms.core.enrolment.models import Approval, Enrolment
from lms.core.enrolment.queries.deciding import answers_for, asked_questions
from lms.core.enrolment.queries.people import counts_since
from lms.core.enrolment.queries.rows import visible
from lms.core.enrolment.states import LIVE
from lms.core.listing import all_words_in
from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment
from lms.db import db, now

_Manager = aliased(Person)


@dataclass(frozen=True, kw_only=True, slots=True)
class Worker:
    """Somebody where they work now. `leader` names the line manager where that is not the reader;
    `of` is how many the whole list has."""

    id: int
    key: str
    name: str
    assignment_id: int
    organisation_id: int
    function: LocalisedText
    unit: str | None
    organisation: str
    manager_id: int | None
    leader: str | None
    of: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SeatOf:
    """An enrolment of somebody one leads. `next_at` is the next course session, `open_to_me`
    whether the reader may see its page, `answers_first` that they were nominated and have the
    run's questions to answer."""

    key: str
    person_id: int
    state: str
    run_key: str
    run_title: LocalisedText
    run_zone: str
    run_starts_at: datetime | None
    next_at: datetime | None
    answer_due: datetime | None
    answers_first: bool
    open_to_me: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedOfMe:
    """Why a request waits for the reader: as line manager, cost centre or programme lead, and for
    whom where that is not themselves; with the number of course sessions and the first of them."""

    kind: str
    approver: str | None
    days: int
    first_at: datetime | None


def reporting_to(actor: Actor) -> ColumnElement[bool]:
    """Assignments of those who report to the actor now, or to somebody they stand in for today."""
    return answers_for(Assignment.manager_id, actor) & (Assignment.person_id != actor.person_id)


def has_people(actor: Actor) -> bool:
    """Does anybody report to the actor now, or to somebody they stand in for today?"""
    if actor.has_reports:
        return True
    found = db.session.scalar(
        select(Assignment.id).where(reporting_to(actor), current_assignment()).limit(1)
    )
    return actor.signed_in and found is not None


def leads(actor: Actor, person_id: int) -> bool:
    """Does this person report to the actor now, or to somebody they stand in for today?"""
    found = db.session.scalar(
        select(Assignment.id)
        .where(Assignment.person_id == person_id, reporting_to(actor), current_assignment())
        .limit(1)
    )
    return actor.signed_in and found is not None


def workers(
    where: ColumnElement[bool],
    *,
    reader_id: int | None = None,
    search: str = "",
    keys: Sequence[str] | None = None,
    states: Sequence[str] = ("active", "invited"),
    limit: int,
    offset: int = 0,
) -> list[Worker]:
    """People whose present assignment fits `where`, each once, by name."""
    newest = (
        select(func.max(Assignment.id))
        .where(where, current_assignment())
        .group_by(Assignment.person_id)
    )
    statement: Select[*tuple[Any, ...]] = (
        select(
            Person.id,
            Person.key,
            Person.name,
            Assignment.id.label("assignment_id"),
            Assignment.organisation_id,
            Function.title.label("function"),
            Unit.name.label("unit"),
            Organisation.name.label("organisation"),
            Assignment.manager_id,
            _Manager.name.label("leader"),
            func.count().over().label("of"),
        )
        .select_from(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Function, Function.id == Assignment.function_id)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .outerjoin(Unit, Unit.id == Assignment.unit_id)
        .outerjoin(
            _Manager, (_Manager.id == Assignment.manager_id) & (_Manager.id != (reader_id or 0))
        )
        .where(
            Assignment.id.in_(newest),
            Person.state.in_(states),
            all_words_in(Person.search_text, search),
        )
        .order_by(Person.name, Person.id)
        .limit(limit)
        .offset(offset)
    )
    if keys is not None:
        statement = statement.where(Person.key.in_(keys))
    return [Worker(**row._asdict()) for row in db.session.execute(statement)]


def found_or_chosen(
    where: ColumnElement[bool],
    search: str,
    chosen: str,
    *,
    states: Sequence[str] = ("active", "invited"),
    limit: int,
) -> list[Worker]:
    """The first people found by name, with the one whose key is chosen already."""
    found = workers(where, search=search, states=states, limit=limit)
    known = {one.key for one in found}
    if chosen and limit and chosen not in known and "\0" not in chosen:
        found += workers(where, keys=[chosen], states=states, limit=1)
    return found


def seats_of_workers(
    people: Sequence[Worker], actor: Actor, since: datetime
) -> Mapping[int, Sequence[SeatOf]]:
    """What these people have, wait for or have taken part in since then, by person: as employees
    of the place they are listed with, or where their manager was asked. One query."""
    found: dict[int, list[SeatOf]] = defaultdict(list)
    rows = db.session.execute(
        select(
            Enrolment.key,
            Enrolment.person_id,
            Enrolment.state,
            Run.key.label("run_key"),
            Run.title.label("run_title"),
            Run.zone.label("run_zone"),
            Run.starts_at.label("run_starts_at"),
            select(func.min(CourseSession.starts_at))
            .where(
                CourseSession.run_id == Enrolment.run_id,
                CourseSession.state != "cancelled",
                CourseSession.ends_at > now(),
            )
            .correlate(Enrolment)
            .scalar_subquery()
            .label("next_at"),
            Enrolment.answer_due,
            asked_questions().label("answers_first"),
            visible(actor).label("open_to_me"),
        )
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(Assignment, Assignment.person_id == Enrolment.person_id)
        .where(
            Assignment.id.in_([one.assignment_id for one in people]),
            or_(
                Enrolment.employer_id == Assignment.organisation_id,
                answers_for(Enrolment.manager_id, actor),
            ),
            counts_since(since),
        )
        .order_by(Enrolment.state.in_(sorted(LIVE)).desc(), Run.starts_at, Enrolment.id)
    )
    for row in rows:
        told = {"open_to_me": bool(row.open_to_me), "answers_first": bool(row.answers_first)}
        found[row.person_id].append(SeatOf(**row._asdict() | told))
    return found


def asked_of_me(enrolment_ids: Sequence[int], actor: Actor) -> Mapping[int, AskedOfMe]:
    """Why these requests wait for the actor: for their own word before one they stand in for,
    before one of whoever leads the run. One query."""
    days = aliased(CourseSession)
    held = (days.run_id == Enrolment.run_id) & (days.state != "cancelled")
    approver = aliased(Person)
    rows = db.session.execute(
        select(
            Approval.enrolment_id,
            Approval.kind,
            approver.name.label("approver"),
            select(func.count())
            .select_from(days)
            .where(held)
            .correlate(Enrolment)
            .scalar_subquery()
            .label("days"),
            select(func.min(days.starts_at))
            .where(held)
            .correlate(Enrolment)
            .scalar_subquery()
            .label("first_at"),
        )
        .select_from(Approval)
        .join(Enrolment, Enrolment.id == Approval.enrolment_id)
        .outerjoin(
            approver,
            (approver.id == Approval.approver_id) & (approver.id != (actor.person_id or 0)),
        )
        .where(
            Approval.enrolment_id.in_(enrolment_ids),
            Approval.state == "open",
            answers_for(Approval.approver_id, actor) | Approval.approver_id.is_(None),
        )
        .order_by(
            (Approval.approver_id == actor.person_id).is_not(True),
            Approval.approver_id.is_(None),
            Approval.position,
        )
    )
    found: dict[int, AskedOfMe] = {}
    for row in rows:
        values = row._asdict()
        found.setdefault(values.pop("enrolment_id"), AskedOfMe(**values))
    return found
