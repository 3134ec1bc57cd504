"""The roof of the courses plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint

from lms.api import (
    ActivityType,
    Actor,
    CertificateDetails,
    CompletionFacts,
    Condition,
    ConditionResult,
    CourseType,
    DataPolicy,
    DocumentFacts,
    EnrolmentFacts,
    EnrolmentRequest,
    GroupMove,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    Panel,
    Permission,
    Question,
    RecordType,
    Refusal,
    RoleBundle,
    RunFacts,
    RunNeed,
    RunStateChange,
    SettingsSection,
    TodoItem,
    hookimpl,
)
from lms_courses import (
    application_jobs,
    asking,
    certificates,
    hookspecs,
    letters_offers,
    panel_jobs,
    panels,
    panels_companies,
    panels_feedback,
    panels_staff,
    plan_rule,
    rules_staff,
    settings,
    todo,
    types,
    vocabulary,
)
from lms_courses.call_letters import tell_companies
from lms_courses.case_letters import tell_cases
from lms_courses.evidence import note_evidence
from lms_courses.letters_staff import tell_staff
from lms_courses.letters_students import tell_students
from lms_courses.needs_calls import call_needs
from lms_courses.needs_cases import case_needs
from lms_courses.panel_letters import tell_panels
from lms_courses.panels_of_company import told_panels
from lms_courses.permissions import CASES, PERMISSIONS, ROLES
from lms_courses.policies import POLICIES
from lms_courses.queries.offers import readable_materials
from lms_courses.queries.sharing import readable_shared
from lms_courses.records_cases import CASE_RECORD, readable_case_papers
from lms_courses.records_results import RESULT_RECORD
from lms_courses.records_staff import RECORD_TYPES as STAFF_RECORDS
from lms_courses.services.students import group_refusals
from lms_courses.services.tryouts import after_leaving
from lms_courses.views import blueprint


@hookimpl
def lms_permissions() -> Sequence[Permission]:
    """Deciding on companies, negotiating cases, checking them as practice."""
    return PERMISSIONS


@hookimpl
def lms_role_bundles() -> Sequence[RoleBundle]:
    """What the core's access roles may do here."""
    return ROLES


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    """Calls and applications, feedback, journeys, cases."""
    return (blueprint,)


@hookimpl
def lms_course_types() -> Sequence[CourseType]:
    """Tracks for companies and for staff, and modules for students."""
    return types.course_types()


@hookimpl
def lms_activity_types() -> Sequence[ActivityType]:
    """Session, task in between, group work, feedback day."""
    return vocabulary.ACTIVITY_TYPES


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    """What an assignment may end in, and what stands on the thread."""
    return (*vocabulary.RECORD_TYPES, CASE_RECORD, RESULT_RECORD, *STAFF_RECORDS)


@hookimpl
def lms_settings() -> SettingsSection:
    """Whether companies must declare, and how large groups are."""
    return settings.SECTION


@hookimpl
def lms_enrolment_questions(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[Question]]:
    """The wish of students."""
    return asking.questions(runs)


@hookimpl
def lms_check_enrolments(requests: Sequence[EnrolmentRequest]) -> Sequence[Refusal]:
    """Nobody into a company track but people of companies that have a place."""
    return asking.refusals(requests)


@hookimpl
def lms_check_groups(moves: Sequence[GroupMove]) -> Sequence[Refusal]:
    """Nobody into a group with an agreement on secrecy who has not said yes to it."""
    return group_refusals(moves)


@hookimpl
def lms_certificate_details(
    completions: Sequence[CompletionFacts],
) -> Mapping[int, CertificateDetails]:
    """What the certificates of these types say, and what they are not."""
    return certificates.details(completions)


@hookimpl
def lms_run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """What a run asks before, during and after; the case of a student module."""
    return panels.run_panels(runs, actor)


@hookimpl
def lms_enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """A company's own work in a track; a participant's way from problem to decision; what a panel
    said."""
    found = {
        **panels_companies.enrolment_panels(enrolments, actor),
        **panels_staff.way_panels(enrolments, actor),
    }
    for id_, panel in panels_feedback.feedback_on_seats(enrolments, actor).items():
        found[id_] = (*found.get(id_, ()), panel)
    return found


@hookimpl
def lms_conditions() -> Sequence[Condition]:
    """A company leaves a track with a signed plan; staff with something tried and decided."""
    return (*plan_rule.CONDITIONS, *rules_staff.CONDITIONS)


@hookimpl
def lms_completion_conditions(
    enrolments: Sequence[EnrolmentFacts],
) -> Mapping[int, Sequence[ConditionResult]]:
    """How the plan of each one's company stands, and how far each one of staff has come."""
    return {**plan_rule.conditions(enrolments), **rules_staff.conditions(enrolments)}


@hookimpl
def lms_after_enrolments(enrolments: Sequence[EnrolmentFacts]) -> None:
    """Who stays keeps what a pair had begun."""
    after_leaving(enrolments)


@hookimpl
def lms_after_run_states(changes: Sequence[RunStateChange]) -> None:
    """What companies got to know is written down when a track is completed."""
    note_evidence(changes)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """What becomes of calls, cases, panels and what came of them."""
    return POLICIES


@hookimpl
def lms_run_needs(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[RunNeed]]:
    """What a run must have before it goes on: a company track its call, a student module its
    case."""
    return {**case_needs(runs), **call_needs(runs)}


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """The case library, for who proposes, teaches or checks cases; open calls for who looks in."""
    return (
        MenuLink(
            endpoint="courses.calls",
            label=LocalisedText(da="For virksomheder", sv="För företag", en="For companies"),
            icon="building-2",
            order=47,
            audience="guests",
            also=("/courses/applications",),
        ),
        MenuLink(
            endpoint="courses.cases_list",
            label=LocalisedText(da="Cases", sv="Case", en="Cases"),
            icon="file-text",
            order=48,
            permission=CASES,
            audience="signed_in",
        ),
    )


@hookimpl
def lms_document_readers(
    documents: Sequence[DocumentFacts], place: str, actor: Actor
) -> Sequence[str]:
    """The agreements about cases, what hosts shared with the companies of a run, and what comes
    with offers to teach."""
    return [
        *readable_case_papers(documents, actor),
        *readable_shared(documents, actor),
        *readable_materials(documents, actor),
    ]


@hookimpl
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """The sides of a case hear of each other, senders of needs of what is made of them, companies
    of their applications, managers and pairs of what is tried, all of what a panel said, both
    sides of offers to teach."""
    tell_cases(entries)
    tell_companies(entries)
    tell_staff(entries)
    tell_panels(entries)
    tell_students(entries)
    letters_offers.tell_offers(entries)


@hookimpl
def lms_todo_items(actor: Actor) -> Sequence[TodoItem]:
    """What waits for who manages, confirms or decides."""
    return todo.items(actor)


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """Those who lead panels, and those who answer offers, are reminded; names are forgotten."""
    return (*application_jobs.JOBS, *panel_jobs.JOBS, *letters_offers.JOBS)


@hookimpl(optionalhook=True)
def fairplay_company_panels(company_id: int, actor: Actor) -> Sequence[Panel]:
    """What panels told a company, on its own page."""
    return told_panels(company_id)


@hookimpl
def lms_add_hookspecs() -> Sequence[object]:
    """What others may add to the demo."""
    return (hookspecs,)


@hookimpl
def lms_demo() -> Mapping[str, Callable[[], None]]:
    """A made-up world of organisations and people, and its courses around today."""
    from lms_courses.demo import courses, world

    return {"20-world": world.load_world, "30-courses": courses.load_courses}
