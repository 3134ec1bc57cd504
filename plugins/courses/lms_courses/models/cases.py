"""Tables of the case library: cases of companies, how they were negotiated, where they are used."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, Localised, LocalisedText, UTCDateTime, fk, new_key
from lms_courses.models.base import Base, own


class CompanyCase(Base):
    """A case that a company and a practice host put before students. `number` is the version that
    holds; every version stands in `CaseVersion`.

    `hours_promised` is how many hours the company gives. `why` says what it matters to care,
    `rights` in plain words who owns what, `alternative` what a student works on who gives up
    nothing. `need_kind` and `need_key` are the record it answers, such as a challenge. A draft is
    its writer's alone; a case is published when practice has looked at it and rights are settled,
    and taken into a run with outcomes linked.
    """

    __tablename__ = "courses_company_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    # draft | proposed | negotiated | approved | open | declined | closed
    state: Mapped[str] = mapped_column(Code(), default="proposed", index=True)
    company_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    institution_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    practice_host_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    contact_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    hours_promised: Mapped[int]
    category: Mapped[str] = mapped_column(Code(40), default="")
    product: Mapped[str] = mapped_column(String(200), default="")  # "": none is named
    title: Mapped[LocalisedText] = mapped_column(Localised)
    problem: Mapped[LocalisedText] = mapped_column(Localised)
    why: Mapped[LocalisedText] = mapped_column(Localised)
    question: Mapped[LocalisedText] = mapped_column(Localised)
    given: Mapped[LocalisedText] = mapped_column(Localised)
    limits: Mapped[LocalisedText] = mapped_column(Localised)
    rights: Mapped[LocalisedText] = mapped_column(Localised)
    alternative: Mapped[LocalisedText] = mapped_column(Localised)
    search_text: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[int] = mapped_column(default=1)
    need_kind: Mapped[str] = mapped_column(Code(40), default="")
    need_key: Mapped[str] = mapped_column(Code(40), default="")
    # owned_by_students | shared | signed_over: who owns what comes of it
    ownership: Mapped[str] = mapped_column(Code(), default="owned_by_students")
    with_nda: Mapped[bool] = mapped_column(default=False)
    rights_settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    practice_checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    practice_checked_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
    approved_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CaseVersion(Base):
    """What a case said at one time: its texts, hours, limits and rights as `content`."""

    __tablename__ = "courses_case_version"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(own("company_case"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class CaseComment(Base):
    """What teacher, company or practice said about a version of a case."""

    __tablename__ = "courses_case_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(own("company_case"), index=True)
    number: Mapped[int]  # of the version it is about
    side: Mapped[str] = mapped_column(Code())  # teacher | company | practice
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class CaseUse(Base):
    """A run works on a case, at the version it had then. A case that is withdrawn in use stays,
    with the reason; the run then has another as `fallback`. One live use for each run. What steps
    in then may be chosen early, as `fallback_case_id`."""

    __tablename__ = "courses_case_use"
    __table_args__ = (
        Index(
            "uq_courses_case_use_live",
            "run_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    case_id: Mapped[int] = mapped_column(own("company_case"), index=True)
    number: Mapped[int]
    outcomes: Mapped[list[int]] = mapped_column(JSON)  # places in the course version's list
    fallback_case_id: Mapped[int | None] = mapped_column(
        own("company_case", nullable=True), index=True
    )
    fallback: Mapped[bool] = mapped_column(default=False)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    begun_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    hours_given: Mapped[int] = mapped_column(default=0)


class Nda(Base):
    """An agreement to keep something of a case to oneself. It always has the institution as a
    party, so that supervisor and examiner may see the work."""

    __tablename__ = "courses_nda"
    __table_args__ = (CheckConstraint("institution_id IS NOT NULL", name="institution"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    case_id: Mapped[int] = mapped_column(own("company_case"), index=True)
    institution_id: Mapped[int] = mapped_column(fk("organisation"), index=True)
    document_key: Mapped[str] = mapped_column(Code(16), default="")
    secret: Mapped[str] = mapped_column(Text)  # in plain words: what is not told to others
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    state: Mapped[str] = mapped_column(Code(), default="draft")  # draft | signed | ended
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
