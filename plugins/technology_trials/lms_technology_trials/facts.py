"""What is known about a collaboration and about a run of the course type: frozen, without rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from lms.api import LocalisedText

NOON = time(12)


def at(day: date, clock: time | None, zone: str) -> datetime:
    """A day and a wall-clock time as a moment; noon when no time is known."""
    return datetime.combine(day, clock or NOON, ZoneInfo(zone))


@dataclass(frozen=True, kw_only=True, slots=True)
class NameFacts:
    """A former name, the slug of the last workshop that had it, and why it went."""

    title: LocalisedText
    until_workshop: str | None
    decided_on: date | None
    reason: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyFacts:
    """An organisation in the collaboration; see `models.Party`."""

    id: int
    slug: str
    organisation_id: int | None
    name: str
    kind: str
    home: bool
    note: LocalisedText | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ParticipationFacts:
    """One line of a list of participants; `role` None when only the organisation is named."""

    workshop_id: int
    party_id: int | None
    role_slug: str | None
    role: LocalisedText | None
    function_id: int | None
    raw: str
    count: int | None
    listed: str
    section: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialFacts:
    """A material, under the title of its source."""

    slug: str
    workshop_id: int | None
    series_id: int | None
    title: str
    title_text: LocalisedText
    kind: str
    kind_stated: bool
    language: str
    licence: str | None
    visibility: str
    document_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopFacts:
    """A workshop. `number` is its place in the order of days, from 1."""

    id: int
    slug: str
    number: int
    type: str
    phase: str
    source_order: int
    held_on: date
    starts: time | None
    ends: time | None
    minutes: int | None
    zone: str
    venue: LocalisedText | None
    town: str | None
    title: str
    title_text: LocalisedText
    purpose: LocalisedText | None
    outputs: Sequence[LocalisedText]
    outputs_stated: bool
    aims_without_output: Sequence[LocalisedText]
    decisions: Sequence[LocalisedText]
    group_title: LocalisedText | None
    group_raw: str | None

    @property
    def moment(self) -> datetime:
        """When it began; noon when only the day is known."""
        return at(self.held_on, self.starts, self.zone)

    @property
    def end_moment(self) -> datetime | None:
        """When it ended, if the source says."""
        return at(self.held_on, self.ends, self.zone) if self.ends else None


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialFacts:
    """One date of trying or showing. `party_ids` are those whose people were there."""

    id: int
    slug: str
    number: int
    series_id: int
    kind: str
    presented: bool
    held_on: date
    starts: time | None
    ends: time | None
    zone: str
    location_id: int | None
    participant_kind: str
    participants: LocalisedText
    count: int | None
    purpose: LocalisedText | None
    party_ids: Sequence[int]

    @property
    def moment(self) -> datetime:
        """When it began; noon when only the day is known."""
        return at(self.held_on, self.starts, self.zone)

    @property
    def end_moment(self) -> datetime | None:
        """When it ended, if the source says."""
        return at(self.held_on, self.ends, self.zone) if self.ends else None


@dataclass(frozen=True, kw_only=True, slots=True)
class SeriesFacts:
    """A series of trial tests with its dates in order."""

    id: int
    slug: str
    raw: str
    title: LocalisedText
    short_title: LocalisedText
    focus: LocalisedText | None
    trials: Sequence[TrialFacts]


@dataclass(frozen=True, kw_only=True, slots=True)
class PhaseFacts:
    """A phase; its workshops carry its slug."""

    slug: str
    position: int
    title: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingFacts:
    """One finding; see `models.Finding`."""

    text: LocalisedText
    said_by: LocalisedText | None
    contexts: Sequence[Mapping[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class RungFacts:
    """A rung of the ladder with its findings."""

    position: int
    slug: str
    series_id: int | None
    question: LocalisedText
    known: LocalisedText | None
    answer: LocalisedText | None
    findings: Sequence[FindingFacts]


@dataclass(frozen=True, kw_only=True, slots=True)
class IntervieweeFacts:
    """Who was asked for the specification; `count` None when the source does not say."""

    text: LocalisedText
    count: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SpecificationFacts:
    """The requirements specification."""

    title: LocalisedText
    raw: str
    done_on: date | None
    method: str
    interviewees: Sequence[IntervieweeFacts]
    summary: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationFacts:
    """A published collaboration with everything on its page. Workshops come in order of days."""

    id: int
    key: str
    slug: str
    title: LocalisedText
    short_title: LocalisedText
    lead: LocalisedText
    summary: LocalisedText
    country: str
    language: str
    source_title: str
    programme: str | None
    programme_name: LocalisedText | None
    notes: Sequence[LocalisedText]
    published_at: datetime | None
    former_names: Sequence[NameFacts]
    specification: SpecificationFacts | None
    phases: Sequence[PhaseFacts]
    parties: Sequence[PartyFacts]
    workshops: Sequence[WorkshopFacts]
    participations: Sequence[ParticipationFacts]
    series: Sequence[SeriesFacts]
    materials: Sequence[MaterialFacts]
    rungs: Sequence[RungFacts]

    @property
    def trials(self) -> Sequence[TrialFacts]:
        """All trial tests in order of days."""
        found = [trial for series in self.series for trial in series.trials]
        return sorted(found, key=lambda trial: (trial.held_on, trial.id))


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationCard:
    """A collaboration in a list, with its numbers."""

    slug: str
    title: LocalisedText
    short_title: LocalisedText
    lead: LocalisedText
    former_title: LocalisedText | None
    first_on: date | None
    last_on: date | None
    workshops: int
    trials: int
    parties: int
    materials: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Solution:
    """A product that a run practises with, and who makes it."""

    name: str
    organisation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TechnologyFacts:
    """What a run is about; see `models.Technology`."""

    run_id: int
    category: LocalisedText
    question: LocalisedText | None = None
    solutions: Sequence[Solution] = ()
    only_one_reason: str | None = None
    requirements: Sequence[LocalisedText] = ()
    measures: Sequence[LocalisedText] = ()
    stop_rule: LocalisedText | None = None
    safe_use_check: LocalisedText | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PracticeFacts:
    """What one participant did in practice; see `models.Practice`."""

    enrolment_id: int
    uses: int = 0
    non_use_reason: str | None = None
    safe_use_passed: bool | None = None
