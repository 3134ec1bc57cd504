"""Verbs of those who build courses that concern activities too: next versions, runs made of a
version, copies of runs and courses. They flush; the request commits.

Whoever has rows of their own that go with a copy hears of it in the same transaction
(`lms_after_copies`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from lms.contracts import ActivityFacts, Actor, CopyFacts, CourseType, LocalisedText
from lms.core.catalogue import services as catalogue
from lms.core.catalogue.queries import course_plan, runs_by_id, sessions_of
from lms.core.catalogue.queries.building import partners_of
from lms.core.catalogue.services import SessionPlan
from lms.core.learning.models import Activity
from lms.core.learning.planned import written
from lms.core.learning.queries.outline import activities_in_runs, activities_in_version
from lms.core.learning.services.outline import ActivityValues, add_activity, take_out
from lms.core.local_times import days_later, first_moment_of, last_minute_of
from lms.core.refused import refused
from lms.db import db, new_key, now
from lms.host import current_host

Days = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class RunPlan:
    """A run to be made: what its form says. Times are aware; `price` is in whole units."""

    title: LocalisedText
    hosts: Sequence[int]
    zone: str
    sessions: Sequence[SessionPlan]
    capacity: int
    venue: str = ""
    town: str = ""
    price: int = 0
    currency: str = "DKK"
    visibility: str = "public"
    languages: Sequence[str] = ()
    enrol_until: datetime | None = None
    partners: Sequence[int] = ()
    team: Sequence[str] = ()
    """What whoever makes the run is on its team."""


def begin_course(plan: CourseType, owner_id: int, actor: Actor, **texts: Any) -> int:
    """A course of a type with its first draft, which begins with what the type plans: modules,
    rule, and those activities whose type is installed. Where it plans some and none of them is,
    no activity can be asked for. `texts` are those of `create_version`. Returns the draft's id."""
    known = current_host().activity_types()
    planned = [(module.key, one) for module in plan.modules for one in module.activities]
    there = [(module, one) for module, one in planned if one.activity_type in known]
    rule = plan.rule
    if planned and not there:
        asked = {name: options for name, options in rule.conditions.items() if name != "activities"}
        rule = replace(rule, conditions=asked)
    course_id = catalogue.create_course(plan.key, owner_id, actor)
    version_id = catalogue.create_version(course_id, actor, plan=plan, rule=rule, **texts)
    for module, one in there:
        values = ActivityValues(
            title=one.title,
            module=module,
            minutes=one.minutes,
            required=one.required,
            others_minutes=one.others_minutes,
        )
        add_activity(("version", version_id), one.activity_type, values, actor, content=one.content)
    return version_id


def next_version(version_id: int, actor: Actor) -> int:
    """The next draft of a course, a copy of this version with its activities; returns its id.
    Raises `Refused` while another draft waits."""
    new_id = catalogue.next_version(version_id, actor)
    activities = _copy_version_activities(version_id, new_id, actor)
    _tell(CopyFacts(versions={version_id: new_id}, activities=activities), actor)
    return new_id


def copy_course(version_id: int, course_id: int, owner_id: int, actor: Actor) -> int:
    """A course of another owner that begins as this version of a course, with its activities.
    Returns the id of its first version."""
    new_course, new_version = catalogue.copy_course(version_id, owner_id, actor)
    activities = _copy_version_activities(version_id, new_version, actor)
    copied = CopyFacts(
        courses={course_id: new_course},
        versions={version_id: new_version},
        activities=activities,
    )
    _tell(copied, actor)
    return new_version


def start_run(version_id: int, plan: RunPlan, actor: Actor) -> int:
    """A planned run of an approved version, with activities of its own: their days are counted
    from the first session's. Returns its id; raises `Refused` for an unapproved version."""
    run_id = _create_run(version_id, plan, actor)
    begins = min(session.starts_at for session in plan.sessions)
    first = begins.astimezone(ZoneInfo(plan.zone)).date()
    activities = _copy_activities(
        activities_in_version(version_id),
        ("run", run_id),
        actor,
        lambda activity: moments_of(activity, first, plan.zone),
    )
    _tell(CopyFacts(activities=activities, zone=plan.zone), actor)
    return run_id


def copy_run(run_id: int, plan: RunPlan, actor: Actor, *, sessions: Sequence[int]) -> int:
    """Another run like this one; everything that has a day moves as far as the first session.

    `sessions` are the ids of the old run's sessions that `plan.sessions` are copies of, in the
    same order. Returns the new run's id; raises `Refused` when its version is not approved.
    """
    old = runs_by_id([run_id])[run_id]
    partners = [partner for partner in partners_of(run_id) if partner not in plan.hosts]
    new_id = _create_run(old.course_version_id, replace(plan, partners=partners), actor)
    days = days_between(old.starts_at, min(s.starts_at for s in plan.sessions), old.zone, plan.zone)
    activities = _copy_activities(
        activities_in_runs([run_id])[run_id],
        ("run", new_id),
        actor,
        lambda activity: (
            _moved(activity.opens_at, days, old.zone),
            _moved(activity.due_at, days, old.zone),
        ),
    )
    made = [session.id for session in sessions_of([new_id])[new_id]]
    copied = CopyFacts(
        runs={run_id: new_id},
        sessions=dict(zip(sessions, made, strict=True)),
        activities=activities,
        days=days,
        zone=old.zone,
    )
    _tell(copied, actor)
    return new_id


