"""Tables of the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime


class JournalEntry(Base):
    """One thing that happened. `data` holds ids and machine words; `payload` may hold personal
    before/after values and can be blanked, because the chain runs over its digest.

    `position` and the hashes are given by the sealer after the commit.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        Index("ix_journal_entry_subject", "subject_kind", "subject_id"),
        Index(
            "ix_journal_entry_unsealed",
            "id",
            sqlite_where=text("position IS NULL"),
            postgresql_where=text("position IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    verb: Mapped[str] = mapped_column(Code(80), index=True)
    subject_kind: Mapped[str] = mapped_column(Code())
    subject_id: Mapped[int]
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    payload_salt: Mapped[str | None] = mapped_column(Code())  # goes with the payload when blanked
    payload_digest: Mapped[str | None] = mapped_column(Code(64))
    position: Mapped[int | None] = mapped_column(unique=True)
    previous_hash: Mapped[str | None] = mapped_column(Code(64))
    hash: Mapped[str | None] = mapped_column(Code(64))


class JournalCursor(Base):
    """How far one listener has heard, and how it fares.

    After a batch has failed often enough, entries are given one by one until the end of that
    batch, `one_by_one_to`, is reached.
    """

    __tablename__ = "journal_cursor"

    listener: Mapped[str] = mapped_column(Code(), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    one_by_one_to: Mapped[int | None]
    next_try: Mapped[datetime | None] = mapped_column(UTCDateTime)


class JournalSetAside(Base):
    """An entry that a listener could not take in after several tries; it can be given again."""

    __tablename__ = "journal_set_aside"

    id: Mapped[int] = mapped_column(primary_key=True)
    listener: Mapped[str] = mapped_column(Code(), index=True)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("journal_entry.id", ondelete="CASCADE"), index=True
    )
    error: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
