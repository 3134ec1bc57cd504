"""Verbs on practice logs."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from lms.api import (
    Actor,
    Conflict,
    LocalisedText,
    Refusal,
    Refused,
    WorkFacts,
    db,
    new_key,
    now,
    record,
    settle_work,
)
from lms_activities.models import LogEntry

MOST_ENTRIES = 500
CHOICES = ("used", "partly", "not_used")
OLDEST = timedelta(days=120)
NEWEST = timedelta(minutes=10)
"""How far a phone's clock may be ahead."""


def write_entry(
    work: WorkFacts,
    actor: Actor,
    *,
    client_key: str,
    choice: str,
    text: str,
    happened_at: datetime,
    needed: int,
) -> bool:
    """Keep an entry; False when it is kept already (a phone sends twice what it is not sure of).
    As many as are asked for accept the work. Raises `Refused` for a time that cannot be meant or
    when the log is full."""
    if _kept(work, client_key):
        return False
    moment = now()
    if not moment - OLDEST <= happened_at <= moment + NEWEST:
        raise _refused(_OTHER_TIME)
    number = _number(work)
    if number >= MOST_ENTRIES:
        raise _refused(_FULL)
    try:
        db.session.execute(
            insert(LogEntry).values(
                key=new_key(),
                work_id=work.id,
                client_key=client_key,
                happened_at=min(happened_at, moment),
                written_at=moment,
                choice=choice,
                text=text,
            )
        )
    except IntegrityError as error:
        raise Conflict("the same entry came twice at once") from error
    record("activities.log_written", "work", work.id, actor=actor)
    if number + 1 >= needed and work.state in ("started", "returned"):
        settle_work(work, actor)
    return True


def remove_entry(work: WorkFacts, entry_key: str, actor: Actor) -> None:
    """Take an entry out of one's own log. What it has counted for stays counted."""
    db.session.execute(
        delete(LogEntry).where(LogEntry.work_id == work.id, LogEntry.key == entry_key)
    )
    record("activities.log_removed", "work", work.id, actor=actor)


def _kept(work: WorkFacts, client_key: str) -> bool:
    return (
        db.session.scalar(
            select(LogEntry.id).where(
                LogEntry.work_id == work.id, LogEntry.client_key == client_key
            )
        )
        is not None
    )


def _number(work: WorkFacts) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(LogEntry.work_id == work.id).select_from(LogEntry)
        )
        or 0
    )


def _refused(message: LocalisedText) -> Refused:
    return Refused(Refusal(code="happened_on", message=message))


_OTHER_TIME = LocalisedText(
    da="Vælg en dag inden for de sidste fire måneder, og ikke i fremtiden.",
    sv="Välj en dag inom de senaste fyra månaderna, och inte i framtiden.",
    en="Choose a day within the last four months, and not in the future.",
)
_FULL = LocalisedText(
    da="Loggen er fuld. Slet det, der ikke siger noget mere.",
    sv="Loggen är full. Ta bort det som inte säger något längre.",
    en="The log is full. Take out what says nothing any more.",
)
