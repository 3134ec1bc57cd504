"""Rate limits, counted in the database so that every worker sees the same numbers.

A window slides: uses are counted in fifteen buckets, and those of the last window are added up.
A use that is refused is not counted, or one who keeps trying would be kept out for good.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningInsert

from lms.db import UTCDateTime, db, execute, now
from lms.web.models import RateCount
from lms.work import unit_of_work

WINDOW = timedelta(minutes=15)
SHORT_WINDOW = timedelta(minutes=1)
BUCKETS = 15

LIMITS: Mapping[str, int] = {
    "sign_in:account": 5,
    "sign_in:address": 20,
    "reset:account": 3,
    "reset:address": 20,
    "verify:address": 120,
    "verify_name:certificate": 10,
    "api:address": 600,
    "entry_key:person": 10,
    "check_in:person": 12,
    "write:person": 120,
    "search:address": 60,
    "public_form:address": 20,
}
"""Uses allowed per window, by `<rate class>:<kind of key>`."""

IN_A_MINUTE = frozenset({"write:person", "search:address"})
"""Limits whose window is one minute; all others' is a quarter of an hour."""


class _Refused(Exception):
    """The use is one too many: what was counted is undone."""


def window_of(limit: str) -> timedelta:
    """How long a use counts against `limit`."""
    return SHORT_WINDOW if limit in IN_A_MINUTE else WINDOW


def count_and_check(limit: str, *keys: str) -> bool:
    """Count one use of `limit` for these keys; True while it is within its number.

    A key that is an address of IPv6 stands for its network of 64 bits, for one household has
    them all. Opens a unit of work of its own, so call it outside any.
    """
    try:
        with unit_of_work(harmless=True):
            if not count_here(limit, *keys):
                raise _Refused
    except _Refused:
        return False
    return True


def count_here(limit: str, *keys: str) -> bool:
    """`count_and_check` inside the open unit of work; one that refuses must roll back."""
    key, start = _hash(limit, keys), bucket_start(limit, now())
    row = {"key_hash": key, "window_start": start, "count": 1}
    asked = {"key": key, "bucket": start, "since": start - window_of(limit)}
    here, others = execute(_counting(db.engine.dialect.name), row | asked).one()
    return bool(here + others <= LIMITS[limit])


@cache
def _counting(dialect: str) -> ReturningInsert[int, int]:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    earlier = aliased(RateCount)
    before = (
        select(func.coalesce(func.sum(earlier.count), 0))
        .where(
            earlier.key_hash == bindparam("key"),
            earlier.window_start > bindparam("since", type_=UTCDateTime),
            earlier.window_start < bindparam("bucket", type_=UTCDateTime),
        )
        .scalar_subquery()
    )
    return (
        insert(RateCount)
        .on_conflict_do_update(
            index_elements=[RateCount.key_hash, RateCount.window_start],
            set_={"count": RateCount.count + 1},
        )
        .returning(RateCount.count, before)
    )


def give_back(limit: str, *keys: str) -> None:
    """Take one use back, because it turned out to be a good one. Outside any unit of work."""
    key = _hash(limit, keys)
    counted = aliased(RateCount)
    newest = (
        select(func.max(counted.window_start))
        .where(counted.key_hash == key, counted.count > 0)
        .scalar_subquery()
    )
    with unit_of_work(harmless=True):
        db.session.execute(
            update(RateCount)
            .where(RateCount.key_hash == key, RateCount.window_start == newest)
            .values(count=RateCount.count - 1)
            .execution_options(synchronize_session=False)
        )


def _hash(limit: str, keys: tuple[str, ...]) -> str:
    told_apart = "\0".join((limit, *map(_network, keys)))
    return hashlib.sha256(told_apart.encode("utf-8", "surrogatepass")).hexdigest()


def _network(key: str) -> str:
    """An address of IPv6 as its network of 64 bits; anything else as it is."""
    try:
        address = ipaddress.IPv6Address(key)
    except ValueError:
        return key
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))


def bucket_start(limit: str, moment: datetime) -> datetime:
    """The beginning of the bucket that `moment` falls in."""
    seconds = int(window_of(limit).total_seconds()) // BUCKETS
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, tz=UTC)


def forget_old_counts() -> None:
    """Remove counts of windows long over; a scheduled job calls it inside a unit of work."""
    db.session.execute(delete(RateCount).where(RateCount.window_start < now() - 4 * WINDOW))
