"""An activity as one reader meets it: whose, in which run, open or not, and with what done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from lms.contracts import ActivityFacts, Actor, EnrolmentFacts, LocalisedText, RunFacts, WorkFacts
from lms.core.catalogue.queries import (
    VersionFacts,
    course_owner,
    version_by_id,
)
from lms.core.enrolment.queries import Row, newest_of
from lms.core.learning.queries.outline import activity_in_run, activity_with_key
from lms.core.learning.queries.works import works_of_one
from lms.db import now

BUILD = "catalogue.build"
ENTERED = frozenset({"seated", "active", "completed", "not_completed", "no_show"})

OVER = ("archived", "cancelled")
"""States of a run whose outline stays as it is."""

Closed = Literal["", "not_yet", "after_other", "run_over", "withdrawn"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityPlace:
    """An activity of a run and the reader: their enrolment and work (None for the team), whether
    they teach the run, and why it is closed to them, "" when it is open."""

    activity: ActivityFacts
    run: RunFacts
    enrolment: EnrolmentFacts | None
    work: WorkFacts | None
    teaches: bool
    closed: Closed
    opens_at: datetime | None = None
    after: ActivityFacts | None = None
    outcomes: tuple[LocalisedText, ...] = ()
    """The learning outcomes of the run, in order."""
    manager_name: str = ""
    """The manager whom the enrolment names, if they are still there."""

    @property
    def may_work(self) -> bool:
        """May the reader do something here just now?"""
        return self.enrolment is not None and not self.closed


def closed_because(
    activity: ActivityFacts,
    works: Mapping[int, WorkFacts],
    state: str,
    moment: datetime,
) -> Closed:
    """Why an activity is closed to a participant whose enrolment is in this state; `works` are
    theirs by activity id."""
    if activity.state == "withdrawn":
        return "withdrawn"
    if state not in ("seated", "active"):
        return "run_over"
    if activity.opens_at is not None and activity.opens_at > moment:
        return "not_yet"
    if activity.after_id is not None:
        before = works.get(activity.after_id)
        if before is None or before.state not in ("submitted", "accepted"):
            return "after_other"
    return ""


def activity_place(key: str, actor: Actor) -> ActivityPlace | None:
    """The activity of a run for this reader; None when it is none of theirs. At most three
    queries."""
    found = activity_in_run(key, actor) if actor.signed_in else None
    if found is None:
        return None
    activity, run = found.activity, found.run
    row, works = _own(activity, actor) if activity.state != "draft" else (None, {})
    if row is None:
        if not found.teaches:
            return None
        return ActivityPlace(
            activity=activity,
            run=run,
            enrolment=None,
            work=None,
            teaches=True,
            closed="",
            outcomes=found.outcomes,
        )
    return ActivityPlace(
        activity=activity,
        run=run,
        enrolment=row.enrolment,
        work=works.get(activity.id),
        teaches=False,
        closed=closed_because(activity, works, row.enrolment.state, now()),
        opens_at=activity.opens_at,
        after=found.before,
        outcomes=found.outcomes,
        manager_name=row.manager_name or "",
    )


def _own(activity: ActivityFacts, actor: Actor) -> tuple[Row | None, Mapping[int, WorkFacts]]:
    """The reader's enrolment, and their work on it and on the one before it, by activity id. Who
    has left the class still sees what they handed in."""
    if actor.person_id is None or activity.run_id is None:
        return None, {}
    row = newest_of([actor.person_id], [activity.run_id]).get((actor.person_id, activity.run_id))
    if row is None:
        return None, {}
    works = works_of_one(row.enrolment.id, [activity.id, activity.after_id or 0])
    if row.enrolment.state not in ENTERED and activity.id not in works:
        return None, {}
    return row, works


def activity_to_mark(wanted: str | int, actor: Actor) -> tuple[ActivityFacts, RunFacts] | None:
    """An activity (by key or id) of a run the actor teaches, with the run; None for anybody
    else."""
    found = activity_in_run(wanted, actor)
    if found is None or not found.teaches:
        return None
    return found.activity, found.run


@dataclass(frozen=True, kw_only=True, slots=True)
class EditPlace:
    """An activity to be changed, the version it stands in or comes from, and its run, if any."""

    activity: ActivityFacts
    version: VersionFacts
    run: RunFacts | None


def place_to_edit(key: str, actor: Actor) -> EditPlace | None:
    """An activity the actor may change: of a draft in a course they may build, or of a run they
    teach that is not over; None otherwise."""
    found = activity_in_run(key, actor)
    if found is not None:
        run = found.run
        if run.state in OVER or not found.teaches:
            return None
        version = version_by_id(run.course_version_id)
        return EditPlace(activity=found.activity, version=version, run=run)
    activity = activity_with_key(key)
    if activity is None or activity.course_version_id is None:
        return None
    version = version_by_id(activity.course_version_id)
    may = actor.may(BUILD, course_owner(version.course_id))
    if not may or version.state != "draft":
        return None
    return EditPlace(activity=activity, version=version, run=None)


def activity_to_edit(key: str, actor: Actor) -> ActivityFacts | None:
    """The activity of `place_to_edit` alone."""
    place = place_to_edit(key, actor)
    return place.activity if place else None
