"""What a run consists of: its version's words, its sessions, who teaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lms.contracts import CourseSessionFacts, LocalisedText
from lms.core.catalogue.models import CourseSession, CourseVersion, TeachingSlot
from lms.core.organisations.models import Organisation
from lms.core.users.models import Person
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionFacts:
    """What a course version says."""

    id: int
    course_id: int
    number: int
    state: str
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


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotFacts:
    """Who teaches what for how many minutes in one course session."""

    id: int
    course_session_id: int
    topic: LocalisedText
    minutes: int
    product: str
    state: str
    person_name: str | None
    organisation_name: str | None
    organisation_kind: str | None


def version_by_id(version_id: int) -> VersionFacts:
    """What a version says. Raises `LookupError`."""
    row = db.session.execute(
        select(*(getattr(CourseVersion, name) for name in VersionFacts.__slots__)).where(
            CourseVersion.id == version_id
        )
    ).first()
    if row is None:
        raise LookupError(f"no course version {version_id}")
    return version_from(row._asdict())


def version_from(values: Mapping[str, Any]) -> VersionFacts:
    """What a version says, from its columns by name."""
    outcomes = tuple(LocalisedText.from_dict(text) for text in values["outcomes"])
    languages = tuple(values["languages"])
    return VersionFacts(**{**values, "outcomes": outcomes, "languages": languages})


def sessions_of(run_ids: Sequence[int]) -> Mapping[int, Sequence[CourseSessionFacts]]:
    """Course sessions in order, by run id. `minutes` is the planned length."""
    found: dict[int, list[CourseSessionFacts]] = defaultdict(list)
    if not run_ids:
        return found
    rows = db.session.execute(
        select(
            CourseSession.id,
            CourseSession.key,
            CourseSession.run_id,
            CourseSession.position,
            CourseSession.module,
            CourseSession.title,
            CourseSession.content,
            CourseSession.starts_at,
            CourseSession.ends_at,
            CourseSession.venue,
            CourseSession.state,
            CourseSession.between,
            CourseSession.between_minutes,
        )
        .where(CourseSession.run_id.in_(run_ids))
        .order_by(CourseSession.run_id, CourseSession.position)
    )
    for row in rows:
        minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
        found[row.run_id].append(CourseSessionFacts(**row._asdict(), minutes=minutes))
    return found


def slots_of(run_id: int) -> list[SlotFacts]:
    """Teaching slots of a run in order of its sessions."""
    rows = db.session.execute(
        select(
            TeachingSlot.id,
            TeachingSlot.course_session_id,
            TeachingSlot.topic,
            TeachingSlot.minutes,
            TeachingSlot.product,
            TeachingSlot.state,
            Person.name.label("person_name"),
            Organisation.name.label("organisation_name"),
            Organisation.kind.label("organisation_kind"),
        )
        .join(CourseSession, CourseSession.id == TeachingSlot.course_session_id)
        .outerjoin(Person, Person.id == TeachingSlot.person_id)
        .outerjoin(Organisation, Organisation.id == TeachingSlot.organisation_id)
        .where(CourseSession.run_id == run_id)
        .order_by(CourseSession.position, TeachingSlot.id)
    )
    return [SlotFacts(**row._asdict()) for row in rows]
