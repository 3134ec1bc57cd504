"""Questions about attendance and completion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from lms.contracts import (
    Actor,
    CompletionFacts,
    CompletionRule,
    ConditionResult,
    LocalisedText,
)
from lms.core.catalogue.models import CourseSession, Run, TeamMember
from lms.core.catalogue.queries import TEAM_RIGHTS, rule_from
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Attendance, Completion, Declaration
from lms.core.organisations.models import Function
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Attendance of one enrolment in one course session."""

    course_session_id: int
    minutes: int
    mode: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A teacher's declaration on one enrolment."""

    accepted: bool
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What is known of one enrolment's taking part; `completion` once it is decided."""

    minutes: int = 0
    word: Word | None = None
    completion: CompletionFacts | None = None


def marks_of(enrolment_ids: Sequence[int]) -> Mapping[int, Mapping[int, Mark]]:
    """Attendance by enrolment id and course session id."""
    found: dict[int, dict[int, Mark]] = defaultdict(dict)
    if not enrolment_ids:
        return found
    rows = db.session.execute(
        select(
            Attendance.enrolment_id,
            Attendance.course_session_id,
            Attendance.minutes,
            Attendance.mode,
        ).where(Attendance.enrolment_id.in_(enrolment_ids))
    )
    for enrolment_id, session_id, minutes, mode in rows:
        found[enrolment_id][session_id] = Mark(
            course_session_id=session_id, minutes=minutes, mode=mode
        )
    return found


def rules_of(run_ids: Sequence[int]) -> Mapping[int, CompletionRule]:
    """The completion rules of runs, as they were fixed, by run id."""
    rows = db.session.execute(select(Run.id, Run.rule).where(Run.id.in_(run_ids)))
    return {row.id: rule_from(row.rule) for row in rows}


def minutes_held(run_ids: Sequence[int]) -> Mapping[int, int]:
    """Planned minutes of the sessions held so far, by run id."""
    rows = db.session.execute(
        select(CourseSession.run_id, CourseSession.starts_at, CourseSession.ends_at).where(
            CourseSession.run_id.in_(run_ids), CourseSession.state == "held"
        )
    )
    found: dict[int, int] = defaultdict(int)
    for row in rows:
        found[row.run_id] += _length(row)
    return found


