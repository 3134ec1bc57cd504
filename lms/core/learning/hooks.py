"""Sockets that the learning room fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.contracts import (
    SYSTEM,
    Actor,
    DataPolicy,
    DocumentFacts,
    EnrolmentFacts,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    Panel,
    RunFacts,
    TimeAsked,
    TodoItem,
)
from lms.core.learning import following, reading, standing_panels, todo
from lms.core.learning.outlines import time_of_activities
from lms.core.learning.services.fitting import fit_to_moved
from lms.hookspecs import hookimpl


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """The runs one teaches."""
    return (
        MenuLink(
            endpoint="learning.index",
            label=LocalisedText(da="Undervisning", sv="Undervisning", en="Teaching"),
            icon="list-checks",
            order=35,
            permission="learning.teach",
        ),
        MenuLink(
            endpoint="learning.build",
            label=LocalisedText(da="Byg forløb", sv="Bygg kurser", en="Build courses"),
            icon="replace",
            order=37,
            permission="catalogue.build",
        ),
    )


@hookimpl
def lms_document_readers(
    documents: Sequence[DocumentFacts], place: str, actor: Actor
) -> Sequence[str]:
    """Course material, to whoever may open the activity it stands in."""
    return reading.readable(documents, place, actor)


@hookimpl
def lms_run_time(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[TimeAsked]]:
    """What is to be done in each run, by participants and by others."""
    return time_of_activities(runs)


@hookimpl
def lms_enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """How somebody stands, what was assessed, and the way to their learning agreement."""
    return standing_panels.panels(enrolments, actor)


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """Judging whole runs anew, and asking what came of agreements."""
    return following.job_types()


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """What changes a whole run has it judged anew; attendance follows a session that is moved."""
    moved = [entry.subject_id for entry in entries if entry.verb == "catalogue.session_moved"]
    fit_to_moved(sorted(set(moved)), SYSTEM)
    following.recompute_what_changed(entries)


@hookimpl
def lms_todo_items(actor: Actor) -> Sequence[TodoItem]:
    """What waits for who teaches, takes part, leads somebody or approves courses."""
    return todo.items(actor)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """Minutes and outcomes stay without a name; notes go."""
    return (
        DataPolicy(
            table="learning_attendance",
            purpose="minutes attended, for completion and certificates",
            person_columns=("set_by_id",),
            erase="anonymise",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_declaration",
            purpose="the teacher's word on the work",
            person_columns=("by_id",),
            erase="blank",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_completion",
            purpose="the outcome and its reasons, for certificates",
            person_columns=("decided_by_id",),
            erase="keep",
        ),
        DataPolicy(
            table="learning_activity",
            purpose="what participants do, and who changed it last",
            person_columns=("changed_by_id",),
            copy="with_run",
            erase="blank",
        ),
        DataPolicy(table="learning_group", purpose="groups of a run"),
        DataPolicy(
            table="learning_group_member",
            purpose="who works in which group",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_work",
            purpose="what a participant has done, for feedback and completion",
            person_columns=("decided_by_id",),
            erase="blank",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_comment",
            purpose="what was said beside an activity",
            person_columns=("author_id",),
            erase="blank",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_assessment",
            purpose="what an assessor found, for certificates",
            person_columns=("assessor_id",),
            erase="blank",
        ),
        DataPolicy(
            table="learning_standing",
            purpose="how somebody stands just now, so that nobody slips unseen",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_waiver",
            purpose="who let somebody off a condition, and why",
            person_columns=("by_id",),
            erase="blank",
        ),
        DataPolicy(
            table="learning_agreement",
            purpose="what a participant and their manager agreed, and what came of it",
            person_columns=("manager_id",),
            erase="blank",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_check_in",
            purpose="the code on the screen of a session",
            person_columns=("opened_by_id",),
            erase="blank",
            retention_months=12,
        ),
        DataPolicy(
            table="learning_snippet",
            purpose="pieces of feedback that somebody writes often",
            person_columns=("person_id",),
            erase="delete",
        ),
    )
