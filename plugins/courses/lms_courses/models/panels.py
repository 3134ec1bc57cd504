"""Tables of panels that give feedback in one form: a feedback day, a mid feedback, a pitch."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Code, UTCDateTime, fk, new_key
from lms_courses.models.base import Base, own


class Panel(Base):
    """One round of feedback in a run, on all its companies or all its groups.

    What the panel writes is read by those it is about when it is released, all at once.
    """

    __tablename__ = "courses_panel"
    __table_args__ = (UniqueConstraint("run_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    run_id: Mapped[int] = mapped_column(fk("run"))
    kind: Mapped[str] = mapped_column(Code())  # feedback_day | mid | pitch
    held_at: Mapped[datetime] = mapped_column(UTCDateTime)
    release_by: Mapped[datetime] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_by_id: Mapped[int | None] = mapped_column(
        fk("person", ondelete="SET NULL"), index=True
    )


class PanelSubject(Base):
    """A company's application or a group of students that the panel hears, and the summary it
    gets."""

    __tablename__ = "courses_panel_subject"
    __table_args__ = (
        UniqueConstraint("panel_id", "application_id"),
        UniqueConstraint("panel_id", "group_id"),
        CheckConstraint("(application_id IS NULL) != (group_id IS NULL)", name="either"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    panel_id: Mapped[int] = mapped_column(own("panel"), index=True)
    application_id: Mapped[int | None] = mapped_column(own("application"), index=True)
    group_id: Mapped[int | None] = mapped_column(fk("group"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    summary: Mapped[str] = mapped_column(Text, default="")
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class PanelForm(Base):
    """What one panellist wrote about one company or group. Scales run from 1 to 4."""

    __tablename__ = "courses_panel_form"
    __table_args__ = (
        UniqueConstraint("subject_id", "person_id"),
        CheckConstraint(
            "understood BETWEEN 1 AND 4 AND useful BETWEEN 1 AND 4 AND safe BETWEEN 1 AND 4",
            name="scales",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(own("panel_subject"))
    person_id: Mapped[int] = mapped_column(fk("person"), index=True)
    role: Mapped[str] = mapped_column(Code())  # citizen | staff | manager | company
    understood: Mapped[int]
    useful: Mapped[int]
    safe: Mapped[int]
    good: Mapped[str] = mapped_column(Text, default="")
    better: Mapped[str] = mapped_column(Text, default="")
    ask: Mapped[str] = mapped_column(Text, default="")
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
