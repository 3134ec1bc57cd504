"""The roof of the plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint

from lms.api import (
    Actor,
    Condition,
    ConditionResult,
    CourseType,
    DataPolicy,
    EnrolmentFacts,
    LocalisedText,
    Panel,
    hookimpl,
)
from lms_shadowing.course_type import KEY, NOTE, SHADOWING_DAY
from lms_shadowing.queries import notes_of
from lms_shadowing.views import blueprint

WRITTEN = LocalisedText(
    da="Noten er skrevet.", sv="Anteckningen är skriven.", en="The note is written."
)
MISSING = LocalisedText(
    da="Noten mangler endnu.", sv="Anteckningen saknas än.", en="The note is still missing."
)


@hookimpl
def lms_course_types() -> Sequence[CourseType]:
    """The shadowing day."""
    return (SHADOWING_DAY,)


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    """The page of a note."""
    return (blueprint,)


@hookimpl
def lms_conditions() -> Sequence[Condition]:
    """The note, which any course may ask for."""
    title = LocalisedText(
        da="En note om det, man så",
        sv="En anteckning om det man såg",
        en="A note of what one saw",
    )
    return (Condition(key=NOTE, title=title),)


@hookimpl
def lms_completion_conditions(
    enrolments: Sequence[EnrolmentFacts],
) -> Mapping[int, Sequence[ConditionResult]]:
    """Is the note written? Undecided until it is, for it may still come."""
    written = notes_of([enrolment.id for enrolment in enrolments])
    return {
        enrolment.id: (
            ConditionResult(name=NOTE, met=True, reason=WRITTEN)
            if enrolment.id in written
            else ConditionResult(name=NOTE, met=None, reason=MISSING),
        )
        for enrolment in enrolments
    }


@hookimpl
def lms_enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """The way to the note, on the page of an enrolment that has begun."""
    own = [e for e in enrolments if e.course_type == KEY and e.state in ("active", "completed")]
    written = notes_of([enrolment.id for enrolment in own]) if own else {}
    return {
        enrolment.id: (
            Panel(
                template="shadowing/panel.html",
                title=LocalisedText(da="Det, du så", sv="Det du såg", en="What you saw"),
                values={
                    "key": enrolment.key,
                    "written": enrolment.id in written,
                    "mine": enrolment.person_id == actor.person_id,
                },
            ),
        )
        for enrolment in own
    }


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """Notes are personal, and go with the person."""
    return (
        DataPolicy(
            table="shadowing_note",
            purpose="what somebody saw on a shadowing day",
            person_columns=("person_id",),
            erase="delete",
        ),
    )
