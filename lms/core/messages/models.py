"""Tables of the messages room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime, new_key


class Mail(Base):
    """A mail to one person, written when it is sent so that its links are fresh.

    `effect` makes it exist once per happening; `message_id` stays the same however often
    sending is tried.
    """

    __tablename__ = "messages_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    effect: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(Code())
    subject_id: Mapped[int | None]
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(Code(), default="queued")  # queued | sent | failed
    message_id: Mapped[str] = mapped_column(String(120))
    to_address: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
