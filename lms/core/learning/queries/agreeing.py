"""Questions about learning agreements: the words, who has signed, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import and_, func, or_, select

from lms.contracts import Actor, EnrolmentFacts, LocalisedText
from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import (
    active_among,
    answers_for,
    employment_of,
    stand_ins_of,
    stands_in,
)
from lms.core.learning.models import Agreement
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment
from lms.db import db

Part = Literal["employee", "manager"]

SIGNABLE = ("seated", "active", "completed")
"""States of an enrolment in which its agreement may be signed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementFacts:
    """The learning agreement of one enrolment: proposed, agreed or followed_up.

    `used` is how much came into use at work, from 0 (not at all) to 4 (all the time), None while
    it is not answered.
    """

    id: int
    enrolment_id: int
    goal: str
    task: str
    minutes_promised: int
    task_until: date | None
    state: str
    revision: int
    proposed_at: datetime
    employee_signed_at: datetime | None
    manager_id: int | None
    manager_signed_at: datetime | None
    follow_up_at: datetime | None
    employee_used: int | None
    employee_words: str
    manager_used: int | None
    manager_words: str

    def signed_by(self, part: Part) -> bool:
        """Has this part signed the words as they are?"""
        signed = self.employee_signed_at if part == "employee" else self.manager_signed_at
        return signed is not None

    def answered_by(self, part: Part) -> bool:
        """Has this part said what came of it?"""
        return (self.employee_used if part == "employee" else self.manager_used) is not None


_COLUMNS = tuple(getattr(Agreement, name) for name in AgreementFacts.__slots__)


def agreements_of(enrolment_ids: Sequence[int]) -> Mapping[int, AgreementFacts]:
    """The agreements of these enrolments, by enrolment id."""
    rows = db.session.execute(select(*_COLUMNS).where(Agreement.enrolment_id.in_(enrolment_ids)))
    return {row.enrolment_id: AgreementFacts(**row._mapping) for row in rows}


def agreement_of(enrolment_id: int) -> AgreementFacts | None:
    """The agreement of one enrolment; None before it is proposed."""
    return agreements_of([enrolment_id]).get(enrolment_id)


def managers_of(enrolment: EnrolmentFacts) -> Sequence[int]:
    """Who may sign for the workplace: the line manager when the seat was asked for, and the one
    of today. Never the participant."""
    today = employment_of(enrolment.person_id).manager_id
    both = dict.fromkeys([today, enrolment.manager_id])
    return [one for one in both if one is not None and one != enrolment.person_id]


def part_of(enrolment: EnrolmentFacts, actor: Actor) -> Part | None:
    """What the actor is in this agreement: the employee, or the manager (or whoever stands in for
    them today); None for everybody else."""
    if actor.person_id is None:
        return None
    if actor.person_id == enrolment.person_id:
        return "employee"
    if any(stands_in(actor, manager) for manager in managers_of(enrolment)):
        return "manager"
    return None


def managers_to_ask(enrolment: EnrolmentFacts) -> Sequence[int]:
    """Whom to write to for the workplace: the manager of today, else of then, and who stands in
    for them; only people who can still answer."""
    for manager in managers_of(enrolment):
        asked = [*active_among([manager]), *stand_ins_of(manager)]
        if found := [one for one in dict.fromkeys(asked) if one != enrolment.person_id]:
            return found
    return ()


