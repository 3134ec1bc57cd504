"""Questions about links by which somebody at work sees a participant's work."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, select

from lms.api import db, now
from lms_activities.models import Link

SEEN = "seen"


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkFacts:
    """One link, never its token. `with_files` says whether whoever has it may open the files."""

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
    with_files: bool

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


def link_with_token(token: str) -> LinkFacts | None:
    """The link behind a token, whether it can still be used or not; None for a made-up one."""
    found = _links(Link.token_hash == link_hash(token))
    return found[0] if found else None


def link_with_key(key: str) -> LinkFacts | None:
    """One link by key, whoever asks: the view asks next what the reader may."""
    found = _links(Link.key == key)
    return found[0] if found else None


def links_of(work_ids: Sequence[int]) -> Sequence[LinkFacts]:
    """The links to these works, newest first."""
    return _links(Link.work_id.in_(work_ids))


def is_seen(work_ids: Sequence[int]) -> bool:
    """Has somebody at work said that they have seen one of these works?"""
    return bool(_links(Link.work_id.in_(work_ids), Link.answered_at.is_not(None)))


def seen_among(work_ids: Sequence[int]) -> frozenset[int]:
    """Those of these works that somebody at work has seen."""
    rows = db.session.scalars(
        select(Link.work_id).where(
            Link.work_id.in_(work_ids), Link.purpose == SEEN, Link.answered_at.is_not(None)
        )
    )
    return frozenset(rows)


def _links(*conditions: ColumnElement[bool]) -> list[LinkFacts]:
    names = [name for name in LinkFacts.__slots__ if name != "with_files"]
    columns = [getattr(Link, name) for name in names]
    rows = db.session.execute(
        select(*columns, Link.answers)
        .where(Link.purpose == SEEN, *conditions)
        .order_by(Link.id.desc())
    )
    return [
        LinkFacts(
            **{name: getattr(row, name) for name in names},
            with_files=(row.answers or {}).get("files") is True,
        )
        for row in rows
    ]
