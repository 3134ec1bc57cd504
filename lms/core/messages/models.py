"""Tables of the messages room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime, new_key


class Mail(Base):
    """A mail to one person, written when it is sent so that its links are fresh. Without a person
    it goes to an address that stands in `values`, and is nobody's to read here.

    `effect` makes it exist once per happening; `message_id` stays the same however often
    sending is tried.
    """

    __tablename__ = "messages_mail"
    __table_args__ = (Index("ix_messages_mail_person_state", "person_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    effect: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("users_person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Code())
    subject_id: Mapped[int | None]
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # queued | held (for the digest) | sent | dropped | failed
    state: Mapped[str] = mapped_column(Code(), default="queued")
    message_id: Mapped[str] = mapped_column(String(120))
    to_address: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    calendar: Mapped[str] = mapped_column(Text, default="")  # iCalendar text to attach
    digest_id: Mapped[int | None] = mapped_column(
        ForeignKey("messages_mail.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Preference(Base):
    """How a person wants to hear about one kind of thing."""

    __tablename__ = "messages_preference"
    __table_args__ = (UniqueConstraint("person_id", "topic"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users_person.id", ondelete="CASCADE"))
    topic: Mapped[str] = mapped_column(Code())
    how: Mapped[str] = mapped_column(Code())  # at_once | daily | weekly | never


class OrganisationText(Base):
    """An organisation's own words for one kind of mail in one language."""

    __tablename__ = "messages_text"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(Code())
    language: Mapped[str] = mapped_column(Code(2))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    changed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarFeed(Base):
    """A secret address from which a person's calendar program reads their course sessions."""

    __tablename__ = "messages_calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(Code(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
