"""Tables of the home room: what a programme has promised. Counting comes later, with proof."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.contracts import LocalisedText
from lms.db import Base, Code, Localised


class Programme(Base):
    """A programme that courses and trials belong to, as its own papers describe it.

    `facts` holds target groups, actors, strategies and focus areas as lists of objects.
    """

    __tablename__ = "home_programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(Code(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    summary: Mapped[LocalisedText] = mapped_column(Localised)
    both_ways: Mapped[LocalisedText] = mapped_column(Localised)
    duration: Mapped[LocalisedText] = mapped_column(Localised)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class Target(Base):
    """One thing promised. `minimum` and `maximum` are None where no number is stated."""

    __tablename__ = "home_target"
    __table_args__ = (UniqueConstraint("programme_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("home_programme.id", ondelete="CASCADE"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(Code())
    kind: Mapped[str] = mapped_column(Code())  # exact|range|qualitative|direction|process|alignment
    minimum: Mapped[int | None]
    maximum: Mapped[int | None]
    unit: Mapped[LocalisedText] = mapped_column(Localised)
    text: Mapped[LocalisedText] = mapped_column(Localised)
    counting: Mapped[LocalisedText] = mapped_column(Localised)
    course_types: Mapped[list[str]] = mapped_column(JSON)
