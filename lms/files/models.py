"""Tables of documents over content-addressed blobs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime, new_key


class Document(Base):
    """A file with what people need to know about it; its bytes lie under `sha256`."""

    __tablename__ = "files_document"
    __table_args__ = (Index("ix_files_document_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    sha256: Mapped[str] = mapped_column(Code(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    file_name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(Code(2))
    licence: Mapped[str] = mapped_column(String(60), default="")
    visibility: Mapped[str] = mapped_column(Code(), default="internal")  # internal|shared|public
    alt_text: Mapped[str] = mapped_column(String(500), default="")
    subject_kind: Mapped[str] = mapped_column(Code())
    subject_id: Mapped[int]
    state: Mapped[str] = mapped_column(Code(), default="kept")  # kept | withdrawn
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
