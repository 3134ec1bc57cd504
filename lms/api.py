"""The door: everything a plugin may use of the core, and nothing else.

It re-exports and holds no logic. What crosses it are frozen facts, query and service functions,
never ORM classes. The core never imports it.
"""

from lms.contracts import (
    GUEST,
    LANGUAGES,
    SYSTEM,
    ActivityFacts,
    ActivityPlan,
    ActivityType,
    Actor,
    Badge,
    CertificateDetails,
    CompletionFacts,
    CompletionRule,
    Condition,
    ConditionResult,
    ContactFacts,
    CopyFacts,
    CourseSessionFacts,
    CourseType,
    DataPolicy,
    DoctorFinding,
    EnrolmentFacts,
    EnrolmentRequest,
    EvaluationDate,
    EvaluationMoment,
    Finish,
    JobContext,
    JobType,
    JournalEntryFacts,
    LocalisedText,
    MenuLink,
    ModulePlan,
    OrganisationFacts,
    OutcomeResult,
    Panel,
    Permission,
    PersonFacts,
    Phase,
    Question,
    RecordDraft,
    RecordFacts,
    RecordType,
    Refusal,
    RoleBundle,
    RunFacts,
    RunFunction,
    RunNeed,
    RunStateChange,
    SettingField,
    SettingsSection,
    TechnologyCategory,
    TimeAsked,
    TodoItem,
    WaitingRule,
    WorkFacts,
)
from lms.core.acting import done, pressed
from lms.core.catalogue.evaluating import evaluation_dates
from lms.core.catalogue.holidays import holidays_on
from lms.core.catalogue.needs import needs_of
from lms.core.catalogue.queries import (
    SlotFacts,
    VersionFacts,
    course_plan,
    may_in_run,
    may_with_roles,
    run_by_key,
    run_ids_of_type,
    runs_by_id,
    runs_hosted_by,
    sessions_of,
    slots_of,
    team_of,
    titles_owned_by,
    version_by_id,
)
from lms.core.catalogue.queries.hosting import hosted_by
from lms.core.catalogue.services import (
    SessionPlan,
    add_teaching_slot,
    add_to_team,
    approve_version,
    change_run_state,
    create_course,
    create_run,
    create_version,
    send_for_review,
    withdraw_teaching_slots,
    write_draft,
)
from lms.core.enrolment.forms_terms import ClockField, CountField, OneOfField, TickField
from lms.core.enrolment.queries import TermsFacts, enrolments_by_id, terms_of
from lms.core.enrolment.queries import in_run as enrolments_in_run
from lms.core.enrolment.queries import row_by_key as enrolment_by_key
from lms.core.enrolment.queries.parts import (
    PartFacts,
    employed_by,
    on_team,
    parts_of,
    seats_of,
    takes_part,
)
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
from lms.core.enrolment.services import refusals as seat_refusals
from lms.core.fields import DayField, PickField
from lms.core.learning.details import certificate_details
from lms.core.learning.editing import Editing, edit_activity, editing, outline_url
from lms.core.learning.forms_outline import ActivityChoices, ActivityForm
from lms.core.learning.places import (
    ActivityPlace,
    activity_place,
    activity_to_edit,
    activity_to_mark,
)
from lms.core.learning.presenting_outline import activity_page
from lms.core.learning.queries import (
    activities_by_id,
    activities_in_runs,
    activities_in_version,
    completions_of,
    ended_in,
    first_hand_ins,
    group_of,
    groups_in_run,
    work_of,
    works_by_enrolment,
    works_by_id,
    works_on,
)
from lms.core.learning.queries import marks_of as attendance_of
from lms.core.learning.queries.assessing import is_of_a_company
from lms.core.learning.queries.snippets import SnippetFacts, snippets_of
from lms.core.learning.queries.together import Together, pairs, working_with
from lms.core.learning.rules import rule_in_words
from lms.core.learning.services import (
    ActivityValues,
    AgreementWords,
    EditedMeanwhile,
    Presence,
    accept_work,
    add_activity,
    decide_completions,
    declare,
    note_record,
    reassess,
    return_work,
    save_activity,
    save_content,
    say,
    set_attendance,
    settle_work,
    sign_agreement,
    start_work,
    submit_work,
    take_out,
    values_of,
    waive,
    write_agreement,
)
from lms.core.learning.services.assessing import Finding, assess
from lms.core.learning.services.building import RunPlan, next_version, start_run
from lms.core.learning.services.groups import put_into_groups
from lms.core.learning.services.snippets import drop_snippet, keep_snippet, use_snippet
from lms.core.listing import Listing, all_words_in, listed
from lms.core.messages.letters import address as site_address
from lms.core.messages.services import Recipient, queue_letter, queue_note
from lms.core.organisations.contacts import (
    contact_refusals,
    make_contacts,
    technology_categories,
)
from lms.core.organisations.forms import countries, country_name
from lms.core.organisations.kinds import UNIT_KINDS
from lms.core.organisations.queries import choices_for as organisations_to_choose
from lms.core.organisations.queries import (
    closed_among,
    functions_by_id,
    units_by_id,
    units_in,
    units_of,
)
from lms.core.organisations.queries import facts_by_key as organisation_by_key
from lms.core.organisations.queries import facts_of as organisations_by_id
from lms.core.organisations.queries import id_by_registration_number as organisation_with_number
from lms.core.organisations.queries import named as organisation_named
from lms.core.organisations.queries import of_kind as organisations_of_kind
from lms.core.organisations.registration import normalised as registration_number
from lms.core.organisations.registration import problem_with as problem_with_number
from lms.core.organisations.registration import written as written_number
from lms.core.organisations.services import OrganisationValues, add_unit, ensure_function
from lms.core.organisations.services import add_name as add_organisation_name
from lms.core.organisations.services import create as create_organisation
from lms.core.records.making import make_record, record_kind, record_kinds
from lms.core.records.panels import thread_panel, way_to_thread
from lms.core.records.services import link_records
from lms.core.records.tracing import record_as_seen, records_as_seen
from lms.core.records.tracing import records_found as find_records
from lms.core.refused import Refused, refused, show_in
from lms.core.settings.queries import all_for as settings_of
from lms.core.users.addresses import clean_email, email_key
from lms.core.users.passwords import hash_password
from lms.core.users.queries import (
    WorkplaceFacts,
    active_among,
    actor_for_person,
    people_who_may,
    workplaces_of,
)
from lms.core.users.queries import id_by_email as person_id_by_email
from lms.core.users.queries import person_facts as people_by_id
from lms.core.users.queries.beside import beside
from lms.core.users.queries.employers import colleague_at, people_at, works_for_kind
from lms.core.users.services import PersonValues, Place, assign, create_person, grant_role
from lms.core.users.services import invite as invite_person
from lms.db import (
    Code,
    Localised,
    UTCDateTime,
    clean_text,
    db,
    is_key,
    new_key,
    now,
    search_key,
    stopped_clock,
)
from lms.files import (
    BlobDamagedError,
    BlobMissingError,
    DocumentFacts,
    documents_about,
    fetch,
    open_document,
    read,
    store,
)
from lms.files.copying import copy_documents, move_documents, withdraw_document
from lms.files.kinds import KINDS as FILE_KINDS
from lms.files.kinds import PICTURES as PICTURE_KINDS
from lms.files.previews import previews_of
from lms.files.queries import documents_with_keys
from lms.files.sheets import write_csv
from lms.files.upload_words import UploadRefused
from lms.files.uploads import Accepted
from lms.files.uploads import accept as accept_upload
from lms.hookspecs import hookimpl, hookspec
from lms.host import Contribution, ask_others
from lms.jobs import enqueue
from lms.jobs.queries import JobProgress, progress_of
from lms.journal import record
from lms.plugin_tables import fk, plugin_base
from lms.web import Confirm, Form, access, current_actor, not_found, page, tell
from lms.web.documents import file_url
from lms.web.forms import choice_required, required
from lms.web.i18n import Domain, language, local, marked
from lms.web.identity_numbers import contains_identity_number
from lms.web.limits import count_and_check
from lms.web.markdown import document_keys
from lms.web.paging import asked_page, pager
from lms.web.personal import Passage, passages, without
from lms.web.uploads import UploadField, keep_upload, kept_uploads
from lms.web.writing import MarkdownField, Remark
from lms.work import Conflict, after_commit, in_unit_of_work, unit_of_work

