"""What can be read out of a collaboration's rows: nothing here is stored, all of it is counted."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms.api import LocalisedText
from lms_technology_trials.facts import (
    CollaborationFacts,
    MaterialFacts,
    ParticipationFacts,
    PartyFacts,
    RungFacts,
    SeriesFacts,
    TrialFacts,
    WorkshopFacts,
)

SILENT_DAYS = 90
"""From how many days without a known date a pause is called a silent period."""

CARRIED_AT_LEAST = 3
MARKS = ("tried", "shown", "unknown")
KIND_ORDER = ("municipality", "region", "company", "programme_team", "business_service", "cluster")


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """From one known date to the next, with nothing known between; `days` apart."""

    after: date
    before: date
    days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """The numbers of a collaboration. `minutes` is that of workshops whose length is known."""

    workshops: int
    minutes: int
    trials: int
    materials: int
    parties: int
    roles: int
    role_entries: int
    counted_entries: int
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverageRow:
    """Where one organisation is known to have been. `marks`, one for each column: "listed" or
    "inferred" at a workshop, "test" at a trial test, "" when the source does not name it."""

    party: PartyFacts
    marks: Sequence[str]

    @property
    def times(self) -> int:
        """How many columns have a mark."""
        return sum(1 for mark in self.marks if mark)


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrier:
    """A role in an organisation, and at how many of the workshops it is named."""

    role: LocalisedText
    party: PartyFacts
    times: int
    of: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Where a rung was tried: "tried", only "shown", or "unknown"."""

    party: PartyFacts
    mark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LadderStep:
    """A rung with its contexts: the municipalities of the collaboration, or those it was taken to.

    `outside` means that the contexts are not the collaboration's own.
    """

    rung: RungFacts
    series: SeriesFacts | None
    contexts: Sequence[Context]
    outside: bool

    @property
    def tried(self) -> int:
        """In how many contexts it was tried."""
        return sum(1 for context in self.contexts if context.mark == "tried")


def totals(found: CollaborationFacts) -> Totals:
    """Count everything."""
    trials = found.trials
    days = _days(found.workshops, trials)
    named = {line.role_slug for line in found.participations if line.role_slug}
    return Totals(
        workshops=len(found.workshops),
        minutes=sum(workshop.minutes or 0 for workshop in found.workshops),
        trials=len(trials),
        materials=len(found.materials),
        parties=len(found.parties),
        roles=len(named),
        role_entries=len(found.participations),
        counted_entries=sum(1 for line in found.participations if line.count is not None),
        first_on=days[0] if days else None,
        last_on=days[-1] if days else None,
    )


def _days(workshops: Iterable[WorkshopFacts], trials: Iterable[TrialFacts]) -> list[date]:
    return sorted({w.held_on for w in workshops} | {t.held_on for t in trials})


def silences(found: CollaborationFacts, *, at_least: int = SILENT_DAYS) -> list[Silence]:
    """Pauses of at least so many days between two known dates."""
    days = _days(found.workshops, found.trials)
    return [
        Silence(after=first, before=second, days=(second - first).days)
        for first, second in itertools.pairwise(days)
        if (second - first).days >= at_least
    ]


# --- who was where ------------------------------------------------------------------------------


def coverage(found: CollaborationFacts) -> list[CoverageRow]:
    """Each organisation named at a workshop or a trial test: municipalities first, then by how
    often it is named."""
    at_workshop: dict[tuple[int, int], str] = {}
    for line in found.participations:
        if line.party_id is not None:
            place = (line.party_id, line.workshop_id)
            if at_workshop.get(place) != "listed":
                at_workshop[place] = line.listed
    trials = found.trials
    rows = [
        CoverageRow(
            party=party,
            marks=[
                *(at_workshop.get((party.id, workshop.id), "") for workshop in found.workshops),
                *("test" if party.id in trial.party_ids else "" for trial in trials),
            ],
        )
        for party in found.parties
    ]
    return sorted((row for row in rows if row.times), key=_order)


