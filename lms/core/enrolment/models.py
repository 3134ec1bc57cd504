"""Tables of the enrolment room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.contracts import LocalisedText
from lms.core.enrolment.states import LIVE
from lms.db import Base, Code, Localised, UTCDateTime, new_key

_LIVE = text("state IN (" + ", ".join(f"'{state}'" for state in sorted(LIVE)) + ")")


class Enrolment(Base):
    """A person in a run. Employer, manager and function are kept as they were at the time.

    `position` is the place on the waiting list, given once from the run's counter and never
    reused; who waits is asked in the order of (`rank`, `position`), where the rank comes from the
    run's waiting rule. The place shown is a count of those before it.
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
        Index("ix_enrolment_enrolment_run_state", "run_id", "state", "rank", "position"),
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
    rank: Mapped[int] = mapped_column(BigInteger, default=0)
    position: Mapped[int | None]
    reservation_id: Mapped[int | None] = mapped_column(
        ForeignKey("enrolment_reservation.id", ondelete="SET NULL"), index=True
    )
    pair_key: Mapped[str | None] = mapped_column(Code(16), index=True)  # two who go together
    handed_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="SET NULL"), index=True
    )
    nominated_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    goal_signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    goal_signed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
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


class Approval(Base):
    """One yes that an enrolment needs. Which of them count together is the run's terms' to say.

    `kind` is line_manager, cost_centre or programme_lead; the last has no `approver_id`, for
    anybody who leads the run may answer. `coming` ones wait for an earlier yes.
    """

    __tablename__ = "enrolment_approval"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "position"),
        Index("ix_enrolment_approval_approver_state", "approver_id", "state"),
        Index("ix_enrolment_approval_state_due", "state", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(Code())
    approver_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL")
    )
    state: Mapped[str] = mapped_column(Code())  # coming | open | yes | no | over
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class StandIn(Base):
    """Somebody answers for a manager from one day to another, both included."""

    __tablename__ = "enrolment_stand_in"
    __table_args__ = (Index("ix_enrolment_stand_in_days", "stand_in_id", "from_day", "to_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("users_person.id", ondelete="CASCADE"))
    from_day: Mapped[date]
    to_day: Mapped[date]


class CostCentre(Base):
    """Who answers for the money of an organisation, or (with `unit_id`) of one of its units."""

    __tablename__ = "enrolment_cost_centre"
    __table_args__ = (UniqueConstraint("organisation_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="CASCADE")
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_unit.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(Code(40))
    holder_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )


class Terms(Base):
    """How one gets a seat in a run. A run without a row has the terms of its course type.

    `ways` are some of open, link, key, rule, nomination. `approval` is in_order or any, over
    `approvers`. `draw_seed` is secret until `drawn_at`; `draw_digest` is its SHA-256, shown before.
    """

    __tablename__ = "enrolment_terms"

    run_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_run.id", ondelete="CASCADE"), primary_key=True
    )
    ways: Mapped[list[str]] = mapped_column(JSON)
    entry_key: Mapped[str | None] = mapped_column(String(60))
    approval: Mapped[str] = mapped_column(Code())
    approvers: Mapped[list[str]] = mapped_column(JSON)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    minimum: Mapped[int] = mapped_column(default=0)
    decide_by: Mapped[datetime | None] = mapped_column(UTCDateTime)
    minimum_decision: Mapped[str | None] = mapped_column(Code())  # run_anyway | merge | cancel
    per_employer: Mapped[int | None]
    in_pairs: Mapped[bool] = mapped_column(default=False)
    waiting_rule: Mapped[str] = mapped_column(Code(80), default="first_come")
    draw_seed: Mapped[str | None] = mapped_column(Code(64))
    draw_digest: Mapped[str | None] = mapped_column(Code(64))
    draw_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    drawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    offer_hours: Mapped[int] = mapped_column(default=72)
    after_no: Mapped[str] = mapped_column(Code(), default="leave")  # leave | return
    withdraw_until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class EntryRule(Base):
    """Who may ask where the way in is a rule: all that is set must fit, one rule is enough."""

    __tablename__ = "enrolment_entry_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_run.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="CASCADE"), index=True
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_unit.id", ondelete="CASCADE"), index=True
    )
    function_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_function.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str | None] = mapped_column(Code())  # an access role


class Invitation(Base):
    """A link that lets people ask for a seat: for many, until a day, kept as a hash only."""

    __tablename__ = "enrolment_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_run.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(Code(64), unique=True)
    label: Mapped[str] = mapped_column(String(100))
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    uses_left: Mapped[int | None]
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Reservation(Base):
    """Seats kept for one organisation's people until a day. What is `used` is taken in the run;
    the rest is held in the run's `held` until `released_at`."""

    __tablename__ = "enrolment_reservation"
    __table_args__ = (
        UniqueConstraint("run_id", "organisation_id"),
        CheckConstraint("used >= 0 AND used <= seats", name="used"),
        Index("ix_enrolment_reservation_due", "released_at", "release_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(ForeignKey("catalogue_run.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="CASCADE"), index=True
    )
    seats: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    release_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Import(Base):
    """A list of people to enrol in a run: read, tried, then done as it was tried."""

    __tablename__ = "enrolment_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_run.id", ondelete="CASCADE"), index=True
    )
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(Code())  # trying | tried | working | done
    file_name: Mapped[str] = mapped_column(String(200), default="")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)


class ImportRow(Base):
    """One row of an import: what it said, what trying it came to, and what was done."""

    __tablename__ = "enrolment_import_row"
    __table_args__ = (
        UniqueConstraint("import_id", "number"),
        Index("ix_enrolment_import_row_state", "import_id", "state", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("enrolment_import.id", ondelete="CASCADE"))
    number: Mapped[int]  # the row's number in the file, the heading being 1
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Code())  # read | tried | done | left_out
    outcome: Mapped[str] = mapped_column(Code(), default="")
    message: Mapped[LocalisedText | None] = mapped_column(Localised)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    enrolment_id: Mapped[int | None] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="SET NULL"), index=True
    )
