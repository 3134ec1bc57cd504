"""Questions about practice logs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.api import db
from lms_activities.models import LogEntry


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryFacts:
    """One entry: when it happened (by whoever wrote it), used, partly or not_used, and words."""

    key: str
    work_id: int
    happened_at: datetime
    written_at: datetime
    choice: str
    text: str


def entries_of(work_ids: Sequence[int], *, limit: int = 200) -> Sequence[EntryFacts]:
    """Entries of these works, the newest first."""
    rows = db.session.execute(
        select(*(getattr(LogEntry, name) for name in EntryFacts.__slots__))
        .where(LogEntry.work_id.in_(work_ids))
        .order_by(LogEntry.happened_at.desc(), LogEntry.id.desc())
        .limit(limit)
    )
    return [EntryFacts(**row._mapping) for row in rows]


def choices_of(work_ids: Sequence[int]) -> Mapping[int, Counter[str]]:
    """How many entries of each choice, by work id."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    rows = db.session.execute(
        select(LogEntry.work_id, LogEntry.choice, func.count())
        .where(LogEntry.work_id.in_(work_ids))
        .group_by(LogEntry.work_id, LogEntry.choice)
    )
    for work_id, choice, number in rows:
        found[work_id][choice] = number
    return found
