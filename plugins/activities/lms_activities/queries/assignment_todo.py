"""Questions about what of assignments waits for somebody."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lms.api import Actor, db
from lms_activities.models import HandIn, Share


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
