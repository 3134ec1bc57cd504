"""Tables of the learning room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime


class Attendance(Base):
    """Minutes one enrolled person attended one course session.

    `mode`: present, partial, absent, excused. Catch-up minutes are counted beside.
    """

    __tablename__ = "learning_attendance"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "course_session_id"),
        CheckConstraint("minutes >= 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE")
    )
    course_session_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_course_session.id", ondelete="CASCADE"), index=True
    )
    minutes: Mapped[int]
    mode: Mapped[str] = mapped_column(Code())
    set_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Declaration(Base):
    """A teacher's word on one enrolment: the work is accepted (or not), and why."""

    __tablename__ = "learning_declaration"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE"), unique=True
    )
    accepted: Mapped[bool]
    note: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Completion(Base):
    """The outcome for one enrolment under the rule version fixed for its run, with reasons.

    `reasons` is a list of {"name", "met", "reason": {"da","sv","en"}}.
    """

    __tablename__ = "learning_completion"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE"), unique=True
    )
    result: Mapped[str] = mapped_column(Code())  # met | not_met
    rule_version: Mapped[str] = mapped_column(Code(80))
    minutes_attended: Mapped[int]
    minutes_held: Mapped[int]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
