"""The chain over the journal: each sealed entry carries the hash of the one before it.

The hash of an entry is SHA-256 over canonical JSON of everything but its payload; of the payload
only a salted digest takes part, so that a payload can be blanked without breaking the chain, and
a blanked one cannot be guessed back from its digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lms.db import Base, db
from lms.journal.models import JournalEntry

GENESIS = "0" * 64
CHUNK = 1000


def canonical(value: Any) -> bytes:
    """The one way to write a JSON value as bytes: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode("utf-8")


def payload_digest(salt: str, payload: Mapping[str, Any]) -> str:
    """SHA-256 (64 hexadecimal digits) over a salt and a payload."""
    return hashlib.sha256(salt.encode("ascii") + b"\n" + canonical(payload)).hexdigest()


def entry_hash(
    *,
    position: int,
    previous_hash: str,
    entry_id: int,
    at: datetime,
    verb: str,
    subject_kind: str,
    subject_id: int,
    actor_id: int | None,
    data: Mapping[str, Any],
    digest: str | None,
) -> str:
    """The hash (64 hexadecimal digits) of an entry at its place in the chain."""
    return hashlib.sha256(
        canonical(
            {
                "position": position,
                "previous": previous_hash,
                "id": entry_id,
                "at": at.isoformat(timespec="microseconds"),
                "verb": verb,
                "subject": [subject_kind, subject_id],
                "actor": actor_id,
                "data": data,
                "payload": digest,
            }
        )
    ).hexdigest()


def verify() -> int | None:
    """The first position where the sealed journal is not what was sealed, or None.

    Finds entries that were changed, removed, put in or put in another place. It cannot know that
    the newest entries were cut off; for that, keep the newest hash somewhere else.
    """
    expected, previous = 1, GENESIS
    for entry in _sealed_entries():
        if entry.position != expected or entry.previous_hash != previous:
            return expected
        computed = entry_hash(
            position=expected,
            previous_hash=previous,
            entry_id=entry.id,
            at=entry.at,
            verb=entry.verb,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            actor_id=entry.actor_id,
            data=entry.data,
            digest=entry.payload_digest,
        )
        if computed != entry.hash or not _payload_is_sound(entry):
            return expected
        expected, previous = expected + 1, computed
    return None


def _sealed_entries() -> Iterator[Any]:
    """Rows in order of position, a thousand at a time."""
    table = Base.metadata.tables[JournalEntry.__tablename__]
    after = 0
    while rows := db.session.execute(
        select(*table.c).where(table.c.position > after).order_by(table.c.position).limit(CHUNK)
    ).all():
        yield from rows
        after = rows[-1].position


def _payload_is_sound(entry: Any) -> bool:
    if entry.payload is None:  # never had one, or it was blanked
        return True
    if entry.payload_digest is None or entry.payload_salt is None:
        return False
    return payload_digest(entry.payload_salt, entry.payload) == str(entry.payload_digest)
