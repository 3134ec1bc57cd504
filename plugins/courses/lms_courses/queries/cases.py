"""Questions about cases: who sees them, what they say and said, the library."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Label, and_, exists, false, func, not_, or_, select, true

from lms.api import (
    Actor,
    Listing,
    LocalisedText,
    all_words_in,
    beside,
    db,
    listed,
)
from lms_courses.models import CaseComment, CaseUse, CaseVersion, CompanyCase
from lms_courses.permissions import CASE, COMPANY, PRACTICE

MOST_FOUND = 20
TEXTS = ("title", "problem", "why", "question", "given", "limits", "rights", "alternative")
PLAIN = ("hours_promised", "category", "product", "ownership", "with_nda")
"""What a version keeps: texts in three languages, and values as they are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFacts:
    """A case as one reader meets it, as its version `number` says it.

    `state` is one of case_states.STATES. `hours_promised` is how many hours the company gives.
    `sides` are those the reader speaks for: teacher, company, practice; nobody's when empty.
    """

    id: int
    key: str
    state: str
    number: int
    company_id: int | None
    institution_id: int | None
    practice_host_id: int | None
    contact_id: int | None
    hours_promised: int
    category: str
    product: str
    title: LocalisedText
    problem: LocalisedText
    why: LocalisedText
    question: LocalisedText
    given: LocalisedText
    limits: LocalisedText
    rights: LocalisedText
    alternative: LocalisedText
    ownership: str
    with_nda: bool
    need_kind: str
    need_key: str
    rights_settled_at: datetime | None
    practice_checked_at: datetime | None
    reason: str
    proposed_by_id: int | None
    created_at: datetime
    changed_at: datetime
    company: str | None
    institution: str | None
    practice_host: str | None
    company_closed: bool
    sides: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseCard:
    """A case in the library; `uses` is how many runs have worked on it."""

    id: int
    key: str
    state: str
    title: LocalisedText
    hours_promised: int
    category: str
    with_need: bool
    company: str | None
    institution: str | None
    practice_host: str | None
    uses: int
    changed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryFilters:
    """What a reader looks for; empty strings look for anything. `need` is "with", "without" or
    "", `category` a technology category."""

    words: str = ""
    state: str = ""
    category: str = ""
    need: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionOfCase:
    """What a case said at one time, who wrote that and why."""

    number: int
    content: Mapping[str, Any]
    note: str
    by: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentOnCase:
    """What a side said about a version."""

    number: int
    side: str
    text: str
    by: str | None
    at: datetime


def companies_of(actor: Actor) -> frozenset[int]:
    """The companies the actor works for today; then no role opens the cases of others."""
    return frozenset(one for one in actor.permissions.get(COMPANY, ()) if one is not None)


def readable(actor: Actor) -> ColumnElement[bool]:
    """Cases this actor may look at in the library. A company sees its own; who writes or checks
    cases sees those of their institutions and the open ones; a draft is its writer's."""
    if actor.is_system:
        return true()
    if not actor.signed_in:
        return false()
    companies = companies_of(actor)
    is_open = CompanyCase.state == "open"
    looks = actor.may_anywhere(CASE) or actor.may_anywhere(PRACTICE)
    seen = speaks_for(actor) if companies or not looks else or_(is_open, speaks_for(actor))
    written_by = CompanyCase.proposed_by_id == actor.person_id
    return and_(seen, or_(CompanyCase.state != "draft", written_by))


def speaks_for(actor: Actor) -> ColumnElement[bool]:
    """Cases of the actor's companies, or else of the institutions and places in practice for
    which they write or check cases."""
    companies = companies_of(actor)
    if companies:
        return CompanyCase.company_id.in_(sorted(companies))
    writes, checks = actor.organisations_with(CASE), actor.organisations_with(PRACTICE)
    if writes is None or checks is None:
        return true()
    return or_(
        CompanyCase.institution_id.in_(sorted(writes)),
        CompanyCase.practice_host_id.in_(sorted(writes | checks)),
    )


def _name(column: Any, label: str) -> Label[Any]:
    return beside(organisation=column)[0].element.label(label)


_NAMES = (
    _name(CompanyCase.company_id, "company"),
    _name(CompanyCase.institution_id, "institution"),
    _name(CompanyCase.practice_host_id, "practice_host"),
)
_OTHERS = ("company", "institution", "practice_host", "company_closed", "sides")
CASE_COLUMNS: tuple[Any, ...] = (
    *(getattr(CompanyCase, name) for name in CaseFacts.__slots__ if name not in _OTHERS),
    *_NAMES,
    beside(organisation=CompanyCase.company_id)[2].element.label("company_closed"),
)
"""What facts about cases are built from; see `facts_from`."""


def facts_from(values: Mapping[str, Any], actor: Actor) -> CaseFacts:
    """Facts from a row with `CASE_COLUMNS`."""
    facts = CaseFacts(**{name: values[name] for name in CaseFacts.__slots__ if name != "sides"})
    return replace(facts, sides=_sides(facts, actor))


def _sides(case: CaseFacts, actor: Actor) -> frozenset[str]:
    if actor.is_system:
        return frozenset({"teacher", "company", "practice"})
    companies = companies_of(actor)
    if companies:
        return frozenset({"company"} if case.company_id in companies else ())
    found = set()
    if actor.may(CASE, case.institution_id):
        found.add("teacher")
    if case.practice_host_id is not None and actor.may(PRACTICE, case.practice_host_id):
        found.add("practice")
    return frozenset(found)


