"""Tables of the organisations room."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.contracts import LocalisedText
from lms.db import Base, Code, Localised, new_key


class Organisation(Base):
    """A municipality, region, company, institution ... An organisation is closed, never deleted.

    `registration_number` is normalised and unique per country. A parent gives no rights.
    """

    __tablename__ = "organisations_organisation"
    __table_args__ = (UniqueConstraint("country", "registration_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    name: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(String(2000), index=True)
    kind: Mapped[str] = mapped_column(Code(), index=True)
    country: Mapped[str] = mapped_column(Code(2))
    registration_number: Mapped[str | None] = mapped_column(Code(20))
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(Code(), default="active")
    note: Mapped[LocalisedText | None] = mapped_column(Localised)


class OrganisationName(Base):
    """Another name of an organisation: an alias, or a former name with the day it ended."""

    __tablename__ = "organisations_name"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(Code())  # alias | former
    name: Mapped[str] = mapped_column(String(200))
    until: Mapped[date | None]


class Unit(Base):
    """A part of an organisation where people work: a home-care district, a ward, a school team."""

    __tablename__ = "organisations_unit"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(Code())
    state: Mapped[str] = mapped_column(Code(), default="active")


class Function(Base):
    """What a person is at work, from one dictionary in three languages."""

    __tablename__ = "organisations_function"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(80), unique=True)
    title: Mapped[LocalisedText] = mapped_column(Localised)
