"""What the procurement officer sees: contacts by category."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true

from lms.api import Actor, Listing, LocalisedText, beside, listed
from lms_fairplay.models import ContactLine
from lms_fairplay.permissions import PROCURE
from lms_fairplay.queries.seeing import authorities_of

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
