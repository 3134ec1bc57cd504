"""Companies that became part of others: what is one company today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lms.api import beside, db
from lms_fairplay.models import Merger


@dataclass(frozen=True, kw_only=True, slots=True)
class MergerFacts:
    """A company that became part of another on a day, and by whose word."""

    company_id: int
    company: str
    into_id: int
    into: str
    day: date
    reason: str


def families(company_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """Each company with all that became part of it, over any number of steps. One query."""
    wanted = sorted(set(company_ids))
    if not wanted:
        return {}
    parts: dict[int, set[int]] = defaultdict(set)
    for company_id, into_id in db.session.execute(select(Merger.company_id, Merger.into_id)):
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


def mergers_of(company_ids: Iterable[int]) -> list[MergerFacts]:
    """What these companies became part of, and what became part of them, the oldest first."""
    wanted = sorted(set(company_ids))
    into = beside(organisation=Merger.into_id)[0].label("into")
    rows = db.session.execute(
        select(
            Merger.company_id,
            beside(organisation=Merger.company_id)[0].label("company"),
            Merger.into_id,
            into,
            Merger.day,
            Merger.reason,
        )
        .where(Merger.company_id.in_(wanted) | Merger.into_id.in_(wanted))
        .order_by(Merger.day, Merger.id)
    )
    return [MergerFacts(**row._mapping) for row in rows]
