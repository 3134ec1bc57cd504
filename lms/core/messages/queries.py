"""Questions about mails; only a site administrator asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select, true

from lms.contracts import Actor
from lms.core.messages.models import Mail
from lms.core.users.models import Person
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class MailFacts:
    """One mail in the list."""

    key: str
    kind: str
    state: str
    person_name: str
    to_address: str
    subject: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MailBody:
    """One mail as it was written; both texts are empty once it has left by SMTP."""

    facts: MailFacts
    text: str
    html: str


_COLUMNS = (
    Mail.key,
    Mail.kind,
    Mail.state,
    Person.name.label("person_name"),
    Mail.to_address,
    Mail.subject,
    Mail.created_at,
    Mail.sent_at,
)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Mails hold other people's links: the site administrator alone."""
    return true() if actor.may("site.admin") else false()


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
        select(*_COLUMNS, Mail.text, Mail.html)
        .join(Person, Person.id == Mail.person_id)
        .where(Mail.key == key, visible(actor))
    ).first()
    if row is None:
        return None
    values = row._asdict()
    text, html = values.pop("text"), values.pop("html")
    return MailBody(facts=MailFacts(**values), text=text, html=html)
