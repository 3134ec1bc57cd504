"""Telling listeners what was sealed: in order, at least once, their database effects once.

A listener that fails is tried again with a growing pause. When a batch has failed five times its
entries are given one by one, and the one that then fails five times is set aside, so that one
entry never keeps a listener from the rest, nor one listener the others.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update

from lms.contracts import JournalEntryFacts
from lms.db import db, now
from lms.host import current_host
from lms.host.records import in_words
from lms.journal.models import JournalCursor, JournalEntry, JournalSetAside
from lms.journal.services import ensure_cursors
from lms.work import Conflict, unit_of_work

logger = logging.getLogger(__name__)

TRIES = 5
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)

FACT_COLUMNS = (
    JournalEntry.id,
    JournalEntry.position,
    JournalEntry.at,
    JournalEntry.verb,
    JournalEntry.subject_kind,
    JournalEntry.subject_id,
    JournalEntry.actor_id,
    JournalEntry.data,
)


class NotSetAsideError(LookupError):
    """There is nothing to give again: no such row, or its listener is not here at present."""


def deliver(limit: int = 100) -> int:
    """Tell every listener up to `limit` entries; returns how many were taken in or set aside.

    Opens units of work of its own, one for each batch of each listener. What a listener raises
    is written to its cursor and the log; an unreachable database raises as always.
    """
    host = current_host()
    listeners = host.listeners()
    moved = 0
    for listener in _waiting(listeners):
        try:
            moved += _deliver_to(listener, limit)
        except Conflict:
            logger.info("Telling %s met another change and is tried again", listener)
    return moved


def pause_after(attempts: int) -> timedelta:
    """How long to wait after this many failures: 1, 2, 4 ... seconds, at most five minutes."""
    return min(FIRST_PAUSE * (1 << (attempts - 1)), LONGEST_PAUSE)


def give_again(set_aside_id: int) -> bool:
    """Tell a listener an entry that was set aside; True when it was taken in this time.

    Opens units of work of its own. Raises `NotSetAsideError` when nothing is set aside under this
    id, or when its listener is not here at present.
    """
    try:
        with unit_of_work():
            row = db.session.execute(
                select(JournalSetAside.listener, *FACT_COLUMNS)
                .join(JournalEntry, JournalEntry.id == JournalSetAside.entry_id)
                .where(JournalSetAside.id == set_aside_id)
                .with_for_update(of=JournalSetAside)
            ).first()
            if row is None:
                raise NotSetAsideError(f"nothing is set aside under {set_aside_id}")
            listener, *columns = row
            if listener not in current_host().listeners():
                raise NotSetAsideError(f"{listener} is not here to be told")
            current_host().tell(listener, [_facts(columns)])
            db.session.execute(delete(JournalSetAside).where(JournalSetAside.id == set_aside_id))
    except (NotSetAsideError, Conflict):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a listener raises belongs to its row
        with unit_of_work():
            db.session.execute(
                update(JournalSetAside)
                .where(JournalSetAside.id == set_aside_id)
                .values(error=describe(error), at=now())
            )
        return False
    return True


def describe(error: BaseException) -> str:
    """What went wrong, for the administrator: where, what kind, and its words."""
    return in_words(error.__cause__ or error)


def _facts(columns: Sequence[object]) -> JournalEntryFacts:
    names = ("id", "position", "at", "verb", "subject_kind", "subject_id", "actor_id", "data")
    return JournalEntryFacts(**dict(zip(names, columns, strict=True)))  # type: ignore[arg-type]


def _waiting(listeners: Sequence[str]) -> list[str]:
    """Listeners that are behind and may be tried now; makes the cursors that are missing."""
    rows = db.session.execute(
        select(JournalCursor.listener, JournalCursor.position, JournalCursor.next_try)
    ).all()
    end = db.session.scalar(select(func.max(JournalEntry.position))) or 0
    db.session.rollback()  # a look must not hold a snapshot open
    cursors = {row.listener: row for row in rows}
    if any(listener not in cursors for listener in listeners):
        with unit_of_work():
            ensure_cursors()
    return [
        listener
        for listener in listeners
        if (cursor := cursors.get(listener)) is not None
        and cursor.position < end
        and (cursor.next_try is None or cursor.next_try <= now())
    ]


def _deliver_to(listener: str, limit: int) -> int:
    """One batch, or entry after entry while that is called for; returns how far it came."""
    moved = 0
    while True:
        came, again = _one_try(listener, limit - moved)
        moved += came
        if not again or moved >= limit:
            return moved


def _one_try(listener: str, limit: int) -> tuple[int, bool]:
    """(entries passed, is there reason to go on at once)."""
    cursor: JournalCursor | None = None
    entries: list[JournalEntryFacts] = []
    position = 0
    try:
        with unit_of_work():
            cursor = _locked_cursor(listener)
            if cursor is None:
                return 0, False
            position = cursor.position
            single = cursor.one_by_one_to is not None
            entries = _after(position, 1 if single else limit)
            if not entries:
                return 0, False
            current_host().tell(listener, entries)
            _move(cursor, entries[-1].position)
            going_on = cursor.one_by_one_to is not None
    except Conflict:
        raise
    except Exception as error:  # whatever a listener raises belongs to its cursor
        if not entries:
            raise
        logger.error(
            "%s failed at entries %d to %d: %s",
            listener,
            position + 1,
            entries[-1].position,
            describe(error),
        )
        return _failed(listener, position, entries, error)
    return len(entries), going_on


def _locked_cursor(listener: str) -> JournalCursor | None:
    """The cursor, held for this transaction; None when another worker has it or it pauses."""
    return db.session.scalar(
        select(JournalCursor)
        .where(
            JournalCursor.listener == listener,
            or_(JournalCursor.next_try.is_(None), JournalCursor.next_try <= now()),
        )
        .with_for_update(skip_locked=True)
    )


def _after(position: int, limit: int) -> list[JournalEntryFacts]:
    rows = db.session.execute(
        select(*FACT_COLUMNS)
        .where(JournalEntry.position > position)
        .order_by(JournalEntry.position)
        .limit(limit)
    )
    return [_facts(row) for row in rows]


def _move(cursor: JournalCursor, position: int) -> None:
    cursor.position, cursor.attempts, cursor.next_try = position, 0, None
    if cursor.one_by_one_to is not None and position >= cursor.one_by_one_to:
        cursor.one_by_one_to = None


def _failed(
    listener: str, position: int, entries: Sequence[JournalEntryFacts], error: Exception
) -> tuple[int, bool]:
    """Write a failure down; (entries set aside, is there reason to go on at once)."""
    with unit_of_work():
        cursor = _locked_cursor(listener)
        if cursor is None or cursor.position != position:
            return 0, False  # another worker went on meanwhile
        cursor.attempts += 1
        if cursor.attempts < TRIES:
            cursor.next_try = now() + pause_after(cursor.attempts)
            return 0, False
        if len(entries) > 1:
            cursor.attempts, cursor.next_try = 0, None
            cursor.one_by_one_to = entries[-1].position
            return 0, True
        db.session.add(
            JournalSetAside(
                listener=listener, entry_id=entries[0].id, error=describe(error), at=now()
            )
        )
        _move(cursor, entries[0].position)
    return 1, True
