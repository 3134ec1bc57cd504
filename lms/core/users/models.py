"""Tables of the users room."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Code, UTCDateTime, new_key


class Person(Base):
    """Somebody who may sign in. Never a citizen in care, never with a national identity number."""

    __tablename__ = "users_person"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    name: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(String(500), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(Code(2), default="da")
    theme: Mapped[str] = mapped_column(Code(), default="auto")
    # invited | active | suspended | left | anonymised
    state: Mapped[str] = mapped_column(Code(), default="active")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SignIn(Base):
    """One place where a person is signed in; ending the row signs that place out."""

    __tablename__ = "users_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(Code(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    device: Mapped[str] = mapped_column(String(200), default="")


class AccessRole(Base):
    """A person holds an access role in an organisation, or (None) on the whole site."""

    __tablename__ = "users_access_role"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "organisation_id"),
        Index(
            "uq_users_access_role_site",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("organisation_id IS NULL"),
            postgresql_where=text("organisation_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(Code())
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="CASCADE"), index=True
    )


class Assignment(Base):
    """A person works as a function in an organisation and unit, from-to, under a line manager."""

    __tablename__ = "users_assignment"
    __table_args__ = (Index("ix_users_assignment_employee", "organisation_id", "employee_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    function_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_function.id", ondelete="RESTRICT"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="CASCADE")
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations_unit.id", ondelete="SET NULL"), index=True
    )
    manager_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    from_day: Mapped[date]
    to_day: Mapped[date | None]
    employee_number: Mapped[str | None] = mapped_column(Code(40))  # the employer's own


class SingleUseLink(Base):
    """A link that decides something: bound to a purpose and a subject, stored hashed, used once."""

    __tablename__ = "users_single_use_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Code(64), unique=True)
    purpose: Mapped[str] = mapped_column(Code())
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    subject_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ApiToken(Base):
    """A bearer token for the API: acts as its person, stored hashed, revocable."""

    __tablename__ = "users_api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("users_person.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(Code(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Sync(Base):
    """One list of people from an employer's own system: who came, moved and left."""

    __tablename__ = "users_sync"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(16), unique=True, default=new_key)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations_organisation.id", ondelete="CASCADE"), index=True
    )
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users_person.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(Code())  # waiting | working | done
    rows: Mapped[list[dict[str, str]]] = mapped_column(JSON)  # emptied when done
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
