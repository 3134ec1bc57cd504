"""Problems that somebody noticed, and the voices that say "this happens here too"."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key
from lms_challenges.models.base import Base, own


class Problem(Base):
    """What somebody noticed at work. `state` is one of `states.PROBLEM`.

    A problem that was merged keeps its row, its voices and its sender: `merged_into_id` names the
    problem it joined, `root_id` the one at the top of that chain (its own id when it stands
    alone). What `heat`, `voices`, `units`, `organisations` and `countries` count stands on the
    root and is counted anew whenever a voice comes or goes, or a merge is made or undone.
    `once_key` is the sender's device's: the same report sent five times is one problem.
    """

    __tablename__ = "challenges_problem"
    __table_args__ = (
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_into_itself"),
        Index("ix_challenges_problem_desk", "organisation_id", "state", "answer_due"),
        Index("ix_challenges_problem_heat", "heat", "id"),
        Index(
            "uq_challenges_problem_once",
            "once_key",
            unique=True,
            sqlite_where=text("once_key <> ''"),
            postgresql_where=text("once_key <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    once_key: Mapped[str] = mapped_column(Code(40), default="")
    state: Mapped[str] = mapped_column(Code(), default="received", index=True)
    title: Mapped[str] = mapped_column(String(160))
    what: Mapped[str] = mapped_column(Text)  # what happens
    today: Mapped[str] = mapped_column(Text, default="")  # what is done about it today
    language: Mapped[str] = mapped_column(Code(2))
    place_kind: Mapped[str] = mapped_column(Code())  # a kind of unit, never an address
    affected: Mapped[list[str]] = mapped_column(JSON)  # codes of scales.AFFECTED
    consequences: Mapped[list[str]] = mapped_column(JSON)  # codes of scales.CONSEQUENCES
    apv: Mapped[bool] = mapped_column(default=False)  # concerns the working environment
    channel: Mapped[str] = mapped_column(Code(), default="form", index=True)  # scales.CHANNELS
    shown: Mapped[str] = mapped_column(Code(), default="visible")  # visible | function | hidden
    sender_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    function_id: Mapped[int | None] = mapped_column(fk("function", ondelete="SET NULL"))
    organisation_id: Mapped[int] = mapped_column(fk("organisation"))
    unit_id: Mapped[int | None] = mapped_column(fk("unit", ondelete="SET NULL"), index=True)
    work_key: Mapped[str] = mapped_column(Code(16), default="")  # of the assignment it ended
    search_text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    # --- the desk
    answer_due: Mapped[datetime] = mapped_column(UTCDateTime)  # first human answer, at the latest
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # first human answer
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # free of personal data
    checked_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")  # of the state it is in, in plain words
    known_url: Mapped[str] = mapped_column(String(500), default="")
    wake_on: Mapped[date | None] = mapped_column(index=True)
    challenge_id: Mapped[int | None] = mapped_column(own("challenge", nullable=True), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(own("problem", nullable=True), index=True)
    root_id: Mapped[int | None] = mapped_column(own("problem", nullable=True), index=True)
    state_before: Mapped[str] = mapped_column(Code(), default="")  # what undoing a merge restores
    # --- counted
    heat: Mapped[int] = mapped_column(default=0)
    voices: Mapped[int] = mapped_column(default=0)
    units: Mapped[int] = mapped_column(default=0)
    organisations: Mapped[int] = mapped_column(default=0)
    countries: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)


class Voice(Base):
    """Somebody says how often a problem happens where they are, and what it costs.

    A voice belongs to the problem it was given for and never moves: merging changes that
    problem's root, so no voice can be lost. The sender's own is `is_report`.
    """

    __tablename__ = "challenges_voice"
    __table_args__ = (UniqueConstraint("problem_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    problem_id: Mapped[int] = mapped_column(own("problem"))
    person_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    is_report: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[str] = mapped_column(Code(), default="visible")
    function_id: Mapped[int | None] = mapped_column(fk("function", ondelete="SET NULL"))
    organisation_id: Mapped[int] = mapped_column(fk("organisation"), index=True)
    unit_id: Mapped[int | None] = mapped_column(fk("unit", ondelete="SET NULL"))
    place_kind: Mapped[str] = mapped_column(Code())
    frequency: Mapped[str] = mapped_column(Code())  # scales.FREQUENCIES
    severity: Mapped[int]  # 1 a nuisance .. 4 dangerous (scales.SEVERITIES)
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Code(), default="active")  # active | withdrawn
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Step(Base):
    """One step of a problem's way, as its sender may read it. `kind`: state, question, answer,
    merge, unmerge, voice."""

    __tablename__ = "challenges_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    problem_id: Mapped[int] = mapped_column(own("problem"), index=True)
    kind: Mapped[str] = mapped_column(Code())
    old: Mapped[str] = mapped_column(Code(), default="")
    new: Mapped[str] = mapped_column(Code(), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)


class Word(Base):
    """A word stem of a problem, for finding similar ones: `weight` 3 in the title, 1 in the
    text. The primary key begins with the stem, so that one stem's problems lie together."""

    __tablename__ = "challenges_word"

    stem: Mapped[str] = mapped_column(Code(40), primary_key=True)
    problem_id: Mapped[int] = mapped_column(own("problem"), primary_key=True, index=True)
    weight: Mapped[int]
