"""Every socket of the house, in one place.

The verb in a name tells the contract. Nouns (`lms_course_types`) contribute and are left out when
they fail. Owner answers (`lms_completion_conditions`) are asked of the course type's own plugin
only; a failure leaves the matter undecided. `lms_check_...` may refuse, and a failure refuses.
`lms_after_...` writes own rows in the same transaction, and a failure rolls everything back.
`lms_notice` is told after the commit, at least once, in order. Panels, badges and todo items are
drawn by the core; a failure becomes a small box.

Hooks carry frozen facts, never ORM rows, and take many items at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import click
import pluggy
from flask import Blueprint

from lms.contracts import (
    ActivityType,
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
    DoctorFinding,
    DocumentFacts,
    EnrolmentFacts,
    EnrolmentRequest,
    GroupMove,
    JobType,
    JournalEntryFacts,
    MenuLink,
    Panel,
    Permission,
    PersonFacts,
    Question,
    RecordType,
    Refusal,
    RoleBundle,
    RunFacts,
    RunNeed,
    RunStateChange,
    SettingsSection,
    TechnologyCategory,
    TimeAsked,
    TodoItem,
    WaitingRule,
)

PROJECT = "lms"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


# --- contributions ------------------------------------------------------------------------------


@hookspec
def lms_course_types() -> Sequence[CourseType]:
    """Course types this plugin brings."""
    raise NotImplementedError


@hookspec
def lms_activity_types() -> Sequence[ActivityType]:
    """Activity types that the modules of a course may consist of."""
    raise NotImplementedError


@hookspec
def lms_record_types() -> Sequence[RecordType]:
    """Records that an assignment may end in."""
    raise NotImplementedError


@hookspec
def lms_conditions() -> Sequence[Condition]:
    """Conditions that a completion rule may ask for, named `<plugin>.<name>`."""
    raise NotImplementedError


@hookspec
def lms_permissions() -> Sequence[Permission]:
    """Permissions this plugin knows, named `<plugin>.<verb>`."""
    raise NotImplementedError


@hookspec
def lms_role_bundles() -> Sequence[RoleBundle]:
    """Permissions to add to access roles, or new access roles."""
    raise NotImplementedError


@hookspec
def lms_settings() -> SettingsSection:
    """The plugin's settings; the core draws, checks and stores them."""
    raise NotImplementedError


@hookspec
def lms_blueprints() -> Sequence[Blueprint]:
    """Pages. A blueprint is named like the plugin and lives under `/<plugin>`."""
    raise NotImplementedError


@hookspec
def lms_menu_links() -> Sequence[MenuLink]:
    """Links in the main menu."""
    raise NotImplementedError


@hookspec
def lms_jobs() -> Sequence[JobType]:
    """Work outside the request, named `<plugin>.<verb>`."""
    raise NotImplementedError


@hookspec
def lms_waiting_rules() -> Sequence[WaitingRule]:
    """Rules for waiting lists that a run may choose, named `<plugin>.<name>`."""
    raise NotImplementedError


@hookspec
def lms_technology_categories() -> Sequence[TechnologyCategory]:
    """Kinds of technology that contacts, slots, solutions and tenders are sorted by."""
    raise NotImplementedError


@hookspec
def lms_run_time(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[TimeAsked]]:
    """Minutes that runs ask of participants, managers, hosts and companies beside sessions and
    what their course type asks, by run id."""
    raise NotImplementedError


@hookspec
def lms_seen_runs(run_ids: Sequence[int], actor: Actor) -> Sequence[int]:
    """Those of these runs that the actor may open though their catalogue does not show them."""
    raise NotImplementedError


@hookspec
def lms_document_readers(
    documents: Sequence[DocumentFacts], place: str, actor: Actor
) -> Sequence[str]:
    """Keys of those of these documents, about subjects of one's own, that the actor may read."""
    raise NotImplementedError


@hookspec
def lms_commands() -> Sequence[click.Command]:
    """Commands under `lms <plugin>`."""
    raise NotImplementedError


@hookspec
def lms_data_policy() -> Sequence[DataPolicy]:
    """What copy, export, erasure and retention do with the plugin's tables."""
    raise NotImplementedError


@hookspec
def lms_demo() -> Mapping[str, Callable[[], None]]:
    """Steps of the demo: name -> function that loads it, safe to run again. Run in name order."""
    raise NotImplementedError


@hookspec
def lms_doctor() -> Sequence[DoctorFinding]:
    """What the plugin finds when asked whether it is well."""
    raise NotImplementedError


@hookspec
def lms_add_hookspecs() -> Sequence[object]:
    """Modules or classes with sockets of the plugin's own, named `<plugin>_...`. Other plugins
    fill them with `hookimpl(optionalhook=True)`; the plugin asks them through the host."""
    raise NotImplementedError


# --- owner answers ------------------------------------------------------------------------------


