"""Questions about attendance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from lms.contracts import (
    LocalisedText,
)
from lms.core.catalogue.models import CourseSession
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Attendance
from lms.core.organisations.models import Function
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Attendance of one enrolment in one course session."""

    course_session_id: int
    minutes: int
    mode: str


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


def minutes_held(run_ids: Sequence[int]) -> Mapping[int, int]:
    """Planned minutes of the sessions held so far, by run id."""
    rows = db.session.execute(
        select(CourseSession.run_id, CourseSession.starts_at, CourseSession.ends_at).where(
            CourseSession.run_id.in_(run_ids), CourseSession.state == "held"
        )
    )
    found: dict[int, int] = defaultdict(int)
    for row in rows:
        found[row.run_id] += length_of(row)
    return found


def length_of(row: Any) -> int:
    """Whole minutes between `starts_at` and `ends_at` of a row."""
    return int((row.ends_at - row.starts_at).total_seconds() // 60)


def minutes_attended() -> ColumnElement[int]:
    """Minutes attended in held sessions; a cancelled session does not count."""
    return (
        select(func.coalesce(func.sum(Attendance.minutes), 0))
        .join(CourseSession, CourseSession.id == Attendance.course_session_id)
        .where(Attendance.enrolment_id == Enrolment.id, CourseSession.state == "held")
        .correlate(Enrolment)
        .scalar_subquery()
        .label("attended")
    )


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
        possible=sum(line.lines * length_of(line) for line in row),
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