def as_at(case: CaseFacts, number: int, content: Mapping[str, Any]) -> CaseFacts:
    """The case as one of its versions says it."""
    values: dict[str, Any] = {name: content[name] for name in PLAIN}
    values |= {name: LocalisedText.from_dict(content[name]) for name in TEXTS}
    return replace(case, number=number, **values)


def content_of(case: Any) -> dict[str, Any]:
    """What a version keeps of a case (facts, values or a row)."""
    return {name: getattr(case, name) for name in PLAIN} | {
        name: getattr(case, name).as_dict() for name in TEXTS
    }


def case_by_key(key: str, actor: Actor) -> CaseFacts | None:
    """A case that the actor may look at; else None."""
    return next(iter(cases_by_key([key], actor).values()), None)


def cases_by_key(keys: Collection[str], actor: Actor) -> Mapping[str, CaseFacts]:
    """Those of these cases that the actor may look at, in one query."""
    rows = db.session.execute(
        select(*CASE_COLUMNS).where(CompanyCase.key.in_(sorted(set(keys))), readable(actor))
    )
    return {row.key: facts_from(row._asdict(), actor) for row in rows}


def cases_on_threads(keys: Collection[str], actor: Actor) -> Mapping[str, tuple[CaseFacts, bool]]:
    """Those of these cases that the actor may look at, and those that students work on for a need,
    with whether it may be opened. A company meets its own alone. One query."""
    used = exists().where(CaseUse.case_id == CompanyCase.id)
    known = and_(CompanyCase.need_key != "", used)
    shown = known if actor.signed_in and not companies_of(actor) else false()
    may_open = readable(actor)
    rows = db.session.execute(
        select(*CASE_COLUMNS, may_open.label("may_open")).where(
            CompanyCase.key.in_(sorted(set(keys))), or_(may_open, shown)
        )
    )
    return {row.key: (facts_from(row._asdict(), actor), bool(row.may_open)) for row in rows}


def cases_by_id(ids: Collection[int], actor: Actor) -> Mapping[int, CaseFacts]:
    """The same by id; none asked, no question."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(*CASE_COLUMNS).where(CompanyCase.id.in_(sorted(set(ids))), readable(actor))
    )
    return {row.id: facts_from(row._asdict(), actor) for row in rows}


def cases_found(words: str, actor: Actor) -> Sequence[CaseFacts]:
    """Cases the actor may look at by their words, the latest first."""
    rows = db.session.execute(
        select(*CASE_COLUMNS)
        .where(readable(actor), all_words_in(CompanyCase.search_text, words))
        .order_by(CompanyCase.changed_at.desc(), CompanyCase.id.desc())
        .limit(MOST_FOUND)
    )
    return [facts_from(row._asdict(), actor) for row in rows]


def library(actor: Actor, asked: LibraryFilters, page: int) -> Listing[CaseCard]:
    """The cases the actor may look at, the latest changed first. Two queries."""
    uses = select(func.count()).where(CaseUse.case_id == CompanyCase.id).scalar_subquery()
    statement = (
        select(
            CompanyCase.id,
            CompanyCase.key,
            CompanyCase.state,
            CompanyCase.title,
            CompanyCase.hours_promised,
            CompanyCase.category,
            (CompanyCase.need_key != "").label("with_need"),
            *_NAMES,
            uses.label("uses"),
            CompanyCase.changed_at,
        )
        .where(readable(actor), all_words_in(CompanyCase.search_text, asked.words))
        .order_by(CompanyCase.changed_at.desc(), CompanyCase.id.desc())
    )
    if asked.state:
        statement = statement.where(CompanyCase.state == asked.state)
    if asked.category:
        statement = statement.where(CompanyCase.category == asked.category)
    if asked.need:
        answers = CompanyCase.need_key != ""
        statement = statement.where(answers if asked.need == "with" else not_(answers))
    rows, total, number, pages = listed(statement, page)
    items = tuple(CaseCard(**row._asdict()) for row in rows)
    return Listing(items=items, total=total, number=number, pages=pages)


def versions_of(case_id: int) -> Sequence[VersionOfCase]:
    """Every version of a case, the first first."""
    rows = db.session.execute(
        select(
            CaseVersion.number,
            CaseVersion.content,
            CaseVersion.note,
            beside(person=CaseVersion.by_id)[0].element.label("by"),
            CaseVersion.at,
        )
        .where(CaseVersion.case_id == case_id)
        .order_by(CaseVersion.number)
    )
    return [VersionOfCase(**row._asdict()) for row in rows]


def comments_of(case_id: int) -> Sequence[CommentOnCase]:
    """What was said about a case, the first first."""
    rows = db.session.execute(
        select(
            CaseComment.number,
            CaseComment.side,
            CaseComment.text,
            beside(person=CaseComment.by_id)[0].element.label("by"),
            CaseComment.at,
        )
        .where(CaseComment.case_id == case_id)
        .order_by(CaseComment.id)
    )
    return [CommentOnCase(**row._asdict()) for row in rows]


def people_in_talk(case_ids: Sequence[int]) -> Mapping[int, Mapping[str, Sequence[int]]]:
    """Who has said something about these cases, by case id and side, the first first."""
    found: dict[int, dict[str, list[int]]] = {}
    for case_id, side, person_id in db.session.execute(
        select(CaseComment.case_id, CaseComment.side, CaseComment.by_id)
        .where(CaseComment.case_id.in_(sorted(set(case_ids))), CaseComment.by_id.is_not(None))
        .group_by(CaseComment.case_id, CaseComment.side, CaseComment.by_id)
        .order_by(func.min(CaseComment.id))
    ):
        if person_id is not None:
            found.setdefault(case_id, {}).setdefault(side, []).append(person_id)
    return found
