"""What the pages of all activity types share."""

from __future__ import annotations

from flask import Blueprint

from lms.api import (
    ActivityFacts,
    ActivityPlace,
    Actor,
    activity_place,
    activity_to_edit,
    not_found,
)

blueprint = Blueprint("activities", __name__, url_prefix="/activities")


def place_of(key: str, activity_type: str, actor: Actor) -> ActivityPlace:
    """The activity as the reader meets it, when it is of this type and theirs to see; else 404."""
    place = activity_place(key, actor)
    if place is None or place.activity.activity_type != activity_type:
        not_found()
    return place


def edited(key: str, activity_type: str, actor: Actor) -> ActivityFacts:
    """The activity, when it is of this type and the actor may change it; else 404."""
    activity = activity_to_edit(key, actor)
    if activity is None or activity.activity_type != activity_type:
        not_found()
    return activity
