"""Which activities are copies of which, through any number of versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from lms.core.learning.models import Activity
from lms.db import db


def first_of_each(activity_ids: Sequence[int]) -> Mapping[int, int]:
    """The activity that each one is a copy of in the end, by id; itself when it is no copy. One
    query. A copy is always younger than what it was copied from, so the lowest id is the first."""
    line = (
        select(Activity.id.label("id"), Activity.id.label("own"), Activity.source_id)
        .where(Activity.id.in_(activity_ids))
        .cte(recursive=True)
    )
    line = line.union_all(
        select(line.c.id, Activity.id, Activity.source_id).join(
            Activity, Activity.id == line.c.source_id
        )
    )
    rows = db.session.execute(select(line.c.id, func.min(line.c.own)).group_by(line.c.id))
    return {row[0]: row[1] for row in rows}
