"""Whom the talk beside an activity concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Activity, Comment
from lms.db import db


def talkers(comment_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Who said something before, in the same talk, and is in the class or on the team: people by
    the id of the new contribution."""
    found: dict[int, list[int]] = defaultdict(list)
    if not comment_ids:
        return found
    earlier = aliased(Comment)
    rows = db.session.execute(
        select(Comment.id, earlier.author_id)
        .join(
            earlier,
            and_(
                earlier.activity_id == Comment.activity_id,
                earlier.id < Comment.id,
                earlier.state == "shown",
                or_(
                    earlier.group_id == Comment.group_id,
                    and_(earlier.group_id.is_(None), Comment.group_id.is_(None)),
                ),
            ),
        )
        .join(Activity, Activity.id == Comment.activity_id)
        .outerjoin(
            Enrolment,
            and_(
                Enrolment.run_id == Activity.run_id,
                Enrolment.person_id == earlier.author_id,
                Enrolment.state.in_(("seated", "active")),
            ),
        )
        .where(
            Comment.id.in_(comment_ids),
            or_(earlier.by_team, Enrolment.id.is_not(None)),
        )
        .distinct()
        .order_by(Comment.id, earlier.author_id)
    )
    for comment_id, person_id in rows:
        if person_id is not None:
            found[comment_id].append(person_id)
    return found