def unanswered(since: datetime, until: datetime, *, limit: int) -> Sequence[AgreementFacts]:
    """Agreements whose mirror is due between two moments and lacks an answer, the oldest first."""
    rows = db.session.execute(
        select(*_COLUMNS)
        .where(
            Agreement.state == "agreed",
            Agreement.follow_up_at > since,
            Agreement.follow_up_at <= until,
            or_(Agreement.employee_used.is_(None), Agreement.manager_used.is_(None)),
        )
        .order_by(Agreement.follow_up_at, Agreement.id)
        .limit(limit)
    )
    return [AgreementFacts(**row._mapping) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingAgreement:
    """An agreement that waits for the reader, who is the employee or the manager: to be signed,
    or, with `mirror`, to say what came of it."""

    enrolment_key: str
    person_name: str
    run_title: LocalisedText
    part: Part
    mirror: bool


def agreements_waiting(
    actor: Actor, moment: datetime, *, limit: int = 10
) -> Sequence[WaitingAgreement]:
    """What waits for the actor's own signature or answer, or as manager of today or of when the
    seat was asked for (or as who stands in for them), the oldest first. One query."""
    led = select(Assignment.person_id).where(
        answers_for(Assignment.manager_id, actor), current_assignment()
    )
    own = Enrolment.person_id == actor.person_id
    leads = and_(
        Enrolment.person_id != actor.person_id,
        or_(answers_for(Enrolment.manager_id, actor), Enrolment.person_id.in_(led)),
    )
    to_sign = and_(Agreement.state == "proposed", Enrolment.state.in_(SIGNABLE))
    to_answer = and_(
        Agreement.state == "agreed",
        Agreement.follow_up_at <= moment,
        Enrolment.state == "completed",
    )
    rows = db.session.execute(
        select(
            Enrolment.key.label("enrolment_key"),
            Person.name.label("person_name"),
            Run.title.label("run_title"),
            own.label("own"),
            (Agreement.state == "agreed").label("mirror"),
        )
        .join(Enrolment, Enrolment.id == Agreement.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Run, Run.id == Enrolment.run_id)
        .where(
            or_(
                and_(own, to_sign, Agreement.employee_signed_at.is_(None)),
                and_(own, to_answer, Agreement.employee_used.is_(None)),
                and_(leads, to_sign, Agreement.manager_signed_at.is_(None)),
                and_(leads, to_answer, Agreement.manager_used.is_(None)),
            )
        )
        .order_by(Agreement.proposed_at, Agreement.id)
        .limit(limit)
    )
    return [
        WaitingAgreement(
            enrolment_key=row.enrolment_key,
            person_name=row.person_name,
            run_title=row.run_title,
            part="employee" if row.own else "manager",
            mirror=bool(row.mirror),
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mirror:
    """What came of a run's agreements: how many answered each level, by part, and how many were
    asked at all."""

    asked: int
    employees: Mapping[int, int]
    managers: Mapping[int, int]


def mirror_of(run_id: int, until: datetime) -> Mirror:
    """The answers of a run in numbers. One query."""
    rows = db.session.execute(
        select(Agreement.employee_used, Agreement.manager_used, func.count().label("number"))
        .join(Enrolment, Enrolment.id == Agreement.enrolment_id)
        .where(Enrolment.run_id == run_id, Agreement.follow_up_at <= until)
        .group_by(Agreement.employee_used, Agreement.manager_used)
    ).all()
    employees: dict[int, int] = {}
    managers: dict[int, int] = {}
    for employee, manager, number in rows:
        if employee is not None:
            employees[employee] = employees.get(employee, 0) + number
        if manager is not None:
            managers[manager] = managers.get(manager, 0) + number
    return Mirror(asked=sum(row.number for row in rows), employees=employees, managers=managers)


def words_of_mirror(run_id: int) -> Sequence[tuple[str, int, str]]:
    """What people wrote about use at work, without names: (part, used, words). For evaluators."""
    rows = db.session.execute(
        select(
            Agreement.employee_used,
            Agreement.employee_words,
            Agreement.manager_used,
            Agreement.manager_words,
        )
        .join(Enrolment, Enrolment.id == Agreement.enrolment_id)
        .where(Enrolment.run_id == run_id)
    )
    said = []
    for employee, employee_words, manager, manager_words in rows:
        if employee is not None and employee_words:
            said.append(("employee", employee, employee_words))
        if manager is not None and manager_words:
            said.append(("manager", manager, manager_words))
    # By what they say and not by whose they are, so that nobody is found by the order.
    return sorted(said, key=lambda one: (one[0], -one[1], one[2]))
