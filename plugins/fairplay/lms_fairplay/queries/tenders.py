"""Questions about upcoming tenders, what they froze, and what ran then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true

from lms.api import (
    Actor,
    Listing,
    LocalisedText,
    beside,
    db,
    is_key,
    listed,
    search_key,
    technology_categories,
)
from lms_fairplay.models import ContactLine, RunningContact, Tender
from lms_fairplay.permissions import PROCURE
from lms_fairplay.queries.seeing import authorities_of

LIVE = ("expected", "open")
"""States of a tender that is not over."""
EVERY = LocalisedText(
    da="Al velfærdsteknologi", sv="All välfärdsteknik", en="All welfare technology"
)
PAGE_SIZE = 20

Decided = tuple[int, str, int, int]
"""What was decided on: tender, kind and id of the subject, company."""


def titled(category: str) -> LocalisedText:
    """What a category is called; a key that nobody knows any more speaks for itself."""
    if not category:
        return EVERY
    known = technology_categories().get(category)
    return known or LocalisedText(da=category, sv=category, en=category)


@dataclass(frozen=True, kw_only=True, slots=True)
class Freezing:
    """A tender that stops contacts now."""

    id: int
    authority_id: int
    authority: str
    category: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TenderFacts:
    """A tender as its procurement officer sees it. `undecided` of what ran when it was registered
    waits for a word; names are empty where there is nobody to name."""

    id: int
    key: str
    authority_id: int
    authority: str
    category: str
    title: str
    expected_on: date
    state: str
    frozen_at: datetime
    freed_at: datetime | None
    registered_by: str
    reason: str
    undecided: int

    @property
    def live(self) -> bool:
        """Is it not over?"""
        return self.state in LIVE

    @property
    def freezes(self) -> bool:
        """Does it stop contacts now?"""
        return self.live and self.freed_at is None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningFacts:
    """Something that ran when a tender was registered, with the line it is known by."""

    id: int
    key: str
    tender_id: int
    decision: str
    reason: str
    decided_at: datetime | None
    decided_by: str
    company_id: int
    company: str
    kind: str
    at: datetime
    what: LocalisedText
    url: str
    run_id: int | None
    written_by_id: int | None


def visible(actor: Actor) -> ColumnElement[bool]:
    """Tenders of authorities whose procurement the actor follows."""
    where = authorities_of(actor, PROCURE)
    return true() if where is None else Tender.authority_id.in_(sorted(where))


def _rows() -> Select[*tuple[Any, ...]]:
    undecided = (
        select(func.count())
        .where(RunningContact.tender_id == Tender.id, RunningContact.decision == "")
        .correlate(Tender)
        .scalar_subquery()
    )
    columns = [
        getattr(Tender, name)
        for name in TenderFacts.__slots__
        if name not in ("authority", "registered_by", "undecided")
    ]
    return select(
        *columns,
        beside(organisation=Tender.authority_id)[0].label("authority"),
        func.coalesce(beside(person=Tender.registered_by_id)[0], "").label("registered_by"),
        case((freezes(), undecided), else_=0).label("undecided"),
    )


def freezes() -> ColumnElement[bool]:
    """Tenders that stop contacts now."""
    return and_(Tender.state.in_(LIVE), Tender.freed_at.is_(None))


def tender_by_key(key: str, actor: Actor) -> TenderFacts | None:
    """A tender, for who follows its authority's procurement."""
    if not is_key(key):
        return None
    row = db.session.execute(_rows().where(Tender.key == key, visible(actor))).first()
    return None if row is None else TenderFacts(**row._mapping)


def tender_by_id(tender_id: int) -> TenderFacts | None:
    """A tender, whoever asks: for jobs, letters and public packs."""
    row = db.session.execute(_rows().where(Tender.id == tender_id)).first()
    return None if row is None else TenderFacts(**row._mapping)


def tenders_for(actor: Actor, number: int = 1) -> Listing[TenderFacts]:
    """The tenders an actor follows: those that are not over first, by day. Two queries."""
    over = case((Tender.state.in_(LIVE), 0), else_=1)
    statement = _rows().where(visible(actor)).order_by(over, Tender.expected_on, Tender.id)
    rows, total, number, pages = listed(statement, number, size=PAGE_SIZE)
    return Listing(
        items=tuple(TenderFacts(**row._mapping) for row in rows),
        total=total,
        number=number,
        pages=pages,
    )


def same_title(authority_id: int, category: str, title_key: str, besides: int = 0) -> bool:
    """Is there a tender of this authority in this category, not over, whose title reads the same?
    `title_key` is a search key."""
    titles = db.session.scalars(
        select(Tender.title).where(
            Tender.authority_id == authority_id,
            Tender.category == category,
            Tender.state.in_(LIVE),
            Tender.id != besides,
        )
    )
    return any(search_key(title) == title_key for title in titles)


# --- what ran -----------------------------------------------------------------------------------


def _running() -> Select[*tuple[Any, ...]]:
    return select(
        RunningContact.id,
        RunningContact.key,
        RunningContact.tender_id,
        RunningContact.decision,
        RunningContact.reason,
        RunningContact.decided_at,
        func.coalesce(beside(person=RunningContact.decided_by_id)[0], "").label("decided_by"),
        ContactLine.company_id,
        beside(organisation=ContactLine.company_id)[0].label("company"),
        ContactLine.kind,
        ContactLine.at,
        ContactLine.what,
        ContactLine.url,
        ContactLine.run_id,
        ContactLine.written_by_id,
    ).join(ContactLine, ContactLine.id == RunningContact.line_id)


def running_in(tender_id: int, number: int = 1) -> Listing[RunningFacts]:
    """What ran when a tender was registered: what is not decided first. Two queries."""
    decided = case((RunningContact.decision == "", 0), else_=1)
    statement = (
        _running()
        .where(RunningContact.tender_id == tender_id)
        .order_by(decided, ContactLine.at, RunningContact.id)
    )
    rows, total, number, pages = listed(statement, number, size=PAGE_SIZE)
    items = tuple(RunningFacts(**row._mapping) for row in rows)
    return Listing(items=items, total=total, number=number, pages=pages)


def running_by_id(ids: Sequence[int]) -> Mapping[int, RunningFacts]:
    """Running contacts by id, for letters."""
    rows = db.session.execute(_running().where(RunningContact.id.in_(ids)))
    return {row.id: RunningFacts(**row._mapping) for row in rows}


def running_by_key(key: str, tender_id: int) -> RunningFacts | None:
    """One of the running contacts of a tender."""
    if not is_key(key):
        return None
    row = db.session.execute(
        _running().where(RunningContact.key == key, RunningContact.tender_id == tender_id)
    ).first()
    return None if row is None else RunningFacts(**row._mapping)
