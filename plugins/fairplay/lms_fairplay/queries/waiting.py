"""What waits for somebody on their own page: all of it in one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    and_,
    cast,
    distinct,
    func,
    literal,
    null,
    select,
    union_all,
)

from lms.api import Actor, db, now
from lms_fairplay.days import today
from lms_fairplay.models import ContactLine, Correction, Declaration, Pack, RunningContact, Tender
from lms_fairplay.permissions import PROCURE
from lms_fairplay.queries.lapsing import RECENT, SOON, last_day_of
from lms_fairplay.queries.lines import of_authorities
from lms_fairplay.queries.seeing import authorities_of, companies_of
from lms_fairplay.queries.tenders import LIVE, visible


@dataclass(frozen=True, kw_only=True, slots=True)
class TenderWaits:
    """A tender that stops contacts now: what of it is not decided on, packs that can be made
    public."""

    key: str
    expected_on: date
    undecided: int
    packs: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What waits for somebody. `corrections`, `lapsing` and `tenders` (the first expected first)
    are an authority's side; `unsigned` says that a company of the reader's has contacts and no word
    that holds on, `last_day` the last day of the word it gave (None: it gave none)."""

    corrections: int = 0
    lapsing: int = 0
    tenders: Sequence[TenderWaits] = ()
    unsigned: bool = False
    last_day: date | None = None


def waiting_for(actor: Actor) -> Waiting:
    """What waits for the actor, on an authority's side or on their company's. One query; none for
    everybody else."""
    own, where = companies_of(actor), authorities_of(actor)
    parts = [*_of_authorities(actor, where), *_of_companies(own)]
    if not parts:
        return Waiting()
    found: dict[str, list[Any]] = defaultdict(list)
    for row in db.session.execute(union_all(*parts)):
        found[row.kind].append(row)
    first = {kind: rows[0] for kind, rows in found.items()}
    tenders = [
        TenderWaits(key=row.key, expected_on=row.day, undecided=row.n, packs=row.m)
        for row in found["tender"]
    ]
    signed: dict[int, date] = {row.n: row.day for row in found["signed"]}
    unsigned = [
        signed.get(row.n)
        for row in found["contacts"]
        if row.n not in signed or signed[row.n] <= today() + SOON
    ]
    return Waiting(
        corrections=first["corrections"].n if "corrections" in first else 0,
        lapsing=first["lapsing"].n if "lapsing" in first else 0,
        tenders=sorted(tenders, key=lambda one: (one.expected_on, one.key)),
        unsigned=bool(unsigned),
        last_day=min((day for day in unsigned if day is not None), default=None),
    )


def _of_authorities(
    actor: Actor, where: frozenset[int] | None
) -> Iterator[Select[*tuple[Any, ...]]]:
    if where is not None and not where:
        return
    day, mine = today(), of_authorities(where)
    yield (
        _part("corrections", func.count())
        .select_from(Correction)
        .join(ContactLine, ContactLine.id == Correction.line_id)
        .where(Correction.answered_at.is_(None), mine)
    )
    latest = (
        select(Declaration.company_id, func.max(last_day_of()).label("last_day"))
        .group_by(Declaration.company_id)
        .subquery()
    )
    yield (
        _part("lapsing", func.count(distinct(ContactLine.company_id)))
        .join(latest, latest.c.company_id == ContactLine.company_id)
        .where(
            mine,
            ContactLine.run_id.is_not(None),
            ContactLine.written_at > now() - RECENT,
            latest.c.last_day.between(day - SOON, day + SOON),
        )
    )
    if not actor.may_anywhere(PROCURE):
        return
    undecided = _count(RunningContact.tender_id == Tender.id, RunningContact.decision == "")
    made = _count(Pack.tender_id == Tender.id, Pack.state == "made")
    yield _part("tender", undecided, made, Tender.expected_on, Tender.key).where(
        visible(actor), Tender.state.in_(LIVE), Tender.freed_at.is_(None)
    )


def _count(*which: Any) -> Any:
    return select(func.count()).where(and_(*which)).correlate(Tender).scalar_subquery()


def _of_companies(own: frozenset[int]) -> Iterator[Select[*tuple[Any, ...]]]:
    if not own:
        return
    yield (
        _part("contacts", ContactLine.company_id)
        .where(ContactLine.company_id.in_(sorted(own)), ContactLine.written_at > now() - RECENT)
        .distinct()
    )
    yield (
        _part("signed", Declaration.company_id, day=func.max(last_day_of()))
        .where(Declaration.company_id.in_(sorted(own)))
        .group_by(Declaration.company_id)
    )


def _part(
    kind: str, n: Any, m: Any = None, day: Any = None, key: Any = None
) -> Select[*tuple[Any, ...]]:
    """One kind of row of the question; what it does not say is null."""
    return select(
        literal(kind).label("kind"),
        n.label("n"),
        (cast(null(), Integer) if m is None else m).label("m"),
        (cast(null(), Date) if day is None else day).label("day"),
        (cast(null(), String) if key is None else key).label("key"),
    )
