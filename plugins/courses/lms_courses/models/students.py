"""Tables of student modules at work: groups' terms, questions to the company, results."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key
from lms_courses.models.base import Base, own


class GroupTerms(Base):
    """How a group works with the case: with the agreement to keep things secret, or without."""

    __tablename__ = "courses_group_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    group_id: Mapped[int] = mapped_column(fk("group"), unique=True)
    with_nda: Mapped[bool] = mapped_column(default=False)


class NdaSignature(Base):
    """A student said yes to an agreement before seeing what it is about; or ended it by leaving."""

    __tablename__ = "courses_nda_signature"
    __table_args__ = (UniqueConstraint("nda_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nda_id: Mapped[int] = mapped_column(own("nda"))
    enrolment_id: Mapped[int] = mapped_column(fk("enrolment"), index=True)
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CaseQuestion(Base):
    """A group's question to the company, and the answer that all groups read. A personal one is
    read by its asker, the team and the company alone."""

    __tablename__ = "courses_case_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    group_id: Mapped[int | None] = mapped_column(fk("group", ondelete="SET NULL"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    text: Mapped[str] = mapped_column(Text)
    personal: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CaseResult(Base):
    """What a group hands over, in short; up to three go back to who sent the need. A record of
    the thread."""

    __tablename__ = "courses_case_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    group_id: Mapped[int | None] = mapped_column(fk("group", ondelete="SET NULL"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Code(2))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # chosen and sent to practice
    sent_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    # "" | taken_up | stored | not_usable
    response: Mapped[str] = mapped_column(Code(), default="")
    response_reason: Mapped[str] = mapped_column(Text, default="")
    responded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    responded_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
