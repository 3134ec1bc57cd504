"""What becomes of the ideas that wait for a gate when a challenge is decided on or stopped."""

from __future__ import annotations

from sqlalchemy import select

from lms.api import Actor, db
from lms_challenges.models import GateOption
from lms_challenges.services.ideas import answer_ideas


def answer_waiting(challenge_id: int, decision: str, actor: Actor, *, reason: str) -> int:
    """Ideas that wait now go on or are kept for later, with the reason; returns how many. Of
    several the ones go on that stand behind the option that was chosen, if there is one.

    It belongs in the unit of work that decides: an idea that is sent afterwards waits for the next
    gate, however long anybody else takes to hear of this one.
    """
    chosen = db.session.scalars(
        select(GateOption.idea_id).where(
            GateOption.challenge_id == challenge_id,
            GateOption.chosen.is_(True),
            GateOption.idea_id.is_not(None),
        )
    ).all()
    return answer_ideas(
        challenge_id,
        decision,
        actor,
        reason=reason,
        chosen=[idea_id for idea_id in chosen if idea_id is not None],
    )
