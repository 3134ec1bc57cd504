"""Questions about mails; only a site administrator asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, select

from lms.contracts import Actor
from lms.core.messages.models import Mail
from lms.core.users.models import Person
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class MailFacts:
    """One mail in the list; `has_calendar` tells of an entry for calendars."""

    key: str
    kind: str
    state: str
    person_name: str
    to_address: str
    subject: str
    created_at: datetime
    sent_at: datetime | None
    has_calendar: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """A held mail that a digest tells of."""

    kind: str
    subject_id: int | None
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class MailBody:
    """One mail as it was written; both texts are empty once it has left by SMTP."""

    facts: MailFacts
    text: str
    html: str
    calendar: str


_COLUMNS = (
    Mail.key,
    Mail.kind,
    Mail.state,
    Person.name.label("person_name"),
    Mail.to_address,
    Mail.subject,
    Mail.created_at,
    Mail.sent_at,
    (Mail.calendar != "").label("has_calendar"),
)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Mails hold other people's links: the site administrator alone. Those to an
    address alone are not listed: whoever wrote to us may have been promised that nobody sees it."""
    return Mail.person_id.is_not(None) if actor.may("site.admin") else false()


def mails(actor: Actor, *, limit: int, offset: int = 0) -> tuple[list[MailFacts], int]:
    """A page of mails, newest first, and how many there are."""
    total = db.session.scalar(select(func.count()).select_from(Mail).where(visible(actor))) or 0
    rows = db.session.execute(
        select(*_COLUMNS)
        .join(Person, Person.id == Mail.person_id)
        .where(visible(actor))
        .order_by(Mail.created_at.desc(), Mail.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [MailFacts(**row._asdict()) for row in rows], total


def mail_by_key(key: str, actor: Actor) -> MailBody | None:
    """One mail with its texts."""
    row = db.session.execute(
        select(*_COLUMNS, Mail.text, Mail.html, Mail.calendar)
        .join(Person, Person.id == Mail.person_id)
        .where(Mail.key == key, visible(actor))
    ).first()
    if row is None:
        return None
    values = row._asdict()
    parts = {name: values.pop(name) for name in ("text", "html", "calendar")}
    return MailBody(facts=MailFacts(**values), **parts)


def mail_id_by_key(key: str, actor: Actor) -> int | None:
    """The id of a mail that the actor may see."""
    return db.session.scalar(select(Mail.id).where(Mail.key == key, visible(actor)))


def gathered(digest_id: int, *, limit: int = 200) -> Sequence[Gathered]:
    """What a digest tells of, oldest first."""
    rows = db.session.execute(
        select(Mail.kind, Mail.subject_id, Mail.values)
        .where(Mail.digest_id == digest_id)
        .order_by(Mail.id)
        .limit(limit)
    )
    return [Gathered(**row._asdict()) for row in rows]
