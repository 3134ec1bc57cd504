"""Tables of companies that teach along: what they offer, and what was said to it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key
from lms_courses.models.base import Base


class SlotOffer(Base):
    """A company offers to teach in a session of a run of any type. An approved one is a teaching
    slot of the core; one that shows a product is followed by a slot of the institution on limits
    and alternatives. Answered with a reason within ten working days (`answer_by`)."""

    __tablename__ = "courses_slot_offer"
    __table_args__ = (CheckConstraint("minutes > 0", name="minutes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    course_session_id: Mapped[int | None] = mapped_column(
        fk("course_session", ondelete="SET NULL"), index=True
    )
    company_id: Mapped[int] = mapped_column(fk("organisation"), index=True)
    teacher_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    topic: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(Code(2))
    minutes: Mapped[int]
    product: Mapped[str] = mapped_column(String(200), default="")  # "" when none is named
    category: Mapped[str] = mapped_column(Code(40), default="")
    sees: Mapped[str] = mapped_column(Code(), default="number")  # nothing|number|functions|names
    # offered | approved | refused | withdrawn
    state: Mapped[str] = mapped_column(Code(), default="offered")
    offered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer_by: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    materials_checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    slot_id: Mapped[int | None] = mapped_column(
        fk("teaching_slot", ondelete="SET NULL"), index=True
    )
    limits_slot_id: Mapped[int | None] = mapped_column(
        fk("teaching_slot", ondelete="SET NULL"), index=True
    )
    revision: Mapped[int] = mapped_column(default=1)
