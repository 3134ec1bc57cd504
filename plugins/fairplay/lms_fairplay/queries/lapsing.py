"""Declarations that end while something is going on with the company, and what waits for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    null,
    select,
    union_all,
)

from lms.api import Actor, db, now, organisations_by_id
from lms_fairplay.days import today
from lms_fairplay.models import ContactLine, Correction, Declaration
from lms_fairplay.queries.families import families
from lms_fairplay.queries.lines import of_authorities
from lms_fairplay.queries.seeing import authorities_of, companies_of

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What waits for somebody. `corrections` and `lapsing` are numbers on an authority's side;
    `unsigned` says that the reader's company has contacts and no word that holds on, `last_day`
    the last day of the word it gave (None: it gave none)."""

    corrections: int = 0
    lapsing: int = 0
    unsigned: bool = False
    last_day: date | None = None


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
        select(Declaration.id, Declaration.company_id, _last_day()).where(
            Declaration.company_id.in_(sorted(company_ids))
        )
    ):
        found[company_id] = max(found.get(company_id, (date.min, 0)), (last_day, id_))
    return found


def _last_day() -> ColumnElement[date]:
    ended = and_(Declaration.ended_on.is_not(None), Declaration.ended_on <= Declaration.to_day)
    return case((ended, Declaration.ended_on), else_=Declaration.to_day)


def waiting_for(actor: Actor) -> Waiting:
    """What waits for the actor, on an authority's side or on their company's. One query."""
    own = companies_of(actor)
    where = authorities_of(actor)
    if not own and where == frozenset():
        return Waiting()
    day = today()
    mine = of_authorities(where)
    unanswered = (
        select(literal("corrections"), func.count(), cast(null(), Date))
        .select_from(Correction)
        .join(ContactLine, ContactLine.id == Correction.line_id)
        .where(Correction.answered_at.is_(None), mine)
    )
    latest = (
        select(Declaration.company_id, func.max(_last_day()).label("last_day"))
        .group_by(Declaration.company_id)
        .subquery()
    )
    ending = (
        select(literal("lapsing"), func.count(distinct(ContactLine.company_id)), cast(null(), Date))
        .join(latest, latest.c.company_id == ContactLine.company_id)
        .where(
            mine,
            ContactLine.run_id.is_not(None),
            ContactLine.written_at > now() - RECENT,
            latest.c.last_day.between(day - SOON, day + SOON),
        )
    )
    contacts = select(literal("contacts"), func.count(), cast(null(), Date)).where(
        ContactLine.company_id.in_(sorted(own)), ContactLine.written_at > now() - RECENT
    )
    signed = select(literal("signed"), func.count(), func.max(_last_day())).where(
        Declaration.company_id.in_(sorted(own))
    )
    found: dict[str, tuple[int, date | None]] = {
        kind: (n, last)
        for kind, n, last in db.session.execute(union_all(unanswered, ending, contacts, signed))
    }
    last: date | None = found["signed"][1]
    return Waiting(
        corrections=found["corrections"][0],
        lapsing=found["lapsing"][0],
        unsigned=bool(found["contacts"][0]) and (last is None or last <= day + SOON),
        last_day=last,
    )
