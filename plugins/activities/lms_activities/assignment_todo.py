"""What of assignments waits for somebody, for their first page."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import ActivityFacts, Actor, TodoItem, activities_by_id, marked, works_by_id
from lms_activities.assignment import MARKED
from lms_activities.assignment_letters import about
from lms_activities.queries.assignment_todo import activities_to_agree, works_returned_to
from lms_activities.words import domain


def todo_items(actor: Actor) -> Sequence[TodoItem]:
    """What was returned, and what a pair's other half has handed in. Two queries, two more when
    there is something."""
    if actor.person_id is None:
        return ()
    work_ids, to_agree = works_returned_to(actor), activities_to_agree(actor)
    if not work_ids and not to_agree:
        return ()
    works = [work for work in works_by_id(work_ids).values() if work.state == "returned"]
    activities = activities_by_id([work.activity_id for work in works] + list(to_agree))
    shown = {
        id_: activity
        for id_, activity in activities.items()
        if activity.activity_type in MARKED and activity.state == "shown"
    }
    returned = [shown[work.activity_id] for work in works if work.activity_id in shown]
    return [
        *(
            _item("agree", marked("Say yes or not yet: %(title)s"), shown[id_], order=12)
            for id_ in to_agree
            if id_ in shown
        ),
        *(
            _item("returned", marked("Look at it again: %(title)s"), activity, order=14)
            for activity in returned
        ),
    ]


def _item(what: str, title: str, activity: ActivityFacts, *, order: int) -> TodoItem:
    return TodoItem(
        key=f"activities.{what}:{activity.key}",
        title=about(title, activity),
        url=url_for(f"activities.{activity.activity_type}", key=activity.key),
        label=domain.localised(marked("Open the task")),
        minutes=5 if what == "agree" else None,
        due=activity.due_at if what == "returned" else None,
        order=order,
    )
