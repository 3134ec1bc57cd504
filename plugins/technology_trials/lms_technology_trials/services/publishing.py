"""Publishing a collaboration from a document: the rows are the document's, nothing is added.

The document's shape is that of `demo/mit_hjem.json`. Texts are {"da", "sv", "en"}; null means that
the source does not say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import DeclarativeBase

from lms.api import (
    Actor,
    LocalisedText,
    OrganisationValues,
    add_organisation_name,
    create_organisation,
    db,
    ensure_function,
    now,
    organisation_named,
    record,
    search_key,
)
from lms_technology_trials.models import (
    Collaboration,
    CollaborationPhase,
    Finding,
    FormerName,
    Material,
    Participation,
    Party,
    Role,
    Rung,
    Specification,
    TrialParty,
    TrialSeries,
    TrialTest,
    Venue,
    Workshop,
)

Document = Mapping[str, Any]
Ids = Mapping[str, int]

_REPLACED = (
    Material,
    Rung,
    TrialSeries,
    Workshop,
    Venue,
    CollaborationPhase,
    Role,
    Party,
    Specification,
    FormerName,
)
"""What a changed document replaces; the rest goes with these."""


def publish(document: Document, actor: Actor) -> int:
    """Publish a collaboration, or bring a published one to what the document says now.

    Its organisations and functions are entered with the core when they are new there. The same
    document again changes nothing. Returns the collaboration's id.
    """
    digest = hashlib.sha256(
        json.dumps(document, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()
    slug = document["project"]["slug"]
    row: Collaboration | None = db.session.scalar(
        select(Collaboration).where(Collaboration.slug == slug)
    )
    if row is not None and row.digest == digest:
        return row.id
    verb = "technology_trials.published" if row is None else "technology_trials.corrected"
    if row is None:
        row = Collaboration(slug=slug, published_at=now())
        db.session.add(row)
    else:
        for model in _REPLACED:
            db.session.execute(delete(model).where(model.collaboration_id == row.id))
    _write_collaboration(row, document, digest)
    db.session.flush()
    parties = _write_parties(row.id, document, actor)
    roles = _write_roles(row.id, document, actor)
    workshops = _write_workshops(row.id, document, parties, roles)
    series = _write_trials(row.id, document, parties)
    _write_materials(row.id, document, workshops, series)
    record(verb, "collaboration", row.id, actor=actor, data={"slug": slug})
    return row.id


def _write_collaboration(row: Collaboration, document: Document, digest: str) -> None:
    project = document["project"]
    programme = project["programme"]
    former = [text_of(name["title"]) for name in project["former_names"]]
    row.state = "published"
    row.digest = digest
    for name in ("title", "short_title", "lead", "summary"):
        setattr(row, name, text_of(project[name]))
    row.country, row.language = project["country"], project["language"]
    row.source_title = document["source"]["title"]
    row.programme = programme["abbreviation"] if programme else None
    row.programme_name = text_of(programme["name"]) if programme else None
    row.notes = list(project["notes"])
    row.search_text = search_key(
        " ".join(
            text.everything()
            for text in (row.title, row.short_title, *former, row.lead, row.summary)
        )
    )


def text_of(value: Mapping[str, str]) -> LocalisedText:
    """A text of the document."""
    return LocalisedText.from_dict(value)


def _text_or_none(value: Mapping[str, str] | None) -> LocalisedText | None:
    return None if value is None else text_of(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _clock(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)


def _added(rows: Mapping[str, DeclarativeBase]) -> Ids:
    db.session.add_all(rows.values())
    db.session.flush()
    return {slug: row.id for slug, row in rows.items()}  # type: ignore[attr-defined]


# --- who ----------------------------------------------------------------------------------------


def _write_parties(collaboration_id: int, document: Document, actor: Actor) -> Ids:
    home = set(document["project"]["municipalities"])
    return _added(
        {
            one["slug"]: Party(
                collaboration_id=collaboration_id,
                organisation_id=_organisation(one, actor),
                slug=one["slug"],
                position=position,
                name=one["name"],
                kind=one["kind"],
                home=one["slug"] in home,
                note=_text_or_none(one["note"]),
            )
            for position, one in enumerate(document["organisations"], start=1)
        }
    )


def _organisation(one: Document, actor: Actor) -> int:
    """The core's organisation of that name, entered with its other names when it is new."""
    known = organisation_named(one["name"])
    if known is not None:
        return known.id
    values = OrganisationValues(name=one["name"], kind=one["kind"], country=one["country"])
    organisation_id = create_organisation(values, actor=actor)
    for alias in one["aliases"]:
        add_organisation_name(organisation_id, "alias", alias, actor=actor)
    return organisation_id


def _write_roles(collaboration_id: int, document: Document, actor: Actor) -> Ids:
    rows: dict[str, DeclarativeBase] = {}
    for one in document["functions"]:
        title = LocalisedText(da=one["da"], sv=one["sv"], en=one["en"])
        rows[one["slug"]] = Role(
            collaboration_id=collaboration_id,
            function_id=ensure_function(title, actor=actor, key=one["slug"]),
            slug=one["slug"],
            title=title,
        )
    return _added(rows)


# --- workshops ----------------------------------------------------------------------------------


