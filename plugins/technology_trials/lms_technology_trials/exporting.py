"""A collaboration as data: the page's contents in a shape that other programmes can read.

Unknown values are null. Texts are objects by language, titles of the source stand as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.api import LocalisedText
from lms_technology_trials.facts import (
    CollaborationFacts,
    MaterialFacts,
    ParticipationFacts,
    RungFacts,
    SpecificationFacts,
    TrialFacts,
    WorkshopFacts,
)
from lms_technology_trials.reading import coverage, silences, totals

FORMAT = "samspil-collaboration/1"


def as_data(found: CollaborationFacts) -> dict[str, Any]:
    """The collaboration as plain values, for JSON."""
    parties = {party.id: party.slug for party in found.parties}
    workshops = {workshop.id: workshop.slug for workshop in found.workshops}
    series = {one.id: one.slug for one in found.series}
    counted = totals(found)
    columns = [*(w.slug for w in found.workshops), *(t.slug for t in found.trials)]
    return {
        "format": FORMAT,
        "slug": found.slug,
        "title": found.title.as_dict(),
        "short_title": found.short_title.as_dict(),
        "former_names": [
            {
                "title": name.title.as_dict(),
                "until_workshop": name.until_workshop,
                "decided_on": _iso(name.decided_on),
                "reason": name.reason.as_dict(),
            }
            for name in found.former_names
        ],
        "lead": found.lead.as_dict(),
        "summary": found.summary.as_dict(),
        "country": found.country,
        "source": {"title": found.source_title, "language": found.language},
        "programme": {"abbreviation": found.programme, "name": _text(found.programme_name)},
        "phases": [{"slug": p.slug, "title": p.title.as_dict()} for p in found.phases],
        "organisations": [
            {
                "slug": party.slug,
                "name": party.name,
                "kind": party.kind,
                "home": party.home,
                "note": _text(party.note),
            }
            for party in found.parties
        ],
        "workshops": [_workshop(one, found, parties) for one in found.workshops],
        "specification": _specification(found.specification),
        "test_series": [
            {
                "slug": one.slug,
                "title": one.title.as_dict(),
                "source_title": one.raw,
                "focus": _text(one.focus),
                "tests": [_trial(trial, parties) for trial in one.trials],
            }
            for one in found.series
        ],
        "ladder": [_rung(rung, series) for rung in found.rungs],
        "materials": [_material(one, workshops, series) for one in found.materials],
        "coverage": {
            row.party.slug: {
                column: mark for column, mark in zip(columns, row.marks, strict=True) if mark
            }
            for row in coverage(found)
        },
        "silent_periods": [
            {"from": _iso(s.after), "to": _iso(s.before), "days": s.days} for s in silences(found)
        ],
        "totals": {
            "workshops": counted.workshops,
            "workshop_minutes": counted.minutes,
            "test_dates": counted.trials,
            "materials": counted.materials,
            "organisations": counted.parties,
            "functions": counted.roles,
            "role_entries": counted.role_entries,
            "role_entries_with_known_count": counted.counted_entries,
            "first_date": _iso(counted.first_on),
            "last_date": _iso(counted.last_on),
        },
        "notes": [note.as_dict() for note in found.notes],
    }


def _text(value: LocalisedText | None) -> dict[str, str] | None:
    return None if value is None else value.as_dict()


def _iso(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _clock(value: Any) -> str | None:
    return None if value is None else value.strftime("%H:%M")


def _workshop(
    one: WorkshopFacts, found: CollaborationFacts, parties: Mapping[int, str]
) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "type": one.type,
        "phase": one.phase,
        "group": _text(one.group_title),
        "source_group": one.group_raw,
        "source_order": one.source_order,
        "date": _iso(one.held_on),
        "start": _clock(one.starts),
        "end": _clock(one.ends),
        "minutes": one.minutes,
        "zone": one.zone,
        "venue": _text(one.venue),
        "town": one.town,
        "source_title": one.title,
        "title": one.title_text.as_dict(),
        "purpose": _text(one.purpose),
        "outputs": [text.as_dict() for text in one.outputs],
        "outputs_stated": one.outputs_stated,
        "aims_without_output": [text.as_dict() for text in one.aims_without_output],
        "decisions": [text.as_dict() for text in one.decisions],
        "participants": [
            _line(line, parties) for line in found.participations if line.workshop_id == one.id
        ],
    }


def _line(line: ParticipationFacts, parties: Mapping[int, str]) -> dict[str, Any]:
    return {
        "organisation": parties.get(line.party_id) if line.party_id else None,
        "role": _text(line.role),
        "source_line": line.raw,
        "count": line.count,
        "listed": line.listed,
        "section": line.section,
    }


def _specification(one: SpecificationFacts | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "title": one.title.as_dict(),
        "source_title": one.raw,
        "date": _iso(one.done_on),
        "method": one.method,
        "interviewees": [{"text": i.text.as_dict(), "count": i.count} for i in one.interviewees],
        "summary": one.summary.as_dict(),
    }


def _trial(one: TrialFacts, parties: Mapping[int, str]) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "kind": one.kind,
        "presented": one.presented,
        "date": _iso(one.held_on),
        "start": _clock(one.starts),
        "end": _clock(one.ends),
        "zone": one.zone,
        "organisations": [parties[id_] for id_ in one.party_ids],
        "location": parties.get(one.location_id) if one.location_id else None,
        "participants": one.participants.as_dict(),
        "count": one.count,
        "purpose": _text(one.purpose),
    }


def _rung(rung: RungFacts, series: Mapping[int, str]) -> dict[str, Any]:
    return {
        "position": rung.position,
        "series": series.get(rung.series_id) if rung.series_id else None,
        "question": rung.question.as_dict(),
        "known": _text(rung.known),
        "answer": _text(rung.answer),
        "findings": [
            {
                "text": finding.text.as_dict(),
                "said_by": _text(finding.said_by),
                "contexts": [dict(context) for context in finding.contexts],
            }
            for finding in rung.findings
        ],
    }


def _material(
    one: MaterialFacts, workshops: Mapping[int, str], series: Mapping[int, str]
) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "source_title": one.title,
        "title": one.title_text.as_dict(),
        "workshop": workshops.get(one.workshop_id) if one.workshop_id else None,
        "series": series.get(one.series_id) if one.series_id else None,
        "kind": one.kind,
        "kind_stated": one.kind_stated,
        "language": one.language,
        "licence": one.licence,
    }
