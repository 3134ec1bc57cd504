"""Tables about companies: what they declared, and what aid they had."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key
from lms_fairplay.models.base import Base


class Declaration(Base):
    """A company's signed word to stay neutral: no sales, no pressure, no gifts, no use of what
    others told. It holds from `from_day` to `to_day`, both counted; `ended_on` is the
    first day it does not hold any more, where it was ended earlier."""

    __tablename__ = "fairplay_declaration"
    __table_args__ = (
        CheckConstraint("from_day <= to_day", name="days"),
        Index("ix_fairplay_declaration_company", "company_id", "to_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    company_id: Mapped[int] = mapped_column(fk("organisation"))
    text_version: Mapped[str] = mapped_column(Code(20))
    signed_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    from_day: Mapped[date]
    to_day: Mapped[date]
    ended_on: Mapped[date | None]
    ended_reason: Mapped[str] = mapped_column(Text, default="")


class AidLine(Base):
    """What a measure is worth to a company in terms of state aid, or why it is none: it is open
    to all on equal terms. `value` is gross, in whole units of `currency`. A line without a company
    says of a whole run, once, that it is open to all."""

    __tablename__ = "fairplay_aid_line"
    __table_args__ = (
        CheckConstraint("value >= 0", name="value"),
        CheckConstraint("ground != 'open_to_all' OR reason != ''", name="reason"),
        CheckConstraint("company_id IS NOT NULL OR ground = 'open_to_all'", name="company"),
        Index("ix_fairplay_aid_line_company", "company_id", "day"),
        Index(
            "ux_fairplay_aid_line_open_to_all",
            "run_id",
            unique=True,
            postgresql_where=text("company_id IS NULL"),
            sqlite_where=text("company_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    company_id: Mapped[int | None] = mapped_column(fk("organisation"))
    authority_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    run_id: Mapped[int | None] = mapped_column(fk("run", ondelete="SET NULL"), index=True)
    measure: Mapped[str] = mapped_column(String(300))
    ground: Mapped[str] = mapped_column(Code())  # de_minimis | block_exemption | open_to_all
    reason: Mapped[str] = mapped_column(Text, default="")
    value: Mapped[int]
    currency: Mapped[str] = mapped_column(Code(3), default="DKK")
    day: Mapped[date]
    state: Mapped[str] = mapped_column(Code(), default="estimated")  # estimated|granted|reported
    written_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Merger(Base):
    """A company became part of another: nothing moves, both are read together until it is said
    that they are apart again (`ended_at`)."""

    __tablename__ = "fairplay_merger"
    __table_args__ = (
        Index(
            "ux_fairplay_merger_holds",
            "company_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(fk("organisation"), index=True)
    into_id: Mapped[int] = mapped_column(fk("organisation"), index=True)
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    written_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_reason: Mapped[str] = mapped_column(Text, default="")
    ended_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
