"""Shapes that the core and every plugin know: frozen, without ORM rows, Flask or I/O.

Everything that crosses a hook is made of these. They import nothing but the standard library, so
that anybody may import them and they import no one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol

Language = Literal["da", "sv", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "sv", "en")


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalisedText:
    """One text in up to three languages; an empty string means "not written in this language"."""

    da: str = ""
    sv: str = ""
    en: str = ""

    def pick(self, language: str) -> tuple[str, str]:
        """The text in `language`, else in the first language that has one: (text, its language)."""
        for code in (language, *LANGUAGES):
            if code in LANGUAGES and (text := getattr(self, code)):
                return text, code
        return "", language

    def in_language(self, language: str) -> str:
        """The text alone; see `pick`."""
        return self.pick(language)[0]

    def everything(self) -> str:
        """All languages in one string, for searching."""
        return " ".join(text for text in (self.da, self.sv, self.en) if text)

    def as_dict(self) -> dict[str, str]:
        """{"da": ..., "sv": ..., "en": ...}, always with all three keys."""
        return {"da": self.da, "sv": self.sv, "en": self.en}

    @classmethod
    def from_dict(cls, value: Mapping[str, str]) -> LocalisedText:
        """The inverse of `as_dict`; unknown keys are an error, missing ones are empty."""
        return cls(**dict(value))


# --- who acts -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """One thing somebody may do. `key` is `<room or plugin>.<verb>`."""

    key: str
    title: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleBundle:
    """Permissions that an access role carries. Several bundles for one role add up."""

    role: str
    permissions: tuple[str, ...]
    title: LocalisedText | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """An access role held by a person, in one organisation or (None) on the whole site."""

    role: str
    organisation_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who asks, and what they may do; handed explicitly to every query and service.

    `permissions` maps a permission to the organisations it holds in; `None` among them means
    everywhere. A guest has no person and no permissions; "system" acts for jobs and commands.
    """

    person_id: int | None = None
    person_key: str = ""
    name: str = ""
    language: str = "da"
    theme: str = "auto"
    grants: tuple[Grant, ...] = ()
    permissions: Mapping[str, frozenset[int | None]] = field(default_factory=dict)
    organisation_ids: frozenset[int] = frozenset()
    has_reports: bool = False
    is_system: bool = False

    @property
    def signed_in(self) -> bool:
        """True for a person (not for a guest, not for the system)."""
        return self.person_id is not None

    def may(self, permission: str, organisation_id: int | None = None) -> bool:
        """Does the permission hold in this organisation (None: on the whole site)?"""
        if self.is_system:
            return True
        held = self.permissions.get(permission, frozenset())
        return None in held or (organisation_id is not None and organisation_id in held)

    def may_anywhere(self, permission: str) -> bool:
        """Does the permission hold in at least one organisation?"""
        return self.is_system or bool(self.permissions.get(permission))

    def may_in_any(self, permission: str, organisation_ids: Sequence[int]) -> bool:
        """Does the permission hold on the site or in one of these organisations?"""
        return self.may(permission) or any(self.may(permission, o) for o in organisation_ids)

    def organisations_with(self, permission: str) -> frozenset[int] | None:
        """Organisations where the permission holds; None means all of them."""
        if self.is_system:
            return None
        held = self.permissions.get(permission, frozenset())
        return None if None in held else frozenset(o for o in held if o is not None)


GUEST = Actor()
SYSTEM = Actor(name="system", is_system=True)


