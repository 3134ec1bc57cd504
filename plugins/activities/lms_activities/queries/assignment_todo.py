"""Questions about what of assignments waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from lms.api import Actor, db
from lms_activities.models import HandIn, Share


def works_returned_to(actor: Actor) -> Sequence[int]:
    """The actor's works whose newest try was returned; what became of them since is the core's
    to know. One query."""
    newer, newer_share = aliased(HandIn), aliased(Share)
    later = (
        exists()
        .where(newer_share.work_id == Share.work_id, newer.id == newer_share.hand_in_id)
        .where(newer.id > HandIn.id, newer.agreed_at.is_not(None))
    )
    return db.session.scalars(
        select(Share.work_id)
        .join(HandIn, HandIn.id == Share.hand_in_id)
        .where(Share.person_id == actor.person_id, HandIn.outcome == "returned", ~later)
        .order_by(HandIn.decided_at)
        .limit(20)
    ).all()


def activities_to_agree(actor: Actor) -> Sequence[int]:
    """The activities where a try of a pair waits for the actor's yes. One query."""
    return db.session.scalars(
        select(HandIn.activity_id)
        .join(Share, Share.hand_in_id == HandIn.id)
        .where(
            Share.person_id == actor.person_id,
            HandIn.agreed_at.is_(None),
            HandIn.by_id != actor.person_id,
        )
        .order_by(HandIn.at)
        .limit(20)
    ).all()
