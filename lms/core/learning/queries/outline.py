"""Questions about outlines: what there is to do in a course version or in a run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from lms.contracts import ActivityFacts
from lms.core.catalogue.models import CourseVersion
from lms.core.learning.models import Activity
from lms.db import db

_KEY = re.compile(r"[a-z2-7]{16}")


def activities_in_runs(
    run_ids: Sequence[int], *, withdrawn: bool = False
) -> Mapping[int, Sequence[ActivityFacts]]:
    """The activities of runs in order, by run id; with `withdrawn` those taken out as well."""
    found: dict[int, list[ActivityFacts]] = defaultdict(list)
    for activity in _activities(Activity.run_id.in_(run_ids), withdrawn=withdrawn):
        if activity.run_id is not None:
            found[activity.run_id].append(activity)
    return found


def activities_in_version(version_id: int) -> Sequence[ActivityFacts]:
    """The activities of a course version in order."""
    return _activities(Activity.course_version_id == version_id, withdrawn=False)


def activities_by_id(activity_ids: Sequence[int]) -> Mapping[int, ActivityFacts]:
    """Activities by id, whoever asks and whatever their state."""
    rows = _activities(Activity.id.in_(activity_ids), withdrawn=True)
    return {activity.id: activity for activity in rows}


def activity_with_key(key: str) -> ActivityFacts | None:
    """One activity by key, whoever asks: the view asks next what the reader may."""
    if not _KEY.fullmatch(key):
        return None
    return next(iter(_activities(Activity.key == key, withdrawn=True)), None)


def version_key(version_id: int | None) -> str:
    """The key of a course version; "" when there is none."""
    key = db.session.scalar(select(CourseVersion.key).where(CourseVersion.id == version_id))
    return key or ""


def _activities(condition: ColumnElement[bool], *, withdrawn: bool) -> list[ActivityFacts]:
    statement = (
        select(*(getattr(Activity, name) for name in ActivityFacts.__slots__))
        .where(condition)
        .order_by(Activity.position, Activity.id)
    )
    if not withdrawn:
        statement = statement.where(Activity.state == "shown")
    return [_facts(row) for row in db.session.execute(statement)]


def _facts(row: Any) -> ActivityFacts:
    return ActivityFacts(**{**row._mapping, "outcomes": tuple(row.outcomes)})
