"""Courses as those who build them see them: every version, its state, and what was said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased

from lms.contracts import Actor, CompletionRule, LocalisedText
from lms.core.catalogue.models import Course, CourseVersion, Run, RunHost, VersionNote
from lms.core.catalogue.queries.runs import rule_from
from lms.core.listing import Listing, listed
from lms.core.organisations.models import Organisation
from lms.core.users.models import Person
from lms.db import db, is_key
from lms.journal.models import JournalEntry

BUILD = "catalogue.build"
MANAGE = "catalogue.manage"

WRITING = ("catalogue.version_changed", "learning.outline_written")
"""What the journal says of who writes in a draft: its texts, and its outline."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionMark:
    """One version in a list."""

    key: str
    number: int
    state: str
    title: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseLine:
    """A course in the list of those who build it; `versions` newest first, `runs` how many."""

    id: int
    course_type: str
    owner: str
    versions: tuple[VersionMark, ...]
    runs: int


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionCard:
    """One version with its course, who wrote it, and what the reader may do with it."""

    id: int
    key: str
    course_id: int
    course_key: str
    course_type: str
    owner_id: int
    owner: str
    number: int
    state: str
    revision: int
    title: LocalisedText
    lead: LocalisedText
    purpose: LocalisedText
    target_group: LocalisedText
    outcomes: tuple[LocalisedText, ...]
    minutes: int
    practice_minutes: int
    languages: tuple[str, ...]
    phases: Sequence[Mapping[str, Any]]
    modules: Sequence[Mapping[str, Any]]
    rule: CompletionRule
    created_by_id: int | None
    created_by: str | None
    approved_by: str | None
    approved_at: datetime | None
    sent_by_id: int | None
    """Who sent it for review last."""
    wrote: bool
    """Has the reader made it, changed it or sent it for review? Then somebody else approves it."""
    may_build: bool = False
    may_manage: bool = False

    @property
    def may_change(self) -> bool:
        """Is it a draft that the reader may write?"""
        return self.may_build and self.state == "draft"


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteFacts:
    """What was said when a version went to `state`; `by` None when nobody is named any more."""

    state: str
    text: str
    by: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionHistory:
    """One version of a course with its notes, oldest first."""

    key: str
    number: int
    state: str
    title: LocalisedText
    created_by: str | None
    notes: tuple[NoteFacts, ...]


def built_by(actor: Actor) -> ColumnElement[bool]:
    """The courses whose versions the actor may open: where they build, or approve."""
    held: set[int] = set()
    for permission in (BUILD, MANAGE):
        where = actor.organisations_with(permission)
        if where is None:
            return true()
        held |= where
    return Course.owner_id.in_(sorted(held))


def courses_built_by(
    actor: Actor, *, state: str = "", course_type: str = "", page: int = 1
) -> Listing[CourseLine]:
    """Courses the actor builds or approves, newest first; those with a version in `state`, or of
    one type, where asked. Four queries."""
    statement = (
        select(Course.id, Course.course_type, Organisation.name.label("owner"))
        .join(Organisation, Organisation.id == Course.owner_id)
        .where(built_by(actor))
        .order_by(Course.created_at.desc(), Course.id.desc())
    )
    if state:
        statement = statement.where(
            Course.id.in_(select(CourseVersion.course_id).where(CourseVersion.state == state))
        )
    if course_type:
        statement = statement.where(Course.course_type == course_type)
    rows, total, number, pages = listed(statement, page)
    ids = [row.id for row in rows]
    versions, runs = _marks(ids), _run_counts(ids)
    items = tuple(
        CourseLine(
            **row._mapping, versions=tuple(versions.get(row.id, ())), runs=runs.get(row.id, 0)
        )
        for row in rows
    )
    return Listing(items=items, total=total, number=number, pages=pages)


def _marks(course_ids: Sequence[int]) -> Mapping[int, Sequence[VersionMark]]:
    found: dict[int, list[VersionMark]] = defaultdict(list)
    rows = db.session.execute(
        select(
            CourseVersion.course_id,
            CourseVersion.key,
            CourseVersion.number,
            CourseVersion.state,
            CourseVersion.title,
        )
        .where(CourseVersion.course_id.in_(course_ids))
        .order_by(CourseVersion.course_id, CourseVersion.number.desc())
    )
    for course_id, key, number, state, title in rows:
        found[course_id].append(VersionMark(key=key, number=number, state=state, title=title))
    return found


def _run_counts(course_ids: Sequence[int]) -> Mapping[int, int]:
    rows = db.session.execute(
        select(CourseVersion.course_id, func.count(Run.id))
        .join(Run, Run.course_version_id == CourseVersion.id)
        .where(CourseVersion.course_id.in_(course_ids))
        .group_by(CourseVersion.course_id)
    )
    return {row[0]: row[1] for row in rows}


def types_built_by(actor: Actor) -> Sequence[str]:
    """The course types among the courses the actor builds or approves."""
    return list(db.session.scalars(select(Course.course_type).where(built_by(actor)).distinct()))


def version_card(key: str, actor: Actor) -> VersionCard | None:
    """One version of a course that the actor builds or approves; None for any other."""
    if not is_key(key):
        return None
    return _card(_card_rows(actor).where(CourseVersion.key == key, built_by(actor)), actor)


