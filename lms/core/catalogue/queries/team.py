"""Who is on a run's team, and in which function."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from lms.contracts import LocalisedText
from lms.core.catalogue.models import RunHost, TeamMember
from lms.core.organisations.models import Function, Organisation
from lms.core.users.models import Assignment, Person
from lms.core.users.queries import current_assignment
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamFacts:
    """Somebody on a run's team; function and organisation as they are today, when known.
    `of_company`: they work for a company today, whatever else they do."""

    person_id: int
    person_key: str
    name: str
    role: str
    function: LocalisedText | None = None
    organisation: str | None = None
    of_company: bool = False


def team_of(run_id: int) -> list[TeamFacts]:
    """The team of a run by role and name, each person once per role."""
    rows = db.session.execute(
        select(
            TeamMember.person_id,
            Person.key.label("person_key"),
            Person.name,
            TeamMember.role,
            Function.title.label("function"),
            Organisation.name.label("organisation"),
            (Organisation.kind == "company").label("of_company"),
        )
        .join(Person, Person.id == TeamMember.person_id)
        .outerjoin(
            Assignment, (Assignment.person_id == TeamMember.person_id) & current_assignment()
        )
        .outerjoin(Function, Function.id == Assignment.function_id)
        .outerjoin(Organisation, Organisation.id == Assignment.organisation_id)
        .where(TeamMember.run_id == run_id)
        .order_by(TeamMember.role, Person.name, TeamMember.person_id, Assignment.id.desc())
    )
    found: dict[tuple[int, str], TeamFacts] = {}
    for row in rows:
        place = (row.person_id, row.role)
        facts = found.setdefault(
            place, TeamFacts(**{**row._asdict(), "of_company": bool(row.of_company)})
        )
        if row.of_company and not facts.of_company:
            found[place] = replace(facts, of_company=True)
    return list(found.values())


def roles_filled(run_ids: Sequence[int]) -> Mapping[int, frozenset[str]]:
    """The roles and functions that somebody has, by run id."""
    found: dict[int, set[str]] = defaultdict(set)
    if run_ids:
        rows = db.session.execute(
            select(TeamMember.run_id, TeamMember.role)
            .where(TeamMember.run_id.in_(sorted(set(run_ids))))
            .distinct()
        )
        for run_id, role in rows:
            found[run_id].add(role)
    return {run_id: frozenset(found[run_id]) for run_id in run_ids}


def roles_of(person_id: int, run_id: int) -> frozenset[str]:
    """What somebody is on the team of a run, whoever asks."""
    rows = db.session.scalars(
        select(TeamMember.role).where(
            TeamMember.run_id == run_id, TeamMember.person_id == person_id
        )
    )
    return frozenset(rows)


def organisations_of_run(run_id: int) -> Mapping[int, str]:
    """The organisations that host a run or take part in it: names by id, hosts first."""
    rows = db.session.execute(
        select(RunHost.organisation_id, Organisation.name)
        .join(Organisation, Organisation.id == RunHost.organisation_id)
        .where(RunHost.run_id == run_id)
        .order_by(RunHost.role, RunHost.position, RunHost.id)
    )
    return {row.organisation_id: row.name for row in rows}
