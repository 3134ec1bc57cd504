"""Companies that became part of others: what is one company today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from lms.api import beside, db
from lms_fairplay.models import AidLine, ContactLine, Merger


@dataclass(frozen=True, kw_only=True, slots=True)
class MergerFacts:
    """A company that became part of another on a day, and by whose word; `ended_at` when it was
    said that the two are apart again."""

    id: int
    company_id: int
    company: str
    into_id: int
    into: str
    day: date
    reason: str
    ended_at: datetime | None
    ended_reason: str


def families(company_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Each company with all that became part of it, over any number of steps. One query."""
    wanted = sorted(set(company_ids))
    if not wanted:
        return {}
    parts: dict[int, set[int]] = defaultdict(set)
    for company_id, into_id in db.session.execute(
        select(Merger.company_id, Merger.into_id).where(Merger.ended_at.is_(None))
    ):
        parts[into_id].add(company_id)
    return {company_id: all_of(company_id, parts) for company_id in wanted}


def all_of(company_id: int, parts: Mapping[int, set[int]]) -> frozenset[int]:
    """A company with all that became part of it, from what became part of each at once."""
    found, waiting = {company_id}, [company_id]
    while waiting:
        fresh = parts.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return frozenset(found)


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Merger.id,
        Merger.company_id,
        beside(organisation=Merger.company_id)[0].label("company"),
        Merger.into_id,
        beside(organisation=Merger.into_id)[0].label("into"),
        Merger.day,
        Merger.reason,
        Merger.ended_at,
        Merger.ended_reason,
    )


def mergers_of(company_ids: Iterable[int]) -> list[MergerFacts]:
    """What these companies became part of, and what became part of them, the oldest first."""
    wanted = sorted(set(company_ids))
    rows = db.session.execute(
        _rows()
        .where(Merger.company_id.in_(wanted) | Merger.into_id.in_(wanted))
        .order_by(Merger.day, Merger.id)
    )
    return [MergerFacts(**row._mapping) for row in rows]


def merger_of(company_id: int) -> MergerFacts | None:
    """What a company is part of now."""
    found = (one for one in mergers_of([company_id]) if one.company_id == company_id)
    return next((one for one in found if one.ended_at is None), None)


def mergers_by_id(ids: Iterable[int]) -> Mapping[int, MergerFacts]:
    """Mergers by id, for letters. One query."""
    rows = db.session.execute(_rows().where(Merger.id.in_(sorted(set(ids)))))
    return {row.id: MergerFacts(**row._mapping) for row in rows}


def authorities_with(company_ids: Iterable[int]) -> frozenset[int]:
    """The authorities that wrote down contacts with these companies, or aid to them. One query."""
    wanted = sorted(set(company_ids))
    met = select(ContactLine.authority_id).where(ContactLine.company_id.in_(wanted))
    aided = select(AidLine.authority_id).where(
        AidLine.company_id.in_(wanted), AidLine.authority_id.is_not(None)
    )
    return frozenset(db.session.scalars(met.union(aided)))
