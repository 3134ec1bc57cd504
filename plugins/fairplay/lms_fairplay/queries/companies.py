"""The list of companies, as those see it who look after an authority's contacts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from lms.api import Listing, OrganisationFacts, db, organisations_of_kind
from lms_fairplay.models import AidLine, ContactLine, Correction
from lms_fairplay.queries.declarations import DeclarationFacts, declarations_of
from lms_fairplay.queries.lines import of_authorities

COMPANY = "company"


@dataclass(frozen=True, kw_only=True, slots=True)
class CompanyRow:
    """A company with its contacts of the reader's authorities: how many, the latest, corrections
    that wait for an answer; and what it declared last."""

    company: OrganisationFacts
    contacts: int
    last_at: datetime | None
    waiting: int
    declaration: DeclarationFacts | None


def companies(
    authority_ids: Collection[int] | None,
    *,
    search: str = "",
    category: str = "",
    known: bool = True,
    page: int = 1,
) -> Listing[CompanyRow]:
    """One page of companies by name: those that these authorities (None: all) have had to do with
    in a category ("": any), or all there are. Five queries at most."""
    among = _known(authority_ids, category) if known or category else None
    found = organisations_of_kind(COMPANY, search=search, among=among, page=page)
    ids = [one.id for one in found.items]
    mine = (ContactLine.company_id.in_(ids), of_authorities(authority_ids))
    counts = {
        row.company_id: (row.n, row.last)
        for row in db.session.execute(
            select(
                ContactLine.company_id,
                func.count().label("n"),
                func.max(ContactLine.at).label("last"),
            )
            .where(*mine)
            .group_by(ContactLine.company_id)
        )
    }
    waiting = {
        row.company_id: row.n
        for row in db.session.execute(
            select(ContactLine.company_id, func.count().label("n"))
            .join(Correction, Correction.line_id == ContactLine.id)
            .where(*mine, Correction.answered_at.is_(None))
            .group_by(ContactLine.company_id)
        )
    }
    declared = declarations_of(ids)
    items = tuple(
        CompanyRow(
            company=one,
            contacts=counts.get(one.id, (0, None))[0],
            last_at=counts.get(one.id, (0, None))[1],
            waiting=waiting.get(one.id, 0),
            declaration=next(iter(declared.get(one.id, ())), None),
        )
        for one in found.items
    )
    return Listing(items=items, total=found.total, number=found.number, pages=found.pages)


def _known(authority_ids: Collection[int] | None, category: str) -> Select[int]:
    met = select(ContactLine.company_id).where(of_authorities(authority_ids))
    if category:
        return met.where(ContactLine.category == category)
    aided = select(AidLine.company_id).where(AidLine.company_id.is_not(None))
    if authority_ids is not None:
        aided = aided.where(AidLine.authority_id.in_(sorted(authority_ids)))
    both = met.union(aided).subquery()
    return select(both.c.company_id)
