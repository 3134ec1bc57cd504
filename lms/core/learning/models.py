"""Tables of the learning room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms.contracts import LocalisedText
from lms.db import Base, Code, Localised, UTCDateTime, new_key


class Attendance(Base):
    """Minutes one enrolled person attended one course session.

    `mode`: present, partial, absent, excused, caught_up. `catch_up` minutes count with the others
    and come from the work on a catch-up task, or from the teacher. `source` is teacher, code (of
    the screen), list (of a meeting) or task; what came late by a code, or before the session was
    moved, waits for a look (`unsure`) and does not count until then. `reason` is one of a few words
    for those excused, never free text.
    """

    __tablename__ = "learning_attendance"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "course_session_id"),
        CheckConstraint("minutes >= 0 AND catch_up >= 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE")
    )
    course_session_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_course_session.id", ondelete="CASCADE"), index=True
    )
    minutes: Mapped[int]
    catch_up: Mapped[int] = mapped_column(default=0)
    mode: Mapped[str] = mapped_column(Code())
    reason: Mapped[str] = mapped_column(Code(), default="")
    source: Mapped[str] = mapped_column(Code(), default="teacher")
    unsure: Mapped[bool] = mapped_column(default=False)
    set_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    set_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Declaration(Base):
    """A teacher's word on one enrolment: the work is accepted (or not), and why."""

    __tablename__ = "learning_declaration"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE"), unique=True
    )
    accepted: Mapped[bool]
    note: Mapped[str] = mapped_column(String(500), default="")
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Completion(Base):
    """The outcome for one enrolment under the rule version fixed for its run, with reasons.

    `reasons` is a list of {"name", "met", "reason": {"da","sv","en"}}.
    """

    __tablename__ = "learning_completion"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE"), unique=True
    )
    result: Mapped[str] = mapped_column(Code())  # met | not_met
    rule_version: Mapped[str] = mapped_column(Code(80))
    minutes_attended: Mapped[int]
    minutes_held: Mapped[int]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )


class Activity(Base):
    """Something the participants of a course do, in the outline of a course version or of a run.

    A run has copies of its own (`source_id` says of what), so that neither changes the other.
    `content` is the activity type's own: the core keeps, copies and compares it. Days are counted
    from the day the run begins (0 is that day); in a run they have become moments. `outcomes` are
    places in the version's list of learning outcomes. With `catch_up` it is for those who missed
    the session of its module: accepted, its minutes count as attended. `others_minutes` is the
    time it takes of somebody else: {"manager": 10, "host": 0, "company": 0}.
    """

    __tablename__ = "learning_activity"
    __table_args__ = (
        CheckConstraint("(course_version_id IS NULL) <> (run_id IS NULL)", name="one_place"),
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("ix_learning_activity_in_version", "course_version_id", "position"),
        Index("ix_learning_activity_in_run", "run_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    course_version_id: Mapped[int | None] = mapped_column(
        ForeignKey("catalogue_course_version.id", ondelete="CASCADE")
    )
    run_id: Mapped[int | None] = mapped_column(ForeignKey("catalogue_run.id", ondelete="CASCADE"))
    source_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_activity.id", ondelete="SET NULL"), index=True
    )
    module: Mapped[str] = mapped_column(Code())
    position: Mapped[int]
    activity_type: Mapped[str] = mapped_column(Code(80))
    title: Mapped[LocalisedText] = mapped_column(Localised)
    minutes: Mapped[int]
    others_minutes: Mapped[dict[str, int]] = mapped_column(JSON)
    required: Mapped[bool] = mapped_column(default=True)
    catch_up: Mapped[bool] = mapped_column(default=False)
    outcomes: Mapped[list[int]] = mapped_column(JSON)
    opens_day: Mapped[int | None]
    due_day: Mapped[int | None]
    opens_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    after_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_activity.id", ondelete="SET NULL"), index=True
    )
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(Code(), default="shown")  # draft | shown | withdrawn
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )


class Group(Base):
    """Participants of one run who work together."""

    __tablename__ = "learning_group"
    __table_args__ = (UniqueConstraint("run_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(ForeignKey("catalogue_run.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))


class GroupMember(Base):
    """A participant of a group; nobody is in two."""

    __tablename__ = "learning_group_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("learning_group.id", ondelete="CASCADE"), index=True
    )
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE"), unique=True
    )


