"""Verbs on outlines: activities come, change, move and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, insert, select, update

from lms.contracts import ActivityFacts, Actor, LocalisedText
from lms.core.learning.models import Activity, Work
from lms.core.learning.queries.outline import activities_by_id, in_outline
from lms.core.learning.services.standing import recompute_later
from lms.core.refused import refused
from lms.db import db, new_key, now
from lms.journal import record


class EditedMeanwhile(Exception):
    """Somebody saved the same thing first; `current` is how it stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__("saved by somebody else meanwhile")
        self.current = current


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityValues:
    """What every activity says, whatever its type; see `ActivityFacts`."""

    title: LocalisedText
    module: str
    minutes: int
    required: bool = True
    catch_up: bool = False
    outcomes: Sequence[int] = ()
    others_minutes: Mapping[str, int] = field(default_factory=dict)
    opens_day: int | None = None
    due_day: int | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    after_id: int | None = None


def values_of(activity: ActivityFacts) -> ActivityValues:
    """What an activity says now, for who changes its content only."""
    return ActivityValues(**{name: getattr(activity, name) for name in ActivityValues.__slots__})


def add_activity(
    owner: tuple[str, int],
    activity_type: str,
    values: ActivityValues,
    actor: Actor,
    *,
    content: Mapping[str, Any] | None = None,
    source_id: int | None = None,
    state: str = "shown",
) -> int:
    """A new activity at the end of its module, in `owner`: ("version", id) or ("run", id).

    As a `draft` nobody but its editors sees it before it is saved for the first time. Returns
    its id.
    """
    last = db.session.scalar(select(func.max(Activity.position)).where(in_outline(owner))) or 0
    (activity_id,) = db.session.execute(
        insert(Activity)
        .values(
            **_columns(values),
            key=new_key(),
            course_version_id=owner[1] if owner[0] == "version" else None,
            run_id=owner[1] if owner[0] == "run" else None,
            source_id=source_id,
            position=last + 1,
            activity_type=activity_type,
            content=dict(content or {}),
            state=state,
            changed_at=now(),
            changed_by_id=actor.person_id,
        )
        .returning(Activity.id)
    ).one()
    record("learning.activity_added", "activity", activity_id, actor=actor)
    _written_in(owner[1] if owner[0] == "version" else None, actor)
    return int(activity_id)


def save_activity(
    activity: ActivityFacts,
    values: ActivityValues,
    content: Mapping[str, Any],
    actor: Actor,
    *,
    revision: int,
) -> None:
    """Write what an editor's page holds. Raises `EditedMeanwhile` when the activity is no longer
    at the revision that the page showed."""
    changed = db.session.execute(
        update(Activity)
        .where(Activity.id == activity.id, Activity.revision == revision)
        .values(
            **_columns(values),
            content=dict(content),
            state=case((Activity.state == "draft", "shown"), else_=Activity.state),
            revision=revision + 1,
            changed_at=now(),
            changed_by_id=actor.person_id,
        )
        .returning(Activity.id)
    ).first()
    if changed is None:
        raise EditedMeanwhile(activities_by_id([activity.id])[activity.id])
    record("learning.activity_changed", "activity", activity.id, actor=actor)
    _written_in(activity.course_version_id, actor)
    judged = ("required", "catch_up", "module", "minutes")
    if activity.state == "draft" or any(getattr(activity, n) != getattr(values, n) for n in judged):
        _judge_anew(activity)


def order_activities(
    owner: tuple[str, int],
    ids: Sequence[int],
    actor: Actor,
    *,
    modules: Mapping[int, str] | None = None,
) -> None:
    """Put the activities of a version or run in this order, and those named in `modules` (by id)
    in another module. Raises `Refused` when they are not the ones there are."""
    there: dict[int, tuple[int, str]] = {
        row.id: (row.position, row.module)
        for row in db.session.execute(
            select(Activity.id, Activity.position, Activity.module).where(
                in_outline(owner), Activity.state != "withdrawn"
            )
        )
    }
    if set(ids) != there.keys() or len(ids) != len(there):
        raise refused(
            "changed",
            da="Forløbet er ændret imens. Se siden igen, og flyt på ny.",
            sv="Upplägget har ändrats under tiden. Läs om sidan och flytta på nytt.",
            en="The outline changed in the meantime. Look again and move anew.",
        )
    for position, activity_id in enumerate(ids, start=1):
        place = (position, (modules or {}).get(activity_id, there[activity_id][1]))
        if place != there[activity_id]:
            db.session.execute(
                update(Activity)
                .where(Activity.id == activity_id)
                .values(position=place[0], module=place[1])
            )
    if owner[0] == "run":
        record("learning.outline_ordered", "run", owner[1], actor=actor)
    else:
        _written_in(owner[1], actor)


def take_out(activity: ActivityFacts, actor: Actor) -> None:
    """Take an activity out. In a run where somebody has begun it is withdrawn and their work
    stays; otherwise it goes. What waited for it waits no longer."""
    # Held, so that nobody begins it between the question and the deed.
    row = db.session.get(Activity, activity.id, with_for_update=True, populate_existing=True)
    if row is None or row.state == "withdrawn":
        return
    begun = db.session.scalar(select(Work.id).where(Work.activity_id == activity.id).limit(1))
    db.session.execute(
        update(Activity).where(Activity.after_id == activity.id).values(after_id=None)
    )
    if begun is None:
        db.session.delete(row)
    else:
        row.state = "withdrawn"
        row.changed_at, row.changed_by_id = now(), actor.person_id
    db.session.flush()
    record(
        "learning.activity_taken_out",
        "activity",
        activity.id,
        actor=actor,
        data={"run": activity.run_id, "kept": begun is not None},
    )
    _written_in(activity.course_version_id, actor)
    _judge_anew(activity)


def put_back(activity: ActivityFacts, actor: Actor) -> None:
    """A withdrawn activity is shown again, at the end of its module."""
    if activity.run_id is None:
        return
    last = db.session.scalar(
        select(func.max(Activity.position)).where(Activity.run_id == activity.run_id)
    )
    moved = db.session.execute(
        update(Activity)
        .where(Activity.id == activity.id, Activity.state == "withdrawn")
        .values(
            state="shown",
            position=(last or 0) + 1,
            changed_at=now(),
            changed_by_id=actor.person_id,
        )
        .returning(Activity.id)
    ).first()
    if moved is not None:
        record(
            "learning.activity_put_back",
            "activity",
            activity.id,
            actor=actor,
            data={"run": activity.run_id},
        )
        _judge_anew(activity)


def _written_in(version_id: int | None, actor: Actor) -> None:
    """Who writes in the outline of a draft is one of its writers: somebody else approves it."""
    if version_id is not None:
        record("learning.outline_written", "course_version", version_id, actor=actor)


def _judge_anew(activity: ActivityFacts) -> None:
    """What a run asks for has changed: how each one stands is looked at again, by a job."""
    if activity.run_id is not None:
        recompute_later(activity.run_id)


def _columns(values: ActivityValues) -> dict[str, Any]:
    return {
        **{name: getattr(values, name) for name in ActivityValues.__slots__},
        "outcomes": list(values.outcomes),
        "others_minutes": dict(values.others_minutes),
    }
