"""Idea development: the workroom of a run, ideas, clusters, scores and idea sheets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key
from lms_challenges.models.base import Base, own


class Workroom(Base):
    """What a run of idea development works with. `stage`: collecting, clustering, scoring,
    choosing, closed. `criteria` ([{"key": ..., "text": {da, sv, en}}]) are fixed at
    `criteria_fixed_at`, before anybody scores; scores are the scorer's own until `shown_at`.
    """

    __tablename__ = "challenges_workroom"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(fk("run"), unique=True)
    stage: Mapped[str] = mapped_column(Code(), default="collecting")
    question: Mapped[str] = mapped_column(String(300), default="")
    exercises: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    notes: Mapped[str] = mapped_column(Text, default="")  # the facilitator's
    criteria: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    criteria_fixed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    shown_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revision: Mapped[int] = mapped_column(default=1)


class WorkroomChallenge(Base):
    """A challenge that a run works on. A challenge counts once, however many runs it gets."""

    __tablename__ = "challenges_workroom_challenge"
    __table_args__ = (UniqueConstraint("run_id", "challenge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(fk("run"))
    challenge_id: Mapped[int] = mapped_column(own("challenge"), index=True)
    developed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the run was completed


class Cluster(Base):
    """Ideas that belong together."""

    __tablename__ = "challenges_cluster"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    position: Mapped[int] = mapped_column(default=0)


class Idea(Base):
    """An idea. `state` is one of `states.IDEA`; from `sheet` on, `sheet` is filled:
    {"problem", "users", "disadvantages", "next_test": text, "value": {stakeholder: text}}.

    `voiced_for` tells that a citizens' representative had it: they are no users here.
    """

    __tablename__ = "challenges_idea"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int | None] = mapped_column(fk("run", ondelete="SET NULL"), index=True)
    challenge_id: Mapped[int | None] = mapped_column(own("challenge", nullable=True), index=True)
    cluster_id: Mapped[int | None] = mapped_column(own("cluster", nullable=True), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(Code(), default="raw", index=True)
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(Code(2))
    voiced_for: Mapped[bool] = mapped_column(default=False)
    with_company: Mapped[bool] = mapped_column(default=False)
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")  # when stored or declined
    work_key: Mapped[str] = mapped_column(Code(16), default="")  # of the assignment it ended
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revision: Mapped[int] = mapped_column(default=1)


class Score(Base):
    """What one participant says of one idea by one criterion, 0 to 5."""

    __tablename__ = "challenges_score"
    __table_args__ = (
        UniqueConstraint("idea_id", "person_id", "criterion"),
        CheckConstraint("value BETWEEN 0 AND 5", name="value"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(own("idea"))
    person_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    criterion: Mapped[str] = mapped_column(Code())
    value: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
