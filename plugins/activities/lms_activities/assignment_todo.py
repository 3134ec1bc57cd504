"""What of assignments waits for somebody, beside what the core knows of: one's own next step, and
what is to be marked."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import Actor, TodoItem, activities_by_id, marked
from lms_activities.assignment_letters import about
from lms_activities.queries.assignment_todo import activities_to_agree
from lms_activities.words import domain

ORDER = 12


def todo_items(actor: Actor) -> Sequence[TodoItem]:
    """What the other of a pair has handed in for both. One query, one more when there is
    something."""
    waiting = activities_to_agree(actor) if actor.signed_in else ()
    if not waiting:
        return ()
    activities = activities_by_id(waiting)
    return [
        TodoItem(
            key=f"activities.agree:{activity.key}",
            title=about(marked("Say yes or not yet: %(title)s"), activity),
            url=url_for(f"activities.{activity.activity_type}", key=activity.key),
            label=domain.localised(marked("Open the task")),
            minutes=5,
            order=ORDER,
        )
        for activity in (activities[id_] for id_ in waiting)
        if activity.state == "shown"
    ]
