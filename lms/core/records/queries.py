"""Questions about the thread: which records led to this one, and what it led to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, ColumnElement, Select, and_, cast, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from lms.core.records.models import RecordLink
from lms.db import db

DEEPEST = 8
"""Steps to either side that a thread is followed; from a problem to an effect there are eight."""
MOST_LINKS = 300
MOST_ALIKE = 100
"""Links from one record to records of one kind that are asked for, the newest: of a course with
hundreds of certificates a reader may see only their own, so a few would not do."""
FIRST_ALIKE = 20
"""So many of those come before more of the same kind, however far away the others are."""
_KEY = re.compile(r"[A-Za-z0-9._~-]{1,40}")


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """The links around a record; `whole` says whether they are all of them."""

    links: Sequence[LinkFacts]
    whole: bool


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


def may_be_key(word: str) -> bool:
    """Could a record, or a kind of them, have this key? What could not is not looked for: a
    database may refuse to be asked for it at all."""
    return _KEY.fullmatch(word) is not None


def links_around(kind: str, key: str) -> Around:
    """The links behind and ahead of a record, the nearest first: one query, at most
    `MOST_LINKS`, and of one record's to one kind at most `MOST_ALIKE`. What else came of
    something behind it is not part of its thread."""
    if not (may_be_key(kind) and may_be_key(key)):
        return Around(links=(), whole=True)
    behind, ahead = _reached(kind, key, back=True), _reached(kind, key, back=False)
    found = _links_at(behind, back=True).union_all(_links_at(ahead, back=False)).subquery()
    columns = [found.c[column.key] for column in _COLUMNS]
    depth, place = func.min(found.c.depth), func.min(found.c.place)
    rows = db.session.execute(
        select(*columns, place.label("place"))
        .where(found.c.place <= MOST_ALIKE + 1)  # one more tells that there are more
        .group_by(*columns)
        .order_by(place > FIRST_ALIKE, depth, place, found.c.id)
        .limit(MOST_LINKS + 1)
    ).all()
    kept = [row for row in rows[:MOST_LINKS] if row.place <= MOST_ALIKE]
    return Around(
        links=[LinkFacts(**{one.key: getattr(row, one.key) for one in _COLUMNS}) for row in kept],
        whole=len(kept) == len(rows),
    )


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
    step = (
        select(*_far_end(back=back), reached.c.depth + 1)
        .join(RecordLink, _joins(reached.c.kind, reached.c.key, back=back))
        .where(reached.c.depth < DEEPEST)
    )
    return reached.union(step)


_End = tuple[InstrumentedAttribute[str], InstrumentedAttribute[str]]


def _far_end(*, back: bool) -> _End:
    if back:
        return RecordLink.from_kind, RecordLink.from_key
    return RecordLink.to_kind, RecordLink.to_key


def _joins(kind: ColumnElement[str], key: ColumnElement[str], *, back: bool) -> ColumnElement[bool]:
    near_kind, near_key = _far_end(back=not back)
    return and_(near_kind == kind, near_key == key, RecordLink.state == "linked")


def _links_at(reached: CTE, *, back: bool) -> Select[*tuple[object, ...]]:
    """The links of what was reached, each with its distance, and its place, from 1, among those
    from the same record to the same kind."""
    near = (
        select(reached.c.kind, reached.c.key, func.min(reached.c.depth).label("depth"))
        .group_by(reached.c.kind, reached.c.key)
        .subquery()
    )
    alike = (near.c.kind, near.c.key, _far_end(back=back)[0])
    place = func.row_number().over(partition_by=alike, order_by=RecordLink.id.desc())
    return select(*_COLUMNS, near.c.depth, place.label("place")).join(
        near, _joins(near.c.kind, near.c.key, back=back)
    )
