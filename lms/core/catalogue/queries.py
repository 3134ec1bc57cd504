"""Questions about courses and runs. Facts are built from column selects; the actor is handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select, true

from lms.contracts import (
    Actor,
    CompletionRule,
    CourseSessionFacts,
    LocalisedText,
    RunFacts,
)
from lms.core.catalogue.models import (
    Course,
    CourseSession,
    CourseVersion,
    Run,
    RunHost,
    TeachingSlot,
    TeamMember,
)
from lms.core.catalogue.states import LISTED, SEEN
from lms.core.organisations.models import Organisation
from lms.core.users.models import Person
from lms.db import db, now, search_key

TEAM_RIGHTS: Mapping[str, frozenset[str]] = {
    "teacher": frozenset({"learning.teach"}),
    "programme_lead": frozenset({"learning.teach", "catalogue.manage", "enrolment.manage"}),
    "company_teacher": frozenset(),
    "evaluator": frozenset({"learning.read_sums"}),
}
"""What being on a run's team allows in that run. Who teaches for a company never assesses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What a reader of the catalogue asked for; empty means all."""

    words: str = ""
    course_type: str = ""
    host: str = ""
    language: str = ""
    free_only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Facet:
    """One choice of a filter with the number of runs behind it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionFacts:
    """What a course version says."""

    id: int
    course_id: int
    number: int
    state: str
    title: LocalisedText
    lead: LocalisedText
    purpose: LocalisedText
    target_group: LocalisedText
    outcomes: tuple[LocalisedText, ...]
    minutes: int
    practice_minutes: int
    languages: tuple[str, ...]
    phases: Sequence[Mapping[str, Any]]
    modules: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class SlotFacts:
    """Who teaches what for how many minutes in one course session."""

    id: int
    course_session_id: int
    topic: LocalisedText
    minutes: int
    product: str
    state: str
    person_name: str | None
    organisation_name: str | None
    organisation_kind: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamFacts:
    """Somebody on a run's team."""

    person_id: int
    name: str
    role: str


def visible(actor: Actor) -> ColumnElement[bool]:
    """The runs this actor may see."""
    if actor.is_system or actor.may("catalogue.view_internal"):
        return true()
    open_to = ["public", "signed_in"] if actor.signed_in else ["public"]
    conditions = [and_(Run.visibility.in_(open_to), Run.state.in_(SEEN))]
    if actor.signed_in:
        conditions.append(
            Run.id.in_(select(TeamMember.run_id).where(TeamMember.person_id == actor.person_id))
        )
        if managed := actor.organisations_with("catalogue.manage"):
            conditions.append(
                Run.id.in_(select(RunHost.run_id).where(RunHost.organisation_id.in_(managed)))
            )
        elif managed is None:
            conditions.append(true())
    return or_(*conditions)


def _run_rows() -> Select[Any]:
    return select(
        Run.id,
        Run.key,
        CourseVersion.course_id,
        Run.course_version_id,
        Run.course_type,
        Run.title,
        CourseVersion.lead,
        Run.state,
        Run.zone,
        Run.starts_at,
        Run.ends_at,
        Run.venue,
        Run.town,
        Run.capacity,
        Run.taken,
        CourseVersion.minutes,
        Run.price,
        Run.visibility,
        Run.languages,
        Run.rule,
    ).join(CourseVersion, CourseVersion.id == Run.course_version_id)


def _facts(rows: Iterable[Any]) -> list[RunFacts]:
    rows = list(rows)
    hosts = hosts_of([row.id for row in rows])
    return [
        RunFacts(
            **{
                **row._asdict(),
                "languages": tuple(row.languages),
                "rule": rule_from(row.rule),
                "host_ids": tuple(id_ for id_, _name in hosts.get(row.id, ())),
                "host_names": tuple(name for _id, name in hosts.get(row.id, ())),
            }
        )
        for row in rows
    ]


def rule_from(value: Mapping[str, Any]) -> CompletionRule:
    """A stored rule as facts."""
    return CompletionRule(version=value["version"], conditions=value["conditions"])


