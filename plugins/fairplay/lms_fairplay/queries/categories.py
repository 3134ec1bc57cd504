"""Which lines and contacts concern a tender: by category, or by what the company is known for.

A contact that names no category is judged by the company's lines that name one: a company that has
shown lifts to anybody is one of those who may bid when lifts are bought.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import ColumnElement, Integer, and_, cast, null, or_, select, true, union_all

from lms.api import db
from lms_fairplay.models import ContactLine, Merger


def concerning(category: str, up_to_line: int | None = None) -> ColumnElement[bool]:
    """Lines of an authority that concern a tender in a category ("" is: in every one); with a line
    they are those written up to it, as companies were known then. At most one query."""
    written = true() if up_to_line is None else ContactLine.id <= up_to_line
    if not category:
        return written
    known = _known_for(category, written)
    unnamed = and_(ContactLine.category == "", ContactLine.company_id.in_(sorted(known)))
    return and_(written, or_(ContactLine.category == category, unnamed))


def _known_for(category: str, written: ColumnElement[bool]) -> set[int]:
    named = (
        select(ContactLine.company_id, cast(null(), Integer).label("into_id"))
        .where(ContactLine.category == category, written)
        .distinct()
    )
    known: set[int] = set()
    into: dict[int, set[int]] = defaultdict(set)
    for row in db.session.execute(
        union_all(named, select(Merger.company_id, Merger.into_id))
    ).mappings():
        if row["into_id"] is None:
            known.add(row["company_id"])
        else:
            into[row["company_id"]].add(row["into_id"])
    waiting = list(known)
    while waiting:
        fresh = into[waiting.pop()] - known
        known |= fresh
        waiting += fresh
    return known