def _order(row: CoverageRow) -> tuple[bool, int, int, str]:
    kind = row.party.kind
    rank = KIND_ORDER.index(kind) if kind in KIND_ORDER else len(KIND_ORDER)
    return not row.party.home, rank, -row.times, row.party.name.casefold()


def carriers(found: CollaborationFacts, *, at_least: int = CARRIED_AT_LEAST) -> list[Carrier]:
    """Roles named at several workshops, most often first. Lines whose number of people is not
    stated (teams, "representatives") are no role and are left out."""
    parties = {party.id: party for party in found.parties}
    titles: dict[str, LocalisedText] = {}
    seen: set[tuple[str, int, int]] = set()
    for line in found.participations:
        if line.role_slug and line.role and line.party_id is not None and line.count is not None:
            titles[line.role_slug] = line.role
            seen.add((line.role_slug, line.party_id, line.workshop_id))
    times = Counter((role, party_id) for role, party_id, _workshop in seen)
    return [
        Carrier(role=titles[role], party=parties[party_id], times=n, of=len(found.workshops))
        for (role, party_id), n in sorted(times.items(), key=lambda one: (-one[1], one[0]))
        if n >= at_least
    ]


def lines_by_party(
    found: CollaborationFacts, workshop: WorkshopFacts
) -> list[tuple[PartyFacts | None, list[ParticipationFacts]]]:
    """A workshop's list of participants, by organisation in the order of the list; None is for
    lines of which the source gives no organisation."""
    parties = {party.id: party for party in found.parties}
    grouped: dict[int | None, list[ParticipationFacts]] = {}
    for line in found.participations:
        if line.workshop_id == workshop.id:
            grouped.setdefault(line.party_id, []).append(line)
    return [(parties.get(id_) if id_ else None, lines) for id_, lines in grouped.items()]


def materials_by_origin(
    found: CollaborationFacts,
) -> list[tuple[WorkshopFacts | SeriesFacts | None, list[MaterialFacts]]]:
    """Materials with the workshop or the series they belong to, in the order of days; None is the
    specification, which comes after the workshops."""
    origins: list[WorkshopFacts | SeriesFacts | None] = [*found.workshops, None, *found.series]
    return [(origin, own) for origin in origins if (own := materials_of(found, origin))]


def materials_of(
    found: CollaborationFacts, origin: WorkshopFacts | SeriesFacts | None
) -> list[MaterialFacts]:
    """The materials of a workshop, of a series, or (None) of the specification."""
    if isinstance(origin, WorkshopFacts):
        return [material for material in found.materials if material.workshop_id == origin.id]
    if isinstance(origin, SeriesFacts):
        return [material for material in found.materials if material.series_id == origin.id]
    return [m for m in found.materials if m.workshop_id is None and m.series_id is None]


# --- the ladder ---------------------------------------------------------------------------------


def ladder(found: CollaborationFacts) -> list[LadderStep]:
    """Rungs from the lowest, with where each was tried."""
    series = {one.id: one for one in found.series}
    steps = []
    for rung in found.rungs:
        own = series.get(rung.series_id) if rung.series_id else None
        marks = _marks(own)
        home = [party for party in found.parties if party.home]
        outside = bool(marks) and not any(party.id in marks for party in home)
        wanted = [p for p in found.parties if p.id in marks] if outside else home
        contexts = [Context(party=p, mark=marks.get(p.id, "unknown")) for p in wanted]
        steps.append(
            LadderStep(
                rung=rung,
                series=own,
                contexts=sorted(contexts, key=lambda c: MARKS.index(c.mark)) if marks else [],
                outside=outside,
            )
        )
    return steps


def _marks(series: SeriesFacts | None) -> Mapping[int, str]:
    marks: dict[int, str] = {}
    for trial in series.trials if series else ():
        for party_id in trial.party_ids:
            if trial.kind == "test":
                marks[party_id] = "tried"
            else:
                marks.setdefault(party_id, "shown")
    return marks