__all__ = [
    "FILE_KINDS",
    "GUEST",
    "LANGUAGES",
    "PICTURE_KINDS",
    "SYSTEM",
    "UNIT_KINDS",
    "Accepted",
    "ActivityChoices",
    "ActivityFacts",
    "ActivityForm",
    "ActivityPlace",
    "ActivityPlan",
    "ActivityType",
    "ActivityValues",
    "Actor",
    "AgreementWords",
    "Badge",
    "BlobDamagedError",
    "BlobMissingError",
    "CertificateDetails",
    "ClockField",
    "Code",
    "CompletionFacts",
    "CompletionRule",
    "Condition",
    "ConditionResult",
    "Confirm",
    "Conflict",
    "ContactFacts",
    "Contribution",
    "CopyFacts",
    "CountField",
    "CourseSessionFacts",
    "CourseType",
    "DataPolicy",
    "DayField",
    "DoctorFinding",
    "DocumentFacts",
    "Domain",
    "EditedMeanwhile",
    "Editing",
    "EnrolmentFacts",
    "EnrolmentRequest",
    "Entry",
    "EvaluationDate",
    "EvaluationMoment",
    "Finding",
    "Finish",
    "Form",
    "JobContext",
    "JobProgress",
    "JobType",
    "JournalEntryFacts",
    "Listing",
    "Localised",
    "LocalisedText",
    "MarkdownField",
    "MenuLink",
    "ModulePlan",
    "OneOfField",
    "OrganisationFacts",
    "OrganisationValues",
    "OutcomeResult",
    "Panel",
    "PartFacts",
    "Passage",
    "Permission",
    "PersonFacts",
    "PersonValues",
    "Phase",
    "PickField",
    "Place",
    "Presence",
    "Question",
    "Recipient",
    "RecordDraft",
    "RecordFacts",
    "RecordType",
    "Refusal",
    "Refused",
    "Remark",
    "RoleBundle",
    "RunFacts",
    "RunFunction",
    "RunNeed",
    "RunPlan",
    "RunStateChange",
    "SessionPlan",
    "SettingField",
    "SettingsSection",
    "SlotFacts",
    "SnippetFacts",
    "TechnologyCategory",
    "TermsFacts",
    "TickField",
    "TimeAsked",
    "TodoItem",
    "Together",
    "UTCDateTime",
    "UploadField",
    "UploadRefused",
    "VersionFacts",
    "WaitingRule",
    "WorkFacts",
    "WorkplaceFacts",
    "accept_offer",
    "accept_upload",
    "accept_work",
    "access",
    "active_among",
    "activities_by_id",
    "activities_in_runs",
    "activities_in_version",
    "activity_page",
    "activity_place",
    "activity_to_edit",
    "activity_to_mark",
    "actor_for_person",
    "add_activity",
    "add_organisation_name",
    "add_teaching_slot",
    "add_to_team",
    "add_unit",
    "after_commit",
    "all_words_in",
    "approve_version",
    "ask_for_seat",
    "ask_others",
    "asked_page",
    "assess",
    "assign",
    "attendance_of",
    "beside",
    "certificate_details",
    "change_run_state",
    "choice_required",
    "clean_email",
    "clean_text",
    "closed_among",
    "colleague_at",
    "completions_of",
    "contact_refusals",
    "contains_identity_number",
    "copy_documents",
    "count_and_check",
    "countries",
    "country_name",
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
    "document_keys",
    "documents_about",
    "documents_with_keys",
    "done",
    "drop_snippet",
    "edit_activity",
    "editing",
    "email_key",
    "employed_by",
    "ended_in",
    "enqueue",
    "enrolment_by_key",
    "enrolments_by_id",
    "enrolments_in_run",
    "ensure_function",
    "evaluation_dates",
    "fetch",
    "file_url",
    "find_records",
    "finish",
    "first_hand_ins",
    "fk",
    "functions_by_id",
    "grant_role",
    "group_of",
    "groups_in_run",
    "hash_password",
    "holidays_on",
    "hookimpl",
    "hookspec",
    "hosted_by",
    "in_unit_of_work",
    "invite_person",
    "is_key",
    "is_of_a_company",
    "keep_seats_for",
    "keep_snippet",
    "keep_upload",
    "kept_uploads",
    "language",
    "lapse_overdue",
    "link_records",
    "listed",
    "local",
    "make_contacts",
    "make_record",
    "marked",
    "may_in_run",
    "may_with_roles",
    "move_documents",
    "needs_of",
    "new_key",
    "next_version",
    "not_found",
    "note_record",
    "now",
    "on_team",
    "open_document",
    "organisation_by_key",
    "organisation_named",
    "organisation_with_number",
    "organisations_by_id",
    "organisations_of_kind",
    "organisations_to_choose",
    "outline_url",
    "page",
    "pager",
    "pairs",
    "parts_of",
    "passages",
    "people_at",
    "people_by_id",
    "people_who_may",
    "person_id_by_email",
    "plugin_base",
    "pressed",
    "previews_of",
    "problem_with_number",
    "progress_of",
    "put_into_groups",
    "queue_letter",
    "queue_note",
    "read",
    "reassess",
    "record",
    "record_as_seen",
    "record_kind",
    "record_kinds",
    "records_as_seen",
    "refused",
    "registration_number",
    "required",
    "return_work",
    "rule_in_words",
    "run_by_key",
    "run_ids_of_type",
    "runs_by_id",
    "runs_hosted_by",
    "save_activity",
    "save_content",
    "say",
    "say_no",
    "say_yes",
    "search_key",
    "seat_refusals",
    "seats_of",
    "send_for_review",
    "sessions_of",
    "set_attendance",
    "set_terms",
    "settings_of",
    "settle_work",
    "show_in",
    "sign_agreement",
    "site_address",
    "slots_of",
    "snippets_of",
    "start_run",
    "start_work",
    "stopped_clock",
    "store",
    "submit_work",
    "take_out",
    "takes_part",
    "team_of",
    "technology_categories",
    "tell",
    "terms_of",
    "thread_panel",
    "titles_owned_by",
    "unit_of_work",
    "units_by_id",
    "units_in",
    "units_of",
    "use_snippet",
    "values_of",
    "version_by_id",
    "waive",
    "way_to_thread",
    "withdraw",
    "withdraw_document",
    "withdraw_teaching_slots",
    "without",
    "work_of",
    "working_with",
    "workplaces_of",
    "works_by_enrolment",
    "works_by_id",
    "works_for_kind",
    "works_on",
    "write_agreement",
    "write_csv",
    "write_draft",
    "written_number",
]
