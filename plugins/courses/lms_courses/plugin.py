"""The roof of the courses plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint

from lms.api import (
    ActivityType,
    Actor,
    CertificateDetails,
    CompletionFacts,
    CopyFacts,
    CourseType,
    DataPolicy,
    EnrolmentRequest,
    Panel,
    Permission,
    Question,
    RecordType,
    Refusal,
    RoleBundle,
    RunFacts,
    SettingsSection,
    hookimpl,
)
from lms_courses import (
    asking,
    certificates,
    hookspecs,
    panels,
    services,
    settings,
    types,
    vocabulary,
)
from lms_courses.permissions import PERMISSIONS, ROLES
from lms_courses.policies import POLICIES
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
    """What an assignment may end in."""
    return vocabulary.RECORD_TYPES


@hookimpl
def lms_settings() -> SettingsSection:
    """Whether companies must declare, and how large groups are."""
    return settings.SECTION


@hookimpl
def lms_enrolment_questions(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[Question]]:
    """The declaration of companies, the wish of students."""
    return asking.questions(runs)


@hookimpl
def lms_check_enrolments(requests: Sequence[EnrolmentRequest]) -> Sequence[Refusal]:
    """No company without its declaration."""
    return asking.refusals(requests)


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
def lms_data_policy() -> Sequence[DataPolicy]:
    """What becomes of calls, cases, panels and what came of them."""
    return POLICIES


@hookimpl
def lms_after_copies(copies: Sequence[CopyFacts], actor: Actor) -> None:
    """A copied course has a case sheet of its own."""
    for copied in copies:
        services.copy_cases(copied.courses, actor)


@hookimpl
def lms_add_hookspecs() -> Sequence[object]:
    """What others may add to the demo."""
    return (hookspecs,)


@hookimpl
def lms_demo() -> Mapping[str, Callable[[], None]]:
    """A made-up world of organisations and people, and its courses around today."""
    from lms_courses.demo import courses, world

    return {"20-world": world.load_world, "30-courses": courses.load_courses}
