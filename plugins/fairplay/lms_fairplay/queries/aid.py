"""Questions about aid: what was written down for companies, and for whole runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from lms.api import beside, db, is_key
from lms_fairplay.models import AidLine, ContactLine


@dataclass(frozen=True, kw_only=True, slots=True)
class AidFacts:
    """What a measure is worth to a company, or why it is no aid. `company_id` is None where the
    line holds for every company of the run. `country` is the authority's, "" where it is gone.
    `value` is gross, in whole units of `currency`."""

    id: int
    key: str
    company_id: int | None
    authority_id: int | None
    authority: str
    country: str
    run_id: int | None
    measure: str
    ground: str
    reason: str
    value: int
    currency: str
    day: date
    state: str


def aid_of(company_ids: Iterable[int]) -> list[AidFacts]:
    """All lines of these companies, and those that hold for every company of a run in which one of
    them has a place; the latest first. One query."""
    wanted = sorted(set(company_ids))
    places = select(ContactLine.run_id).where(
        ContactLine.company_id.in_(wanted), ContactLine.kind == "place"
    )
    rows = db.session.execute(
        _rows()
        .where(
            or_(
                AidLine.company_id.in_(wanted),
                and_(AidLine.company_id.is_(None), AidLine.run_id.in_(places)),
            )
        )
        .order_by(AidLine.day.desc(), AidLine.id.desc())
    )
    return [_facts(row) for row in rows]


def aid_by_key(key: str, company_ids: Iterable[int]) -> AidFacts | None:
    """A line of one of these companies; None for others'."""
    if not is_key(key):
        return None
    row = db.session.execute(
        _rows().where(AidLine.key == key, AidLine.company_id.in_(sorted(set(company_ids))))
    ).first()
    return None if row is None else _facts(row)


def open_runs(run_ids: Iterable[int]) -> Mapping[int, AidFacts]:
    """What was written of runs that are open to all on equal terms, by run id. One query."""
    rows = db.session.execute(
        _rows()
        .where(AidLine.company_id.is_(None), AidLine.run_id.in_(sorted(set(run_ids))))
        .order_by(AidLine.id.desc())
    )
    return {row.run_id: _facts(row) for row in rows}


def _rows() -> Select[*tuple[Any, ...]]:
    names = [name for name in AidFacts.__slots__ if name not in ("authority", "country")]
    return select(
        *(getattr(AidLine, name) for name in names), *beside(organisation=AidLine.authority_id)[:2]
    )


def _facts(row: Row[*tuple[Any, ...]]) -> AidFacts:
    values = {name: getattr(row, name) for name in AidFacts.__slots__ if name != "authority"}
    return AidFacts(**{**values, "country": row.country or ""}, authority=row.organisation or "")


def own_lines(
    lines: Iterable[AidFacts], authority_ids: frozenset[int] | None
) -> Sequence[AidFacts]:
    """Those of these lines that these authorities (None: all) wrote."""
    return [one for one in lines if authority_ids is None or one.authority_id in authority_ids]