def _write_workshops(collaboration_id: int, document: Document, parties: Ids, roles: Ids) -> Ids:
    for name in document["project"]["former_names"]:
        db.session.add(
            FormerName(
                collaboration_id=collaboration_id,
                title=text_of(name["title"]),
                until_workshop=name["until_event"],
                decided_on=_day(name["decided_on"]),
                reason=text_of(name["reason"]),
            )
        )
    _write_specification(collaboration_id, document["requirements"])
    phases = _added(
        {
            one["slug"]: CollaborationPhase(
                collaboration_id=collaboration_id,
                slug=one["slug"],
                position=one["position"],
                title=text_of(one["title"]),
            )
            for one in document["phases"]
        }
    )
    venues = _added(
        {
            one["slug"]: Venue(
                collaboration_id=collaboration_id,
                party_id=parties[one["organisation"]] if one["organisation"] else None,
                slug=one["slug"],
                name=text_of(one["name"]),
                town=one["town"],
                country=one["country"],
            )
            for one in document["venues"]
        }
    )
    groups = {one["slug"]: one for one in document["groups"]}
    workshops = _added(
        {
            one["slug"]: _workshop(collaboration_id, one, phases, venues, groups.get(one["group"]))
            for one in document["workshops"]
        }
    )
    for one in document["workshops"]:
        _write_participations(workshops[one["slug"]], one["participants"], parties, roles)
    return workshops


def _workshop(
    collaboration_id: int, one: Document, phases: Ids, venues: Ids, group: Document | None
) -> Workshop:
    return Workshop(
        collaboration_id=collaboration_id,
        phase_id=phases[one["phase"]],
        venue_id=venues[one["venue"]] if one["venue"] else None,
        slug=one["slug"],
        type=one["type"],
        source_order=one["source_order"],
        held_on=date.fromisoformat(one["date"]),
        starts=_clock(one["start"]),
        ends=_clock(one["end"]),
        minutes=one["minutes"],
        zone=one["zone"],
        title=one["title"],
        title_text=text_of(one["title_text"]),
        purpose=_text_or_none(one["purpose"]),
        outputs=list(one["outputs"]),
        outputs_stated=one["outputs_stated"],
        aims_without_output=list(one["aims_without_output"]),
        decisions=list(one["decisions"]),
        group_title=text_of(group["title"]) if group else None,
        group_raw=group["raw"] if group else None,
    )


def _write_participations(
    workshop_id: int, lines: Iterable[Document], parties: Ids, roles: Ids
) -> None:
    db.session.add_all(
        Participation(
            workshop_id=workshop_id,
            party_id=parties[line["organisation"]] if line["organisation"] else None,
            role_id=roles[line["function"]] if line["function"] else None,
            position=position,
            raw=line["raw"],
            count=line["count"],
            listed=line["listed"],
            section=line["section"],
        )
        for position, line in enumerate(lines, start=1)
    )


def _write_specification(collaboration_id: int, one: Document | None) -> None:
    if one is None:
        return
    db.session.add(
        Specification(
            collaboration_id=collaboration_id,
            title=text_of(one["title"]),
            raw=one["raw"],
            done_on=_day(one["date"]),
            method=one["method"],
            interviewees=list(one["interviewees"]),
            summary=text_of(one["summary"]),
        )
    )


# --- trial tests --------------------------------------------------------------------------------


def _write_trials(collaboration_id: int, document: Document, parties: Ids) -> Ids:
    series = _added(
        {
            one["slug"]: TrialSeries(
                collaboration_id=collaboration_id,
                slug=one["slug"],
                position=one["position"],
                raw=one["raw"],
                title=text_of(one["title"]),
                short_title=text_of(one["short_title"]),
                focus=_text_or_none(one["focus"]),
            )
            for one in document["test_series"]
        }
    )
    trials = _added({one["slug"]: _trial(one, series, parties) for one in document["tests"]})
    db.session.add_all(
        TrialParty(trial_test_id=trials[one["slug"]], party_id=parties[slug])
        for one in document["tests"]
        for slug in one["organisations"]
    )
    for one in document["ladder"]:
        _write_rung(collaboration_id, one, series)
    return series


def _trial(one: Document, series: Ids, parties: Ids) -> TrialTest:
    return TrialTest(
        series_id=series[one["series"]],
        location_id=parties[one["location"]] if one["location"] else None,
        slug=one["slug"],
        kind=one["kind"],
        presented=one["presented"],
        held_on=date.fromisoformat(one["date"]),
        starts=_clock(one["start"]),
        ends=_clock(one["end"]),
        zone=one["zone"],
        participant_kind=one["participant_kind"],
        participants=text_of(one["participants"]),
        count=one["count"],
        purpose=_text_or_none(one["purpose"]),
    )


def _write_rung(collaboration_id: int, one: Document, series: Ids) -> None:
    rung = Rung(
        collaboration_id=collaboration_id,
        series_id=series[one["series"]] if one["series"] else None,
        position=one["position"],
        slug=one["slug"],
        question=text_of(one["question"]),
        known=_text_or_none(one["known"]),
        answer=_text_or_none(one["answer"]),
    )
    db.session.add(rung)
    db.session.flush()
    for position, finding in enumerate(one.get("findings", ()), start=1):
        db.session.add(
            Finding(
                rung_id=rung.id,
                position=position,
                text=text_of(finding["text"]),
                said_by=_text_or_none(finding["said_by"]),
                contexts=list(finding["contexts"]),
            )
        )


def _write_materials(
    collaboration_id: int, document: Document, workshops: Ids, series: Ids
) -> None:
    for position, one in enumerate(document["materials"], start=1):
        of_workshop, of_series = one["event_kind"] == "workshop", one["event_kind"] == "series"
        db.session.add(
            Material(
                collaboration_id=collaboration_id,
                workshop_id=workshops[one["event"]] if of_workshop else None,
                series_id=series[one["event"]] if of_series else None,
                slug=one["slug"],
                position=position,
                title=one["title"],
                title_text=text_of(one["title_text"]),
                kind=one["kind"],
                kind_stated=one["kind_stated"],
                language=one["language"],
                licence=one.get("licence"),
                visibility=one.get("visibility", "public"),
            )
        )
    db.session.flush()
