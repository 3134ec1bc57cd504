"""From facts to what the templates draw: words, dates and lengths, no queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lms.api import LocalisedText
from lms_technology_trials import reading, timeline
from lms_technology_trials.facts import (
    CollaborationFacts,
    MaterialFacts,
    PartyFacts,
    TrialFacts,
    WorkshopFacts,
    at,
)
from lms_technology_trials.words import MATERIAL_KINDS, _, ngettext, what_happened

ZONE = "Europe/Copenhagen"
"""For days that belong to no event of their own, such as the first of a period."""

BAND = 20
"""The width of one workshop in the drawing of a role, with the space after it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of the coverage table: its sign, what it stands for, and when that was."""

    sign: str
    title: str
    moment: datetime
    zone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the timeline in words; `days` is set for a silence, which has no event."""

    workshop: WorkshopFacts | None = None
    trial: TrialFacts | None = None
    where: str | None = None
    days: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MaterialLine:
    """A material with its kind in words, and its title in the reader's language if that is
    another one."""

    facts: MaterialFacts
    kind: str
    translated: LocalisedText | None


def period_of(first: date | None, last: date | None) -> tuple[datetime, datetime] | None:
    """Two days as moments, for the dates of a page."""
    if first is None or last is None:
        return None
    return at(first, None, ZONE), at(last, None, ZONE)


def collaboration_page(
    found: CollaborationFacts, in_words: Callable[[LocalisedText], str]
) -> dict[str, Any]:
    """All values of the page."""
    totals = reading.totals(found)
    silences = reading.silences(found)
    steps = reading.ladder(found)
    return {
        "found": found,
        "totals": totals,
        "period_shown": period_of(totals.first_on, totals.last_on),
        "home": [party.name for party in found.parties if party.home],
        "until": _until(found),
        "heading": what_happened(totals.workshops, totals.trials, len(silences)),
        "drawing": timeline.draw(found, in_words),
        "lines": lines(found),
        "steps": steps,
        "findings": [finding for step in steps for finding in step.rung.findings],
        "columns": columns(found, in_words),
        "coverage": reading.coverage(found),
        "carriers": reading.carriers(found),
        "band": BAND,
        "role_counts": {w.id: _roles_in(found, w) for w in found.workshops},
        "out_of_order": any(w.number != w.source_order for w in found.workshops),
        "materials": [
            (_origin(origin, found), materials(own))
            for origin, own in reading.materials_by_origin(found)
        ],
    }


def _until(found: CollaborationFacts) -> dict[str, WorkshopFacts]:
    """The last workshop under each former name, by its slug."""
    return {workshop.slug: workshop for workshop in found.workshops}


def _roles_in(found: CollaborationFacts, workshop: WorkshopFacts) -> str:
    own = sum(1 for line in found.participations if line.workshop_id == workshop.id)
    return ngettext("%(n)d role is named", "%(n)d roles are named", own)


def _origin(origin: Any, found: CollaborationFacts) -> tuple[LocalisedText, str | None]:
    """What materials belong to, and the slug of its page when it is a workshop."""
    if origin is None:
        words = found.specification.title if found.specification else LocalisedText(en="")
        return words, None
    if isinstance(origin, WorkshopFacts):
        return origin.title_text, origin.slug
    return origin.title, None


def materials(own: Iterable[MaterialFacts]) -> list[MaterialLine]:
    """Materials in words."""
    return [
        MaterialLine(
            facts=one,
            kind=_(MATERIAL_KINDS[one.kind]) if one.kind in MATERIAL_KINDS else one.kind,
            translated=one.title_text,
        )
        for one in own
    ]


def lines(found: CollaborationFacts) -> list[Line]:
    """The timeline in words: everything dated in order, silences between."""
    parties = {party.id: party for party in found.parties}
    pauses = {silence.after: silence.days for silence in reading.silences(found)}
    events: list[tuple[date, Line]] = [
        (one.held_on, Line(workshop=one)) for one in found.workshops
    ] + [(one.held_on, Line(trial=one, where=_where(one, parties))) for one in found.trials]
    events.sort(key=lambda event: event[0])
    told = []
    for number, (day, line) in enumerate(events, start=1):
        told.append(line)
        last_of_day = number == len(events) or events[number][0] != day
        if last_of_day and day in pauses:
            told.append(Line(days=pauses[day]))
    return told


def _where(trial: TrialFacts, parties: dict[int, PartyFacts]) -> str | None:
    return parties[trial.location_id].name if trial.location_id in parties else None


def columns(found: CollaborationFacts, in_words: Callable[[LocalisedText], str]) -> list[Column]:
    """Columns of the coverage table: workshops, then trial tests."""
    workshops = [
        Column(
            sign=f"W{one.number}",
            title=in_words(one.title_text),
            moment=one.moment,
            zone=one.zone,
        )
        for one in found.workshops
    ]
    titles = {one.id: in_words(one.title) for one in found.series}
    return workshops + [
        Column(sign=f"T{number}", title=titles[one.series_id], moment=one.moment, zone=one.zone)
        for number, one in enumerate(found.trials, start=1)
    ]
