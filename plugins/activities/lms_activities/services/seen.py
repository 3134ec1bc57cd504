"""Verbs on links by which somebody at work sees a participant's work."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from lms.api import (
    Actor,
    LocalisedText,
    Refusal,
    Refused,
    WorkFacts,
    db,
    new_key,
    now,
    record,
)
from lms_activities.models import Link
from lms_activities.queries.seen import SEEN, LinkFacts, link_hash, links_of

LIFETIME = timedelta(days=21)
MOST_OPEN = 5


def make_link(
    work: WorkFacts,
    actor: Actor,
    *,
    person_id: int | None = None,
    name: str = "",
    with_files: bool = False,
    purpose: str = SEEN,
) -> tuple[str, str]:
    """A new link to a work; returns its key and its token, which nobody can read again. Raises
    `Refused` when too many are open."""
    still_open = [link for link in links_of([work.id], purpose) if link.state == "open"]
    if len(still_open) >= MOST_OPEN:
        raise _too_many()
    key, token = new_key(), secrets.token_urlsafe(16)
    moment = now()
    db.session.execute(
        insert(Link).values(
            key=key,
            work_id=work.id,
            purpose=purpose,
            token_hash=link_hash(token),
            person_id=person_id,
            name=name,
            function="",
            created_at=moment,
            ends_at=moment + LIFETIME,
            answers={"files": True} if with_files else {},
            note="",
        )
    )
    record(f"activities.{purpose}_asked", "work", work.id, actor=actor)
    return key, token


def revoke_link(link: LinkFacts, actor: Actor) -> None:
    """Take a link back; one that is answered stays answered."""
    db.session.execute(
        update(Link)
        .where(Link.id == link.id, Link.revoked_at.is_(None), Link.answered_at.is_(None))
        .values(revoked_at=now())
    )
    record("activities.link_revoked", "work", link.work_id, actor=actor)


def answer_link(
    link: LinkFacts,
    work: WorkFacts,
    actor: Actor,
    *,
    name: str,
    function: str,
    note: str,
    answers: Mapping[str, Any] | None = None,
    purpose: str = SEEN,
) -> bool:
    """Somebody says what they have seen, in one statement; False when the link cannot be used
    any more. The actor is a guest, or whoever is signed in where the link was opened."""
    said = db.session.execute(
        update(Link)
        .where(
            Link.id == link.id,
            Link.revoked_at.is_(None),
            Link.answered_at.is_(None),
            Link.ends_at > now(),
        )
        .values(
            answered_at=now(),
            name=name or link.name,
            function=function,
            note=note,
            answers={**link.answers, **(answers or {})},
        )
        .returning(Link.id)
    ).first()
    if said is None:
        return False
    data = {"activity": work.activity_id, "enrolment": work.enrolment_id}
    record(f"activities.{purpose}", "work", work.id, actor=actor, data=data)
    return True


def _too_many() -> Refused:
    return Refused(
        Refusal(
            code="links",
            message=LocalisedText(
                da="Fem links er åbne. Tag et tilbage, før du laver et nyt.",
                sv="Fem länkar är öppna. Ta tillbaka en innan du gör en ny.",
                en="Five links are open. Take one back before you make another.",
            ),
        )
    )
