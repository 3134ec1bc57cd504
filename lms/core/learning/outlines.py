"""An outline as its readers meet it: modules in order, what each takes, what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from lms.contracts import (
    ActivityFacts,
    CourseSessionFacts,
    LocalisedText,
    RunFacts,
    TimeAsked,
    WorkFacts,
)
from lms.core.catalogue.queries import VersionFacts
from lms.core.learning.places import closed_because
from lms.core.learning.queries.outline import activities_in_runs

FAR = datetime.max.replace(tzinfo=UTC)
DONE = ("submitted", "accepted")
Other = Literal["manager", "host", "company"]
Stretch = Literal["before", "during", "after"]
OTHERS: tuple[Other, ...] = ("manager", "host", "company")

Piece = CourseSessionFacts | ActivityFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """A module with its sessions and activities in order. `minutes` is the planned length of its
    session where the outline is a version's, which has no sessions yet. Key "" is what stands in
    no module."""

    key: str
    title: LocalisedText
    minutes: int
    pieces: tuple[Piece, ...]

    @property
    def activities(self) -> list[ActivityFacts]:
        """The activities alone."""
        return [piece for piece in self.pieces if isinstance(piece, ActivityFacts)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """Minutes that an outline takes of each; `choice` is what participants may do beside."""

    participant: int
    choice: int
    manager: int
    host: int
    company: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """Required activities that are accepted, and all that are required."""

    accepted: int
    required: int


def modules_of(version: VersionFacts) -> list[tuple[str, LocalisedText]]:
    """Modules of a version as (key, title)."""
    return [(m["key"], LocalisedText.from_dict(m["title"])) for m in version.modules]


def arranged(
    version: VersionFacts,
    sessions: Sequence[CourseSessionFacts],
    activities: Sequence[ActivityFacts],
) -> list[Module]:
    """The outline module by module. Within one, what is due before a session stands before it;
    what belongs to no module of the version comes last."""
    known = {module["key"] for module in version.modules}
    held: dict[str, list[CourseSessionFacts]] = defaultdict(list)
    for session in sorted(sessions, key=lambda one: one.starts_at):
        held[session.module if session.module in known else ""].append(session)
    done: dict[str, list[ActivityFacts]] = defaultdict(list)
    for activity in activities:
        done[activity.module if activity.module in known else ""].append(activity)
    found = [
        Module(
            key=module["key"],
            title=LocalisedText.from_dict(module["title"]),
            minutes=int(module.get("minutes") or 0),
            pieces=_together(held[module["key"]], done[module["key"]]),
        )
        for module in version.modules
    ]
    if held[""] or done[""]:
        rest = _together(held[""], done[""])
        found.append(Module(key="", title=LocalisedText(), minutes=0, pieces=rest))
    return found


def _together(
    sessions: Sequence[CourseSessionFacts], activities: Sequence[ActivityFacts]
) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    left = list(activities)
    for session in sessions:
        before = [a for a in left if a.due_at is not None and a.due_at <= session.starts_at]
        pieces += [*before, session]
        left = [a for a in left if a not in before]
    return (*pieces, *left)


def hours(
    version: VersionFacts,
    sessions: Sequence[CourseSessionFacts] | None,
    activities: Iterable[ActivityFacts],
) -> Hours:
    """What the outline takes. `sessions` None means a version, whose modules say how long their
    sessions are. A catch-up task takes the place of a session, so its minutes are not added; the
    words between two sessions count where no activity has taken their place."""
    shown = [a for a in activities if a.state == "shown" and not a.catch_up]
    with_activities = {activity.module for activity in shown}
    if sessions is None:
        taught = sum(int(module.get("minutes") or 0) for module in version.modules)
        between = sum(
            int(module.get("between_minutes") or 0)
            for module in version.modules
            if module["key"] not in with_activities
        )
    else:
        taking_place = [session for session in sessions if session.state != "cancelled"]
        taught = sum(session.minutes for session in taking_place)
        between = sum(
            session.between_minutes
            for session in taking_place
            if session.module not in with_activities
        )
    of_others = {who: sum(a.others_minutes.get(who, 0) for a in shown) for who in OTHERS}
    return Hours(
        participant=taught + between + sum(a.minutes for a in shown if a.required),
        choice=sum(a.minutes for a in shown if not a.required),
        **of_others,
    )


def time_of_activities(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[TimeAsked]]:
    """What activities ask of participants and of others, by run id: one query. What is due before
    the first day lies before it, what opens after the last lies after. Only what everybody does
    counts for participants, and a catch-up task takes the place of a session."""
    activities = activities_in_runs([run.id for run in runs], light=True)
    return {run.id: _time_in(run, activities.get(run.id, ())) for run in runs}


def _time_in(run: RunFacts, activities: Iterable[ActivityFacts]) -> list[TimeAsked]:
    found = []
    for one in activities:
        if one.catch_up:
            continue
        own = one.minutes if one.required else 0
        when = _stretch(one, run)
        found.append(TimeAsked(role="participant", stretch=when, minutes=own, module=one.module))
        found += [
            TimeAsked(role=who, stretch=when, minutes=minutes, module=one.module)
            for who in OTHERS
            if (minutes := one.others_minutes.get(who, 0))
        ]
    return found


def _stretch(activity: ActivityFacts, run: RunFacts) -> Stretch:
    if activity.due_at and run.starts_at and activity.due_at <= run.starts_at:
        return "before"
    if activity.opens_at and run.ends_at and activity.opens_at >= run.ends_at:
        return "after"
    return "during"


def uncovered(version: VersionFacts, activities: Iterable[ActivityFacts]) -> list[LocalisedText]:
    """Learning outcomes that no activity serves."""
    served = {place for a in activities if a.state == "shown" for place in a.outcomes}
    return [text for place, text in enumerate(version.outcomes) if place not in served]


def done_of(activities: Iterable[ActivityFacts], works: Mapping[int, WorkFacts]) -> Done:
    """How much of what is required somebody has done; `works` are theirs by activity id."""
    required = [a for a in activities if is_required(a)]
    accepted = sum(
        1 for a in required if (work := works.get(a.id)) is not None and work.state == "accepted"
    )
    return Done(accepted=accepted, required=len(required))


def is_required(activity: ActivityFacts) -> bool:
    """Must everybody do it?"""
    return activity.required and not activity.catch_up and activity.state == "shown"


def next_step(
    activities: Sequence[ActivityFacts],
    works: Mapping[int, WorkFacts],
    state: str,
    moment: datetime,
) -> ActivityFacts | None:
    """What somebody whose enrolment is in this state does next: what came back first, then what is
    required and open, by its day and place; None when nothing waits for them. `works` are theirs by
    activity id."""
    open_ones = [
        (place, activity)
        for place, activity in enumerate(activities)
        if not closed_because(activity, works, state, moment)
        and ((work := works.get(activity.id)) is None or work.state not in DONE)
    ]
    back = [
        (place, activity)
        for place, activity in open_ones
        if (work := works.get(activity.id)) is not None and work.state == "returned"
    ]
    wanted = back or [(place, a) for place, a in open_ones if is_required(a)]
    if not wanted:
        return None
    return min(wanted, key=lambda pair: (pair[1].due_at or FAR, pair[0]))[1]


def moved(
    modules: Sequence[Module], activity_id: int, way: str
) -> tuple[list[int], dict[int, str]] | None:
    """The order after one activity went `up` or `down` by one place, over the edge of its module
    when it stands there: (ids, changed modules by id). None when there is no place to go to."""
    places = [[a.id for a in module.activities if a.state != "withdrawn"] for module in modules]
    here = next((n for n, ids in enumerate(places) if activity_id in ids), None)
    if here is None:
        return None
    ids = places[here]
    index, step = ids.index(activity_id), -1 if way == "up" else 1
    changed: dict[int, str] = {}
    if 0 <= index + step < len(ids):
        ids.insert(index + step, ids.pop(index))
    elif 0 <= here + step < len(modules) and modules[here + step].key:
        ids.pop(index)
        there = places[here + step]
        there.insert(len(there) if way == "up" else 0, activity_id)
        changed[activity_id] = modules[here + step].key
    else:
        return None
    return [one for group in places for one in group], changed
