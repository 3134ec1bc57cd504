"""Questions about links by which somebody at work sees a participant's work."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, select

from lms.api import db, now
from lms_activities.models import Link

SEEN = "seen"
OBSERVED = "observed"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkFacts:
    """One link, never its token."""

    id: int
    key: str
    work_id: int
    person_id: int | None
    name: str
    function: str
    created_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    answered_at: datetime | None
    note: str
    answers: Mapping[str, Any]

    @property
    def with_files(self) -> bool:
        """May whoever has the link open the files?"""
        return self.answers.get("files") is True

    @property
    def state(self) -> Literal["open", "answered", "revoked", "late"]:
        """What has become of it."""
        if self.answered_at is not None:
            return "answered"
        if self.revoked_at is not None:
            return "revoked"
        return "open" if self.ends_at > now() else "late"


def link_hash(token: str) -> str:
    """How a token is stored: SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def link_with_token(token: str, purpose: str = SEEN) -> LinkFacts | None:
    """The link behind a token, whether it can still be used or not; None for a made-up one."""
    found = _links(purpose, Link.token_hash == link_hash(token))
    return found[0] if found else None


def link_with_key(key: str, purpose: str = SEEN) -> LinkFacts | None:
    """One link by key, whoever asks: the view asks next what the reader may."""
    found = _links(purpose, Link.key == key)
    return found[0] if found else None


def links_of(work_ids: Sequence[int], purpose: str = SEEN) -> Sequence[LinkFacts]:
    """The links to these works, newest first."""
    return _links(purpose, Link.work_id.in_(work_ids))


def is_seen(work_ids: Sequence[int]) -> bool:
    """Has somebody at work said that they have seen one of these works?"""
    return bool(_links(SEEN, Link.work_id.in_(work_ids), Link.answered_at.is_not(None)))


def seen_among(work_ids: Sequence[int]) -> frozenset[int]:
    """Those of these works that somebody at work has seen."""
    rows = db.session.scalars(
        select(Link.work_id).where(
            Link.work_id.in_(work_ids), Link.purpose == SEEN, Link.answered_at.is_not(None)
        )
    )
    return frozenset(rows)


def _links(purpose: str, *conditions: ColumnElement[bool]) -> list[LinkFacts]:
    rows = db.session.execute(
        select(*(getattr(Link, name) for name in LinkFacts.__slots__))
        .where(Link.purpose == purpose, *conditions)
        .order_by(Link.id.desc())
    )
    return [LinkFacts(**row._mapping) for row in rows]
