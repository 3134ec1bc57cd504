"""Questions about the journal: its pages, one subject's history, how the listeners fare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true

from lms.contracts import Actor
from lms.db import db
from lms.journal.models import JournalCursor, JournalEntry, JournalSetAside

PERMISSION = "site.admin"


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryRow:
    """A journal entry as it stands; `position` is None until it is sealed."""

    id: int
    position: int | None
    at: datetime
    verb: str
    subject_kind: str
    subject_id: int
    actor_id: int | None
    data: Mapping[str, Any]
    payload: Mapping[str, Any] | None = None
    blanked: bool = False
    hash: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryPage:
    """Entries, newest first; `older` is the id to ask for the next page with, None at the end."""

    entries: tuple[EntryRow, ...]
    older: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListenerState:
    """How far a listener has heard. `waiting_since` is the age of what it has not heard yet."""

    listener: str
    position: int
    behind: int
    waiting_since: datetime | None
    attempts: int
    next_try: datetime | None
    set_aside: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAsideRow:
    """An entry that a listener could not take in."""

    id: int
    listener: str
    entry_id: int
    verb: str
    error: str
    at: datetime


def visible(actor: Actor) -> ColumnElement[bool]:
    """The journal is seen by the site's administrators; everybody else sees nothing."""
    return true() if actor.may(PERMISSION) else false()


def entries(
    actor: Actor,
    *,
    verb: str = "",
    subject_kind: str = "",
    subject_id: int | None = None,
    person_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> EntryPage:
    """A page of the journal, newest first.

    `verb` may be the beginning of one ("enrolment."). `person_id` finds what the person did and
    what was done to them. `before` is the `older` of the page before.
    """
    conditions = [visible(actor)]
    if verb:
        conditions.append(JournalEntry.verb.startswith(verb, autoescape=True))
    if subject_kind:
        conditions.append(JournalEntry.subject_kind == subject_kind)
    if subject_id is not None:
        conditions.append(JournalEntry.subject_id == subject_id)
    if person_id is not None:
        conditions.append(
            or_(
                JournalEntry.actor_id == person_id,
                and_(JournalEntry.subject_kind == "person", JournalEntry.subject_id == person_id),
            )
        )
    if before is not None:
        conditions.append(JournalEntry.id < before)
    rows = db.session.execute(
        select(
            *_PLAIN_COLUMNS, JournalEntry.payload, JournalEntry.payload_digest, JournalEntry.hash
        )
        .where(*conditions)
        .order_by(JournalEntry.id.desc())
        .limit(limit + 1)
    ).all()
    found = tuple(
        EntryRow(
            **_plain(row),
            payload=row.payload,
            blanked=row.payload is None and row.payload_digest is not None,
            hash=row.hash,
        )
        for row in rows[:limit]
    )
    return EntryPage(entries=found, older=found[-1].id if len(rows) > limit else None)


def entries_about(subject_kind: str, subject_id: int, *, limit: int = 100) -> list[EntryRow]:
    """What happened to one subject, oldest first, at most the newest `limit`; without payloads.

    The caller has already asked whether the reader may see the subject.
    """
    rows = db.session.execute(
        select(*_PLAIN_COLUMNS)
        .where(JournalEntry.subject_kind == subject_kind, JournalEntry.subject_id == subject_id)
        .order_by(JournalEntry.id.desc())
        .limit(limit)
    ).all()
    return [EntryRow(**_plain(row)) for row in reversed(rows)]


def is_noted(
    verb: str, subject_kind: str, subject_id: int, person_id: int | None, *, since: datetime
) -> bool:
    """Did this person do this to the subject since an aware moment?"""
    found = exists().where(
        JournalEntry.subject_kind == subject_kind,
        JournalEntry.subject_id == subject_id,
        JournalEntry.verb == verb,
        JournalEntry.actor_id == person_id,
        JournalEntry.at >= since,
    )
    return bool(db.session.scalar(select(found)))


def listener_states(actor: Actor) -> list[ListenerState]:
    """Every listener that ever had a cursor, by name."""
    end = select(func.max(JournalEntry.position)).scalar_subquery()
    waiting_since = (
        select(JournalEntry.at)
        .where(JournalEntry.position == JournalCursor.position + 1)
        .scalar_subquery()
    )
    set_aside = (
        select(func.count())
        .where(JournalSetAside.listener == JournalCursor.listener)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            JournalCursor.listener,
            JournalCursor.position,
            JournalCursor.attempts,
            JournalCursor.next_try,
            (func.coalesce(end, 0) - JournalCursor.position).label("behind"),
            waiting_since.label("waiting_since"),
            set_aside.label("set_aside"),
        )
        .where(visible(actor))
        .order_by(JournalCursor.listener)
    ).all()
    return [
        ListenerState(
            listener=row.listener,
            position=row.position,
            behind=max(row.behind, 0),
            waiting_since=row.waiting_since,
            attempts=row.attempts,
            next_try=row.next_try,
            set_aside=row.set_aside,
        )
        for row in rows
    ]


def set_aside(actor: Actor, *, limit: int = 200) -> list[SetAsideRow]:
    """Entries set aside, newest first."""
    rows = db.session.execute(
        select(
            JournalSetAside.id,
            JournalSetAside.listener,
            JournalSetAside.entry_id,
            JournalEntry.verb,
            JournalSetAside.error,
            JournalSetAside.at,
        )
        .join(JournalEntry, JournalEntry.id == JournalSetAside.entry_id)
        .where(visible(actor))
        .order_by(JournalSetAside.id.desc())
        .limit(limit)
    ).all()
    return [
        SetAsideRow(
            id=row.id,
            listener=row.listener,
            entry_id=row.entry_id,
            verb=row.verb,
            error=row.error,
            at=row.at,
        )
        for row in rows
    ]


def oldest_unsealed() -> datetime | None:
    """When the oldest entry that still waits for its position was written; None: all are sealed."""
    return db.session.scalar(
        select(JournalEntry.at)
        .where(JournalEntry.position.is_(None))
        .order_by(JournalEntry.id)
        .limit(1)
    )


_PLAIN_COLUMNS = (
    JournalEntry.id,
    JournalEntry.position,
    JournalEntry.at,
    JournalEntry.verb,
    JournalEntry.subject_kind,
    JournalEntry.subject_id,
    JournalEntry.actor_id,
    JournalEntry.data,
)


def _plain(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in _PLAIN_COLUMNS}