@hookspec
def lms_completion_conditions(
    enrolments: Sequence[EnrolmentFacts],
) -> Mapping[int, Sequence[ConditionResult]]:
    """How the plugin's own conditions stand, by enrolment id. Asked of the plugins that the names
    in the runs' rules begin with, for all of their enrolments at once."""
    raise NotImplementedError


@hookspec
def lms_certificate_details(
    completions: Sequence[CompletionFacts],
) -> Mapping[int, CertificateDetails]:
    """What a certificate of this course type says, by enrolment id."""
    raise NotImplementedError


@hookspec
def lms_enrolment_questions(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[Question]]:
    """Extra questions when somebody asks for a seat, by run id."""
    raise NotImplementedError


@hookspec
def lms_waiting_ranks(rule: str, requests: Sequence[EnrolmentRequest]) -> Sequence[int]:
    """A rank for each request under the plugin's own waiting rule `rule`; the lowest is next, and
    equal ranks wait in the order they came. Asked of the rule's plugin once, when somebody asks
    for a seat and before any lock; the core keeps the rank and does the queueing. Between
    -2**62 and 2**62. A failure refuses the request."""
    raise NotImplementedError


# --- checks: may refuse -------------------------------------------------------------------------


@hookspec
def lms_check_enrolments(requests: Sequence[EnrolmentRequest]) -> Sequence[Refusal]:
    """Refuse requests for seats; `Refusal.index` points into `requests`. No lock is held."""
    raise NotImplementedError


@hookspec
def lms_check_run_states(changes: Sequence[RunStateChange]) -> Sequence[Refusal]:
    """Refuse changes of a run's state; `Refusal.index` points into `changes`."""
    raise NotImplementedError


@hookspec
def lms_run_needs(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[RunNeed]]:
    """What must be there before a run goes to a state, by run id: shown to whoever leads it, and
    refused by the core while it is missing. A failure refuses every change of state."""
    raise NotImplementedError


@hookspec
def lms_check_contacts(contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
    """Refuse that authorities and companies have this to do with each other; `Refusal.index`
    points into `contacts`. Asked before something is offered and again when it is done, then
    inside the transaction."""
    raise NotImplementedError


@hookspec
def lms_check_groups(moves: Sequence[GroupMove]) -> Sequence[Refusal]:
    """Refuse that participants come into these groups; `Refusal.index` points into `moves`. Asked
    inside the transaction in which they are moved."""
    raise NotImplementedError


# --- after: own rows in the same transaction ----------------------------------------------------


@hookspec
def lms_after_enrolments(enrolments: Sequence[EnrolmentFacts]) -> None:
    """Enrolments were made or changed state; write own rows in the same transaction."""
    raise NotImplementedError


@hookspec
def lms_after_run_states(changes: Sequence[RunStateChange]) -> None:
    """Runs changed state; write own rows in the same transaction."""
    raise NotImplementedError


@hookspec
def lms_after_contacts(contacts: Sequence[ContactFacts], actor: Actor) -> None:
    """Authorities and companies had to do with each other; write own rows in the same
    transaction."""
    raise NotImplementedError


@hookspec
def lms_after_copies(copies: Sequence[CopyFacts], actor: Actor) -> None:
    """Courses, versions, runs or activities were copied; copy own rows that go with them (those
    whose data policy says `copy`) in the same transaction."""
    raise NotImplementedError


# --- told after the commit ----------------------------------------------------------------------


@hookspec
def lms_notice(entries: Sequence[JournalEntryFacts]) -> None:
    """Told by the worker after the commit, at least once, in journal order, inside a transaction
    of the plugin's own that also moves its cursor: database effects happen once."""
    raise NotImplementedError


# --- drawn on pages -----------------------------------------------------------------------------


@hookspec
def lms_run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """Panels on the page of a run, by run id."""
    raise NotImplementedError


@hookspec
def lms_enrolment_panels(
    enrolments: Sequence[EnrolmentFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """Panels on the page of an enrolment, by enrolment id."""
    raise NotImplementedError


@hookspec
def lms_person_panels(
    persons: Sequence[PersonFacts], actor: Actor
) -> Mapping[int, Sequence[Panel]]:
    """Panels on the page of a person (also "my page"), by person id."""
    raise NotImplementedError


@hookspec
def lms_front_panels(actor: Actor) -> Sequence[Panel]:
    """What came of something, told on the front page: the template is the text beside the title.

    Pairs of (LocalisedText, number) in `values["numbers"]` are drawn as big figures next to it.
    """
    raise NotImplementedError


@hookspec
def lms_run_badges(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Badge]]:
    """Marks on a run in lists, by run id."""
    raise NotImplementedError


@hookspec
def lms_todo_items(actor: Actor) -> Sequence[TodoItem]:
    """What waits for this person, for their first page."""
    raise NotImplementedError
