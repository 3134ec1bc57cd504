"""Questions about published collaborations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import func, select

from lms.api import LocalisedText, all_words_in, db
from lms_technology_trials.facts import (
    CollaborationCard,
    CollaborationFacts,
    FindingFacts,
    IntervieweeFacts,
    MaterialFacts,
    NameFacts,
    ParticipationFacts,
    PartyFacts,
    PhaseFacts,
    RungFacts,
    SeriesFacts,
    SpecificationFacts,
    TrialFacts,
    WorkshopFacts,
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

Row = TypeVar("Row")

PUBLISHED = "published"
SHOWN_MATERIALS = ("public",)


def texts(values: Iterable[Mapping[str, str]]) -> tuple[LocalisedText, ...]:
    """Stored texts as facts."""
    return tuple(LocalisedText.from_dict(value) for value in values)


# --- lists of collaborations --------------------------------------------------------------------


def published_cards(words: str = "", *, limit: int = 100) -> list[CollaborationCard]:
    """Published collaborations, the latest first, found by title, former name and summary. One
    query, however many there are."""
    former = (
        select(FormerName.title)
        .where(FormerName.collaboration_id == Collaboration.id)
        .order_by(FormerName.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    workshops = Workshop.collaboration_id == Collaboration.id
    trials = TrialTest.series_id.in_(
        select(TrialSeries.id).where(TrialSeries.collaboration_id == Collaboration.id)
    )

    def one(what: Any, where: Any) -> Any:
        return select(what).where(where).correlate(Collaboration).scalar_subquery()

    statement = select(
        Collaboration.slug,
        Collaboration.title,
        Collaboration.short_title,
        Collaboration.lead,
        former.label("former_title"),
        one(func.min(Workshop.held_on), workshops).label("first_workshop"),
        one(func.max(Workshop.held_on), workshops).label("last_workshop"),
        one(func.min(TrialTest.held_on), trials).label("first_trial"),
        one(func.max(TrialTest.held_on), trials).label("last_trial"),
        one(func.count(Workshop.id), workshops).label("workshops"),
        one(func.count(TrialTest.id), trials).label("trials"),
        one(func.count(Party.id), Party.collaboration_id == Collaboration.id).label("parties"),
        one(
            func.count(Material.id),
            (Material.collaboration_id == Collaboration.id)
            & Material.visibility.in_(SHOWN_MATERIALS),
        ).label("materials"),
    ).where(Collaboration.state == PUBLISHED, all_words_in(Collaboration.search_text, words))
    statement = statement.order_by(Collaboration.published_at.desc(), Collaboration.id.desc())
    return [_card(row._asdict()) for row in db.session.execute(statement.limit(limit))]


def _card(values: dict[str, Any]) -> CollaborationCard:
    days = [
        day
        for name in ("first_workshop", "last_workshop", "first_trial", "last_trial")
        if (day := values.pop(name)) is not None
    ]
    return CollaborationCard(
        **values, first_on=min(days, default=None), last_on=max(days, default=None)
    )


# --- one collaboration, seven queries -----------------------------------------------------------


def published_collaboration(slug: str) -> CollaborationFacts | None:
    """A published collaboration with everything on its page; None for any other slug. Seven
    queries, whatever it holds."""
    rows = db.session.execute(
        select(Collaboration, Specification, FormerName)
        .outerjoin(Specification, Specification.collaboration_id == Collaboration.id)
        .outerjoin(FormerName, FormerName.collaboration_id == Collaboration.id)
        .where(Collaboration.slug == slug, Collaboration.state == PUBLISHED)
        .order_by(FormerName.id)
    ).all()
    if not rows:
        return None
    found: Collaboration = rows[0][0]
    phases, workshops = _workshops_of(found.id)
    return CollaborationFacts(
        **{
            name: getattr(found, name)
            for name in (
                "id",
                "key",
                "slug",
                "title",
                "short_title",
                "lead",
                "summary",
                "country",
                "language",
                "source_title",
                "programme",
                "programme_name",
                "published_at",
            )
        },
        notes=texts(found.notes),
        former_names=[_name(name) for name in _present(row[2] for row in rows)],
        specification=_specification(rows[0][1]),
        phases=phases,
        workshops=workshops,
        parties=_parties_of(found.id),
        participations=_participations_of(found.id),
        series=_series_of(found.id),
        materials=_materials_of(found.id),
        rungs=_rungs_of(found.id),
    )


def _present(values: Iterable[Row | None]) -> list[Row]:
    """What an outer join found."""
    return [value for value in values if value is not None]


def _name(row: FormerName) -> NameFacts:
    return NameFacts(
        title=row.title,
        until_workshop=row.until_workshop,
        decided_on=row.decided_on,
        reason=row.reason,
    )


def _specification(row: Specification | None) -> SpecificationFacts | None:
    if row is None:
        return None
    return SpecificationFacts(
        title=row.title,
        raw=row.raw,
        done_on=row.done_on,
        method=row.method,
        interviewees=[
            IntervieweeFacts(text=LocalisedText.from_dict(one["text"]), count=one["count"])
            for one in row.interviewees
        ],
        summary=row.summary,
    )


def _workshops_of(collaboration_id: int) -> tuple[list[PhaseFacts], list[WorkshopFacts]]:
    rows = db.session.execute(
        select(CollaborationPhase, Workshop, Venue)
        .outerjoin(Workshop, Workshop.phase_id == CollaborationPhase.id)
        .outerjoin(Venue, Venue.id == Workshop.venue_id)
        .where(CollaborationPhase.collaboration_id == collaboration_id)
        .order_by(Workshop.held_on, Workshop.starts, Workshop.id, CollaborationPhase.position)
    ).all()
    phases = {
        phase.id: PhaseFacts(slug=phase.slug, position=phase.position, title=phase.title)
        for phase, _workshop, _venue in rows
    }
    present = _present(row[1] for row in rows)
    held = [(phase, workshop, venue) for phase, workshop, venue in rows if workshop in present]
    workshops = [_workshop(number, *row) for number, row in enumerate(held, start=1)]
    return sorted(phases.values(), key=lambda phase: phase.position), workshops


def _workshop(
    number: int, phase: CollaborationPhase, row: Workshop, venue: Venue | None
) -> WorkshopFacts:
    return WorkshopFacts(
        **{
            name: getattr(row, name)
            for name in (
                "id",
                "slug",
                "type",
                "source_order",
                "held_on",
                "starts",
                "ends",
                "minutes",
                "zone",
                "title",
                "title_text",
                "purpose",
                "outputs_stated",
                "group_title",
                "group_raw",
            )
        },
        number=number,
        phase=phase.slug,
        venue=venue.name if venue else None,
        town=venue.town if venue else None,
        outputs=texts(row.outputs),
        aims_without_output=texts(row.aims_without_output),
        decisions=texts(row.decisions),
    )


def _parties_of(collaboration_id: int) -> list[PartyFacts]:
    rows = db.session.execute(
        select(
            Party.id,
            Party.slug,
            Party.organisation_id,
            Party.name,
            Party.kind,
            Party.home,
            Party.note,
        )
        .where(Party.collaboration_id == collaboration_id)
        .order_by(Party.position)
    )
    return [PartyFacts(**row._asdict()) for row in rows]


def _participations_of(collaboration_id: int) -> list[ParticipationFacts]:
    rows = db.session.execute(
        select(
            Participation.workshop_id,
            Participation.party_id,
            Role.slug.label("role_slug"),
            Role.title.label("role"),
            Role.function_id,
            Participation.raw,
            Participation.count,
            Participation.listed,
            Participation.section,
        )
        .join(Workshop, Workshop.id == Participation.workshop_id)
        .outerjoin(Role, Role.id == Participation.role_id)
        .where(Workshop.collaboration_id == collaboration_id)
        .order_by(Participation.workshop_id, Participation.position)
    )
    return [ParticipationFacts(**row._asdict()) for row in rows]


def _series_of(collaboration_id: int) -> list[SeriesFacts]:
    rows = db.session.execute(
        select(TrialSeries, TrialTest, TrialParty.party_id)
        .outerjoin(TrialTest, TrialTest.series_id == TrialSeries.id)
        .outerjoin(TrialParty, TrialParty.trial_test_id == TrialTest.id)
        .where(TrialSeries.collaboration_id == collaboration_id)
        .order_by(TrialTest.held_on, TrialTest.id, TrialParty.id)
    ).all()
    series = {row[0].id: row[0] for row in rows}
    tests = {test.id: test for test in _present(row[1] for row in rows)}
    parties: dict[int, list[int]] = defaultdict(list)
    for _series, test, party_id in rows:
        if party_id is not None:
            parties[test.id].append(party_id)
    trials: dict[int, list[TrialFacts]] = defaultdict(list)
    for number, test in enumerate(tests.values(), start=1):
        trials[test.series_id].append(_trial(number, test, parties[test.id]))
    return [
        SeriesFacts(
            id=one.id,
            slug=one.slug,
            raw=one.raw,
            title=one.title,
            short_title=one.short_title,
            focus=one.focus,
            trials=trials[one.id],
        )
        for one in sorted(series.values(), key=lambda one: one.position)
    ]


def _trial(number: int, row: TrialTest, party_ids: Sequence[int]) -> TrialFacts:
    return TrialFacts(
        **{
            name: getattr(row, name)
            for name in (
                "id",
                "slug",
                "series_id",
                "kind",
                "presented",
                "held_on",
                "starts",
                "ends",
                "zone",
                "location_id",
                "participant_kind",
                "participants",
                "count",
                "purpose",
            )
        },
        number=number,
        party_ids=party_ids,
    )


def _materials_of(collaboration_id: int) -> list[MaterialFacts]:
    rows = db.session.execute(
        select(
            Material.slug,
            Material.workshop_id,
            Material.series_id,
            Material.title,
            Material.title_text,
            Material.kind,
            Material.kind_stated,
            Material.language,
            Material.licence,
            Material.visibility,
            Material.document_id,
        )
        .where(
            Material.collaboration_id == collaboration_id,
            Material.visibility.in_(SHOWN_MATERIALS),
        )
        .order_by(Material.position)
    )
    return [MaterialFacts(**row._asdict()) for row in rows]


def _rungs_of(collaboration_id: int) -> list[RungFacts]:
    rows = db.session.execute(
        select(Rung, Finding)
        .outerjoin(Finding, Finding.rung_id == Rung.id)
        .where(Rung.collaboration_id == collaboration_id)
        .order_by(Rung.position, Finding.position)
    ).all()
    findings: dict[int, list[FindingFacts]] = defaultdict(list)
    for rung, finding in rows:
        if finding is not None:
            findings[rung.id].append(
                FindingFacts(text=finding.text, said_by=finding.said_by, contexts=finding.contexts)
            )
    return [
        RungFacts(
            position=rung.position,
            slug=rung.slug,
            series_id=rung.series_id,
            question=rung.question,
            known=rung.known,
            answer=rung.answer,
            findings=findings[rung.id],
        )
        for rung in {row[0].id: row[0] for row in rows}.values()
    ]
