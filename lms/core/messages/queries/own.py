"""What people and organisations have chosen: how mails come, calendar addresses, own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.contracts import LocalisedText
from lms.core.catalogue.models import CourseSession, Run, RunHost
from lms.core.enrolment.models import Enrolment
from lms.core.messages.models import CalendarFeed, OrganisationText, Preference
from lms.core.users.models import Person
from lms.core.users.queries import digest
from lms.db import db

IN_CALENDAR = ("offered", "seated", "active", "completed", "not_completed")
"""States of a seat whose course sessions stand in the personal calendar."""
MOST_SESSIONS = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedFacts:
    """A calendar address that works."""

    id: int
    person_id: int
    language: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnSession:
    """A course session of somebody's own seat."""

    key: str
    enrolment_key: str
    state: str
    run_key: str
    run_title: LocalisedText
    title: LocalisedText
    starts_at: datetime
    ends_at: datetime
    venue: str
    town: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFacts:
    """An organisation's own words for one kind of mail in one language."""

    kind: str
    language: str
    subject: str
    body: str
    changed_at: datetime


def preferences_of(person_ids: Collection[int]) -> Mapping[int, Mapping[str, str]]:
    """How people want to hear about each topic they have chosen for, by person id."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    if not person_ids:
        return found
    rows = db.session.execute(
        select(Preference.person_id, Preference.topic, Preference.how).where(
            Preference.person_id.in_(person_ids)
        )
    )
    for person_id, topic, how in rows:
        found[person_id][topic] = how
    return found


def feed_of(person_id: int) -> FeedFacts | None:
    """The person's own calendar address, without its secret, which nobody knows."""
    return _feed(CalendarFeed.person_id == person_id)


def feed_by_token(token: str) -> FeedFacts | None:
    """The calendar that an address opens; None once it was ended or its owner has left."""
    return _feed(CalendarFeed.token_hash == digest(token), Person.state == "active")


def _feed(*conditions: object) -> FeedFacts | None:
    row = db.session.execute(
        select(
            CalendarFeed.id,
            CalendarFeed.person_id,
            Person.language,
            CalendarFeed.created_at,
            CalendarFeed.last_used_at,
        )
        .join(Person, Person.id == CalendarFeed.person_id)
        .where(CalendarFeed.revoked_at.is_(None), *conditions)  # type: ignore[arg-type]
        .order_by(CalendarFeed.id.desc())
        .limit(1)
    ).first()
    return FeedFacts(**row._asdict()) if row else None


def own_sessions(person_id: int) -> Sequence[OwnSession]:
    """Course sessions of the person's seats and offers, in order of time; one query."""
    rows = db.session.execute(
        select(
            CourseSession.key,
            Enrolment.key.label("enrolment_key"),
            Enrolment.state,
            Run.key.label("run_key"),
            Run.title.label("run_title"),
            CourseSession.title,
            CourseSession.starts_at,
            CourseSession.ends_at,
            CourseSession.venue,
            Run.town,
        )
        .join(Run, Run.id == CourseSession.run_id)
        .join(Enrolment, Enrolment.run_id == Run.id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.state.in_(IN_CALENDAR),
            CourseSession.state != "cancelled",
        )
        .order_by(CourseSession.starts_at.desc(), CourseSession.id.desc())
        .limit(MOST_SESSIONS)
    )
    return [OwnSession(**row._asdict()) for row in rows][::-1]


_TEXT = (
    OrganisationText.kind,
    OrganisationText.language,
    OrganisationText.subject,
    OrganisationText.body,
    OrganisationText.changed_at,
)


def texts_of(organisation_id: int) -> Mapping[tuple[str, str], TextFacts]:
    """All own words of an organisation, by (kind, language)."""
    rows = db.session.execute(
        select(*_TEXT).where(OrganisationText.organisation_id == organisation_id)
    )
    return {(row.kind, row.language): TextFacts(**row._asdict()) for row in rows}


def text_of(organisation_id: int, kind: str, language: str) -> TextFacts | None:
    """An organisation's own words for one kind of mail; None where it uses ours."""
    row = db.session.execute(
        select(*_TEXT).where(
            OrganisationText.organisation_id == organisation_id,
            OrganisationText.kind == kind,
            OrganisationText.language == language,
        )
    ).first()
    return TextFacts(**row._asdict()) if row else None


def first_host(run_id: int) -> int | None:
    """The organisation that is named first among a run's hosts."""
    return db.session.scalar(
        select(RunHost.organisation_id)
        .where(RunHost.run_id == run_id, RunHost.role == "host")
        .order_by(RunHost.position, RunHost.id)
        .limit(1)
    )
