"""Tables of company competence tracks: the call, who applied, what they made of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, Localised, LocalisedText, UTCDateTime, fk, new_key
from lms_courses.models.base import Base, own


class Call(Base):
    """The open call of a run: by what it is decided, and until when companies may apply.

    Nobody reads an application before `closes_at`. `places` are companies, `people` is how many
    each may send. `category` is a technology category, or "" for any.
    """

    __tablename__ = "courses_call"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="times"),
        CheckConstraint("places > 0 AND people > 0", name="places"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(fk("run"), unique=True)
    criteria: Mapped[LocalisedText] = mapped_column(Localised)
    category: Mapped[str] = mapped_column(Code(40), default="")
    places: Mapped[int]
    people: Mapped[int] = mapped_column(default=2)
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    revision: Mapped[int] = mapped_column(default=1)


class Application(Base):
    """A company that applied, as it wrote itself; `organisation_id` once we know which it is.

    `registration_number` is normalised as the core keeps it, None for a foreign company without
    one, which is then known by `name_key`. One live application of a company for each run.
    `people` is a list of {"name": ..., "email": ...}; who opens the receipt has its key, while
    those who decide reach it by `desk_key`. `left_because` is the company's own word when it goes.
    """

    __tablename__ = "courses_application"
    __table_args__ = (
        Index(
            "uq_courses_application_number",
            "run_id",
            "country",
            "registration_number",
            unique=True,
            sqlite_where=text("registration_number IS NOT NULL AND state != 'withdrawn'"),
            postgresql_where=text("registration_number IS NOT NULL AND state != 'withdrawn'"),
        ),
        Index(
            "uq_courses_application_name",
            "run_id",
            "country",
            "name_key",
            unique=True,
            sqlite_where=text("registration_number IS NULL AND state != 'withdrawn'"),
            postgresql_where=text("registration_number IS NULL AND state != 'withdrawn'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    desk_key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(Code(2))
    registration_number: Mapped[str | None] = mapped_column(Code(20))
    size: Mapped[str] = mapped_column(Code())  # micro | small | medium | large
    contact_name: Mapped[str] = mapped_column(String(200))
    contact_email: Mapped[str] = mapped_column(String(254))
    contact_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    people: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Code(2))
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # sent | confirmed | waiting | refused | withdrawn
    state: Mapped[str] = mapped_column(Code(), default="sent")
    reason: Mapped[str] = mapped_column(Text, default="")
    left_because: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)


class ValueClaim(Base):
    """What a company says its solution is worth to a citizen, to staff or to a manager."""

    __tablename__ = "courses_value_claim"
    __table_args__ = (UniqueConstraint("application_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(own("application"))
    role: Mapped[str] = mapped_column(Code())  # citizen | staff | manager
    text: Mapped[str] = mapped_column(Text)
    changed_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class TestPlan(Base):
    """The test plan a company leaves the track with: dated, signed, commented on by a host.

    `content` holds the answers by the keys of `lms_courses.plan_template`.
    """

    __tablename__ = "courses_test_plan"
    __test__ = False  # a plan for a test, nothing that pytest should collect

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    application_id: Mapped[int] = mapped_column(own("application"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    begins_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(Code(), default="draft")  # draft | signed | commented
    signed_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    comment: Mapped[str] = mapped_column(Text, default="")
    host_id: Mapped[int | None] = mapped_column(fk("organisation", ondelete="SET NULL"), index=True)
    commented_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
    commented_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
