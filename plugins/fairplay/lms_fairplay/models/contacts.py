"""Tables of the contact log: what authorities and companies had to do with each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, Localised, LocalisedText, UTCDateTime, fk, new_key
from lms_fairplay.models.base import Base, own


class ContactLine(Base):
    """One contact of one authority with one company, written by the action itself and never
    changed: a company that sees it differently has a `Correction` beside it.

    `documents` are keys of what was shared. `confidential`: no competitor may read it, and the
    information pack lists it as masked. `private`: others did not get the same at the same time.
    `people` are numbers by function.
    """

    __tablename__ = "fairplay_contact_line"
    __table_args__ = (
        Index("ix_fairplay_contact_line_desk", "authority_id", "category", "at"),
        Index("ix_fairplay_contact_line_company", "company_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    authority_id: Mapped[int] = mapped_column(fk("organisation"))
    company_id: Mapped[int] = mapped_column(fk("organisation"))
    kind: Mapped[str] = mapped_column(Code())  # as ContactFacts.kind
    category: Mapped[str] = mapped_column(Code(40), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    what: Mapped[LocalisedText] = mapped_column(Localised)
    documents: Mapped[list[str]] = mapped_column(JSON)
    confidential: Mapped[bool] = mapped_column(default=False)
    private: Mapped[bool] = mapped_column(default=False)
    people: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_id: Mapped[int | None] = mapped_column(fk("run", ondelete="SET NULL"), index=True)
    subject_kind: Mapped[str] = mapped_column(Code(40), default="")
    subject_id: Mapped[int] = mapped_column(default=0)
    url: Mapped[str] = mapped_column(String(300), default="")
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    public_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Correction(Base):
    """What a company says about a line, and what the authority answers. Both stay beside it."""

    __tablename__ = "fairplay_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    line_id: Mapped[int] = mapped_column(own("contact_line"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
