"""The roof of the activities plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from flask import Blueprint

from lms.api import (
    ActivityType,
    Actor,
    DataPolicy,
    DocumentFacts,
    JobType,
    JournalEntryFacts,
    RecordType,
    TodoItem,
    hookimpl,
)
from lms_activities import assignment_todo, policies, types
from lms_activities.assignment_letters import tell_markers, tell_participants
from lms_activities.assignment_reading import readable
from lms_activities.material_letters import after_changes
from lms_activities.records import RECORD_TYPES
from lms_activities.services.material import ASK_AGAIN, asking_again
from lms_activities.services.quiz import CLOSE_ATTEMPTS, close_overdue
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
def lms_jobs() -> Sequence[JobType]:
    """Tries at quizzes whose time is over are finished, whether or not anybody looks; a changed
    text is confirmed anew."""
    return (
        JobType(name=CLOSE_ATTEMPTS, run=close_overdue, every=timedelta(minutes=5)),
        JobType(name=ASK_AGAIN, run=asking_again),
    )


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    """What assignments end in where no other plugin keeps it."""
    return RECORD_TYPES


@hookimpl
def lms_document_readers(
    documents: Sequence[DocumentFacts], place: str, actor: Actor
) -> Sequence[str]:
    """The files of drafts and of what was handed in."""
    return readable(documents, place, actor)


@hookimpl
def lms_todo_items(actor: Actor) -> Sequence[TodoItem]:
    """What the other of a pair has handed in for both."""
    return assignment_todo.todo_items(actor)


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """Participants hear what happened to their work, and that a text they confirmed is another."""
    tell_participants(entries)
    tell_markers(entries)
    after_changes(entries)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """What people write goes with them; what teachers said stays without a name."""
    return policies.POLICIES


@hookimpl(optionalhook=True)
def courses_demo_drafts(course: str, version_id: int, author: Actor) -> Callable[[], None]:
    """The outline of a course of the demo, while it is a draft."""
    from lms_activities.demo.outlines import write_outline

    return partial(write_outline, course, version_id, author)


@hookimpl(optionalhook=True)
def courses_demo_days(
    run: str,
    run_id: int,
    people: Mapping[str, int],
    enrolments: Mapping[str, int],
    at: Callable[[int, str], datetime],
) -> Sequence[tuple[datetime, Callable[[], None]]]:
    """What people do with the activities of a run of the demo."""
    from lms_activities.demo.living import days

    return days(run, run_id, people, enrolments, at)
