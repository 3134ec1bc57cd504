"""Tables of upcoming tenders: the freeze they bring, what was running, the information pack."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key
from lms_fairplay.models.base import Base, own


class Authority(Base):
    """A row for each authority that contacts lock to read and tenders lock to write, so that no
    contact slips through while a tender is being registered. `changes` counts the tenders'."""

    __tablename__ = "fairplay_authority"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(fk("organisation"), unique=True)
    changes: Mapped[int] = mapped_column(default=0)


class Tender(Base):
    """An authority expects to buy in a category ("" is: in every category). From `frozen_at` on
    companies neither teach nor test nor get private feedback there, until the pack is public."""

    __tablename__ = "fairplay_tender"
    __table_args__ = (Index("ix_fairplay_tender_frozen", "authority_id", "category", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    authority_id: Mapped[int] = mapped_column(fk("organisation"))
    category: Mapped[str] = mapped_column(Code(40), default="")
    title: Mapped[str] = mapped_column(String(200))
    expected_on: Mapped[date]
    state: Mapped[str] = mapped_column(Code(), default="expected")  # expected|open|closed|dropped
    frozen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    freed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the pack is public, or dropped
    registered_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(Text, default="")


class RunningContact(Base):
    """Something that ran with a company when the tender was registered, for the procurement
    officer to decide: it goes on, or it stops. Known by what it is about."""

    __tablename__ = "fairplay_running_contact"
    __table_args__ = (UniqueConstraint("tender_id", "line_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    tender_id: Mapped[int] = mapped_column(own("tender"))
    line_id: Mapped[int] = mapped_column(own("contact_line"), index=True)
    decision: Mapped[str] = mapped_column(Code(), default="")  # "" | goes_on | stops
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)


class Pack(Base):
    """The information pack of a tender: everything that was shared with any company in its
    category, made by a job. What is a company's own is masked, and listed as masked.

    It holds the authority's lines in `line_ids`, which were all that concerned the tender when it
    was made (`up_to`, up to `last_line_id`), and the files of the documents in `document_keys`.
    """

    __tablename__ = "fairplay_pack"
    __table_args__ = (UniqueConstraint("tender_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    tender_id: Mapped[int] = mapped_column(own("tender"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(Code(), default="waiting")  # waiting|made|public|failed
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    up_to: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_line_id: Mapped[int] = mapped_column(default=0)
    line_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    lines: Mapped[int] = mapped_column(default=0)
    masked: Mapped[int] = mapped_column(default=0)
    materials: Mapped[int] = mapped_column(default=0)
    document_keys: Mapped[list[str]] = mapped_column(JSON, default=list)
    document_key: Mapped[str] = mapped_column(Code(16), default="")  # the ZIP: PDF, CSV, materials
    public_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    public_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