class Work(Base):
    """What one participant has done on one activity. No row: nothing yet.

    `content` is the activity type's own (a draft, ticks); `revision` counts its changes, so that
    two tabs do not overwrite each other. `score` is percent, where the type gives one. A record
    that the work ended in (a problem, a learning note) stands with its type, key and title.
    """

    __tablename__ = "learning_work"
    __table_args__ = (
        UniqueConstraint("activity_id", "enrolment_id"),
        Index("ix_learning_work_to_mark", "activity_id", "state", "submitted_at"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 100)", name="score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    activity_id: Mapped[int] = mapped_column(ForeignKey("learning_activity.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(Code())  # started | submitted | returned | accepted
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    revision: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    score: Mapped[int | None]
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    record_type: Mapped[str | None] = mapped_column(Code(80))
    record_key: Mapped[str | None] = mapped_column(Code(16))
    record_title: Mapped[str] = mapped_column(String(200), default="")


class Comment(Base):
    """One contribution to the talk beside an activity; `group_id` where a group talks alone."""

    __tablename__ = "learning_comment"
    __table_args__ = (Index("ix_learning_comment_thread", "activity_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    activity_id: Mapped[int] = mapped_column(ForeignKey("learning_activity.id", ondelete="CASCADE"))
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_group.id", ondelete="SET NULL"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    by_team: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(Code(), default="shown")  # shown | withdrawn


class Assessment(Base):
    """What one assessor found of one participant's learning outcome (its place in the list).

    `level` counts from 0, "not shown", upwards. With a second assessor there are two drafts, and
    the result is the one both have agreed to.
    """

    __tablename__ = "learning_assessment"
    __table_args__ = (UniqueConstraint("enrolment_id", "outcome", "assessor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE")
    )
    outcome: Mapped[int]
    level: Mapped[int]
    method: Mapped[str] = mapped_column(Code())  # work | observation | conversation | test
    supervised: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(1000), default="")
    work_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_work.id", ondelete="SET NULL"), index=True
    )
    assessor_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(Code())  # draft | final
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Standing(Base):
    """How one enrolment stands just now under its run's rule; written when it changes.

    `reasons` as in `Completion`; `outlook` is the forecast of attendance in the words of
    `lms.core.learning.forecast`.
    """

    __tablename__ = "learning_standing"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE"), unique=True
    )
    result: Mapped[str] = mapped_column(Code())  # met | not_met | undecided
    rule_version: Mapped[str] = mapped_column(Code(80))
    minutes_attended: Mapped[int]
    minutes_held: Mapped[int]
    outlook: Mapped[str] = mapped_column(Code())
    done: Mapped[int]  # required activities accepted
    required: Mapped[int]  # required activities there are
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Waiver(Base):
    """A condition one participant need not fulfil: who said so, and why."""

    __tablename__ = "learning_waiver"
    __table_args__ = (UniqueConstraint("enrolment_id", "condition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE")
    )
    condition: Mapped[str] = mapped_column(Code(80))
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Agreement(Base):
    """The learning agreement of one enrolment: a goal, a task at work, time and a date.

    A change of its words takes both signatures away. The mirror is asked `follow_up_at`: what each
    of the two says came of it, `used` from 0 (not at all) to 4 (all the time).
    """

    __tablename__ = "learning_agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment_enrolment.id", ondelete="CASCADE"), unique=True
    )
    goal: Mapped[str] = mapped_column(String(500))
    task: Mapped[str] = mapped_column(String(1000))
    minutes_promised: Mapped[int]
    task_until: Mapped[date | None]
    state: Mapped[str] = mapped_column(Code())  # proposed | agreed | followed_up
    revision: Mapped[int] = mapped_column(default=1)
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    employee_signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    manager_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    manager_signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    follow_up_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    employee_used: Mapped[int | None]
    employee_words: Mapped[str] = mapped_column(String(1000), default="")
    manager_used: Mapped[int | None]
    manager_words: Mapped[str] = mapped_column(String(1000), default="")


class CheckIn(Base):
    """A code on the screen of one course session, changing by the clock, while it is open. Who
    comes more than `late_after` minutes after the beginning is there partly."""

    __tablename__ = "learning_check_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    course_session_id: Mapped[int] = mapped_column(
        ForeignKey("catalogue_course_session.id", ondelete="CASCADE"), unique=True
    )
    secret: Mapped[str] = mapped_column(Code(64))
    late_after: Mapped[int] = mapped_column(default=10)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )


class Snippet(Base):
    """A piece of feedback that somebody writes often."""

    __tablename__ = "learning_snippet"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(String(500))
    used: Mapped[int] = mapped_column(default=0)
