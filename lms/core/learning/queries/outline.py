"""Questions about outlines: what there is to do in a course version or in a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from lms.contracts import ActivityFacts, Actor, LocalisedText, RunFacts
from lms.core.catalogue.models import CourseVersion, Run
from lms.core.catalogue.queries import on_team, placed, placed_rows
from lms.core.learning.models import Activity, Work
from lms.db import db, is_key

TEACH = "learning.teach"
EVERY_STATE = ("draft", "shown", "withdrawn")


def activities_in_runs(
    run_ids: Sequence[int], *, withdrawn: bool = False, light: bool = False
) -> Mapping[int, Sequence[ActivityFacts]]:
    """The activities of runs in order, by run id; with `withdrawn` those taken out as well,
    `light` without their content, which stays empty."""
    found: dict[int, list[ActivityFacts]] = defaultdict(list)
    states = ("shown", "withdrawn") if withdrawn else ("shown",)
    for activity in _activities(Activity.run_id.in_(run_ids), states, light=light):
        if activity.run_id is not None:
            found[activity.run_id].append(activity)
    return found


def activities_in_version(version_id: int) -> Sequence[ActivityFacts]:
    """The activities of a course version in order."""
    return _activities(Activity.course_version_id == version_id)


def outline_of(owner: tuple[str, int]) -> Sequence[ActivityFacts]:
    """The outline of ("version", id) or ("run", id) as its editors see it: what is not shown yet
    and what was taken out as well, all without their content."""
    return _activities(in_outline(owner), EVERY_STATE, light=True)


def in_outline(owner: tuple[str, int]) -> ColumnElement[bool]:
    """The activities of ("version", id) or ("run", id)."""
    column = Activity.course_version_id if owner[0] == "version" else Activity.run_id
    return column == owner[1]


def number_begun(activity_id: int) -> int:
    """How many participants have begun an activity."""
    statement = select(func.count()).where(Work.activity_id == activity_id)
    return db.session.scalar(statement) or 0


def activities_by_id(activity_ids: Sequence[int]) -> Mapping[int, ActivityFacts]:
    """Activities by id, whoever asks and whatever their state."""
    rows = _activities(Activity.id.in_(activity_ids), EVERY_STATE)
    return {activity.id: activity for activity in rows}


def activity_with_key(key: str) -> ActivityFacts | None:
    """One activity by key, whoever asks: the view asks next what the reader may."""
    if not is_key(key):
        return None
    return next(iter(_activities(Activity.key == key, EVERY_STATE)), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class InRun:
    """An activity of a run, the one it opens after, the run, its learning outcomes, and whether
    the reader may teach it."""

    activity: ActivityFacts
    before: ActivityFacts | None
    run: RunFacts
    outcomes: tuple[LocalisedText, ...]
    teaches: bool


def activity_in_run(wanted: str | int, actor: Actor) -> InRun | None:
    """One activity of a run by key or id, whoever asks, with what every page of it needs: one
    query."""
    if isinstance(wanted, str) and not is_key(wanted):
        return None
    it = Activity.id == wanted if isinstance(wanted, int) else Activity.key == wanted
    before = select(Activity.after_id).where(it).scalar_subquery()
    names = ActivityFacts.__slots__
    rows = db.session.execute(
        placed_rows()
        .add_columns(
            CourseVersion.outcomes.label("run_outcomes"),
            on_team(actor.person_id, TEACH).label("on_team"),
            *(getattr(Activity, name).label(f"a_{name}") for name in names),
        )
        .join(Activity, Activity.run_id == Run.id)
        .where(or_(it, Activity.id == before))
    ).all()
    if not rows:
        return None
    found = {
        row.a_id: ActivityFacts(
            **{
                **{name: getattr(row, f"a_{name}") for name in names},
                "outcomes": tuple(row.a_outcomes),
            }
        )
        for row in rows
    }
    activity = next((a for a in found.values() if wanted in (a.id, a.key)), None)
    if activity is None:
        return None
    (run,) = placed(rows)
    return InRun(
        activity=activity,
        before=next((a for a in found.values() if a.id != activity.id), None),
        run=run,
        outcomes=tuple(LocalisedText.from_dict(text) for text in rows[0].run_outcomes),
        teaches=actor.signed_in and bool(rows[0].on_team or actor.may_in_any(TEACH, run.host_ids)),
    )


def version_key(version_id: int | None) -> str:
    """The key of a course version; "" when there is none."""
    key = db.session.scalar(select(CourseVersion.key).where(CourseVersion.id == version_id))
    return key or ""


def version_id_of(key: str) -> int | None:
    """The id of the course version with this key."""
    if not is_key(key):
        return None
    return db.session.scalar(select(CourseVersion.id).where(CourseVersion.key == key))


def _activities(
    condition: ColumnElement[bool], states: Sequence[str] = ("shown",), *, light: bool = False
) -> list[ActivityFacts]:
    names = [name for name in ActivityFacts.__slots__ if not (light and name == "content")]
    statement = (
        select(*(getattr(Activity, name) for name in names))
        .where(condition)
        .order_by(Activity.position, Activity.id)
    )
    if states != EVERY_STATE:
        statement = statement.where(Activity.state.in_(states))
    return [_facts(row) for row in db.session.execute(statement)]


def _facts(row: Any) -> ActivityFacts:
    return ActivityFacts(**{"content": {}, **row._mapping, "outcomes": tuple(row.outcomes)})
