"""Verbs on citizens' journeys: written, said better, looked through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, update

from lms.api import (
    Actor,
    RecordDraft,
    db,
    link_records,
    new_key,
    now,
    parts_of,
    record,
    refused,
)
from lms_courses.models import Journey
from lms_courses.queries.journeys import JourneyFacts, JourneyPlace
from lms_courses.refusing import changed_meanwhile

PARTS = ("step", "touchpoint", "citizen", "risk")
MOST_STEPS = 20
LONGEST_TITLE = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class JourneyValues:
    """What somebody writes: steps with `PARTS`, and with whom it was checked, by function."""

    title: str
    steps: Sequence[Mapping[str, str]]
    checked_with: str
    language: str


def write_journey(
    run_id: int, run_key: str, enrolment_id: int | None, values: JourneyValues, actor: Actor
) -> str:
    """Keep a journey of a run; returns its key. `enrolment_id` is None for one of the team."""
    key = _insert(
        run_id=run_id,
        enrolment_id=enrolment_id,
        title=values.title[:LONGEST_TITLE],
        steps=[dict(step) for step in values.steps],
        checked_with=values.checked_with,
        language=values.language,
        created_by_id=actor.person_id,
        actor=actor,
    )
    link_records(("course", run_key), ("journey", key), actor)
    return key


def make_journey(draft: RecordDraft, actor: Actor) -> str:
    """What an assignment ended in, as a journey: each paragraph is a step, to be filled in further
    by who wrote it. Returns its key."""
    paragraphs = [part.strip() for part in draft.text.split("\n") if part.strip()]
    head, rest = paragraphs[: MOST_STEPS - 1], paragraphs[MOST_STEPS - 1 :]
    texts = [*head, "\n".join(rest)] if rest else head
    return _insert(
        run_id=draft.run_id,
        enrolment_id=_written_for(draft),
        title=draft.title[:LONGEST_TITLE],
        steps=[{**dict.fromkeys(PARTS, ""), "step": text} for text in texts],
        checked_with="",
        language=draft.language,
        created_by_id=draft.person_id,
        actor=actor,
    )


def _written_for(draft: RecordDraft) -> int | None:
    """The enrolment of who wrote it, in the run it was written in."""
    part = parts_of(draft.person_id, [draft.run_id]).get(draft.run_id)
    return part.enrolment_id if part else None


def _insert(*, actor: Actor, **values: Any) -> str:
    key = new_key()
    journey_id = db.session.execute(
        insert(Journey)
        .values(key=key, created_at=now(), revision=1, **values)
        .returning(Journey.id)
    ).scalar_one()
    data = {"run": values["run_id"], "enrolment": values["enrolment_id"]}
    record("courses.journey_written", "journey", journey_id, actor=actor, data=data)
    return key


def change_journey(
    journey: JourneyFacts, values: JourneyValues, actor: Actor, *, revision: int
) -> None:
    """Say it better. Somebody looks it through anew before others read it. Raises `Refused` when
    the other of a pair saved meanwhile."""
    found = db.session.execute(
        update(Journey)
        .where(Journey.id == journey.id, Journey.revision == revision)
        .values(
            title=values.title[:LONGEST_TITLE],
            steps=[dict(step) for step in values.steps],
            checked_with=values.checked_with,
            language=values.language,
            checked_at=None,
            checked_by_id=None,
            revision=Journey.revision + 1,
        )
        .returning(Journey.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
    record("courses.journey_changed", "journey", journey.id, actor=actor)


def look_through(place: JourneyPlace, actor: Actor, *, revision: int) -> None:
    """Say that nobody can be known from it: now others read it. Raises `Refused` for one's own, and
    when it was changed after it was read."""
    if not place.looks_through:
        raise refused(
            "own",
            da="En anden end dem, der har skrevet den, ser den igennem.",
            sv="Någon annan än de som har skrivit den läser igenom den.",
            en="Somebody other than its writers looks it through.",
        )
    found = db.session.execute(
        update(Journey)
        .where(
            Journey.id == place.journey.id,
            Journey.revision == revision,
            Journey.checked_at.is_(None),
        )
        .values(checked_at=now(), checked_by_id=actor.person_id)
        .returning(Journey.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
    record("courses.journey_checked", "journey", place.journey.id, actor=actor)
