"""Questions about citizens' journeys, and who may read them (I-28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from lms.api import (
    Actor,
    RunFacts,
    db,
    enrolments_by_id,
    hosted_by,
    is_key,
    may_with_roles,
    parts_of,
    runs_by_id,
    takes_part,
    works_for_kind,
)
from lms_courses.models import Journey
from lms_courses.permissions import PRACTICE
from lms_courses.queries.staff import AT_WORK, COMPANIES, TEACH, TOOK_PART

MOST_FOUND = 20
MOST_SEARCHED = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class JourneyFacts:
    """A journey; see `Journey`. Its steps have "step", "touchpoint", "citizen" and "risk"."""

    id: int
    key: str
    run_id: int
    enrolment_id: int | None
    title: str
    steps: Sequence[Mapping[str, str]]
    checked_with: str
    language: str
    created_by_id: int | None
    created_at: datetime
    checked_at: datetime | None
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class JourneyPlace:
    """A journey as one reader meets it. `writes`: is it theirs, alone or with a colleague?
    `looks_through`: may they say that nobody can be known from it? Nobody says so of their own."""

    journey: JourneyFacts
    run: RunFacts
    writes: bool
    teaches: bool
    looks_through: bool
    at_work: bool

    @property
    def may_edit(self) -> bool:
        """May the reader write on it?"""
        return self.writes and (self.at_work or self.teaches)


_COLUMNS = [getattr(Journey, name) for name in JourneyFacts.__dataclass_fields__]


def journey_place(key: str, actor: Actor) -> JourneyPlace | None:
    """One journey as the actor meets it; None when it is not theirs to read. At most five
    queries."""
    return journey_places([key], actor).get(key)


def journey_places(keys: Sequence[str], actor: Actor) -> Mapping[str, JourneyPlace]:
    """Those of these journeys that the actor may read, by key. Until somebody has looked a journey
    through, those are its writers, the run's team and who checks as practice; later all who take
    part or belong to a host, or check as practice elsewhere. Nobody of a company reads one. At most
    five queries, however many."""
    wanted = [key for key in keys if is_key(key)]
    return _places(Journey.key.in_(wanted), actor) if wanted else {}


def _places(which: ColumnElement[bool], actor: Actor) -> Mapping[str, JourneyPlace]:
    if not actor.signed_in and not actor.is_system:
        return {}
    of_company = works_for_kind(actor.person_id, COMPANIES).label("of_company")
    rows = db.session.execute(
        select(*_COLUMNS, of_company).where(which).order_by(Journey.id.desc()).limit(MOST_SEARCHED)
    ).all()
    journeys = []
    for row in rows:
        values = row._asdict()
        if not values.pop("of_company"):
            journeys.append(JourneyFacts(**values))
    run_ids = sorted({journey.run_id for journey in journeys})
    runs = runs_by_id(run_ids) if run_ids else {}
    parts = parts_of(actor.person_id, run_ids)
    own = {part.enrolment_id for part in parts.values() if part.enrolment_id is not None}
    pairs = _pairs([*own, *(one.enrolment_id for one in journeys if one.enrolment_id)], own)
    found = {}
    for journey in journeys:
        run = runs[journey.run_id]
        part = parts.get(run.id)
        state = part.state if part else ""
        writes = journey.created_by_id is not None and journey.created_by_id == actor.person_id
        paired = journey.enrolment_id in pairs.get(part.enrolment_id or 0, ()) if part else False
        teaches = may_with_roles(actor, run, TEACH, part.roles if part else ())
        practice = actor.may_in_any(PRACTICE, run.host_ids)
        reads = writes or paired or teaches or practice
        if journey.checked_at is not None and not reads:
            hosted = bool(actor.organisation_ids & set(run.host_ids))
            reads = state in TOOK_PART or hosted or actor.may_anywhere(PRACTICE)
        if reads:
            found[journey.key] = JourneyPlace(
                journey=journey,
                run=run,
                writes=writes or paired,
                teaches=teaches,
                looks_through=(teaches or practice) and not (writes or paired),
                at_work=state in AT_WORK,
            )
    return found


def _pairs(ids: Sequence[int], own: set[int]) -> Mapping[int, set[int]]:
    """By each of the reader's enrolments, itself and those of the same pair. One query, none for
    who takes part in nothing."""
    if not own:
        return {}
    by_pair: dict[str, set[int]] = {}
    enrolments = enrolments_by_id(sorted(set(ids)))
    for enrolment in enrolments.values():
        if enrolment.pair_key is not None:
            by_pair.setdefault(enrolment.pair_key, set()).add(enrolment.id)
    return {
        id_: {id_} | by_pair.get(enrolments[id_].pair_key or "", set())
        for id_ in own
        if id_ in enrolments
    }


def newest_journeys(actor: Actor) -> Sequence[JourneyPlace]:
    """The newest journeys that the actor may read, a few hundred at most."""
    return list(_places(_near(actor), actor).values())


def _near(actor: Actor) -> ColumnElement[bool]:
    """Journeys of runs that the actor is part of or answers for, and those looked through of where
    they work: no other is theirs to read."""
    teaches, checks = actor.organisations_with(TEACH), actor.organisations_with(PRACTICE)
    if actor.is_system or teaches is None or checks is None:
        return true()
    wrote = Journey.created_by_id == actor.person_id if actor.person_id is not None else false()
    looked_through = Journey.checked_at.is_not(None)
    works_there = true() if checks else hosted_by(actor.organisation_ids, Journey.run_id)
    return or_(
        wrote,
        takes_part(actor.person_id, Journey.run_id),
        hosted_by(teaches | checks, Journey.run_id),
        and_(looked_through, works_there),
    )


def journey_of(enrolment_ids: Sequence[int]) -> JourneyFacts | None:
    """The newest journey that these participants wrote themselves."""
    row = db.session.execute(
        select(*_COLUMNS)
        .where(Journey.enrolment_id.in_(enrolment_ids))
        .order_by(Journey.id.desc())
        .limit(1)
    ).first()
    return JourneyFacts(**row._asdict()) if row else None
