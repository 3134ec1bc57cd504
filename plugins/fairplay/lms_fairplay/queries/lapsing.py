"""Declarations that end while something is going on with the company."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    case,
    func,
    literal,
    select,
    type_coerce,
)

from lms.api import db, now, organisations_by_id
from lms_fairplay.models import ContactLine, Declaration
from lms_fairplay.queries.families import families

SOON = timedelta(days=30)
"""How long before its last day a declaration is spoken of, and how long after it still is."""
RECENT = timedelta(days=400)
"""Contacts that are older make nobody wait for a declaration."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lapsing:
    """A company whose word ends soon (`last_day` is today or later) or has ended, with the
    authorities that it has to do with in each run, by the run's id."""

    company_id: int
    company: str
    declaration_id: int
    last_day: date
    authorities: Mapping[int, frozenset[int]]


def lapsing(day: date) -> Sequence[Lapsing]:
    """Companies in runs whose latest declaration ends within 30 days, or ended within the last 30.
    Four queries."""
    met: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for company_id, authority_id, run_id in db.session.execute(
        select(ContactLine.company_id, ContactLine.authority_id, ContactLine.run_id)
        .where(ContactLine.run_id.is_not(None), ContactLine.written_at > now() - RECENT)
        .distinct()
    ):
        met[company_id][run_id or 0].add(authority_id)
    parts = families(met)
    latest = _latest({id_ for family in parts.values() for id_ in family})
    names = organisations_by_id(met)
    found = []
    for company_id, runs in sorted(met.items()):
        signed = [latest[one] for one in parts[company_id] if one in latest]
        if not signed or not day - SOON <= max(signed)[0] <= day + SOON:
            continue
        last_day, declaration_id = max(signed)
        found.append(
            Lapsing(
                company_id=company_id,
                company=names[company_id].name,
                declaration_id=declaration_id,
                last_day=last_day,
                authorities={run: frozenset(those) for run, those in runs.items()},
            )
        )
    return found


def _latest(company_ids: set[int]) -> Mapping[int, tuple[date, int]]:
    """The last day of what each company signed, and the id of that declaration."""
    found: dict[int, tuple[date, int]] = {}
    for id_, company_id, last_day in db.session.execute(
        select(Declaration.id, Declaration.company_id, last_day_of()).where(
            Declaration.company_id.in_(sorted(company_ids))
        )
    ):
        found[company_id] = max(found.get(company_id, (date.min, 0)), (last_day, id_))
    return found


def last_day_of() -> ColumnElement[date]:
    """The last day of a declaration; the day before it was ended, where that was earlier."""
    ended = and_(Declaration.ended_on.is_not(None), Declaration.ended_on <= Declaration.to_day)
    before: ColumnElement[date] = type_coerce(func.date(Declaration.ended_on, "-1 day"), Date)
    if db.engine.dialect.name == "postgresql":
        before = Declaration.ended_on.op("-", return_type=Date())(literal(1, Integer))
    return case((ended, before), else_=Declaration.to_day)
