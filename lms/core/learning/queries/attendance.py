"""Questions about attendance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from lms.contracts import CourseSessionFacts, LocalisedText
from lms.core.catalogue.models import CourseSession
from lms.core.enrolment.models import Enrolment
from lms.core.learning.forecast import Outlook, outlook
from lms.core.learning.models import Activity, Attendance, Work
from lms.core.organisations.models import Function
from lms.core.users.models import Person
from lms.db import db

COMING = ("planned", "moved")
"""States of sessions that are still to be held."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Attendance of one enrolment in one course session; see `Attendance`."""

    course_session_id: int
    minutes: int
    mode: str
    catch_up: int = 0
    reason: str = ""
    source: str = "teacher"
    unsure: bool = False

    @property
    def counted(self) -> int:
        """The minutes that count: none while somebody has to look at them."""
        return 0 if self.unsure else self.minutes + self.catch_up


def marks_of(enrolment_ids: Sequence[int]) -> Mapping[int, Mapping[int, Mark]]:
    """Attendance by enrolment id and course session id."""
    found: dict[int, dict[int, Mark]] = defaultdict(dict)
    if not enrolment_ids:
        return found
    rows = db.session.execute(
        select(
            Attendance.enrolment_id,
            *(getattr(Attendance, name) for name in Mark.__slots__),
        ).where(Attendance.enrolment_id.in_(enrolment_ids))
    )
    for row in rows:
        enrolment_id, *values = row
        found[enrolment_id][row.course_session_id] = Mark(
            **dict(zip(Mark.__slots__, values, strict=True))
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
    """Minutes attended in held sessions, caught up included; a cancelled session does not count,
    nor what somebody still has to look at."""
    return (
        select(func.coalesce(func.sum(Attendance.minutes + Attendance.catch_up), 0))
        .join(CourseSession, CourseSession.id == Attendance.course_session_id)
        .where(
            Attendance.enrolment_id == Enrolment.id,
            CourseSession.state == "held",
            Attendance.unsure.is_(False),
        )
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
            func.coalesce(
                func.sum(
                    case((Attendance.unsure, 0), else_=Attendance.minutes + Attendance.catch_up)
                ),
                0,
            ).label("attended"),
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


def catch_up_pools(
    enrolment_ids: Sequence[int], *, accepted: bool
) -> Mapping[int, Mapping[str, int]]:
    """Minutes of the catch-up tasks of their runs that count already (`accepted`), or that are
    open to them, by enrolment id and module. One query."""
    if not enrolment_ids:
        return {}
    done = (Work.activity_id == Activity.id) & (Work.enrolment_id == Enrolment.id)
    statement = (
        select(Enrolment.id, Activity.module, func.sum(Activity.minutes))
        .select_from(Enrolment)
        .join(Activity, Activity.run_id == Enrolment.run_id)
        .where(Enrolment.id.in_(enrolment_ids), Activity.catch_up)
        .group_by(Enrolment.id, Activity.module)
    )
    if accepted:
        statement = statement.join(Work, done).where(Work.state == "accepted")
    else:
        statement = statement.outerjoin(Work, done & (Work.state == "accepted")).where(
            Work.id.is_(None), Activity.state == "shown"
        )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for enrolment_id, module, minutes in db.session.execute(statement):
        found[enrolment_id][module] = int(minutes)
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """What forecasts and registers need of a course session; `minutes` is its length."""

    id: int
    module: str
    minutes: int
    state: str


def days_of(run_ids: Sequence[int]) -> Mapping[int, Sequence[Day]]:
    """The course sessions of runs in order, by run id. One query."""
    found: dict[int, list[Day]] = defaultdict(list)
    rows = db.session.execute(
        select(
            CourseSession.run_id,
            CourseSession.id,
            CourseSession.module,
            CourseSession.state,
            CourseSession.starts_at,
            CourseSession.ends_at,
        )
        .where(CourseSession.run_id.in_(run_ids))
        .order_by(CourseSession.run_id, CourseSession.position)
    )
    for row in rows:
        found[row.run_id].append(
            Day(id=row.id, module=row.module, minutes=length_of(row), state=row.state)
        )
    return found


def outlook_from(
    needed_percent: int,
    days: Sequence[Day | CourseSessionFacts],
    marks: Mapping[int, Mark],
    pools: Mapping[str, int],
) -> Outlook:
    """The forecast for one participant, from the sessions of the run in order, their attendance
    by session id and the minutes of open catch-up tasks by module."""
    held = [day for day in days if day.state == "held"]
    missing: dict[str, int] = defaultdict(int)
    attended = 0
    for day in held:
        mark = marks.get(day.id)
        here = min(mark.counted, day.minutes) if mark else 0
        attended += here
        if mark is None or mark.mode != "caught_up":
            missing[day.module] += day.minutes - here
    return outlook(
        needed_percent,
        attended,
        sum(day.minutes for day in held),
        [day.minutes for day in days if day.state in COMING],
        sum(min(minutes, missing[module]) for module, minutes in pools.items()),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Present:
    """Somebody in the class, and the minutes they have attended in all."""

    enrolment_id: int
    enrolment_key: str
    name: str
    email: str
    attended: int


def class_of(run_id: int) -> Sequence[Present]:
    """Everybody in the class of a run, by name. One query."""
    rows = db.session.execute(
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.key.label("enrolment_key"),
            Person.name,
            Person.email,
            minutes_attended(),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.run_id == run_id, Enrolment.state == "active")
        .order_by(Person.search_text, Enrolment.id)
    )
    return [Present(**{**row._asdict(), "attended": int(row.attended)}) for row in rows]


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