# --- what a course type is ----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """A stretch of a course type, such as "choose", "prepare", "practise"."""

    key: str
    title: LocalisedText
    purpose: LocalisedText = field(default_factory=LocalisedText)


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityPlan:
    """An activity that a new course of a type begins with. `content` is its activity type's own;
    where that type is not installed, the activity is left out."""

    activity_type: str
    title: LocalisedText
    minutes: int
    content: Mapping[str, Any] = field(default_factory=dict)
    required: bool = True
    others_minutes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ModulePlan:
    """A default module: a course session with an optional in-between assignment after it, which
    `activities` may hold as something to be handed in. `ends_in` is the record it ends in."""

    key: str
    phase: str
    title: LocalisedText
    content: LocalisedText
    minutes: int
    activity_type: str = "session"
    between: LocalisedText | None = None
    between_minutes: int = 0
    ends_in: str = ""
    activities: tuple[ActivityPlan, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CompletionRule:
    """What counts as completed: named conditions and their numbers, fixed when a run opens.

    `conditions` maps the name of a condition to its options, for example
    `{"attendance": {"percent": 80}, "declared": {}}`. Names with a dot belong to a plugin.
    """

    version: str
    conditions: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFunction:
    """Something somebody is in a run of a type: on a panel, the contact at a host ...

    Who is named for it stands on the run's team under `key`. `permissions` hold in that run alone.
    A run does not go to the state `by` before somebody has a function that is `required`.
    """

    key: str
    title: LocalisedText
    task: LocalisedText = field(default_factory=LocalisedText)
    required: bool = False
    by: Literal["announced", "open", "closed", "running", "completed"] = "open"
    permissions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EvaluationMoment:
    """When somebody is asked what came of a course: `days` after the run's `anchor`.

    The anchors are its first day (`begins`), each of its sessions (`session`) and its last day
    (`ends`). `asked` names who: participant, manager, teacher, host, company.
    """

    key: str
    title: LocalisedText
    anchor: Literal["begins", "session", "ends"]
    days: int
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeAsked:
    """Minutes that a course asks of somebody beside its sessions: before its first day, between
    that and the last, or after. What is asked in a `module` takes the place of the words between
    its session and the next."""

    role: Literal["participant", "manager", "host", "company"]
    stretch: Literal["before", "during", "after"]
    minutes: int
    module: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseType:
    """A kind of course that a plugin brings. The core knows it by `key` alone."""

    key: str
    title: LocalisedText
    summary: LocalisedText
    icon: str
    phases: tuple[Phase, ...]
    modules: tuple[ModulePlan, ...]
    rule: CompletionRule
    certificate_kind: Literal["attendance", "course", "competence", "micro"] = "course"
    minimum: int = 0
    """Fewer participants than this are too few, where the terms of a run say nothing else."""
    capacity: int = 0
    """The seats that are proposed for a new run; 0: none are."""
    manager_decides: bool = True
    collects_requests: bool = False
    """Requests rest as `requested` until the run is closed for them (or begins) and are then
    answered together, so that everybody who asked in time is treated alike."""
    ways: tuple[str, ...] = ()
    """The ways into a run where its terms say nothing else; none named: open to all who see it."""
    entry_page: str = ""
    """The endpoint of the plugin's own page by which one gets into a run, in place of asking for a
    seat; it takes `key`, the run's. The plugin draws a panel that leads there."""
    days_between: int = 7
    """So many days from one session to the next are proposed for a new run."""
    weekdays: tuple[int, ...] = ()
    """On these days of the week (Monday is 0) one after the other, rather, where some are named."""
    functions: tuple[RunFunction, ...] = ()
    moments: tuple[EvaluationMoment, ...] = ()
    asks: tuple[TimeAsked, ...] = ()
    """Time beside sessions and activities; `lms_run_time` tells of what is in one run alone."""
    shares: Mapping[str, int] = field(default_factory=dict)
    """How much of what comes of it is decided before, during and after it, in percent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityType:
    """A kind of thing a module consists of: a session, an in-between assignment ...

    One that people do on the site names its pages by endpoint; each takes `key`, the activity's:
    `page` for participants (and, without a seat, for the team), `editor` for who builds the
    course, `marking` where somebody must look at what was handed in. Without pages it is a word.
    """

    key: str
    title: LocalisedText
    icon: str
    at_work: bool = False
    summary: LocalisedText = field(default_factory=LocalisedText)
    page: str = ""
    editor: str = ""
    marking: str = ""
    minutes: int = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordDraft:
    """What somebody wrote in an assignment that ends in a record. `language` is that of the text,
    `work_key` tells where it came from."""

    title: str
    text: str
    language: str
    person_id: int
    organisation_id: int | None
    run_id: int
    work_key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordType:
    """A kind of record that an assignment may end in: a problem, an idea, a finding ...

    `make` writes one in the open unit of work and returns its key; `page` is the endpoint that
    shows it by `key`. Without `make` it is a word, and no assignment can end in one yet.

    With `describe` it may stand in the thread, at `stage`: from 10 (a problem somebody noticed) by
    20 (a challenge), 30 (an idea), 40 (a course), 50 (a trial), 60 (a test), 70 (a solution) and
    80 (a certificate) to 90 (an effect). `describe` answers for many keys at once and leaves out
    what the actor may not see; `find` offers records by their words, at most 20, for linking.
    """

    key: str
    title: LocalisedText
    icon: str
    make: Callable[[RecordDraft, Actor], str] | None = None
    page: str = ""
    stage: int = 0
    describe: Callable[[Sequence[str], Actor], Mapping[str, RecordFacts]] | None = None
    find: Callable[[str, Actor], Sequence[RecordFacts]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordFacts:
    """A record as one reader may see it. `may_link`: may they say what led to it, or it to? `url`
    is where it is shown, when that is not its kind's page.

    `hear` are the ids of the people who hear of what came of it, filled in for the system alone:
    who sent a need, who looks after it. Whoever makes something of it writes to them.
    """

    key: str
    title: LocalisedText
    url: str = ""
    state: LocalisedText = field(default_factory=LocalisedText)
    at: datetime | None = None
    may_link: bool = False
    hear: tuple[int, ...] = ()


# --- facts: what happened or is, as columns ------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationFacts:
    """An organisation, without its people."""

    id: int
    key: str
    name: str
    kind: str
    country: str
    registration_number: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonFacts:
    """A person as other people may know them."""

    id: int
    key: str
    name: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFacts:
    """One run (hold) of a course version. Times are aware UTC; `zone` is an IANA name. Partners
    take part in what hosts arrange, authorities among them too."""

    id: int
    key: str
    course_id: int
    course_version_id: int
    course_type: str
    title: LocalisedText
    lead: LocalisedText
    state: str
    zone: str
    starts_at: datetime | None
    ends_at: datetime | None
    venue: str
    town: str
    capacity: int
    taken: int
    minutes: int
    price: int
    visibility: str
    languages: tuple[str, ...]
    host_ids: tuple[int, ...] = ()
    host_names: tuple[str, ...] = ()
    partner_ids: tuple[int, ...] = ()
    rule: CompletionRule | None = None
    practice_minutes: int = 0
    currency: str = "DKK"
    enrol_until: datetime | None = None
    held: int = 0
    """Seats kept for organisations, which nobody has taken yet."""

    @property
    def free(self) -> int:
        """Seats that are neither taken nor kept for an organisation."""
        return max(self.capacity - self.taken - self.held, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class CourseSessionFacts:
    """One teaching session of a run."""

    id: int
    key: str
    run_id: int
    position: int
    title: LocalisedText
    content: LocalisedText
    starts_at: datetime
    ends_at: datetime
    venue: str
    minutes: int
    state: str
    between: LocalisedText = field(default_factory=LocalisedText)
    between_minutes: int = 0
    module: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EnrolmentRequest:
    """Somebody asks for a seat, before any row exists or any lock is taken.

    `source` is the way in: open, link, key, rule, nomination or import.
    """

    person_id: int
    run: RunFacts
    employer_id: int | None
    goal: str
    answers: Mapping[str, str] = field(default_factory=dict)
    source: str = "open"
    nominated_by_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EnrolmentFacts:
    """A person's enrolment in a run, with employer and manager as they were at the time."""

    id: int
    key: str
    run_id: int
    run_key: str
    person_id: int
    course_type: str
    state: str
    source: str
    employer_id: int | None
    manager_id: int | None
    goal: str
    created_at: datetime
    position: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    unit_id: int | None = None
    pair_key: str | None = None
    reservation_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunStateChange:
    """A run about to go, or just gone, from one state to another; `reason` where one is given."""

    run: RunFacts
    old: str
    new: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunNeed:
    """Something that must be there before a run goes to `state`, and who can supply it.

    It is shown to whoever leads the run while there is time, and a run that skips a state needs
    what that state needs. `url` is where it is supplied.
    """

    key: str
    state: Literal["announced", "open", "closed", "running", "completed"]
    title: LocalisedText
    met: bool
    who: LocalisedText
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvaluationDate:
    """A day on which those `asked` are to be asked what came of a run, in the zone of the run.
    `session_id` is the session it follows, where it follows one."""

    key: str
    title: LocalisedText
    day: date
    asked: tuple[str, ...] = ()
    session_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TechnologyCategory:
    """A kind of technology by which contacts, tenders and solutions are told apart."""

    key: str
    title: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactFacts:
    """Public authorities and one company having to do with each other.

    `place` gives the company a place in a course, `teach` and `present` are what it does there,
    `test` is that something of it is tried, `feedback` is what it is told about its product,
    `share` is material it gets, `case` is its work with students, `meet` is anything else.

    `what` says what was shared, in a sentence, and `documents` are the keys of what was handed
    over. `confidential`: it is the company's own and no competitor may read it. `private`: others
    did not get the same at the same time. `people` are numbers by function (never names).
    """

    kind: Literal["place", "teach", "present", "test", "feedback", "share", "case", "meet"]
    authority_ids: tuple[int, ...]
    company_id: int
    at: datetime
    what: LocalisedText
    category: str = ""
    run_id: int | None = None
    subject_kind: str = ""
    subject_id: int = 0
    url: str = ""
    documents: tuple[str, ...] = ()
    confidential: bool = False
    private: bool = False
    people: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupMove:
    """A participant about to come into a group of their run that is there already."""

    run_id: int
    enrolment_id: int
    group_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyFacts:
    """What was just copied, as ids of the old to ids of the new. Each mapping may be empty: a run
    that is made of a course version has copies of its activities alone.

    A copied run begins `days` later than the old one (earlier: below 0), in days of its `zone`.
    """

    courses: Mapping[int, int] = field(default_factory=dict)
    versions: Mapping[int, int] = field(default_factory=dict)
    runs: Mapping[int, int] = field(default_factory=dict)
    sessions: Mapping[int, int] = field(default_factory=dict)
    activities: Mapping[int, int] = field(default_factory=dict)
    days: int = 0
    zone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """Why something may not happen, in words that say what to do. `index` is the item refused."""

    code: str
    message: LocalisedText
    index: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityFacts:
    """Something participants do, in a course version's outline or in a run's (the other id is
    None). `outcomes` are places in the version's list; `content` is the activity type's own;
    days count from the day a run begins, and in a run they have become `opens_at` and `due_at`.
    """

    id: int
    key: str
    course_version_id: int | None
    run_id: int | None
    module: str
    position: int
    activity_type: str
    title: LocalisedText
    minutes: int
    required: bool
    content: Mapping[str, Any]
    revision: int
    state: str = "shown"
    catch_up: bool = False
    outcomes: tuple[int, ...] = ()
    others_minutes: Mapping[str, int] = field(default_factory=dict)
    opens_day: int | None = None
    due_day: int | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    after_id: int | None = None
    source_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkFacts:
    """What one participant has done on one activity: started, submitted, returned or accepted.

    `content` is the activity type's own and `revision` counts its changes; `score` is percent.
    """

    id: int
    key: str
    activity_id: int
    enrolment_id: int
    state: str
    content: Mapping[str, Any]
    revision: int
    attempts: int
    score: int | None
    started_at: datetime
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by_id: int | None = None
    record_type: str | None = None
    record_key: str | None = None
    record_title: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentFacts:
    """A document without its bytes; `size` in bytes, `sha256` in hexadecimal."""

    id: int
    key: str
    sha256: str
    size: int
    media_type: str
    file_name: str
    title: str
    language: str
    licence: str
    visibility: str
    alt_text: str
    subject_kind: str
    subject_id: int
    state: str
    created_at: datetime
    created_by_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConditionResult:
    """How one named condition stands for one enrolment; `met` None means undecided."""

    name: str
    met: bool | None
    reason: LocalisedText
    waived: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeResult:
    """What was found of one learning outcome of one participant, where all who assessed agree.

    `outcome` is its place in the course version's list. `level` counts from 0 (not shown) over
    partly and shown to 3 (shown well). `method` is work, observation, conversation or test.
    """

    outcome: int
    title: LocalisedText
    level: int
    method: str
    supervised: bool = False
    assessors: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class CompletionFacts:
    """The outcome of a rule for one enrolment, with its reasons.

    `outcomes` are what was assessed; they are filled in where a certificate is written.
    """

    enrolment_id: int
    enrolment_key: str
    run_id: int
    person_id: int
    course_type: str
    result: Literal["met", "not_met", "undecided"]
    rule_version: str
    minutes_attended: int
    minutes_held: int
    reasons: tuple[ConditionResult, ...]
    decided_at: datetime | None = None
    decided_by_id: int | None = None
    outcomes: tuple[OutcomeResult, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateDetails:
    """What only the course type knows about a certificate: what was done and what it is not."""

    kind: Literal["attendance", "course", "competence", "micro"]
    statement: LocalisedText
    outcomes: tuple[LocalisedText, ...] = ()
    assessment_method: LocalisedText = field(default_factory=LocalisedText)
    assessed_by: LocalisedText = field(default_factory=LocalisedText)
    not_line: LocalisedText = field(default_factory=LocalisedText)
    practised_with: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalEntryFacts:
    """One thing that happened, sealed at `position`. Ids only; never a secret."""

    id: int
    position: int
    at: datetime
    verb: str
    subject_kind: str
    subject_id: int
    actor_id: int | None
    data: Mapping[str, Any]


# --- what a plugin contributes to pages and processes --------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingField:
    """One setting of a plugin. `kind` decides the form field and the check."""

    key: str
    kind: Literal["text", "number", "yesno", "choice"]
    label: LocalisedText
    default: str | int | bool
    hint: LocalisedText = field(default_factory=LocalisedText)
    choices: tuple[tuple[str, LocalisedText], ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """Something a completion rule may ask for, answered by `lms_completion_conditions`.

    `key` is `<plugin>.<name>`; `fields` are its options, which a rule gives values.
    """

    key: str
    title: LocalisedText
    fields: tuple[SettingField, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsSection:
    """The settings of one plugin, shown on one page and stored as one checked JSON row."""

    title: LocalisedText
    fields: tuple[SettingField, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuLink:
    """A link in the main menu. `permission` None means everybody, signed in or not. It stands for
    its own address and all below it, and for those below `also` ("/plugin/part")."""

    endpoint: str
    label: LocalisedText
    icon: str
    order: int = 50
    permission: str | None = None
    audience: Literal["everybody", "guests", "signed_in"] = "everybody"
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TodoItem:
    """Something that waits for the reader. `title` is a sentence with the verb first."""

    key: str
    title: LocalisedText
    url: str
    label: LocalisedText
    body: LocalisedText = field(default_factory=LocalisedText)
    due: datetime | None = None
    minutes: int | None = None
    order: int = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """A piece of a page: a template of the plugin and the plain values it is drawn with."""

    template: str
    values: Mapping[str, Any]
    title: LocalisedText
    order: int = 50
    place: Literal["main", "aside"] = "main"


@dataclass(frozen=True, kw_only=True, slots=True)
class Badge:
    """A small mark: an icon and a word."""

    text: LocalisedText
    icon: str
    kind: Literal["", "ok", "wait", "info", "stop"] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingRule:
    """A rule of a plugin's for who is next on a waiting list; see `lms_waiting_ranks`.

    `key` is `<plugin>.<name>`. `explanation` is shown on the page of the run, before anybody asks.
    """

    key: str
    title: LocalisedText
    explanation: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """An extra question when somebody asks for a seat."""

    key: str
    kind: Literal["text", "choice", "yesno"]
    label: LocalisedText
    hint: LocalisedText = field(default_factory=LocalisedText)
    choices: tuple[tuple[str, LocalisedText], ...] = ()
    required: bool = False


class JobContext(Protocol):
    """What a running job may use; see `lms.jobs`."""

    job_id: int
    attempt: int
    args: Mapping[str, Any]

    def progress(self, done: int, total: int) -> None:
        """Tell how far the job is; shown on the jobs page."""

    def log(self, line: str) -> None:
        """Add a line to the job's log."""


Finish = Callable[[], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class JobType:
    """Work outside the request.

    `run` does the slow part outside any transaction and may return a `Finish`: what it writes to
    the database then commits together with the job's being done, so it happens once. With `every`
    the worker enqueues the job by itself, once per due time whatever the number of workers.
    """

    name: str
    run: Callable[[JobContext], Finish | None]
    max_attempts: int = 5
    every: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DataPolicy:
    """What copy, export, erasure and retention do with one table that names a person,
    an organisation or a course. `person_columns` are the columns that hold a person's id."""

    table: str
    purpose: str
    person_columns: tuple[str, ...] = ()
    copy: Literal["never", "with_run", "with_course"] = "never"
    export: bool = True
    erase: Literal["keep", "delete", "anonymise", "blank"] = "keep"
    retention_months: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DoctorFinding:
    """One plain sentence of `lms doctor`."""

    ok: bool
    name: str
    sentence: str
    warning: bool = False
