"""Tables of staff innovation tracks: journeys, what was tried small, what was decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key
from lms_courses.models.base import Base, own


class Journey(Base):
    """How a citizen meets a service, step by step, with what each step asks of who works there.

    `steps` is a list of {"step", "touchpoint", "citizen", "risk"}. No citizen is named: it passes
    the check for personal data before others than its writers read it. A record of the thread.
    """

    __tablename__ = "courses_journey"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(
        fk("enrolment", ondelete="SET NULL"), index=True
    )
    title: Mapped[str] = mapped_column(String(200))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    checked_with: Mapped[str] = mapped_column(String(500), default="")  # functions, not names
    language: Mapped[str] = mapped_column(Code(2))
    created_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    revision: Mapped[int] = mapped_column(default=1)


class Tryout(Base):
    """One small thing tried at work for a week: what, the yes of the manager, before and after.

    A pair has one together; `partner_id` is the enrolment of the colleague who confirms it.
    """

    __tablename__ = "courses_tryout"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    enrolment_id: Mapped[int] = mapped_column(fk("enrolment"), unique=True)
    partner_id: Mapped[int | None] = mapped_column(fk("enrolment", ondelete="SET NULL"), index=True)
    idea_kind: Mapped[str] = mapped_column(Code(40), default="")  # a record's kind and key: the
    idea_key: Mapped[str] = mapped_column(Code(40), default="")  # idea that is tried
    what: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(String(300))  # what is counted or asked, before and after
    begins_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")
    learned: Mapped[str] = mapped_column(Text, default="")
    # planned | asked | allowed | refused | tried | confirmed
    state: Mapped[str] = mapped_column(Code(), default="planned")
    manager_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    allowed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revision: Mapped[int] = mapped_column(default=1)


class Decision(Base):
    """What the workplace decided about what was tried: yes, no or later, and who carries it on.

    Made by the manager, or recorded by a participant and signed by the manager afterwards.
    """

    __tablename__ = "courses_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    tryout_id: Mapped[int] = mapped_column(own("tryout"), unique=True)
    outcome: Mapped[str] = mapped_column(Code())  # yes | no | later
    reason: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(Text, default="")
    carried_by: Mapped[str] = mapped_column(String(200), default="")  # a function, not a name
    wake_on: Mapped[date | None]  # "later": when it is looked at again
    decided_on: Mapped[date]
    decided_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # it counts from here
