"""Rate limits, counted in the database so that every worker sees the same numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.db import db, now
from lms.web.models import RateCount
from lms.work import unit_of_work

WINDOW = timedelta(minutes=15)

LIMITS: Mapping[str, int] = {
    "sign_in:account": 5,
    "sign_in:address": 20,
    "reset:account": 3,
    "reset:address": 20,
    "verify:address": 120,
    "verify_name:certificate": 10,
    "api:address": 600,
}
"""Uses allowed per window of 15 minutes, by `<rate class>:<kind of key>`."""


def count_and_check(limit: str, *keys: str) -> bool:
    """Count one use of `limit` for these keys; True while it is within its number.

    Opens a unit of work of its own, so call it outside any.
    """
    start = window_start(now())
    key = hashlib.sha256("\0".join((limit, *keys)).encode()).hexdigest()
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(RateCount)
        .values(key_hash=key, window_start=start, count=1)
        .on_conflict_do_update(
            index_elements=[RateCount.key_hash, RateCount.window_start],
            set_={"count": RateCount.count + 1},
        )
        .returning(RateCount.count)
    )
    with unit_of_work(harmless=True):
        count: int = db.session.execute(statement).scalar_one()
    return count <= LIMITS[limit]


def give_back(limit: str, *keys: str) -> None:
    """Take one use back, because it turned out to be a good one. Outside any unit of work."""
    key = hashlib.sha256("\0".join((limit, *keys)).encode()).hexdigest()
    with unit_of_work(harmless=True):
        db.session.execute(
            update(RateCount)
            .where(
                RateCount.key_hash == key,
                RateCount.window_start == window_start(now()),
                RateCount.count > 0,
            )
            .values(count=RateCount.count - 1)
            .execution_options(synchronize_session=False)
        )


def window_start(moment: datetime) -> datetime:
    """The beginning of the window that `moment` falls in."""
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, tz=UTC)


def forget_old_counts() -> None:
    """Remove counts of windows long over; a scheduled job calls it inside a unit of work."""
    db.session.execute(delete(RateCount).where(RateCount.window_start < now() - 4 * WINDOW))
