"""Who hears of what came of a challenge besides who looks after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.api import db
from lms_challenges.models import Problem


def senders_for(challenge_ids: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """Ids of the people who told of the problems a challenge is made of, and of those gathered
    with them, by challenge id. One query, none without challenges."""
    if not challenge_ids:
        return {}
    root = aliased(Problem)
    challenge = func.coalesce(Problem.challenge_id, root.challenge_id)
    found: dict[int, list[int]] = defaultdict(list)
    for challenge_id, person_id in db.session.execute(
        select(challenge, Problem.sender_id)
        .outerjoin(root, root.id == Problem.root_id)
        .where(
            challenge.in_(sorted(set(challenge_ids))),
            Problem.sender_id.is_not(None),
            Problem.state != "withdrawn",
        )
        .group_by(challenge, Problem.sender_id)
        .order_by(func.min(Problem.id))
    ):
        if person_id is not None:
            found[challenge_id].append(person_id)
    return found
