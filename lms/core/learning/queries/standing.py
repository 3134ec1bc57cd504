"""Questions behind a verdict: all that conditions look at, and how each one stood last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lms.contracts import (
    CompletionRule,
    EnrolmentFacts,
    LocalisedText,
)
from lms.core.catalogue.models import CourseSession, CourseVersion, Run
from lms.core.catalogue.queries import rule_from
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import (
    Activity,
    Agreement,
    Assessment,
    Attendance,
    Declaration,
    Waiver,
    Work,
)
from lms.core.learning.queries.attendance import length_of
from lms.db import db

COMING = ("planned", "moved")
"""States of a course session that is still to be held."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A course session as conditions see it; `minutes` is its length."""

    id: int
    module: str
    title: LocalisedText
    starts_at: datetime
    minutes: int
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """An activity as conditions see it. `shown` is False once it was taken out of the run."""

    id: int
    module: str
    title: LocalisedText
    due_at: datetime | None
    minutes: int
    catch_up: bool
    shown: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class RunSide:
    """What all enrolments of a run share: the rule fixed for it, its days and what is required.

    `required` are activities that everybody does, in order; `catch_ups` those for who missed a
    day. Taken-out ones are among them, for they may have been accepted before.
    """

    rule: CompletionRule
    zone: str = "UTC"
    days: tuple[Day, ...] = ()
    required: tuple[Task, ...] = ()
    catch_ups: tuple[Task, ...] = ()
    outcomes: tuple[LocalisedText, ...] = ()

    @property
    def held(self) -> int:
        """Minutes held so far; a cancelled session counts for nobody."""
        return sum(day.minutes for day in self.days if day.state == "held")

    @property
    def coming(self) -> int:
        """Minutes still to come."""
        return sum(day.minutes for day in self.days if day.state in COMING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A teacher's declaration on one enrolment."""

    accepted: bool
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessed:
    """What stands of one learning outcome: the level agreed on, None while it is not, and how
    many have assessed it."""

    level: int | None
    assessors: int


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnSide:
    """What is known of one enrolment: minutes by course session (catch-up included, never more
    than its length), the sessions that a teacher wrote as caught up (no task adds to those), the
    teacher's word, states of works by activity, what was assessed by place of the outcome, who has
    signed the agreement, and what they are let off."""

    minutes: Mapping[int, int] = field(default_factory=dict)
    caught_up: frozenset[int] = frozenset()
    word: Word | None = None
    works: Mapping[int, str] = field(default_factory=dict)
    assessed: Mapping[int, Assessed] = field(default_factory=dict)
    agreement: bool = False
    employee_signed: bool = False
    manager_signed: bool = False
    waived: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """Everything the core's conditions look at: runs by run id, the rest by enrolment id."""

    runs: Mapping[int, RunSide]
    own: Mapping[int, OwnSide]


def known_about(
    enrolments: Sequence[EnrolmentFacts], runs: Mapping[int, RunSide] | None = None
) -> Known:
    """All facts behind the verdicts of these enrolments. Five or six queries, however many; two
    less where the caller has read the `run_sides`."""
    if runs is None:
        runs = run_sides(sorted({enrolment.run_id for enrolment in enrolments}))
    ids = [enrolment.id for enrolment in enrolments]
    lengths = {day.id: day.minutes for run in runs.values() for day in run.days}
    held = {d.id for run in runs.values() for d in run.days if d.state == "held"}
    minutes, caught_up = _minutes(ids, lengths, held)
    words, waived = _words(ids)
    works = _works(ids)
    asked = any("assessment" in run.rule.conditions for run in runs.values())
    assessed = assessed_of(ids) if asked else {}
    own = {}
    for id_ in ids:
        row = words.get(id_)
        said = row is not None and row.accepted is not None
        own[id_] = OwnSide(
            minutes=minutes.get(id_, {}),
            caught_up=frozenset(caught_up.get(id_, ())),
            word=Word(accepted=row.accepted, note=row.note) if row is not None and said else None,
            works=works.get(id_, {}),
            assessed=assessed.get(id_, {}),
            agreement=row is not None and row.state is not None,
            employee_signed=row is not None and row.employee_signed_at is not None,
            manager_signed=row is not None and row.manager_signed_at is not None,
            waived=waived.get(id_, frozenset()),
        )
    return Known(runs=runs, own=own)


def run_sides(run_ids: Sequence[int]) -> Mapping[int, RunSide]:
    """What the enrolments of these runs share, by run id. Two queries."""
    runs: dict[int, Any] = {}
    days: dict[int, list[Day]] = defaultdict(list)
    for row in db.session.execute(
        select(
            Run.id.label("run_id"),
            Run.rule,
            Run.zone,
            CourseVersion.outcomes,
            CourseSession.id,
            CourseSession.module,
            CourseSession.title,
            CourseSession.starts_at,
            CourseSession.ends_at,
            CourseSession.state,
        )
        .join(CourseVersion, CourseVersion.id == Run.course_version_id)
        .outerjoin(CourseSession, CourseSession.run_id == Run.id)
        .where(Run.id.in_(run_ids))
        .order_by(CourseSession.starts_at, CourseSession.id)
    ):
        runs[row.run_id] = row
        if row.id is None:  # a run without sessions
            continue
        days[row.run_id].append(
            Day(
                id=row.id,
                module=row.module,
                title=row.title,
                starts_at=row.starts_at,
                minutes=length_of(row),
                state=row.state,
            )
        )
    tasks: dict[int | None, list[Task]] = defaultdict(list)
    for task in db.session.execute(
        select(
            Activity.run_id,
            Activity.id,
            Activity.module,
            Activity.title,
            Activity.due_at,
            Activity.minutes,
            Activity.catch_up,
            (Activity.state == "shown").label("shown"),
        )
        .where(Activity.run_id.in_(run_ids), Activity.required | Activity.catch_up)
        .order_by(Activity.position, Activity.id)
    ):
        values = task._asdict()
        tasks[values.pop("run_id")].append(Task(**values))
    return {
        run_id: RunSide(
            rule=rule_from(row.rule),
            zone=row.zone,
            days=tuple(days[run_id]),
            required=tuple(task for task in tasks[run_id] if not task.catch_up),
            catch_ups=tuple(task for task in tasks[run_id] if task.catch_up),
            outcomes=tuple(LocalisedText.from_dict(text) for text in row.outcomes),
        )
        for run_id, row in runs.items()
    }


def _minutes(
    ids: Sequence[int], lengths: Mapping[int, int], held: Iterable[int]
) -> tuple[Mapping[int, Mapping[int, int]], Mapping[int, Sequence[int]]]:
    """Minutes by course session, and the sessions written as caught up, by enrolment id."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    caught: dict[int, list[int]] = defaultdict(list)
    for enrolment_id, session_id, minutes, catch_up, mode, unsure in db.session.execute(
        select(
            Attendance.enrolment_id,
            Attendance.course_session_id,
            Attendance.minutes,
            Attendance.catch_up,
            Attendance.mode,
            Attendance.unsure,
        ).where(Attendance.enrolment_id.in_(ids), Attendance.course_session_id.in_(held))
    ):
        if not unsure:  # else somebody has to look at it first
            found[enrolment_id][session_id] = min(minutes + catch_up, lengths[session_id])
        if mode == "caught_up":
            caught[enrolment_id].append(session_id)
    return found, caught


def _words(ids: Sequence[int]) -> tuple[Mapping[int, Any], Mapping[int, frozenset[str]]]:
    """What was said and signed, and what people are let off, by enrolment id. Who is let off twice
    comes twice."""
    rows = db.session.execute(
        select(
            Enrolment.id,
            Declaration.accepted,
            Declaration.note,
            Agreement.state,
            Agreement.employee_signed_at,
            Agreement.manager_signed_at,
            Waiver.condition,
        )
        .outerjoin(Waiver, Waiver.enrolment_id == Enrolment.id)
        .outerjoin(Declaration, Declaration.enrolment_id == Enrolment.id)
        .outerjoin(Agreement, Agreement.enrolment_id == Enrolment.id)
        .where(Enrolment.id.in_(ids))
    )
    words: dict[int, Any] = {}
    waived: dict[int, frozenset[str]] = {}
    for row in rows:
        words[row.id] = row
        if row.condition is not None:
            waived[row.id] = waived.get(row.id, frozenset()) | {row.condition}
    return words, waived


def _works(ids: Sequence[int]) -> Mapping[int, Mapping[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for enrolment_id, activity_id, state in db.session.execute(
        select(Work.enrolment_id, Work.activity_id, Work.state).where(Work.enrolment_id.in_(ids))
    ):
        found[enrolment_id][activity_id] = state
    return found


def assessed_of(ids: Sequence[int]) -> Mapping[int, Mapping[int, Assessed]]:
    """What stands of each outcome, by enrolment id and place of the outcome."""
    found: dict[int, dict[int, Assessed]] = defaultdict(dict)
    for row in db.session.execute(
        select(
            Assessment.enrolment_id,
            Assessment.outcome,
            func.min(Assessment.level).label("lowest"),
            func.count().label("assessors"),
            func.max(Assessment.state).label("latest"),
            func.min(Assessment.state).label("earliest"),
        )
        .where(Assessment.enrolment_id.in_(ids))
        .group_by(Assessment.enrolment_id, Assessment.outcome)
    ):
        agreed = row.latest == row.earliest == "final"
        found[row.enrolment_id][row.outcome] = Assessed(
            level=row.lowest if agreed else None, assessors=row.assessors
        )
    return found
