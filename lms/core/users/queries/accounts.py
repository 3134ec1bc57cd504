"""What signing in needs to know about a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from lms.core.users.models import ApiToken, Person, SignIn
from lms.core.users.queries.actors import digest
from lms.db import db, now


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """A person's secrets and state; never handed to a template."""

    person_id: int
    name: str
    email: str
    password_hash: str | None
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInFacts:
    """A place where a person is signed in; `current` is the one asking."""

    key: str
    device: str
    created_at: datetime
    expires_at: datetime
    current: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenFacts:
    """A program that acts for a person; the token itself is nowhere."""

    key: str
    name: str
    created_at: datetime
    expires_at: datetime


def tokens_of(person_id: int, *, limit: int = 50) -> list[TokenFacts]:
    """The tokens of a person that still work, the newest first."""
    rows = db.session.execute(
        select(ApiToken.key, ApiToken.name, ApiToken.created_at, ApiToken.expires_at)
        .where(
            ApiToken.person_id == person_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now(),
        )
        .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
        .limit(limit)
    )
    return [TokenFacts(**row._mapping) for row in rows]


def credentials(email_key: str) -> Credentials | None:
    """By the key of an address (`lms.core.users.addresses.email_key`)."""
    return _credentials(Person.email_key == email_key) if email_key else None


def credentials_of(person_id: int) -> Credentials | None:
    """By the person's id."""
    return _credentials(Person.id == person_id)


def _credentials(which: ColumnElement[bool]) -> Credentials | None:
    row = db.session.execute(
        select(Person.id, Person.name, Person.email, Person.password_hash, Person.state).where(
            which
        )
    ).first()
    if row is None:
        return None
    return Credentials(
        person_id=row.id,
        name=row.name,
        email=row.email or "",
        password_hash=row.password_hash,
        state=row.state,
    )


def sign_ins_of(person_id: int, token: str = "", *, limit: int = 50) -> list[SignInFacts]:
    """Where a person is signed in now, the latest first; `token` is the asking browser's."""
    rows = db.session.execute(
        select(SignIn.key, SignIn.device, SignIn.created_at, SignIn.expires_at, SignIn.token_hash)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.expires_at > now())
        .order_by(SignIn.created_at.desc(), SignIn.id.desc())
        .limit(limit)
    )
    mine = digest(token)
    return [
        SignInFacts(
            key=row.key,
            device=row.device,
            created_at=row.created_at,
            expires_at=row.expires_at,
            current=row.token_hash == mine,
        )
        for row in rows
    ]
