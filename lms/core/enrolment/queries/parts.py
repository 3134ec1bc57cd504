"""What part somebody has in runs: a seat, a place on the team, both or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
)

from lms.core.catalogue.models import Run, TeamMember
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.states import LIVE, WITH_SEAT
from lms.db import execute

TAKES_PART = WITH_SEAT - {"offered", "no_show"}
"""States of who has come to a run, or will."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartFacts:
    """One person in one run: the enrolment that counts (the live one, else the last) with its
    state, and their roles on the run's team. Neither: no part in it."""

    run_id: int
    enrolment_id: int | None = None
    state: str = ""
    roles: frozenset[str] = frozenset()


def parts_of(person_id: int | None, run_ids: Sequence[int]) -> Mapping[int, PartFacts]:
    """Somebody's part in these runs, by run id; a run they have nothing to do with is left out.
    One query, none without a person or runs."""
    if person_id is None or not run_ids:
        return {}
    found: dict[int, PartFacts] = {}
    for row in execute(_parts(), {"person": person_id, "runs": list(run_ids)}):
        before = found.get(row.run_id, PartFacts(run_id=row.run_id))
        found[row.run_id] = PartFacts(
            run_id=row.run_id,
            enrolment_id=row.enrolment_id,
            state=row.state or "",
            roles=before.roles | ({row.role} if row.role else frozenset()),
        )
    return found


def takes_part(person_id: int | None, run: Any) -> ColumnElement[bool]:
    """Has this person a seat in the run, or a place on its team? `run` is a column of run ids: an
    expression, so that a question may ask it along with its own."""
    if person_id is None:
        return false()
    seat = exists().where(
        Enrolment.run_id == run,
        Enrolment.person_id == person_id,
        Enrolment.state.in_(sorted(TAKES_PART)),
    )
    team = exists().where(TeamMember.run_id == run, TeamMember.person_id == person_id)
    return or_(seat, team)


def on_team(person_id: int | None, run: Any, roles: Collection[str]) -> ColumnElement[bool]:
    """Has this person one of these roles or functions on the team of the run? As `takes_part`."""
    if person_id is None:
        return false()
    return exists().where(
        TeamMember.run_id == run,
        TeamMember.person_id == person_id,
        TeamMember.role.in_(sorted(roles)),
    )


def employed_by(organisation_ids: Collection[int]) -> Select[int]:
    """Ids of enrolments of those who worked for one of these organisations when they asked. A
    select to build upon, so that a question may ask it along with its own."""
    return select(Enrolment.id).where(Enrolment.employer_id.in_(sorted(organisation_ids)))


def seats_of(person_id: int | None) -> Select[int]:
    """The ids of a person's enrolments in runs they take part in: a select to build upon, so that a
    question may ask it along with its own."""
    return select(Enrolment.id).where(
        Enrolment.person_id == person_id, Enrolment.state.in_(sorted(TAKES_PART))
    )


@cache
def _parts() -> Select[*tuple[Any, ...]]:
    person = bindparam("person", type_=Integer)
    return (
        select(
            Run.id.label("run_id"),
            Enrolment.id.label("enrolment_id"),
            Enrolment.state,
            TeamMember.role,
        )
        .outerjoin(Enrolment, and_(Enrolment.run_id == Run.id, Enrolment.person_id == person))
        .outerjoin(TeamMember, and_(TeamMember.run_id == Run.id, TeamMember.person_id == person))
        .where(
            Run.id.in_(bindparam("runs", expanding=True)),
            or_(Enrolment.id.is_not(None), TeamMember.id.is_not(None)),
        )
        .order_by(Run.id, Enrolment.state.in_(sorted(LIVE)), Enrolment.id)
    )