def _length(row: Any) -> int:
    return int((row.ends_at - row.starts_at).total_seconds() // 60)


def works_of(enrolment_ids: Sequence[int]) -> Mapping[int, Work]:
    """Minutes, the teacher's word and the outcome by enrolment id; one query, one row for each."""
    if not enrolment_ids:
        return {}
    rows = db.session.execute(
        _with_completion(Enrolment)
        .add_columns(_minutes_attended(), Declaration.accepted, Declaration.note)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .outerjoin(Declaration, Declaration.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(enrolment_ids))
    )
    found = {}
    for row in rows:
        values = row._asdict()
        minutes, accepted, note = (values.pop(n) for n in ("attended", "accepted", "note"))
        found[row.enrolment_id] = Work(
            minutes=int(minutes),
            word=None if accepted is None else Word(accepted=accepted, note=note),
            completion=_as_facts(values) if row.result else None,
        )
    return found


def _minutes_attended() -> ColumnElement[int]:
    """Minutes attended in held sessions; a cancelled session does not count."""
    return (
        select(func.coalesce(func.sum(Attendance.minutes), 0))
        .join(CourseSession, CourseSession.id == Attendance.course_session_id)
        .where(Attendance.enrolment_id == Enrolment.id, CourseSession.state == "held")
        .correlate(Enrolment)
        .scalar_subquery()
        .label("attended")
    )


def _with_completion(first: type[Enrolment | Completion]) -> Select[Any]:
    """Columns of `CompletionFacts`, from enrolments (decided or not) or from decisions alone."""
    statement = select(
        Enrolment.id.label("enrolment_id"),
        Enrolment.key.label("enrolment_key"),
        Enrolment.run_id,
        Enrolment.person_id,
        Run.course_type,
        Completion.result,
        Completion.rule_version,
        Completion.minutes_attended,
        Completion.minutes_held,
        Completion.reasons,
        Completion.decided_at,
        Completion.decided_by_id,
    ).select_from(first)
    if first is Completion:
        statement = statement.join(Enrolment, Enrolment.id == Completion.enrolment_id)
    return statement.join(Run, Run.id == Enrolment.run_id)


def _as_facts(values: dict[str, Any]) -> CompletionFacts:
    reasons = tuple(
        ConditionResult(
            name=reason["name"],
            met=reason["met"],
            reason=LocalisedText.from_dict(reason["reason"]),
        )
        for reason in values.pop("reasons")
    )
    return CompletionFacts(**values, reasons=reasons)


def completions_of(enrolment_ids: Sequence[int]) -> Mapping[int, CompletionFacts]:
    """Decided completions by enrolment id."""
    rows = db.session.execute(
        _with_completion(Completion).where(Completion.enrolment_id.in_(enrolment_ids))
    )
    return {row.enrolment_id: _as_facts(row._asdict()) for row in rows}


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Attendance of a whole run: minutes attended by `people` of the minutes they could."""

    people: int
    attended: int
    possible: int


def attendance_in_run(run_id: int) -> Share:
    """How much of the held sessions was attended, all participants together. One query."""
    row = db.session.execute(
        select(
            func.count(func.distinct(Attendance.enrolment_id)).label("people"),
            func.coalesce(func.sum(Attendance.minutes), 0).label("attended"),
            func.count().label("lines"),
            CourseSession.starts_at,
            CourseSession.ends_at,
        )
        .join(CourseSession, CourseSession.id == Attendance.course_session_id)
        .where(CourseSession.run_id == run_id, CourseSession.state == "held")
        .group_by(CourseSession.id)
    ).all()
    return Share(
        people=max((line.people for line in row), default=0),
        attended=sum(int(line.attended) for line in row),
        possible=sum(line.lines * _length(line) for line in row),
    )


def functions_in_run(run_id: int, states: Sequence[str]) -> list[tuple[LocalisedText, int]]:
    """What the participants are at work: (function, how many), the largest first."""
    counted = (
        select(Enrolment.function_id, func.count().label("number"))
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(states))
        .group_by(Enrolment.function_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Function.title, counted.c.number)
        .join(Function, Function.id == counted.c.function_id)
        .order_by(counted.c.number.desc(), Function.key)
    )
    return [(row.title, row.number) for row in rows]


def roles_on_teams(actor: Actor) -> Mapping[int, frozenset[str]]:
    """The actor's roles on the teams of runs, by run id."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = db.session.execute(
        select(TeamMember.run_id, TeamMember.role).where(TeamMember.person_id == actor.person_id)
    )
    for row in rows:
        found[row.run_id].add(row.role)
    return {run_id: frozenset(roles) for run_id, roles in found.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Teaching:
    """A course session of a run that the actor teaches. `to_decide` when somebody's completion is
    still open in the run."""

    run_id: int
    run_key: str
    run_title: LocalisedText
    run_ends_at: datetime | None
    zone: str
    session_key: str
    title: LocalisedText
    starts_at: datetime
    state: str
    to_decide: bool


def taught_by(
    actor: Actor, since: datetime, until: datetime, *, limit: int = 200
) -> list[Teaching]:
    """Course sessions of runs under way on whose team the actor may teach, in order of time."""
    roles = [role for role, rights in TEAM_RIGHTS.items() if "learning.teach" in rights]
    to_decide = exists().where(Enrolment.run_id == Run.id, Enrolment.state == "active")
    rows = db.session.execute(
        select(
            Run.id.label("run_id"),
            Run.key.label("run_key"),
            Run.title.label("run_title"),
            Run.ends_at.label("run_ends_at"),
            Run.zone,
            CourseSession.key.label("session_key"),
            CourseSession.title,
            CourseSession.starts_at,
            CourseSession.state,
            to_decide.label("to_decide"),
        )
        .join(Run, Run.id == CourseSession.run_id)
        .where(
            Run.id.in_(
                select(TeamMember.run_id).where(
                    TeamMember.person_id == actor.person_id, TeamMember.role.in_(roles)
                )
            ),
            Run.state == "running",
            CourseSession.state != "cancelled",
            CourseSession.starts_at >= since,
            CourseSession.starts_at < until,
        )
        .order_by(CourseSession.starts_at, CourseSession.id)
        .limit(limit)
    )
    return [Teaching(**{**row._asdict(), "to_decide": bool(row.to_decide)}) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """The next course session of somebody who takes part."""

    enrolment_key: str
    run_title: LocalisedText
    title: LocalisedText
    starts_at: datetime
    venue: str
    zone: str


def next_session_of(actor: Actor, since: datetime, until: datetime) -> Next | None:
    """The actor's own next course session between two moments."""
    row = db.session.execute(
        select(
            Enrolment.key.label("enrolment_key"),
            Run.title.label("run_title"),
            CourseSession.title,
            CourseSession.starts_at,
            CourseSession.venue,
            Run.zone,
        )
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseSession, CourseSession.run_id == Run.id)
        .where(
            Enrolment.person_id == actor.person_id,
            Enrolment.state.in_(("seated", "active")),
            CourseSession.state != "cancelled",
            CourseSession.ends_at >= since,
            CourseSession.starts_at < until,
        )
        .order_by(CourseSession.starts_at)
        .limit(1)
    ).first()
    return Next(**row._asdict()) if row else None
