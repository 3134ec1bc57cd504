"""Questions about attendance and completion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from lms.contracts import CompletionFacts, CompletionRule, ConditionResult, LocalisedText
from lms.core.catalogue.models import CourseSession, Run
from lms.core.catalogue.queries import rule_from
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Attendance, Completion, Declaration
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


def minutes_attended(enrolment_ids: Sequence[int]) -> Mapping[int, int]:
    """Minutes attended in held sessions, by enrolment id; a cancelled session does not count."""
    rows = db.session.execute(
        select(Attendance.enrolment_id, func.sum(Attendance.minutes))
        .join(CourseSession, CourseSession.id == Attendance.course_session_id)
        .where(Attendance.enrolment_id.in_(enrolment_ids), CourseSession.state == "held")
        .group_by(Attendance.enrolment_id)
    )
    return {enrolment_id: int(minutes) for enrolment_id, minutes in rows}


def minutes_held(run_ids: Sequence[int]) -> Mapping[int, int]:
    """Planned minutes of the sessions held so far, by run id."""
    rows = db.session.execute(
        select(CourseSession.run_id, CourseSession.starts_at, CourseSession.ends_at).where(
            CourseSession.run_id.in_(run_ids), CourseSession.state == "held"
        )
    )
    found: dict[int, int] = defaultdict(int)
    for run_id, starts_at, ends_at in rows:
        found[run_id] += int((ends_at - starts_at).total_seconds() // 60)
    return found


def declarations(enrolment_ids: Sequence[int]) -> Mapping[int, Word]:
    """Teachers' declarations by enrolment id."""
    rows = db.session.execute(
        select(Declaration.enrolment_id, Declaration.accepted, Declaration.note).where(
            Declaration.enrolment_id.in_(enrolment_ids)
        )
    )
    return {id_: Word(accepted=accepted, note=note) for id_, accepted, note in rows}


def _completions() -> Select[Any]:
    return (
        select(
            Completion.enrolment_id,
            Enrolment.key,
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
        )
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .join(Run, Run.id == Enrolment.run_id)
    )


def _as_facts(row: Any) -> CompletionFacts:
    values = row._asdict()
    values["enrolment_key"] = values.pop("key")
    values["reasons"] = tuple(
        ConditionResult(
            name=reason["name"],
            met=reason["met"],
            reason=LocalisedText.from_dict(reason["reason"]),
        )
        for reason in row.reasons
    )
    return CompletionFacts(**values)


def completions_of(enrolment_ids: Sequence[int]) -> Mapping[int, CompletionFacts]:
    """Decided completions by enrolment id."""
    rows = db.session.execute(_completions().where(Completion.enrolment_id.in_(enrolment_ids)))
    return {row.enrolment_id: _as_facts(row) for row in rows}


def results_in_run(run_id: int) -> Mapping[str, int]:
    """How many completions of a run are met and not met."""
    rows = db.session.execute(
        select(Completion.result, func.count())
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .where(Enrolment.run_id == run_id)
        .group_by(Completion.result)
    )
    return {result: count for result, count in rows}
