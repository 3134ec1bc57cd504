"""The roof of the activities plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from lms.api import ActivityType, DataPolicy, hookimpl
from lms_activities import policies, types
from lms_activities.views import blueprint


@hookimpl
def lms_activity_types() -> Sequence[ActivityType]:
    """What courses are built of."""
    return types.ACTIVITY_TYPES


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    """The pages of each type: for participants, for who builds the course, for who marks."""
    return (blueprint,)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """What people write goes with them; what teachers said stays without a name."""
    return policies.POLICIES
