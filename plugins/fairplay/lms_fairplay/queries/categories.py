"""Which lines concern a tender: by their category, and by what the company is known for.

A company that has shown lifts to anybody is one of those who may bid when lifts are bought,
whatever it calls its next contact. A line of which neither says anything may be about everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from lms.api import db
from lms_fairplay.models import ContactLine, Merger


def concerning(category: str, up_to_line: int | None = None) -> ColumnElement[bool]:
    """Lines of an authority that concern a tender in a category ("" is: in every one); with a line
    they are those written up to it, as companies were known then. At most one query."""
    written = true() if up_to_line is None else ContactLine.id <= up_to_line
    if not category:
        return written
    known, known_for_any = _known(category, written)
    unsaid = and_(ContactLine.category == "", ContactLine.company_id.not_in(sorted(known_for_any)))
    named = ContactLine.category == category
    return and_(written, or_(named, ContactLine.company_id.in_(sorted(known)), unsaid))


def _known(category: str, written: ColumnElement[bool]) -> tuple[set[int], set[int]]:
    """The companies that are known for a category, and those known for any."""
    about_it = case((ContactLine.category == category, 1), else_=0)
    named = (
        select(
            ContactLine.company_id,
            cast(null(), Integer).label("into_id"),
            func.max(about_it).label("about_it"),
        )
        .where(ContactLine.category != "", written)
        .group_by(ContactLine.company_id)
    )
    merged = select(Merger.company_id, Merger.into_id, literal(0)).where(Merger.ended_at.is_(None))
    known: set[int] = set()
    known_for_any: set[int] = set()
    into: dict[int, set[int]] = defaultdict(set)
    for company_id, into_id, is_about_it in db.session.execute(union_all(named, merged)):
        if into_id is not None:
            into[company_id].add(into_id)
            continue
        known_for_any.add(company_id)
        if is_about_it:
            known.add(company_id)
    return _with_heirs(known, into), _with_heirs(known_for_any, into)


def _with_heirs(companies: set[int], into: Mapping[int, set[int]]) -> set[int]:
    """These companies, and those that they became part of."""
    known = set(companies)
    waiting = list(known)
    while waiting:
        fresh = into.get(waiting.pop(), set()) - known
        known |= fresh
        waiting += fresh
    return known
