"""The door: everything a plugin may use of the core, and nothing else.

It re-exports and holds no logic. What crosses it are frozen facts, query and service functions,
never ORM classes. The core never imports it.
"""

from lms.contracts import (
    GUEST,
    LANGUAGES,
    SYSTEM,
    ActivityType,
    Actor,
    Badge,
    CertificateDetails,
    CompletionFacts,
    CompletionRule,
    ConditionResult,
    CourseSessionFacts,
    CourseType,
    DataPolicy,
    DoctorFinding,
    EnrolmentFacts,
    EnrolmentRequest,
    Finish,
    JobContext,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    ModulePlan,
    OrganisationFacts,
    Panel,
    Permission,
    PersonFacts,
    Phase,
    Question,
    RecordType,
    Refusal,
    RoleBundle,
    RunFacts,
    RunStateChange,
    SettingField,
    SettingsSection,
    TodoItem,
    WaitingRule,
)
from lms.core.catalogue.queries import (
    SlotFacts,
    VersionFacts,
    course_plan,
    may_in_run,
    run_by_key,
    run_ids_of_type,
    runs_by_id,
    sessions_of,
    slots_of,
    titles_owned_by,
    version_by_id,
)
from lms.core.catalogue.services import (
    SessionPlan,
    add_teaching_slot,
    add_to_team,
    approve_version,
    change_run_state,
    create_course,
    create_run,
    create_version,
)
from lms.core.enrolment.queries import TermsFacts, enrolments_by_id, terms_of
from lms.core.enrolment.queries import in_run as enrolments_in_run
from lms.core.enrolment.queries import row_by_key as enrolment_by_key
from lms.core.enrolment.services import (
    Entry,
    accept_offer,
    ask_for_seat,
    finish,
    lapse_overdue,
    say_no,
    say_yes,
    set_terms,
    withdraw,
)
from lms.core.enrolment.services import keep_for as keep_seats_for
from lms.core.learning.details import certificate_details
from lms.core.learning.queries import completions_of
from lms.core.learning.services import Presence, decide_completions, declare, set_attendance
from lms.core.messages.letters import address as site_address
from lms.core.messages.services import queue_note
from lms.core.organisations.queries import facts_of as organisations_by_id
from lms.core.organisations.queries import named as organisation_named
from lms.core.organisations.queries import units_of
from lms.core.organisations.services import OrganisationValues, add_unit, ensure_function
from lms.core.organisations.services import add_name as add_organisation_name
from lms.core.organisations.services import create as create_organisation
from lms.core.refused import Refused
from lms.core.settings.queries import all_for as settings_of
from lms.core.users.addresses import email_key
from lms.core.users.passwords import hash_password
from lms.core.users.queries import actor_for_person
from lms.core.users.queries import id_by_email as person_id_by_email
from lms.core.users.queries import person_facts as people_by_id
from lms.core.users.services import PersonValues, Place, assign, create_person, grant_role
from lms.db import (
    Code,
    Localised,
    UTCDateTime,
    clean_text,
    db,
    new_key,
    now,
    search_key,
    stopped_clock,
)
from lms.files import fetch, open_document, read, store
from lms.hookspecs import hookimpl, hookspec
from lms.host import Contribution, ask_others
from lms.jobs import enqueue
from lms.journal import record
from lms.plugin_tables import fk, plugin_base
from lms.web import Confirm, Form, access, current_actor, not_found, page, tell
from lms.web.forms import choice_required, required
from lms.web.i18n import Domain, language, local, marked
from lms.web.identity_numbers import contains_identity_number
from lms.web.limits import count_and_check
from lms.web.paging import asked_page, pager
from lms.work import after_commit, unit_of_work

__all__ = [
    "GUEST",
    "LANGUAGES",
    "SYSTEM",
    "ActivityType",
    "Actor",
    "Badge",
    "CertificateDetails",
    "Code",
    "CompletionFacts",
    "CompletionRule",
    "ConditionResult",
    "Confirm",
    "Contribution",
    "CourseSessionFacts",
    "CourseType",
    "DataPolicy",
    "DoctorFinding",
    "Domain",
    "EnrolmentFacts",
    "EnrolmentRequest",
    "Entry",
    "Finish",
    "Form",
    "JobContext",
    "JobType",
    "JournalEntryFacts",
    "Localised",
    "LocalisedText",
    "MenuLink",
    "ModulePlan",
    "OrganisationFacts",
    "OrganisationValues",
    "Panel",
    "Permission",
    "PersonFacts",
    "PersonValues",
    "Phase",
    "Place",
    "Presence",
    "Question",
    "RecordType",
    "Refusal",
    "Refused",
    "RoleBundle",
    "RunFacts",
    "RunStateChange",
    "SessionPlan",
    "SettingField",
    "SettingsSection",
    "SlotFacts",
    "TermsFacts",
    "TodoItem",
    "UTCDateTime",
    "VersionFacts",
    "WaitingRule",
    "accept_offer",
    "access",
    "actor_for_person",
    "add_organisation_name",
    "add_teaching_slot",
    "add_to_team",
    "add_unit",
    "after_commit",
    "approve_version",
    "ask_for_seat",
    "ask_others",
    "asked_page",
    "assign",
    "certificate_details",
    "change_run_state",
    "choice_required",
    "clean_text",
    "completions_of",
    "contains_identity_number",
    "count_and_check",
    "course_plan",
    "create_course",
    "create_organisation",
    "create_person",
    "create_run",
    "create_version",
    "current_actor",
    "db",
    "decide_completions",
    "declare",
    "email_key",
    "enqueue",
    "enrolment_by_key",
    "enrolments_by_id",
    "enrolments_in_run",
    "ensure_function",
    "fetch",
    "finish",
    "fk",
    "grant_role",
    "hash_password",
    "hookimpl",
    "hookspec",
    "keep_seats_for",
    "language",
    "lapse_overdue",
    "local",
    "marked",
    "may_in_run",
    "new_key",
    "not_found",
    "now",
    "open_document",
    "organisation_named",
    "organisations_by_id",
    "page",
    "pager",
    "people_by_id",
    "person_id_by_email",
    "plugin_base",
    "queue_note",
    "read",
    "record",
    "required",
    "run_by_key",
    "run_ids_of_type",
    "runs_by_id",
    "say_no",
    "say_yes",
    "search_key",
    "sessions_of",
    "set_attendance",
    "set_terms",
    "settings_of",
    "site_address",
    "slots_of",
    "stopped_clock",
    "store",
    "tell",
    "terms_of",
    "titles_owned_by",
    "unit_of_work",
    "units_of",
    "version_by_id",
    "withdraw",
]
