"""What people and organisations choose: how mails come, calendar addresses, own words."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from lms.contracts import Actor
from lms.core.messages.models import CalendarFeed, OrganisationText, Preference
from lms.core.messages.topics import HOWS, TOPICS
from lms.core.users.queries import digest
from lms.db import db, now
from lms.journal import record

SEEN_EVERY = timedelta(hours=1)


def choose(person_id: int, choices: Mapping[str, str], actor: Actor) -> None:
    """Keep how somebody wants to hear about each topic. Raises `ValueError` for unknown ones."""
    if not choices.keys() <= TOPICS.keys() or not set(choices.values()) <= set(HOWS):
        raise ValueError(f"no such topic or way: {dict(choices)}")
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Preference).values(
        [{"person_id": person_id, "topic": topic, "how": how} for topic, how in choices.items()]
    )
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=[Preference.person_id, Preference.topic],
            set_={"how": statement.excluded.how},
        )
    )
    record("messages.preferences_changed", "person", person_id, actor=actor)


# --- calendars ----------------------------------------------------------------------------------


def make_feed(person_id: int, actor: Actor) -> str:
    """A new secret calendar address, in place of the one before; its token, told this once."""
    end_feed(person_id, actor)
    token = secrets.token_urlsafe(24)
    db.session.add(CalendarFeed(person_id=person_id, token_hash=digest(token), created_at=now()))
    db.session.flush()
    record("messages.calendar_made", "person", person_id, actor=actor)
    return token


def end_feed(person_id: int, actor: Actor) -> bool:
    """The person's calendar address works no more; was there one?"""
    ended = db.session.scalars(
        update(CalendarFeed)
        .where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(CalendarFeed.id)
        .execution_options(synchronize_session=False)
    ).all()
    if ended:
        record("messages.calendar_ended", "person", person_id, actor=actor)
    return bool(ended)


def seen(feed_id: int) -> None:
    """A calendar was read: written down at most once an hour."""
    moment = now()
    db.session.execute(
        update(CalendarFeed)
        .where(
            CalendarFeed.id == feed_id,
            or_(
                CalendarFeed.last_used_at.is_(None),
                CalendarFeed.last_used_at <= moment - SEEN_EVERY,
            ),
        )
        .values(last_used_at=moment)
        .execution_options(synchronize_session=False)
    )


# --- own words ----------------------------------------------------------------------------------


def write_text(
    organisation_id: int, kind: str, language: str, *, subject: str, body: str, actor: Actor
) -> None:
    """Keep an organisation's own words for one kind of mail; they were checked before."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    words = {
        "subject": subject,
        "body": body,
        "changed_by_id": actor.person_id,
        "changed_at": now(),
    }
    db.session.execute(
        insert(OrganisationText)
        .values(organisation_id=organisation_id, kind=kind, language=language, **words)
        .on_conflict_do_update(
            index_elements=[
                OrganisationText.organisation_id,
                OrganisationText.kind,
                OrganisationText.language,
            ],
            set_=words,
        )
    )
    _note("messages.text_changed", organisation_id, kind, language, actor)


def reset_text(organisation_id: int, kind: str, language: str, actor: Actor) -> bool:
    """Go back to our words; had the organisation its own?"""
    gone = db.session.scalar(
        delete(OrganisationText)
        .where(
            OrganisationText.organisation_id == organisation_id,
            OrganisationText.kind == kind,
            OrganisationText.language == language,
        )
        .returning(OrganisationText.id)
        .execution_options(synchronize_session=False)
    )
    if gone is not None:
        _note("messages.text_reset", organisation_id, kind, language, actor)
    return gone is not None


def _note(verb: str, organisation_id: int, kind: str, language: str, actor: Actor) -> None:
    data = {"kind": kind, "language": language}
    record(verb, "organisation", organisation_id, actor=actor, data=data)
