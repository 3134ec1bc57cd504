"""The roof of the challenges plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint

from lms.api import (
    Actor,
    CertificateDetails,
    CompletionFacts,
    Condition,
    ConditionResult,
    CopyFacts,
    CourseType,
    DataPolicy,
    DocumentFacts,
    EnrolmentFacts,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    Panel,
    Permission,
    RecordType,
    Refusal,
    RoleBundle,
    RunFacts,
    RunStateChange,
    TodoItem,
    hookimpl,
)
from lms_challenges import certificates, desk_todo, panels, rules
from lms_challenges.challenge_letters import tell_owners
from lms_challenges.course_type import COURSE_TYPE
from lms_challenges.gate_letters import tell_deciders
from lms_challenges.idea_letters import tell_authors
from lms_challenges.jobs import JOBS
from lms_challenges.letters import tell_senders
from lms_challenges.permissions import PERMISSIONS, ROLES
from lms_challenges.policies import POLICIES
from lms_challenges.queries.workroom import runs_opened_to
from lms_challenges.reading import readable_pictures
from lms_challenges.records import PROBLEM_TYPE
from lms_challenges.records_challenges import CHALLENGE_RECORD
from lms_challenges.records_ideas import IDEA_TYPE
from lms_challenges.services.scoring import after_enrolments
from lms_challenges.services.workroom import copy_rooms, count_completed
from lms_challenges.shipping import SHIPPING
from lms_challenges.views import blueprint


@hookimpl
def lms_permissions() -> Sequence[Permission]:
    """Telling of problems, answering them, owning challenges."""
    return PERMISSIONS


@hookimpl
def lms_role_bundles() -> Sequence[RoleBundle]:
    """Two access roles of its own, and what the core's may do here."""
    return ROLES


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    """Problems, the desk, challenges, gates and ideas."""
    return (blueprint,)


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """One way to all about problems, one to what is worth solving together."""
    return (
        MenuLink(
            endpoint="challenges.mine",
            label=LocalisedText(da="Problemer", sv="Problem", en="Problems"),
            icon="hand",
            order=25,
            permission="challenges.report",
            audience="signed_in",
            also=tuple(
                f"/challenges/{part}" for part in ("report", "problems", "desk", "heat", "funnel")
            ),
        ),
        MenuLink(
            endpoint="challenges.index",
            label=LocalisedText(da="Udfordringer", sv="Utmaningar", en="Challenges"),
            icon="replace",
            order=46,
        ),
    )


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    """What an assignment may end in, and what stands on the thread."""
    return (PROBLEM_TYPE, CHALLENGE_RECORD, IDEA_TYPE)


@hookimpl
def lms_document_readers(
    documents: Sequence[DocumentFacts], place: str, actor: Actor
) -> Sequence[str]:
    """The pictures of problems."""
    return readable_pictures(documents, actor)


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """The desk is reminded, what was put off wakes up, first versions of the methods are there."""
    return (*JOBS, SHIPPING)


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """Senders hear of each step of their problems, who decides of their gate, owners that a pause
    is over, and those who had ideas what became of them."""
    tell_senders(entries)
    tell_deciders(entries)
    tell_owners(entries)
    tell_authors(entries)


@hookimpl
def lms_todo_items(actor: Actor) -> Sequence[TodoItem]:
    """What waits at the desk, and questions about one's own problems."""
    return desk_todo.todo_items(actor)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """What people wrote stays, without their name."""
    return POLICIES


@hookimpl
def lms_demo() -> Mapping[str, Callable[[], None]]:
    """What three municipalities of the demo's world noticed, framed and decided."""
    from lms_challenges.demo import loading

    return {"50-challenges": loading.load}


# --- idea development -----------------------------------------------------------------------------


@hookimpl
def lms_course_types() -> Sequence[CourseType]:
    """Idea development."""
    return (COURSE_TYPE,)


@hookimpl
def lms_conditions() -> Sequence[Condition]:
    """Ideas written and points given, for rules of this course type."""
    return rules.CONDITIONS


@hookimpl
def lms_completion_conditions(
    enrolments: Sequence[EnrolmentFacts],
) -> Mapping[int, Sequence[ConditionResult]]:
    """Ideas written and points given."""
    return rules.conditions(enrolments)


@hookimpl
def lms_certificate_details(
    completions: Sequence[CompletionFacts],
) -> Mapping[int, CertificateDetails]:
    """Taking part in finding ideas, which says nothing of the ideas."""
    return certificates.details(completions)


@hookimpl
def lms_check_run_states(changes: Sequence[RunStateChange]) -> Sequence[Refusal]:
    """No run opens without a challenge."""
    return rules.refusals(changes)


@hookimpl
def lms_after_run_states(changes: Sequence[RunStateChange]) -> None:
    """The challenges of a completed run count as developed."""
    count_completed(changes)


@hookimpl
def lms_after_enrolments(enrolments: Sequence[EnrolmentFacts]) -> None:
    """Nobody waits for the points of somebody who has left."""
    after_enrolments(enrolments)


@hookimpl
def lms_after_copies(copies: Sequence[CopyFacts], actor: Actor) -> None:
    """A copied run asks the same question by the same criteria."""
    for copied in copies:
        copy_rooms(copied.runs, actor)


@hookimpl
def lms_seen_runs(run_ids: Sequence[int], actor: Actor) -> Sequence[int]:
    """Who owns a challenge may open the runs that work on it."""
    return runs_opened_to(actor, run_ids)


@hookimpl
def lms_run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """What a run works on, and the way into its workroom."""
    return panels.run_panels(runs, actor)


@hookimpl
def lms_enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """The way into the workroom."""
    return panels.enrolment_panels(enrolments, actor)
