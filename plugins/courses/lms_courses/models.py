"""Tables of the courses plugin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from lms.api import Localised, LocalisedText, UTCDateTime, fk, plugin_base

Base = plugin_base("courses")


class CompanyCase(Base):  # type: ignore[valid-type,misc]
    """The case sheet of a student module: what a company and a practice host put before students.

    One for each course. `hours_promised` is how many hours the company gives.
    """

    __tablename__ = "courses_company_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(fk("course"), unique=True)
    company_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    practice_host_id: Mapped[int | None] = mapped_column(
        fk("organisation", ondelete="SET NULL"), index=True
    )
    contact_id: Mapped[int | None] = mapped_column(fk("person", ondelete="SET NULL"), index=True)
    hours_promised: Mapped[int]
    title: Mapped[LocalisedText] = mapped_column(Localised)
    problem: Mapped[LocalisedText] = mapped_column(Localised)
    question: Mapped[LocalisedText] = mapped_column(Localised)
    given: Mapped[LocalisedText] = mapped_column(Localised)
    limits: Mapped[LocalisedText] = mapped_column(Localised)
    rights: Mapped[LocalisedText] = mapped_column(Localised)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
