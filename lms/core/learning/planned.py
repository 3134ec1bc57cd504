"""What a course type planned, told apart from what somebody has written."""

from __future__ import annotations

from collections.abc import Iterable

from lms.contracts import ActivityFacts, CourseType


def written(activities: Iterable[ActivityFacts], plan: CourseType | None) -> list[ActivityFacts]:
    """Those of a version's activities that are not just as its type planned them."""
    planned = [
        (module.key, one.activity_type, one.title, one.content)
        for module in (plan.modules if plan is not None else ())
        for one in module.activities
    ]
    return [a for a in activities if (a.module, a.activity_type, a.title, a.content) not in planned]