def renumber_outcomes(version_id: int, places: Mapping[int, int | None]) -> None:
    """The learning outcomes of a draft have other places now (None: taken out), so that what is
    tied to one stays tied to it."""
    for activity in activities_in_version(version_id):
        kept = [places.get(place, place) for place in activity.outcomes]
        there = sorted({place for place in kept if place is not None})
        if there != list(activity.outcomes):
            db.session.execute(
                update(Activity)
                .where(Activity.id == activity.id)
                .values(outcomes=there, revision=Activity.revision + 1)
            )


def take_out_module(version_id: int, module: str, course_type: str, actor: Actor) -> None:
    """Take what the course type planned for the module out with it, where nobody has written in
    it. Raises `Refused` while other activities stand in the module."""
    there = [a for a in activities_in_version(version_id) if a.module == module]
    n = len(written(there, course_plan(course_type)))
    if n:
        raise refused(
            "module_in_use",
            da=f"Modulet har {n} aktiviteter. Flyt dem eller tag dem ud først.",
            sv=f"Modulen har {n} aktiviteter. Flytta dem eller ta ut dem först.",
            en=f"The module holds {n} activities. Move them or take them out first.",
        )
    for activity in there:
        take_out(activity, actor)


def moments_of(activity: ActivityFacts, first: date, zone: str) -> Days:
    """When an activity of a version opens and is due in a run that begins on `first`."""
    opens, due = activity.opens_day, activity.due_day
    return (
        None if opens is None else first_moment_of(first + timedelta(days=opens), zone),
        None if due is None else last_minute_of(first + timedelta(days=due), zone),
    )


def days_between(before: datetime | None, after: datetime, old_zone: str, new_zone: str) -> int:
    """How many days later the one is than the other, each by the calendar where it is."""
    if before is None:
        return 0
    old = before.astimezone(ZoneInfo(old_zone)).date()
    return (after.astimezone(ZoneInfo(new_zone)).date() - old).days


def _moved(moment: datetime | None, days: int, zone: str) -> datetime | None:
    return None if moment is None else days_later(moment, days, zone)


def _create_run(version_id: int, plan: RunPlan, actor: Actor) -> int:
    run_id = catalogue.create_run(
        version_id,
        actor,
        hosts=plan.hosts,
        partners=plan.partners,
        sessions=plan.sessions,
        capacity=plan.capacity,
        zone=plan.zone,
        title=plan.title,
        venue=plan.venue,
        town=plan.town,
        price=plan.price,
        currency=plan.currency,
        visibility=plan.visibility,
        languages=plan.languages,
        enrol_until=plan.enrol_until,
    )
    if actor.person_id is not None:
        for role in plan.team:
            catalogue.add_to_team(run_id, actor.person_id, role, actor)
    return run_id


def _copy_version_activities(old: int, new: int, actor: Actor) -> Mapping[int, int]:
    return _copy_activities(activities_in_version(old), ("version", new), actor, None)


def _copy_activities(
    activities: Sequence[ActivityFacts],
    owner: tuple[str, int],
    actor: Actor,
    moments: Callable[[ActivityFacts], Days] | None,
) -> Mapping[int, int]:
    """Copies in a version (without `moments`: days stay days) or in a run; old id -> new id."""
    if not activities:
        return {}
    keys = {activity.id: new_key() for activity in activities}
    rows = [_row(activity, keys[activity.id], owner, actor, moments) for activity in activities]
    db.session.execute(insert(Activity), rows)
    found = db.session.execute(
        select(Activity.key, Activity.id).where(Activity.key.in_(list(keys.values())))
    )
    ids = {row.key: row.id for row in found}
    made = {old: ids[key] for old, key in keys.items()}
    for activity in activities:
        if activity.after_id in made:
            db.session.execute(
                update(Activity)
                .where(Activity.id == made[activity.id])
                .values(after_id=made[activity.after_id])
            )
    return made


def _row(
    activity: ActivityFacts,
    key: str,
    owner: tuple[str, int],
    actor: Actor,
    moments: Callable[[ActivityFacts], Days] | None,
) -> dict[str, Any]:
    kind, owner_id = owner
    opens_at, due_at = moments(activity) if moments else (None, None)
    return {
        "key": key,
        "course_version_id": owner_id if kind == "version" else None,
        "run_id": owner_id if kind == "run" else None,
        "source_id": activity.id,
        "module": activity.module,
        "position": activity.position,
        "activity_type": activity.activity_type,
        "title": activity.title,
        "minutes": activity.minutes,
        "others_minutes": dict(activity.others_minutes),
        "required": activity.required,
        "catch_up": activity.catch_up,
        "outcomes": list(activity.outcomes),
        "opens_day": activity.opens_day if kind == "version" else None,
        "due_day": activity.due_day if kind == "version" else None,
        "opens_at": opens_at,
        "due_at": due_at,
        "content": dict(activity.content),
        "changed_at": now(),
        "changed_by_id": actor.person_id,
    }


def _tell(copied: CopyFacts, actor: Actor) -> None:
    current_host().after("lms_after_copies", copies=(copied,), actor=actor)
