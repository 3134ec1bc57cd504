"""What the procurement officer sees: contacts by category, and what waits for a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, true

from lms.api import Actor, Listing, LocalisedText, beside, db, listed
from lms_fairplay.models import ContactLine, Pack, RunningContact, Tender
from lms_fairplay.permissions import PROCURE
from lms_fairplay.queries.seeing import authorities_of
from lms_fairplay.queries.tenders import LIVE, visible

PAGE_SIZE = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskFilter:
    """Which contacts are asked for; empty means all. `authority` is an organisation's id; category
    "-" is those that name none."""

    authority: int | None = None
    category: str = ""
    kind: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskLine:
    """A contact as a row of the desk."""

    at: datetime
    kind: str
    category: str
    authority: str
    company: str
    what: LocalisedText
    url: str
    confidential: bool
    private: bool
    public_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingAtDesk:
    """What waits for a procurement officer: decisions, and packs to publish; `tender` is the key of
    the tender that waits first ("" where none does)."""

    undecided: int = 0
    to_publish: int = 0
    undecided_tender: str = ""
    pack_tender: str = ""


def _followed(actor: Actor) -> ColumnElement[bool]:
    where = authorities_of(actor, PROCURE)
    return true() if where is None else ContactLine.authority_id.in_(sorted(where))


def desk_lines(actor: Actor, asked: DeskFilter, number: int = 1) -> Listing[DeskLine]:
    """A page of the contacts of the authorities an actor follows, the latest first. Two queries."""
    which = [_followed(actor)]
    if asked.authority is not None:
        which.append(ContactLine.authority_id == asked.authority)
    if asked.category:
        named = "" if asked.category == "-" else asked.category
        which.append(ContactLine.category == named)
    if asked.kind:
        which.append(ContactLine.kind == asked.kind)
    columns = [
        getattr(ContactLine, name)
        for name in DeskLine.__slots__
        if name not in ("authority", "company")
    ]
    statement = (
        select(
            *columns,
            beside(organisation=ContactLine.authority_id)[0].label("authority"),
            beside(organisation=ContactLine.company_id)[0].label("company"),
        )
        .where(*which)
        .order_by(ContactLine.at.desc(), ContactLine.id.desc())
    )
    rows, total, number, pages = listed(statement, number, size=PAGE_SIZE)
    items = tuple(DeskLine(**row._mapping) for row in rows)
    return Listing(items=items, total=total, number=number, pages=pages)


def waiting_at_desk(actor: Actor) -> WaitingAtDesk:
    """What waits for this actor at the desk. One query; none for who follows no tenders."""
    if not actor.may_anywhere(PROCURE):
        return WaitingAtDesk()
    freezes = and_(Tender.state.in_(LIVE), Tender.freed_at.is_(None))
    undecided = (
        select(func.count())
        .where(RunningContact.tender_id == Tender.id, RunningContact.decision == "", freezes)
        .correlate(Tender)
        .scalar_subquery()
    )
    made = (
        select(func.count())
        .where(Pack.tender_id == Tender.id, Pack.state == "made")
        .correlate(Tender)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Tender.key, undecided.label("undecided"), made.label("made"))
        .where(visible(actor), freezes)
        .order_by(Tender.expected_on, Tender.id)
    ).all()
    return WaitingAtDesk(
        undecided=sum(row.undecided for row in rows),
        to_publish=sum(1 for row in rows if row.made),
        undecided_tender=next((row.key for row in rows if row.undecided), ""),
        pack_tender=next((row.key for row in rows if row.made), ""),
    )
