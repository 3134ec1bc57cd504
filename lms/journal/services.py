"""Writing to the journal, sealing it, and blanking what erasure demands."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, insert, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from lms.contracts import Actor
from lms.db import Base, db, execute, now
from lms.host import current_host
from lms.journal.chain import GENESIS, entry_hash, payload_digest
from lms.journal.models import JournalCursor, JournalEntry
from lms.journal.waking import wake
from lms.work import after_commit, in_unit_of_work, unit_of_work

SEALER_LOCK = 5_301_871_204  # any number, as long as nobody else locks it
SEAL_LIMIT = 1000

entries = Base.metadata.tables[JournalEntry.__tablename__]


def record(
    verb: str,
    subject_kind: str,
    subject_id: int,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    payload: Mapping[str, Any] | None = None,
) -> int:
    """Write down that something happened, in the open unit of work; returns the entry's id.

    `data` holds ids and machine words and stays for good. `payload` may hold personal
    before/after values and can be blanked. Both must be JSON; never put a secret in either.
    Raises `RuntimeError` outside a unit of work.
    """
    if not in_unit_of_work():
        raise RuntimeError("the journal is written in the transaction of the change it tells of")
    values: dict[str, Any] = {
        "at": now(),
        "verb": verb,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "actor_id": actor.person_id,
        "data": dict(data or {}),
    }
    if payload is not None:
        salt = secrets.token_hex(16)
        # As it will be read back: tuples are lists and keys are text in JSON.
        stored = json.loads(json.dumps(dict(payload), allow_nan=False))
        values |= {
            "payload": stored,
            "payload_salt": salt,
            "payload_digest": payload_digest(salt, stored),
        }
    after_commit(wake)
    entry_id: int = execute(_entering(), values).scalar_one()
    return entry_id


@cache
def _entering() -> ReturningInsert[int]:
    return insert(entries).returning(entries.c.id)


def seal(limit: int = SEAL_LIMIT) -> int:
    """Give committed entries their positions and hashes, in order of id; returns how many.

    Opens a unit of work of its own. One sealer works at a time; others return 0. An entry that
    was begun early and committed late gets a later position, so a listener never misses it.
    """
    if not _something_unsealed():
        return 0
    with unit_of_work():
        if not _is_only_sealer():
            return 0
        # Listeners that are new begin here, and so hear what this very call seals.
        ensure_cursors()
        last = db.session.execute(
            select(entries.c.position, entries.c.hash)
            .where(entries.c.position.is_not(None))
            .order_by(entries.c.position.desc())
            .limit(1)
        ).first()
        position, previous = (last.position, last.hash) if last else (0, GENESIS)
        sealed = []
        for row in db.session.execute(
            select(entries).where(entries.c.position.is_(None)).order_by(entries.c.id).limit(limit)
        ).all():
            position += 1
            digest = entry_hash(
                position=position,
                previous_hash=previous,
                entry_id=row.id,
                at=row.at,
                verb=row.verb,
                subject_kind=row.subject_kind,
                subject_id=row.subject_id,
                actor_id=row.actor_id,
                data=row.data,
                digest=row.payload_digest,
            )
            sealed.append(
                {"of": row.id, "position": position, "previous_hash": previous, "hash": digest}
            )
            previous = digest
        if sealed:
            db.session.connection().execute(
                update(entries)
                .where(entries.c.id == bindparam("of"))
                .values(
                    position=bindparam("position"),
                    previous_hash=bindparam("previous_hash"),
                    hash=bindparam("hash"),
                ),
                sealed,
            )
    return len(sealed)


def ensure_cursors() -> None:
    """Give every listener that has no cursor one at the present end; in a unit of work."""
    known = set(db.session.scalars(select(JournalCursor.listener)))
    new = [listener for listener in current_host().listeners() if listener not in known]
    if new:
        end = db.session.scalar(select(func.max(entries.c.position))) or 0
        # Two workers may see a new listener at once; the first one's cursor holds.
        insert_ = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
        db.session.execute(
            insert_(JournalCursor)
            .values([{"listener": one, "position": end, "attempts": 0} for one in new])
            .on_conflict_do_nothing(index_elements=[JournalCursor.listener])
        )


def blank_payload(entry_ids: Sequence[int]) -> int:
    """Blank the payloads of these entries for good, in the open unit of work; returns how many.

    The salt goes too: what is left is a digest that tells nothing, and a chain that holds.
    """
    blanked = 0
    for start in range(0, len(entry_ids), 500):
        blanked += len(
            db.session.scalars(
                update(JournalEntry)
                .where(
                    JournalEntry.id.in_(entry_ids[start : start + 500]),
                    JournalEntry.payload_salt.is_not(None),
                )
                .values(payload=null(), payload_salt=None)
                .returning(JournalEntry.id)
                .execution_options(synchronize_session=False)
            ).all()
        )
    return blanked


def _something_unsealed() -> bool:
    found = db.session.scalar(select(entries.c.id).where(entries.c.position.is_(None)).limit(1))
    db.session.rollback()  # a look must not hold a snapshot open
    return found is not None


def _is_only_sealer() -> bool:
    if db.engine.dialect.name != "postgresql":
        return True  # the unit of work holds SQLite's one write lock
    return bool(db.session.scalar(select(func.pg_try_advisory_xact_lock(SEALER_LOCK))))
