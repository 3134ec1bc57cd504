"""Questions about information packs and the lines they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from lms.api import Listing, beside, db, is_key, progress_of
from lms_fairplay.masking import CorrectionFacts, PackLine, letters_for
from lms_fairplay.models import ContactLine, Correction, Pack, Tender
from lms_fairplay.queries.categories import concerning
from lms_fairplay.queries.tenders import TenderFacts

PAGE_SIZE = 50
PART = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class PackFacts:
    """An information pack. `done` of `total` steps are made while it waits."""

    id: int
    key: str
    tender_id: int
    number: int
    state: str
    asked_at: datetime
    asked_by: str
    made_at: datetime | None
    up_to: datetime | None
    last_line_id: int
    line_ids: tuple[int, ...]
    lines: int
    masked: int
    materials: int
    document_keys: tuple[str, ...]
    document_key: str
    public_at: datetime | None
    done: int = 0
    total: int = 0

    @property
    def ready(self) -> bool:
        """Can it be fetched?"""
        return self.state in ("made", "public")


def job_key(pack_key: str) -> str:
    """The unique key of the job that makes a pack."""
    return f"fairplay.pack:{pack_key}"


def _rows() -> Select[*tuple[Any, ...]]:
    columns = [
        getattr(Pack, name)
        for name in PackFacts.__slots__
        if name not in ("asked_by", "done", "total")
    ]
    by = func.coalesce(beside(person=Pack.asked_by_id)[0], "").label("asked_by")
    return select(*columns, by)


def _facts(row: Any) -> PackFacts:
    lists = {"document_keys": tuple(row.document_keys), "line_ids": tuple(row.line_ids)}
    return PackFacts(**{**row._mapping, **lists})


def packs_of(tender_id: int) -> Sequence[PackFacts]:
    """The packs of a tender, the newest first, with how far each is; one whose job gave up has
    failed. Two queries."""
    rows = db.session.execute(
        _rows().where(Pack.tender_id == tender_id).order_by(Pack.number.desc())
    )
    found = [_facts(row) for row in rows]
    waiting = [pack for pack in found if pack.state == "waiting"]
    if not waiting:
        return found
    jobs = progress_of([job_key(pack.key) for pack in waiting])
    return [_at_work(pack, jobs.get(job_key(pack.key))) for pack in found]


def _at_work(pack: PackFacts, job: Any) -> PackFacts:
    if pack.state != "waiting" or job is None:
        return pack
    state = "failed" if job.state == "failed" else pack.state
    return replace(pack, state=state, done=job.done, total=job.total)


def pack_by_id(pack_id: int) -> PackFacts | None:
    """A pack, for the job that makes it."""
    row = db.session.execute(_rows().where(Pack.id == pack_id)).first()
    return None if row is None else _facts(row)


def public_pack(key: str) -> PackFacts | None:
    """A pack that everybody may read."""
    if not is_key(key):
        return None
    row = db.session.execute(_rows().where(Pack.key == key, Pack.state == "public")).first()
    return None if row is None else _facts(row)


def files_of_packs(document_keys: Sequence[str]) -> Mapping[str, tuple[int, str]]:
    """By the key of its file: the authority of the pack's tender, and the pack's state."""
    rows = db.session.execute(
        select(Pack.document_key, Tender.authority_id, Pack.state)
        .join(Tender, Tender.id == Pack.tender_id)
        .where(Pack.document_key.in_(document_keys))
    )
    return {row.document_key: (row.authority_id, row.state) for row in rows}


# --- lines --------------------------------------------------------------------------------------

Scope = ColumnElement[bool]
"""Which lines a pack is about."""


def scope_of(tender: TenderFacts, up_to_line: int | None = None) -> Scope:
    """The lines that concern a tender, all of them or those up to one. At most one query."""
    return and_(
        ContactLine.authority_id == tender.authority_id, concerning(tender.category, up_to_line)
    )


def newest_line() -> int:
    """The id of the newest line of all; 0 where there is none."""
    return db.session.scalar(select(func.max(ContactLine.id))) or 0


def _lines(scope: Scope) -> Select[*tuple[Any, ...]]:
    columns = [
        getattr(ContactLine, name)
        for name in PackLine.__slots__
        if name not in ("company", "corrections")
    ]
    name = beside(organisation=ContactLine.company_id)[0].label("company")
    return select(*columns, name).where(scope).order_by(ContactLine.at, ContactLine.id)


def lines_of(scope: Scope, moment: datetime) -> Sequence[PackLine]:
    """Every line by time, with what was said beside it until a moment. Two queries."""
    return _told(db.session.execute(_lines(scope)).all(), moment)


def concerned(tender: TenderFacts) -> frozenset[int]:
    """The ids of all lines that concern a tender now. Two queries at most."""
    return frozenset(db.session.scalars(select(ContactLine.id).where(scope_of(tender))))


def lines_on_page(line_ids: Sequence[int], moment: datetime, number: int) -> Listing[PackLine]:
    """One page of these lines, which are in the order of a pack, with what was said beside them
    until a moment. Two queries."""
    pages = max(1, -(-len(line_ids) // PAGE_SIZE))
    number = min(max(number, 1), pages)
    here = line_ids[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    items = tuple(lines_of(ContactLine.id.in_(here), moment))
    return Listing(items=items, total=len(line_ids), number=number, pages=pages)


def in_parts(line_ids: Sequence[int]) -> Iterator[Scope]:
    """These lines, a few thousand at a time: a statement does not take any number of them."""
    for start in range(0, len(line_ids), PART):
        yield ContactLine.id.in_(line_ids[start : start + PART])


def _told(rows: Sequence[Any], moment: datetime) -> list[PackLine]:
    said: dict[int, list[CorrectionFacts]] = defaultdict(list)
    ids = [row.id for row in rows]
    if ids:
        for row in db.session.execute(
            select(
                Correction.line_id,
                Correction.text,
                Correction.at,
                case((Correction.answered_at <= moment, Correction.answer), else_="").label(
                    "answer"
                ),
            )
            .where(Correction.line_id.between(min(ids), max(ids)), Correction.at <= moment)
            .order_by(Correction.id)
        ):
            one = CorrectionFacts(text=row.text, at=row.at, answer=row.answer)
            said[row.line_id].append(one)
    return [
        PackLine(
            **{
                **row._mapping,
                "documents": tuple(row.documents),
                "corrections": tuple(said.get(row.id, ())),
            }
        )
        for row in rows
    ]


def letters_of(line_ids: Sequence[int]) -> Mapping[int, str]:
    """The letters by which companies are called where they are masked in a pack of these lines."""
    first: dict[int, int] = {}
    for part in in_parts(line_ids):
        for company_id, line_id in db.session.execute(
            select(ContactLine.company_id, func.min(ContactLine.id))
            .where(part, ContactLine.confidential.is_(True))
            .group_by(ContactLine.company_id)
        ):
            first[company_id] = min(line_id, first.get(company_id, line_id))
    return letters_for(sorted(first, key=lambda company_id: first[company_id]))
