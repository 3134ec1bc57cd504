"""The roof of the technology trials plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint

from lms.api import (
    Actor,
    Badge,
    CertificateDetails,
    CompletionFacts,
    Condition,
    ConditionResult,
    ContactFacts,
    CopyFacts,
    CourseType,
    DataPolicy,
    EnrolmentFacts,
    LocalisedText,
    MenuLink,
    Panel,
    RecordType,
    Refusal,
    RunFacts,
    RunStateChange,
    TechnologyCategory,
    hookimpl,
)
from lms_technology_trials import certificates, panels, records, rules, services
from lms_technology_trials.categories import CATEGORIES
from lms_technology_trials.course_type import COURSE_TYPE
from lms_technology_trials.policies import POLICIES
from lms_technology_trials.views import blueprint


@hookimpl
def lms_course_types() -> Sequence[CourseType]:
    """The new-technology trial."""
    return (COURSE_TYPE,)


@hookimpl
def lms_record_types() -> Sequence[RecordType]:
    """Published collaborations, their workshops and their trial tests."""
    return records.RECORD_TYPES


@hookimpl
def lms_technology_categories() -> Sequence[TechnologyCategory]:
    """Kinds of welfare technology."""
    return CATEGORIES


@hookimpl
def lms_conditions() -> Sequence[Condition]:
    """The log of practice and the safe-use check, for rules of this course type."""
    return rules.CONDITIONS


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    """Published collaborations, practice, what a run tries."""
    return (blueprint,)


@hookimpl
def lms_menu_links() -> Sequence[MenuLink]:
    """What came of earlier work."""
    return (
        MenuLink(
            endpoint="technology_trials.index",
            label=LocalisedText(da="Resultater", sv="Resultat", en="Results"),
            icon="sprout",
            order=40,
        ),
    )


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """Collaborations hold roles and organisations; what participants wrote goes with them."""
    return POLICIES


@hookimpl
def lms_after_copies(copies: Sequence[CopyFacts], actor: Actor) -> None:
    """A copied run tries the same technology."""
    for copied in copies:
        services.copy_technology(copied.runs, actor)


@hookimpl
def lms_demo() -> Mapping[str, Callable[[], None]]:
    """A published collaboration, and what the demo's trial of a technology is about."""
    from lms_technology_trials.demo import loading

    return {
        "30-mit-hjem": loading.load_mit_hjem,
        "40-technology-trials": loading.load_technology,
    }


@hookimpl
def lms_completion_conditions(
    enrolments: Sequence[EnrolmentFacts],
) -> Mapping[int, Sequence[ConditionResult]]:
    """The log of practice and the safe-use check."""
    return rules.conditions(enrolments)


@hookimpl
def lms_certificate_details(
    completions: Sequence[CompletionFacts],
) -> Mapping[int, CertificateDetails]:
    """The category is what the certificate is about; solutions are what was practised with."""
    return certificates.details(completions)


@hookimpl
def lms_check_run_states(changes: Sequence[RunStateChange]) -> Sequence[Refusal]:
    """No run opens with one solution and no reason, or taught mostly by companies."""
    return rules.refusals(changes)


@hookimpl
def lms_check_contacts(contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
    """No company teaches more than its half of such a run."""
    return rules.teaching_refusals(contacts)


@hookimpl
def lms_run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """What a run tries, and how its minutes are shared."""
    return panels.run_panels(runs, actor)


@hookimpl
def lms_enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """The log of practice and the safe-use check."""
    return panels.enrolment_panels(enrolments, actor)


@hookimpl
def lms_run_badges(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[Badge]]:
    """The category of the technology."""
    return panels.run_badges(runs)


@hookimpl
def lms_front_panels() -> Sequence[Panel]:
    """What came of the latest collaboration."""
    return panels.front_panels()
