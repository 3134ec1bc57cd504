"""Tables of the catalogue room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.contracts import LocalisedText
from lms.db import Base, Code, Localised, UTCDateTime, new_key


class Course(Base):
    """A course of some type. `course_type` is a plain string: the type is a plugin's."""

    __tablename__ = "catalogue_course"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    course_type: Mapped[str] = mapped_column(Code(), index=True)
    owner_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="RESTRICT"), index=True
    )
    state: Mapped[str] = mapped_column(Code(), default="active")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CourseVersion(Base):
    """One version of what a course is. An approved version is not changed but followed by another.

    `phases` and `modules` are data in the shape of the type's plan: lists of objects with
    localised texts as {"da": ..., "sv": ..., "en": ...}. `revision` counts the changes of a draft.
    """

    __tablename__ = "catalogue_course_version"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    course_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_course.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int]
    state: Mapped[str] = mapped_column(Code())  # draft | review | approved | retired
    title: Mapped[LocalisedText] = mapped_column(Localised)
    lead: Mapped[LocalisedText] = mapped_column(Localised)
    purpose: Mapped[LocalisedText] = mapped_column(Localised)
    target_group: Mapped[LocalisedText] = mapped_column(Localised)
    outcomes: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    minutes: Mapped[int]
    practice_minutes: Mapped[int] = mapped_column(default=0)
    languages: Mapped[list[str]] = mapped_column(JSON)
    phases: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    modules: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    approved_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class VersionNote(Base):
    """What somebody said about a course version when it went from one state to the next."""

    __tablename__ = "catalogue_version_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_version_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_course_version.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(Code())  # the state it went to
    text: Mapped[str] = mapped_column(String(2000), default="")
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Run(Base):
    """One run (hold) of an approved version. `taken` is the guarded seat counter, `held` counts
    seats kept for organisations that nobody has taken yet.

    `rule` is the completion rule as it was when the run opened; later changes of the version do
    not touch it.
    """

    __tablename__ = "catalogue_run"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND held >= 0 AND taken + held <= capacity", name="seats"),
        Index("ix_catalogue_run_listed", "visibility", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    course_version_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_course_version.id", ondelete="RESTRICT"), index=True
    )
    course_type: Mapped[str] = mapped_column(Code(), index=True)
    title: Mapped[LocalisedText] = mapped_column(Localised)
    state: Mapped[str] = mapped_column(Code())
    zone: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    venue: Mapped[str] = mapped_column(String(200), default="")
    town: Mapped[str] = mapped_column(String(100), default="")
    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    queue_tail: Mapped[int] = mapped_column(default=0)  # last position given on the waiting list
    price: Mapped[int] = mapped_column(default=0)  # whole units of `currency`; 0 is free
    currency: Mapped[str] = mapped_column(Code(3), default="DKK")
    visibility: Mapped[str] = mapped_column(Code(), default="public")  # public|signed_in|invited
    languages: Mapped[list[str]] = mapped_column(JSON)
    search_text: Mapped[str] = mapped_column(Text)
    enrol_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    rule_fixed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RunHost(Base):
    """An organisation that hosts (or, as partner, takes part in) a run."""

    __tablename__ = "catalogue_run_host"
    __table_args__ = (UniqueConstraint("run_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("catalogue_run.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="RESTRICT"), index=True
    )
    role: Mapped[str] = mapped_column(Code(), default="host")  # host | partner
    position: Mapped[int] = mapped_column(default=0)


class CourseSession(Base):
    """One teaching session of a run, with the in-between assignment that follows it."""

    __tablename__ = "catalogue_course_session"
    __table_args__ = (UniqueConstraint("run_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(ForeignKey("catalogue_run.id", ondelete="CASCADE"))
    position: Mapped[int]
    module: Mapped[str] = mapped_column(Code(), default="")
    title: Mapped[LocalisedText] = mapped_column(Localised)
    content: Mapped[LocalisedText] = mapped_column(Localised)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    venue: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(Code(), default="planned")  # planned|held|moved|cancelled
    between: Mapped[LocalisedText] = mapped_column(Localised)
    between_minutes: Mapped[int] = mapped_column(default=0)


class TeachingSlot(Base):
    """Who teaches what, how long: a person or an organisation, with the product if one is named."""

    __tablename__ = "catalogue_teaching_slot"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_session_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_course_session.id", ondelete="CASCADE"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="SET NULL"), index=True
    )
    topic: Mapped[LocalisedText] = mapped_column(Localised)
    minutes: Mapped[int]
    product: Mapped[str] = mapped_column(String(200), default="")
    sees: Mapped[str] = mapped_column(Code(), default="nothing")  # nothing|number|functions|names
    state: Mapped[str] = mapped_column(Code())  # offered | approved | held | withdrawn


class TeamMember(Base):
    """Somebody with rights in one run: teacher, programme_lead, company_teacher, evaluator."""

    __tablename__ = "catalogue_team_member"
    __table_args__ = (UniqueConstraint("run_id", "person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("catalogue_run.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(Code())
