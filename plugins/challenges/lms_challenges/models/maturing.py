"""How challenges mature: the method and the model as versioned data, gates and who decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key
from lms_challenges.models.base import Base, own


class Method(Base):
    """A version of the maturation method (`kind` "maturation") or of the model for communication
    and early detection ("detection"). `state`: draft, in_test, evaluated, current, superseded;
    one version of a kind is current. The document's shape stands in `documents.py`.
    """

    __tablename__ = "challenges_method"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        Index(
            "uq_challenges_method_current",
            "kind",
            unique=True,
            sqlite_where=text("state = 'current'"),
            postgresql_where=text("state = 'current'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    kind: Mapped[str] = mapped_column(Code())
    number: Mapped[int]
    state: Mapped[str] = mapped_column(Code(), default="draft")
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_because: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"))
    current_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revision: Mapped[int] = mapped_column(default=1)


class TestRound(Base):
    """A version tried in a named unit for a time; evaluated when `findings` are written."""

    __tablename__ = "challenges_test_round"
    __test__ = False  # a round of tests, nothing that pytest should collect

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    method_id: Mapped[int] = mapped_column(own("method"), index=True)
    organisation_id: Mapped[int] = mapped_column(fk("organisation"), index=True)
    unit_id: Mapped[int | None] = mapped_column(fk("unit", ondelete="SET NULL"))
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    findings: Mapped[str] = mapped_column(Text, default="")
    change: Mapped[str] = mapped_column(Text, default="")  # what the next version does otherwise
    evaluated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"))


class Gate(Base):
    """A meeting that decides whether a challenge goes from one level to the next.

    `sheet` maps a criterion's key to {"score": 0..3 or null, "comment": ..., "evidence": ...}.
    `decision`: "", go, recycle, hold, stop. Once decided, nothing of it changes.
    """

    __tablename__ = "challenges_gate"
    __table_args__ = (
        CheckConstraint("to_level > from_level", name="upwards"),
        Index(
            "uq_challenges_gate_open",
            "challenge_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    challenge_id: Mapped[int] = mapped_column(own("challenge"), index=True)
    method_id: Mapped[int] = mapped_column(own("method"))
    from_level: Mapped[int]
    to_level: Mapped[int]
    skip_reason: Mapped[str] = mapped_column(Text, default="")  # when levels are skipped
    meets_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    decision: Mapped[str] = mapped_column(Code(), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    next_on: Mapped[date | None]
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revision: Mapped[int] = mapped_column(default=1)


class Decider(Base):
    """Somebody who decides at a gate, for the organisation they come from."""

    __tablename__ = "challenges_decider"
    __table_args__ = (UniqueConstraint("gate_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gate_id: Mapped[int] = mapped_column(own("gate"))
    person_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int] = mapped_column(fk("organisation"), index=True)
    opinion: Mapped[str] = mapped_column(Code(), default="")  # "" | go | recycle | hold | stop
    remark: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class GateOption(Base):
    """A way to meet a challenge, weighed before a partner is chosen. `kind`: existing, nothing,
    new. `chosen` for the one that was taken."""

    __tablename__ = "challenges_option"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    challenge_id: Mapped[int] = mapped_column(own("challenge"), index=True)
    kind: Mapped[str] = mapped_column(Code())
    title: Mapped[str] = mapped_column(String(160))
    gains: Mapped[str] = mapped_column(Text, default="")
    drawbacks: Mapped[str] = mapped_column(Text, default="")
    idea_id: Mapped[int | None] = mapped_column(own("idea", nullable=True))
    chosen: Mapped[bool] = mapped_column(default=False)
