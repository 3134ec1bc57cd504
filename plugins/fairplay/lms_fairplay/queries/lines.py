"""Questions about the contact log: an authority's side of it, and a company's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true

from lms.api import LANGUAGES, Listing, LocalisedText, beside, db, is_key, listed
from lms_fairplay.kinds import people_in_words
from lms_fairplay.models import ContactLine, Correction

PAGE_SIZE = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionFacts:
    """What a company says about a line, and the answer ("" until there is one). Names are empty
    once they were erased."""

    id: int
    key: str
    line_id: int
    text: str
    by_id: int | None
    by: str
    at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LineFacts:
    """One contact of one authority with one company. `people` are numbers by function,
    `documents` are keys."""

    id: int
    key: str
    authority_id: int
    authority: str
    company_id: int
    company: str
    kind: str
    category: str
    at: datetime
    what: LocalisedText
    documents: Sequence[str]
    confidential: bool
    private: bool
    people: Mapping[str, int]
    run_id: int | None
    url: str
    written_at: datetime
    public_at: datetime | None
    corrections: tuple[CorrectionFacts, ...] = ()

    @property
    def took_part(self) -> LocalisedText:
        """Who took part, in words: numbers by function, never names."""
        return LocalisedText(**{code: people_in_words(self.people, code) for code in LANGUAGES})


def of_authorities(authority_ids: Collection[int] | None) -> ColumnElement[bool]:
    """Lines of these authorities; None stands for all of them."""
    if authority_ids is None:
        return true()
    return ContactLine.authority_id.in_(sorted(authority_ids))


def lines_with(
    company_ids: Iterable[int], authority_ids: Collection[int] | None, *, page: int = 1
) -> Listing[LineFacts]:
    """The contacts of these authorities (None: of all) with these companies, the latest first, with
    what was said about each. Three queries."""
    statement = (
        _rows()
        .where(ContactLine.company_id.in_(sorted(set(company_ids))), of_authorities(authority_ids))
        .order_by(ContactLine.at.desc(), ContactLine.id.desc())
    )
    rows, total, number, pages = listed(statement, page, size=PAGE_SIZE)
    said = corrections_of([row.id for row in rows])
    items = tuple(_facts(row, said.get(row.id, ())) for row in rows)
    return Listing(items=items, total=total, number=number, pages=pages)


def line_by_key(key: str, company_ids: Iterable[int]) -> LineFacts | None:
    """A line of one of these companies; None for others'."""
    if not is_key(key):
        return None
    row = db.session.execute(
        _rows().where(ContactLine.key == key, ContactLine.company_id.in_(sorted(set(company_ids))))
    ).first()
    return None if row is None else _facts(row, corrections_of([row.id]).get(row.id, ()))


def lines_by_id(ids: Iterable[int]) -> Mapping[int, LineFacts]:
    """Lines by id, without what was said about them: for letters."""
    rows = db.session.execute(_rows().where(ContactLine.id.in_(sorted(set(ids)))))
    return {row.id: _facts(row, ()) for row in rows}


def _rows() -> Select[*tuple[Any, ...]]:
    beside_it = ("authority", "company", "corrections")
    columns = [getattr(ContactLine, name) for name in _NAMES if name not in beside_it]
    return select(
        *columns,
        beside(organisation=ContactLine.authority_id)[0].label("authority"),
        beside(organisation=ContactLine.company_id)[0].label("company"),
    )


def _facts(row: Row[*tuple[Any, ...]], corrections: Sequence[CorrectionFacts]) -> LineFacts:
    return LineFacts(**row._mapping, corrections=tuple(corrections))


_NAMES = tuple(LineFacts.__slots__)


def corrections_of(line_ids: Iterable[int]) -> Mapping[int, Sequence[CorrectionFacts]]:
    """What companies said about these lines, the first first, by line id. One query."""
    found: dict[int, list[CorrectionFacts]] = defaultdict(list)
    wanted = sorted(set(line_ids))
    if not wanted:
        return found
    for row in db.session.execute(
        _correction_rows().where(Correction.line_id.in_(wanted)).order_by(Correction.id)
    ):
        found[row.line_id].append(_correction(row))
    return found


def correction_by_key(key: str) -> CorrectionFacts | None:
    """A correction, whoever asks; the caller looks at its line."""
    if not is_key(key):
        return None
    row = db.session.execute(_correction_rows().where(Correction.key == key)).first()
    return None if row is None else _correction(row)


def corrections_by_id(ids: Iterable[int]) -> Mapping[int, CorrectionFacts]:
    """Corrections by id, for letters."""
    rows = db.session.execute(_correction_rows().where(Correction.id.in_(sorted(set(ids)))))
    return {row.id: _correction(row) for row in rows}


def _correction_rows() -> Select[*tuple[Any, ...]]:
    names = [name for name in CorrectionFacts.__slots__ if name not in ("by", "answered_by")]
    return select(
        *(getattr(Correction, name) for name in names),
        beside(person=Correction.by_id)[0].label("by"),
        beside(person=Correction.answered_by_id)[0].label("answered_by"),
    )


def _correction(row: Row[*tuple[Any, ...]]) -> CorrectionFacts:
    names = {"by": row.by or "", "answered_by": row.answered_by or ""}
    return CorrectionFacts(**{**row._mapping, **names})