def card_by_id(version_id: int, actor: Actor) -> VersionCard:
    """One version, whoever asks: for services. Raises `LookupError`."""
    found = _card(_card_rows(actor).where(CourseVersion.id == version_id), actor)
    if found is None:
        raise LookupError(f"no course version {version_id}")
    return found


def written_by(person_id: int | None) -> ColumnElement[bool]:
    """Versions that this person has made, changed (in the texts or in the outline) or sent for
    review."""
    if person_id is None:
        return false()
    return or_(
        CourseVersion.created_by_id == person_id,
        exists().where(
            VersionNote.course_version_id == CourseVersion.id,
            VersionNote.state == "review",
            VersionNote.by_id == person_id,
        ),
        exists().where(
            JournalEntry.subject_kind == "course_version",
            JournalEntry.subject_id == CourseVersion.id,
            JournalEntry.verb.in_(WRITING),
            JournalEntry.actor_id == person_id,
        ),
    )


def _card_rows(actor: Actor) -> Select[*tuple[Any, ...]]:
    author, approver = aliased(Person), aliased(Person)
    sender = (
        select(VersionNote.by_id)
        .where(
            VersionNote.course_version_id == CourseVersion.id,
            VersionNote.state == "review",
        )
        .order_by(VersionNote.id.desc())
        .limit(1)
        .correlate(CourseVersion)
        .scalar_subquery()
    )
    elsewhere = {
        "course_key": Course.key,
        "course_type": Course.course_type,
        "owner_id": Course.owner_id,
        "owner": Organisation.name,
        "created_by": author.name,
        "approved_by": approver.name,
        "sent_by_id": sender,
        "wrote": func.coalesce(written_by(actor.person_id), false()),
    }
    own = {
        field.name: getattr(CourseVersion, field.name)
        for field in fields(VersionCard)
        if field.name not in elsewhere and not field.name.startswith("may_")
    }
    return (
        select(*(column.label(name) for name, column in (own | elsewhere).items()))
        .join(Course, Course.id == CourseVersion.course_id)
        .join(Organisation, Organisation.id == Course.owner_id)
        .outerjoin(author, author.id == CourseVersion.created_by_id)
        .outerjoin(approver, approver.id == CourseVersion.approved_by_id)
    )


def _card(statement: Select[*tuple[Any, ...]], actor: Actor) -> VersionCard | None:
    row = db.session.execute(statement).first()
    if row is None:
        return None
    values = row._asdict()
    values["outcomes"] = tuple(LocalisedText.from_dict(text) for text in row.outcomes)
    values["languages"] = tuple(row.languages)
    values["wrote"] = bool(row.wrote)
    values["rule"] = rule_from(row.rule)
    return VersionCard(
        **values,
        may_build=actor.may(BUILD, row.owner_id),
        may_manage=actor.may(MANAGE, row.owner_id),
    )


def history_of(course_id: int) -> Sequence[VersionHistory]:
    """The versions of a course, newest first, with what was said of each. Two queries."""
    notes: dict[int, list[NoteFacts]] = defaultdict(list)
    said = db.session.execute(
        select(
            VersionNote.course_version_id,
            VersionNote.state,
            VersionNote.text,
            VersionNote.at,
            Person.name.label("by"),
        )
        .join(CourseVersion, CourseVersion.id == VersionNote.course_version_id)
        .outerjoin(Person, Person.id == VersionNote.by_id)
        .where(CourseVersion.course_id == course_id)
        .order_by(VersionNote.id)
    )
    for row in said:
        notes[row.course_version_id].append(
            NoteFacts(state=row.state, text=row.text, by=row.by, at=row.at)
        )
    rows = db.session.execute(
        select(
            CourseVersion.id,
            CourseVersion.key,
            CourseVersion.number,
            CourseVersion.state,
            CourseVersion.title,
            Person.name.label("created_by"),
        )
        .outerjoin(Person, Person.id == CourseVersion.created_by_id)
        .where(CourseVersion.course_id == course_id)
        .order_by(CourseVersion.number.desc())
    )
    return [
        VersionHistory(
            key=row.key,
            number=row.number,
            state=row.state,
            title=row.title,
            created_by=row.created_by,
            notes=tuple(notes[row.id]),
        )
        for row in rows
    ]


def waiting_for_review(actor: Actor, *, limit: int = 20) -> Sequence[tuple[str, LocalisedText]]:
    """Versions sent for review that the actor may approve, as (key, title). One query."""
    where = actor.organisations_with(MANAGE)
    if where is not None and not where:
        return ()
    statement = (
        select(CourseVersion.key, CourseVersion.title)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(
            CourseVersion.state == "review",
            func.coalesce(written_by(actor.person_id), false()).is_(False),
        )
        .order_by(CourseVersion.id)
        .limit(limit)
    )
    if where is not None:
        statement = statement.where(Course.owner_id.in_(sorted(where)))
    return [(row.key, row.title) for row in db.session.execute(statement)]


def partners_of(run_id: int) -> Sequence[int]:
    """The organisations that take part in a run without hosting it, in order."""
    return list(
        db.session.scalars(
            select(RunHost.organisation_id)
            .where(RunHost.run_id == run_id, RunHost.role == "partner")
            .order_by(RunHost.position, RunHost.id)
        )
    )