def hosts_of(
    run_ids: Sequence[int], role: str = "host"
) -> Mapping[int, Sequence[tuple[int, str]]]:
    """Organisations of runs in their order, by run id: (organisation id, name)."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    if not run_ids:
        return found
    statement = (
        select(RunHost.run_id, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == RunHost.organisation_id)
        .where(RunHost.run_id.in_(run_ids), RunHost.role == role)
        .order_by(RunHost.run_id, RunHost.position, RunHost.id)
    )
    for run_id, organisation_id, name in db.session.execute(statement):
        found[run_id].append((organisation_id, name))
    return found


def runs_by_id(run_ids: Sequence[int]) -> Mapping[int, RunFacts]:
    """Facts about these runs, whoever asks: for services, jobs and hooks, not for pages."""
    rows = db.session.execute(_run_rows().where(Run.id.in_(run_ids)))
    return {run.id: run for run in _facts(rows)}


def run_by_key(key: str, actor: Actor) -> RunFacts | None:
    """One run that the actor may see."""
    rows = db.session.execute(_run_rows().where(Run.key == key, visible(actor)))
    return next(iter(_facts(rows)), None)


def _matching(filters: Filters, actor: Actor) -> ColumnElement[bool]:
    conditions = [visible(actor), Run.state.in_(LISTED)]
    for word in search_key(filters.words).split():
        conditions.append(Run.search_text.contains(word, autoescape=True))
    if filters.course_type:
        conditions.append(Run.course_type == filters.course_type)
    if filters.language:
        conditions.append(cast(Run.languages, String).contains(f'"{filters.language}"'))
    if filters.host:
        conditions.append(
            Run.id.in_(
                select(RunHost.run_id)
                .join(Organisation, Organisation.id == RunHost.organisation_id)
                .where(Organisation.key == filters.host)
            )
        )
    if filters.free_only:
        conditions.append(and_(Run.state == "open", Run.taken < Run.capacity))
    return and_(*conditions)


def listed_runs(
    filters: Filters, actor: Actor, *, limit: int, offset: int = 0
) -> tuple[list[RunFacts], int]:
    """A page of the catalogue in order of first day, and how many runs there are in all."""
    matching = _matching(filters, actor)
    total = db.session.scalar(select(func.count()).select_from(Run).where(matching)) or 0
    ended = and_(Run.starts_at.is_not(None), Run.starts_at < now())
    rows = db.session.execute(
        _run_rows()
        .where(matching)
        .order_by(ended, Run.starts_at, Run.id)
        .limit(limit)
        .offset(offset)
    )
    return _facts(rows), total


def type_facets(filters: Filters, actor: Actor) -> list[tuple[str, int]]:
    """Course types among the runs that match all but the type filter: (key, number of runs)."""
    others = Filters(
        words=filters.words,
        host=filters.host,
        language=filters.language,
        free_only=filters.free_only,
    )
    rows = db.session.execute(
        select(Run.course_type, func.count())
        .where(_matching(others, actor))
        .group_by(Run.course_type)
        .order_by(Run.course_type)
    )
    return [(key, count) for key, count in rows]


def host_facets(filters: Filters, actor: Actor) -> list[Facet]:
    """Hosts among the runs that match all but the host filter, the busiest first, at most 30."""
    others = Filters(
        words=filters.words,
        course_type=filters.course_type,
        language=filters.language,
        free_only=filters.free_only,
    )
    rows = db.session.execute(
        select(Organisation.key, Organisation.name, func.count())
        .join(RunHost, RunHost.organisation_id == Organisation.id)
        .join(Run, Run.id == RunHost.run_id)
        .where(_matching(others, actor), RunHost.role == "host")
        .group_by(Organisation.key, Organisation.name)
        .order_by(func.count().desc(), Organisation.name)
        .limit(30)
    )
    return [Facet(value=key, label=name, count=count) for key, name, count in rows]


def version_by_id(version_id: int) -> VersionFacts:
    """What a version says. Raises `LookupError`."""
    row = db.session.execute(
        select(
            CourseVersion.id,
            CourseVersion.course_id,
            CourseVersion.number,
            CourseVersion.state,
            CourseVersion.title,
            CourseVersion.lead,
            CourseVersion.purpose,
            CourseVersion.target_group,
            CourseVersion.outcomes,
            CourseVersion.minutes,
            CourseVersion.practice_minutes,
            CourseVersion.languages,
            CourseVersion.phases,
            CourseVersion.modules,
        ).where(CourseVersion.id == version_id)
    ).first()
    if row is None:
        raise LookupError(f"no course version {version_id}")
    values = row._asdict()
    values["outcomes"] = tuple(LocalisedText.from_dict(text) for text in row.outcomes)
    values["languages"] = tuple(row.languages)
    return VersionFacts(**values)


def sessions_of(run_ids: Sequence[int]) -> Mapping[int, Sequence[CourseSessionFacts]]:
    """Course sessions in order, by run id. `minutes` is the planned length."""
    found: dict[int, list[CourseSessionFacts]] = defaultdict(list)
    if not run_ids:
        return found
    rows = db.session.execute(
        select(
            CourseSession.id,
            CourseSession.key,
            CourseSession.run_id,
            CourseSession.position,
            CourseSession.title,
            CourseSession.content,
            CourseSession.starts_at,
            CourseSession.ends_at,
            CourseSession.venue,
            CourseSession.state,
            CourseSession.between,
            CourseSession.between_minutes,
        )
        .where(CourseSession.run_id.in_(run_ids))
        .order_by(CourseSession.run_id, CourseSession.position)
    )
    for row in rows:
        minutes = int((row.ends_at - row.starts_at).total_seconds() // 60)
        found[row.run_id].append(CourseSessionFacts(**row._asdict(), minutes=minutes))
    return found


def slots_of(run_id: int) -> list[SlotFacts]:
    """Teaching slots of a run in order of its sessions."""
    rows = db.session.execute(
        select(
            TeachingSlot.id,
            TeachingSlot.course_session_id,
            TeachingSlot.topic,
            TeachingSlot.minutes,
            TeachingSlot.product,
            TeachingSlot.state,
            Person.name.label("person_name"),
            Organisation.name.label("organisation_name"),
            Organisation.kind.label("organisation_kind"),
        )
        .join(CourseSession, CourseSession.id == TeachingSlot.course_session_id)
        .outerjoin(Person, Person.id == TeachingSlot.person_id)
        .outerjoin(Organisation, Organisation.id == TeachingSlot.organisation_id)
        .where(CourseSession.run_id == run_id)
        .order_by(CourseSession.position, TeachingSlot.id)
    )
    return [SlotFacts(**row._asdict()) for row in rows]


def team_of(run_id: int) -> list[TeamFacts]:
    """The team of a run, leads first."""
    rows = db.session.execute(
        select(TeamMember.person_id, Person.name, TeamMember.role)
        .join(Person, Person.id == TeamMember.person_id)
        .where(TeamMember.run_id == run_id)
        .order_by(TeamMember.role, Person.name)
    )
    return [TeamFacts(**row._asdict()) for row in rows]


def runs_led_by(actor: Actor, *, limit: int = 50) -> list[RunFacts]:
    """Runs whose team the actor is on and that are not over, next first."""
    rows = db.session.execute(
        _run_rows()
        .join(TeamMember, TeamMember.run_id == Run.id)
        .where(
            TeamMember.person_id == actor.person_id,
            Run.state.not_in(("archived", "cancelled", "evaluated")),
        )
        .order_by(Run.starts_at, Run.id)
        .limit(limit)
        .distinct()
    )
    return _facts(rows)


def may_in_run(actor: Actor, run: RunFacts, permission: str) -> bool:
    """Does the actor hold the permission in this run: by the site, a host, or the run's team?"""
    if actor.may_in_any(permission, run.host_ids):
        return True
    if not actor.signed_in:
        return False
    roles = db.session.scalars(
        select(TeamMember.role).where(
            TeamMember.run_id == run.id, TeamMember.person_id == actor.person_id
        )
    )
    return any(permission in TEAM_RIGHTS.get(role, ()) for role in roles)


def course_keys(course_ids: Sequence[int]) -> Mapping[int, str]:
    """The keys of courses, by id."""
    rows = db.session.execute(select(Course.id, Course.key).where(Course.id.in_(course_ids)))
    return {id_: key for id_, key in rows}
