"""Tables of the activities plugin. What people write beside their work; the work is the core's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key, plugin_base

Base = plugin_base("activities")


class HandIn(Base):  # type: ignore[valid-type,misc]
    """One try at an assignment, with its files as documents about ("hand_in", id).

    `work_id` is the work of who sent it; whose works it counts for stands in `Share`. In a pair it
    counts once the other has said yes; `agreed_at` is None until then, and always set otherwise.
    `outcome` is empty until `decided_at`, then accepted or returned.
    """

    __tablename__ = "activities_hand_in"
    __table_args__ = (
        UniqueConstraint("work_id", "number"),
        Index("ix_activities_hand_in_waiting", "activity_id", "decided_at", "agreed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    activity_id: Mapped[int] = mapped_column(fk("activity"))
    work_id: Mapped[int] = mapped_column(fk("work"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    group_name: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    agreed_by_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(Code(), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Share(Base):  # type: ignore[valid-type,misc]
    """Whose work one try counts for: the sender's, and those of a pair or a group. `person_id` is
    whose it is, so that nobody is shown their own to mark."""

    __tablename__ = "activities_share"
    __table_args__ = (UniqueConstraint("hand_in_id", "work_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hand_in_id: Mapped[int] = mapped_column(ForeignKey("activities_hand_in.id", ondelete="CASCADE"))
    work_id: Mapped[int] = mapped_column(fk("work"), index=True)
    person_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)


class Marking(Base):  # type: ignore[valid-type,misc]
    """What one teacher said of one try: words, levels by criterion, and accepted or returned.

    With two markers the work moves when both have decided the same.
    """

    __tablename__ = "activities_marking"
    __table_args__ = (UniqueConstraint("hand_in_id", "marker_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hand_in_id: Mapped[int] = mapped_column(ForeignKey("activities_hand_in.id", ondelete="CASCADE"))
    marker_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    levels: Mapped[dict[str, int]] = mapped_column(JSON)
    outcome: Mapped[str] = mapped_column(Code())  # accepted | returned
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Link(Base):  # type: ignore[valid-type,misc]
    """A link by which somebody at work sees a participant's work (`purpose` seen) or signs what
    they saw (observed), without an account. Stored hashed; it ends, and can be taken back.

    `person_id` is who is meant when it is somebody with an account, such as the manager.
    """

    __tablename__ = "activities_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    work_id: Mapped[int] = mapped_column(fk("work"), index=True)
    purpose: Mapped[str] = mapped_column(Code())
    token_hash: Mapped[str] = mapped_column(Code(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    function: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(1000), default="")


class Attempt(Base):  # type: ignore[valid-type,misc]
    """One try at a quiz: the questions drawn, what was answered, and points by the answers then.

    `ends_at` is by the server's clock; what comes later does not count.
    """

    __tablename__ = "activities_attempt"
    __table_args__ = (
        UniqueConstraint("work_id", "number"),
        CheckConstraint("points IS NULL OR (points >= 0 AND points <= most)", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    work_id: Mapped[int] = mapped_column(fk("work"))
    number: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    drawn: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    results: Mapped[dict[str, Any]] = mapped_column(JSON)
    points: Mapped[int | None]
    most: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)


class LogEntry(Base):  # type: ignore[valid-type,misc]
    """One entry of a practice log. `client_key` is made where it was written, so that an entry
    sent twice by a phone that lost its net is kept once; `happened_at` is the phone's word."""

    __tablename__ = "activities_log_entry"
    __table_args__ = (
        UniqueConstraint("work_id", "client_key"),
        Index("ix_activities_log_entry_in_order", "work_id", "happened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    work_id: Mapped[int] = mapped_column(fk("work"))
    client_key: Mapped[str] = mapped_column(Code(40))
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    choice: Mapped[str] = mapped_column(Code())  # used | partly | not_used
    text: Mapped[str] = mapped_column(String(500), default="")


class Record(Base):  # type: ignore[valid-type,misc]
    """What an assignment ended in, where no other plugin keeps such records: a changed routine or
    a learning note. Own words of a participant; seen by them and by those who teach the run."""

    __tablename__ = "activities_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    kind: Mapped[str] = mapped_column(Code())  # changed_routine | learning_note
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Code(2))
    run_id: Mapped[int] = mapped_column(fk("run"), index=True)
    person_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)
