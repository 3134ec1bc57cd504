"""All that decides whether contacts may be made, in one question.

A page that asks early, for many contacts, costs one query, like the deed itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    and_,
    cast,
    column,
    false,
    literal,
    null,
    or_,
    select,
    union_all,
    values,
)

from lms.api import ContactFacts, beside, db
from lms_fairplay.models import AidLine, ContactLine, Declaration, Merger, RunningContact, Tender
from lms_fairplay.queries.declarations import Word
from lms_fairplay.queries.families import all_of
from lms_fairplay.queries.tenders import LIVE, Decided, Freezing

Rows = Sequence[Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What there is for some contacts, with everything of the companies that became part of those
    asked about.

    `names` of companies and `words` they gave by company id; `grounds` are companies with an aid
    line by run id (None among them: every company of the run; None as the run: of no run);
    `tenders` stop contacts now, the first registered first, `decided` is what was decided of what
    ran then, and `categories` are what companies are known for.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    families: Mapping[int, frozenset[int]] = field(default_factory=dict)
    words: Mapping[int, Sequence[Word]] = field(default_factory=dict)
    grounds: Mapping[int | None, Collection[int | None]] = field(default_factory=dict)
    tenders: Sequence[Freezing] = ()
    decided: Mapping[Decided, str] = field(default_factory=dict)
    categories: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def may_speak(self, company_id: int, day: date) -> bool:
        """Has the company given its word for this day?"""
        return any(
            word.holds_on(day)
            for id_ in self.families[company_id]
            for word in self.words.get(id_, ())
        )

    def has_ground(self, company_id: int, run_id: int | None) -> bool:
        """Does a place of the company in the run stand on something?"""
        there = set(self.grounds.get(run_id, ()))
        return bool(there & {None, *self.families[company_id]})


def standing(contacts: Sequence[ContactFacts]) -> Standing:
    """What there is for these contacts. One query, whatever their number."""
    companies = sorted({contact.company_id for contact in contacts})
    if not companies:
        return Standing()
    authorities = sorted({id_ for contact in contacts for id_ in contact.authority_ids})
    runs = {contact.run_id for contact in contacts if contact.kind == "place"}
    found: dict[str, list[Any]] = defaultdict(list)
    for row in db.session.execute(_question(companies, authorities, runs)):
        found[row.kind].append(row)
    parts = _families(companies, found["merger"])
    return Standing(
        names={row.a: row.t1 or "" for row in found["name"]},
        families=parts,
        words=_words(found["word"]),
        grounds=_grounds(found["ground"]),
        tenders=[
            Freezing(id=row.a, authority_id=row.b, authority=row.t1 or "", category=row.t2)
            for row in sorted(found["tender"], key=lambda row: row.a)
        ],
        decided={
            (row.a, row.t1, row.b, row.c): row.t2
            for row in sorted(found["decided"], key=lambda row: row.d)
        },
        categories=_categories(parts, found["known"]),
    )


def _question(
    companies: Sequence[int], authorities: Sequence[int], runs: Collection[int | None]
) -> Any:
    merged = select(Merger.company_id).where(Merger.ended_at.is_(None))
    theirs = or_(Declaration.company_id.in_(companies), Declaration.company_id.in_(merged))
    known = or_(ContactLine.company_id.in_(companies), ContactLine.company_id.in_(merged))
    numbered = sorted(run for run in runs if run is not None)
    of_no_run = AidLine.run_id.is_(None) if None in runs else false()
    freezes = and_(
        Tender.authority_id.in_(authorities), Tender.state.in_(LIVE), Tender.freed_at.is_(None)
    )
    asked = values(column("id", Integer), name="asked").data([(id_,) for id_ in companies]).cte()
    return union_all(
        _part("name", a=asked.c.id, t1=beside(organisation=asked.c.id)[0].element),
        _part("merger", a=Merger.company_id, b=Merger.into_id).where(Merger.ended_at.is_(None)),
        _part(
            "word",
            a=Declaration.company_id,
            d1=Declaration.from_day,
            d2=Declaration.to_day,
            d3=Declaration.ended_on,
        ).where(theirs),
        _part("ground", a=AidLine.run_id, b=AidLine.company_id).where(
            or_(AidLine.run_id.in_(numbered), of_no_run)
        ),
        _part(
            "tender",
            a=Tender.id,
            b=Tender.authority_id,
            t1=beside(organisation=Tender.authority_id)[0].element,
            t2=Tender.category,
        ).where(freezes),
        _part(
            "decided",
            a=RunningContact.tender_id,
            b=ContactLine.subject_id,
            c=ContactLine.company_id,
            d=RunningContact.id,
            t1=ContactLine.subject_kind,
            t2=RunningContact.decision,
        )
        .join(ContactLine, ContactLine.id == RunningContact.line_id)
        .join(Tender, Tender.id == RunningContact.tender_id)
        .where(freezes, ContactLine.company_id.in_(companies)),
        _part("known", a=ContactLine.company_id, t2=ContactLine.category)
        .where(known, ContactLine.category != "", select(Tender.id).where(freezes).exists())
        .distinct(),
    )


_NUMBERS, _DAYS, _TEXTS = ("a", "b", "c", "d"), ("d1", "d2", "d3"), ("t1", "t2")


def _part(kind: str, **columns: Any) -> Select[*tuple[Any, ...]]:
    """One kind of row of the question; what it does not say is null."""
    types: dict[str, Any] = dict.fromkeys(_NUMBERS, Integer)
    types |= dict.fromkeys(_DAYS, Date) | dict.fromkeys(_TEXTS, String)
    return select(
        literal(kind).label("kind"),
        *(columns.get(name, cast(null(), type_)).label(name) for name, type_ in types.items()),
    )


def _families(companies: Iterable[int], rows: Rows) -> Mapping[int, frozenset[int]]:
    parts: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        parts[row.b].add(row.a)
    return {company_id: all_of(company_id, parts) for company_id in companies}


def _words(rows: Rows) -> Mapping[int, Sequence[Word]]:
    found: dict[int, list[Word]] = defaultdict(list)
    for row in rows:
        found[row.a].append(Word(from_day=row.d1, to_day=row.d2, ended_on=row.d3))
    return found


def _grounds(rows: Rows) -> Mapping[int | None, Collection[int | None]]:
    found: dict[int | None, set[int | None]] = defaultdict(set)
    for row in rows:
        found[row.a].add(row.b)
    return found


def _categories(parts: Mapping[int, frozenset[int]], rows: Rows) -> Mapping[int, frozenset[str]]:
    known: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        known[row.a].add(row.t2)
    return {
        company_id: frozenset(category for id_ in family for category in known.get(id_, ()))
        for company_id, family in parts.items()
    }
