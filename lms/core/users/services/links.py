"""Single-use links: bound to a purpose, a person and perhaps a subject; kept as a hash only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update

from lms.core.users.models import SingleUseLink
from lms.core.users.queries import digest
from lms.db import db, now

RESET_LIFETIME = timedelta(hours=1)
INVITATION_LIFETIME = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkFacts:
    """What a good link is about."""

    person_id: int
    subject_id: int | None


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link as it lies there, used or not; see `look`."""

    purpose: str
    person_id: int
    subject_id: int | None
    used_at: datetime | None
    expires_at: datetime

    @property
    def good(self) -> bool:
        """Can it still be used? Using it (`spend`) asks again."""
        return self.used_at is None and self.expires_at > now()


def mint(purpose: str, person_id: int, subject_id: int | None, lifetime: timedelta) -> str:
    """A new link's token: 128 random bits, 22 characters that may stand in an address.

    Call it when the mail is written, inside its unit of work; nobody can read it again.
    """
    token = secrets.token_urlsafe(16)
    moment = now()
    db.session.add(
        SingleUseLink(
            token_hash=digest(token),
            purpose=purpose,
            person_id=person_id,
            subject_id=subject_id,
            created_at=moment,
            expires_at=moment + lifetime,
        )
    )
    db.session.flush()
    return token


def peek(token: str, purpose: str) -> LinkFacts | None:
    """What the link is about while it can still be used; nothing is spent."""
    row = db.session.execute(
        select(SingleUseLink.person_id, SingleUseLink.subject_id).where(_good(token, purpose))
    ).first()
    return LinkFacts(person_id=row.person_id, subject_id=row.subject_id) if row else None


def look(token: str) -> FoundLink | None:
    """The link behind a token, whether it can still be used or not: for saying what became of
    it. Nothing of what it is about may be shown unless it is `good`."""
    row = db.session.execute(
        select(
            SingleUseLink.purpose,
            SingleUseLink.person_id,
            SingleUseLink.subject_id,
            SingleUseLink.used_at,
            SingleUseLink.expires_at,
        ).where(SingleUseLink.token_hash == digest(token))
    ).first()
    return FoundLink(**row._asdict()) if row else None


def spend(token: str, purpose: str) -> LinkFacts | None:
    """Use the link up, in one statement: of two at the same time one gets the facts, one None."""
    row = db.session.execute(
        update(SingleUseLink)
        .where(_good(token, purpose))
        .values(used_at=now())
        .returning(SingleUseLink.person_id, SingleUseLink.subject_id)
        .execution_options(synchronize_session=False)
    ).first()
    return LinkFacts(person_id=row.person_id, subject_id=row.subject_id) if row else None


def end_links(person_id: int, *purposes: str) -> None:
    """Links of these purposes to this person (all of them when none is named) work no more."""
    which = SingleUseLink.person_id == person_id
    if purposes:
        which &= SingleUseLink.purpose.in_(purposes)
    db.session.execute(
        update(SingleUseLink)
        .where(which, SingleUseLink.used_at.is_(None))
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )


def _good(token: str, purpose: str) -> ColumnElement[bool]:
    return (
        (SingleUseLink.token_hash == digest(token))
        & (SingleUseLink.purpose == purpose)
        & SingleUseLink.used_at.is_(None)
        & (SingleUseLink.expires_at > now())
    )
