"""Questions about the thread: which records led to this one, and what it led to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, ColumnElement, Select, and_, cast, func, literal, select

from lms.core.records.models import RecordLink
from lms.db import db

DEEPEST = 8
"""Steps to either side that a thread is followed; from a problem to an effect there are eight."""
MOST_LINKS = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkFacts:
    """One record led to another."""

    id: int
    key: str
    from_kind: str
    from_key: str
    to_kind: str
    to_key: str
    state: str
    created_at: datetime
    created_by_id: int | None


_COLUMNS = (
    RecordLink.id,
    RecordLink.key,
    RecordLink.from_kind,
    RecordLink.from_key,
    RecordLink.to_kind,
    RecordLink.to_key,
    RecordLink.state,
    RecordLink.created_at,
    RecordLink.created_by_id,
)


def links_around(kind: str, key: str) -> Sequence[LinkFacts]:
    """The links behind and ahead of a record, the nearest first: one query, at most
    `MOST_LINKS`. What else came of something behind it is not part of its thread."""
    behind, ahead = _reached(kind, key, back=True), _reached(kind, key, back=False)
    found = _links_at(behind, back=True).union_all(_links_at(ahead, back=False)).subquery()
    columns = [found.c[column.key] for column in _COLUMNS]
    rows = db.session.execute(
        select(*columns)
        .group_by(*columns)
        .order_by(func.min(found.c.depth), found.c.id)
        .limit(MOST_LINKS)
    )
    return [LinkFacts(**row._mapping) for row in rows]


def keys_with_links(kind: str, keys: Sequence[str]) -> frozenset[str]:
    """Those of these records of one kind that hang on a thread. One query."""
    linked = RecordLink.state == "linked"
    ahead = select(RecordLink.from_key).where(
        linked, RecordLink.from_kind == kind, RecordLink.from_key.in_(keys)
    )
    behind = select(RecordLink.to_key).where(
        linked, RecordLink.to_kind == kind, RecordLink.to_key.in_(keys)
    )
    return frozenset(db.session.scalars(ahead.union(behind)).all())


def link_between(from_kind: str, from_key: str, to_kind: str, to_key: str) -> LinkFacts | None:
    """The link between two records in this direction, taken back or not."""
    row = db.session.execute(
        select(*_COLUMNS).where(
            RecordLink.from_kind == from_kind,
            RecordLink.from_key == from_key,
            RecordLink.to_kind == to_kind,
            RecordLink.to_key == to_key,
        )
    ).one_or_none()
    return LinkFacts(**row._mapping) if row is not None else None


def link_with_key(key: str) -> LinkFacts | None:
    """A link that stands, by its key."""
    row = db.session.execute(
        select(*_COLUMNS).where(RecordLink.key == key, RecordLink.state == "linked")
    ).one_or_none()
    return LinkFacts(**row._mapping) if row is not None else None


def _reached(kind: str, key: str, *, back: bool) -> CTE:
    """The records on one side with their distance, the record itself at 0."""
    kind_type, key_type = RecordLink.from_kind.type, RecordLink.from_key.type
    reached = select(
        cast(literal(kind), kind_type).label("kind"),
        cast(literal(key), key_type).label("key"),
        literal(0).label("depth"),
    ).cte("behind" if back else "ahead", recursive=True)
    next_kind = RecordLink.from_kind if back else RecordLink.to_kind
    next_key = RecordLink.from_key if back else RecordLink.to_key
    step = (
        select(next_kind, next_key, reached.c.depth + 1)
        .join(RecordLink, _joins(reached, back=back))
        .where(reached.c.depth < DEEPEST)
    )
    return reached.union(step)


def _joins(reached: CTE, *, back: bool) -> ColumnElement[bool]:
    kind = RecordLink.to_kind if back else RecordLink.from_kind
    key = RecordLink.to_key if back else RecordLink.from_key
    return and_(kind == reached.c.kind, key == reached.c.key, RecordLink.state == "linked")


def _links_at(reached: CTE, *, back: bool) -> Select[*tuple[object, ...]]:
    return select(*_COLUMNS, reached.c.depth).join(reached, _joins(reached, back=back))
