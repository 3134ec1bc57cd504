"""Who may read the documents that stand in activities."""

from __future__ import annotations

import json
from collections.abc import Sequence

from lms.contracts import ActivityFacts, Actor, DocumentFacts
from lms.core.catalogue.queries import course_owner, version_by_id
from lms.core.learning.places import BUILD, activity_place
from lms.core.learning.queries.company import readable_slots
from lms.core.learning.queries.outline import activity_with_key

SLOT = "teaching_slot"
"""The subject of what a company brings to what it teaches."""
MATERIAL = "activity"
"""The subject of course material: the activity it was first put into."""
NOT_YET = ("not_yet", "after_other")


def readable(documents: Sequence[DocumentFacts], place: str, actor: Actor) -> Sequence[str]:
    """Keys of the course material among these documents that stands in the activity with the key
    `place` and that the actor may open there, and of what belongs to teaching slots that are their
    own or of runs they teach. Copies of an activity name the same documents."""
    brought = readable_slots(
        [one.subject_id for one in documents if one.subject_kind == SLOT], actor
    )
    found = [one.key for one in documents if one.subject_kind == SLOT and one.subject_id in brought]
    wanted = [document for document in documents if document.subject_kind == MATERIAL]
    activity = activity_with_key(place) if wanted and place else None
    if activity is None or not _may_open(activity, actor):
        return found
    named = json.dumps(activity.content)
    return found + [document.key for document in wanted if document.key in named]


def _may_open(activity: ActivityFacts, actor: Actor) -> bool:
    if activity.course_version_id is not None:
        owner = course_owner(version_by_id(activity.course_version_id).course_id)
        return actor.may(BUILD, owner) or actor.may("catalogue.manage", owner)
    place = activity_place(activity.key, actor)
    return place is not None and place.closed not in NOT_YET
