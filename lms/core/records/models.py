"""The table of the thread: which record led to which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime, new_key


class RecordLink(Base):
    """One record led to another. Records are named by kind and key, for their tables are the
    plugins'; a link outlives the record's page and is taken back, never deleted.
    """

    __tablename__ = "records_link"
    __table_args__ = (
        CheckConstraint("from_kind <> to_kind OR from_key <> to_key", name="not_to_itself"),
        Index("uq_records_link_ends", "from_kind", "from_key", "to_kind", "to_key", unique=True),
        Index("ix_records_link_to", "to_kind", "to_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    from_kind: Mapped[str] = mapped_column(Code())
    from_key: Mapped[str] = mapped_column(Code(40))
    to_kind: Mapped[str] = mapped_column(Code())
    to_key: Mapped[str] = mapped_column(Code(40))
    state: Mapped[str] = mapped_column(Code(), default="linked")  # linked | taken_back
    reason: Mapped[str] = mapped_column(String(500), default="")  # why it was taken back
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
