"""Tables of the enrolment room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.enrolment.states import LIVE
from lms.db import Base, Code, UTCDateTime, new_key

_LIVE = text("state IN (" + ", ".join(f"'{state}'" for state in sorted(LIVE)) + ")")


class Enrolment(Base):
    """A person in a run. Employer, manager and function are kept as they were at the time.

    `position` is the place on the waiting list, given once from the run's counter and never
    reused; the place shown is a count of those before it.
    """

    __tablename__ = "enrolment_enrolment"
    __table_args__ = (
        Index(
            "uq_enrolment_enrolment_live",
            "person_id",
            "run_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_enrolment_enrolment_run_state", "run_id", "state", "position"),
        Index("ix_enrolment_enrolment_manager_state", "manager_id", "state"),
        Index("ix_enrolment_enrolment_person_state", "person_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(ForeignKey("catalogue_run.id", ondelete="RESTRICT"))
    person_id: Mapped[int] = mapped_column(ForeignKey("users_person.id", ondelete="RESTRICT"))
    state: Mapped[str] = mapped_column(Code())
    source: Mapped[str] = mapped_column(Code(), default="open")
    employer_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="SET NULL"), index=True
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_unit.id", ondelete="SET NULL"), index=True
    )
    manager_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL")
    )
    function_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_function.id", ondelete="SET NULL"), index=True
    )
    goal: Mapped[str] = mapped_column(String(500), default="")
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    position: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer_due: Mapped[datetime | None] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Transition(Base):
    """One step of an enrolment: from, to, when, by whom and why. The timeline is these rows."""

    __tablename__ = "enrolment_transition"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE"), index=True
    )
    old: Mapped[str | None] = mapped_column(Code())
    new: Mapped[str] = mapped_column(Code())
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    reason: Mapped[str] = mapped_column(Text, default="")
