"""Questions about tries at quizzes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from lms.api import db
from lms_activities.models import Attempt
from lms_activities.quiz import Question, question_from


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptFacts:
    """One try: the questions as this person got them, what they answered, and the outcome once it
    is finished (`results`: right or not by question key)."""

    id: int
    key: str
    work_id: int
    number: int
    started_at: datetime
    ends_at: datetime | None
    finished_at: datetime | None
    questions: tuple[Question, ...]
    answers: Mapping[str, Sequence[str]]
    results: Mapping[str, bool]
    points: int | None
    most: int
    revision: int

    @property
    def percent(self) -> int | None:
        """Whole percent once finished."""
        if self.points is None:
            return None
        return self.points * 100 // self.most if self.most else 0


def attempts_of(work_ids: Sequence[int]) -> Mapping[int, Sequence[AttemptFacts]]:
    """Tries by work id, in order."""
    found: dict[int, list[AttemptFacts]] = defaultdict(list)
    for attempt in _attempts(Attempt.work_id.in_(work_ids)):
        found[attempt.work_id].append(attempt)
    return found


def attempt_by_id(attempt_id: int) -> AttemptFacts:
    """One try. Raises `LookupError`."""
    found = _attempts(Attempt.id == attempt_id)
    if not found:
        raise LookupError(f"no attempt {attempt_id}")
    return found[0]


def overdue_attempts(moment: datetime, limit: int = 500) -> Sequence[int]:
    """Tries whose time was over before `moment` and that nobody finished."""
    return db.session.scalars(
        select(Attempt.id)
        .where(Attempt.finished_at.is_(None), Attempt.ends_at < moment)
        .order_by(Attempt.id)
        .limit(limit)
    ).all()


def _attempts(*conditions: ColumnElement[bool]) -> list[AttemptFacts]:
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.key,
            Attempt.work_id,
            Attempt.number,
            Attempt.started_at,
            Attempt.ends_at,
            Attempt.finished_at,
            Attempt.drawn,
            Attempt.answers,
            Attempt.results,
            Attempt.points,
            Attempt.most,
            Attempt.revision,
        )
        .where(*conditions)
        .order_by(Attempt.work_id, Attempt.number)
    )
    return [_facts(row) for row in rows]


def _facts(row: Any) -> AttemptFacts:
    values = row._asdict()
    drawn = values.pop("drawn")
    return AttemptFacts(**values, questions=tuple(question_from(stored) for stored in drawn))
