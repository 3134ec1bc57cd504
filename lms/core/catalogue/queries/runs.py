"""Runs: who may see them, and what is known about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
    true,
)

from lms.contracts import Actor, CompletionRule, LocalisedText, RunFacts
from lms.core.catalogue.models import Course, CourseVersion, Run, RunHost, TeamMember
from lms.core.catalogue.queries.content import VersionFacts, version_from
from lms.core.catalogue.states import SEEN
from lms.core.organisations.models import Organisation
from lms.db import db, execute, is_key
from lms.host import current_host

TEAM_RIGHTS: Mapping[str, frozenset[str]] = {
    "teacher": frozenset({"learning.teach"}),
    "programme_lead": frozenset({"learning.teach", "catalogue.manage", "enrolment.manage"}),
    "company_teacher": frozenset(),
    "evaluator": frozenset({"learning.read_sums"}),
}
"""What being on a run's team allows in that run. Who teaches for a company never assesses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """An organisation's part in a run; `role` is host or partner."""

    role: str
    organisation_id: int
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reach:
    """How far somebody sees: everything, or what is open to them, the runs of these hosts and
    those on whose team they are."""

    everything: bool = False
    open_to: tuple[str, ...] = ("public",)
    hosts: tuple[int, ...] = ()
    teams: bool = False


def visible(actor: Actor) -> ColumnElement[bool]:
    """The runs this actor may see."""
    return _within(_reach(actor), actor.person_id)


def _reach(actor: Actor) -> _Reach:
    if actor.is_system or actor.may("catalogue.view_internal"):
        return _Reach(everything=True)
    if not actor.signed_in:
        return _Reach()
    hosts: set[int] = set()
    for permission in ("catalogue.view_internal", "catalogue.manage"):
        held = actor.organisations_with(permission)
        if held is None:
            return _Reach(everything=True)
        hosts |= held
    return _Reach(open_to=("public", "signed_in"), hosts=tuple(sorted(hosts)), teams=True)


def _within(reach: _Reach, person: int | BindParameter[int] | None) -> ColumnElement[bool]:
    if reach.everything:
        return true()
    conditions = [and_(Run.visibility.in_(reach.open_to), Run.state.in_(SEEN))]
    if reach.teams:
        own = select(TeamMember.run_id).where(TeamMember.person_id == person)
        conditions.append(Run.id.in_(own))
    if reach.hosts:
        hosted = select(RunHost.run_id).where(
            RunHost.organisation_id.in_(reach.hosts), RunHost.role == "host"
        )
        conditions.append(Run.id.in_(hosted))
    return or_(*conditions)


def run_rows() -> Select[*tuple[Any, ...]]:
    """The columns that `facts` needs."""
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
        Run.held,
        CourseVersion.minutes,
        CourseVersion.practice_minutes,
        Run.price,
        Run.currency,
        Run.visibility,
        Run.languages,
        Run.enrol_until,
        Run.rule,
    ).join(CourseVersion, CourseVersion.id == Run.course_version_id)


def facts(rows: Iterable[Any]) -> list[RunFacts]:
    """Facts from rows of `run_rows`, with their hosts: one more query."""
    rows = list(rows)
    places = _places_of([row.id for row in rows])
    return [_facts(row, places[row.id]) for row in rows]


def placed_rows() -> Select[*tuple[Any, ...]]:
    """The columns that `placed` needs: a row for each organisation's part in a run, for statements
    that find few runs, where a second query would cost more than the columns that come twice."""
    return (
        run_rows()
        .add_columns(
            RunHost.id.label("place_id"),
            RunHost.role.label("place_role"),
            RunHost.organisation_id.label("place_organisation"),
            Organisation.name.label("place_name"),
        )
        .outerjoin(RunHost, RunHost.run_id == Run.id)
        .outerjoin(Organisation, Organisation.id == RunHost.organisation_id)
    )


def placed(rows: Iterable[Any]) -> list[RunFacts]:
    """Facts with their hosts from rows of `placed_rows`, in the order of the rows."""
    return [_facts(row, places) for row, places in _gathered(rows)]


def _gathered(rows: Iterable[Any]) -> list[tuple[Any, list[_Place]]]:
    runs: dict[int, tuple[Any, dict[int, _Place]]] = {}
    for row in rows:
        _run, places = runs.setdefault(row.id, (row, {}))
        if row.place_id is not None:
            places[row.place_id] = _Place(
                role=row.place_role, organisation_id=row.place_organisation, name=row.place_name
            )
    return [(row, list(places.values())) for row, places in runs.values()]


_PLACES = ("host_ids", "host_names", "partner_ids")
_OF_RUN = tuple(name for name in RunFacts.__slots__ if name not in _PLACES)


def _facts(row: Any, places: Sequence[_Place]) -> RunFacts:
    hosts = [place for place in places if place.role == "host"]
    return RunFacts(
        **{
            **{name: getattr(row, name) for name in _OF_RUN},
            "languages": tuple(row.languages),
            "rule": rule_from(row.rule),
            "host_ids": tuple(place.organisation_id for place in hosts),
            "host_names": tuple(place.name for place in hosts),
            "partner_ids": tuple(
                place.organisation_id for place in places if place.role == "partner"
            ),
        }
    )


def rule_from(value: Mapping[str, Any]) -> CompletionRule:
    """A stored rule as facts."""
    return CompletionRule(version=value["version"], conditions=value["conditions"])


@cache
def _places_by_run() -> Select[int, str, int, str]:
    return (
        select(RunHost.run_id, RunHost.role, RunHost.organisation_id, Organisation.name)
        .join(Organisation, Organisation.id == RunHost.organisation_id)
        .where(RunHost.run_id.in_(bindparam("runs", expanding=True)))
        .order_by(RunHost.run_id, RunHost.position, RunHost.id)
    )


@lru_cache(maxsize=128)
def _row_by_key(
    reach: _Reach, permission: str = "", functions: _Functions = (), *, whole: bool = False
) -> Select[*tuple[Any, ...]]:
    person = bindparam("person", type_=Integer)
    rows = placed_rows().where(Run.key == bindparam("key"), _within(reach, person))
    if permission:
        rows = rows.add_columns(_on_team(person, permission, functions).label("on_team"))
    if whole:
        columns = (getattr(CourseVersion, name) for name in VersionFacts.__slots__)
        rows = rows.add_columns(*(column.label(f"version_{column.key}") for column in columns))
    return _in_order(rows)


def on_team(person: int | BindParameter[int] | None, permission: str) -> ColumnElement[bool]:
    """Does this person's role on the team of the run, or their function in it, allow it?"""
    return _on_team(person, permission, _functions_with(permission))


_Functions = tuple[tuple[str, str], ...]
"""Course types with functions of theirs."""


def _functions_with(permission: str) -> _Functions:
    types = current_host().course_types()
    return tuple(
        (key, function.key)
        for key, owned in sorted(types.items())
        for function in owned.item.functions
        if permission in function.permissions and function.key not in TEAM_RIGHTS
    )


def _on_team(
    person: int | BindParameter[int] | None, permission: str, functions: _Functions
) -> ColumnElement[bool]:
    roles = [role for role, rights in TEAM_RIGHTS.items() if permission in rights]
    allowed = [TeamMember.role.in_(roles)] + [
        and_(Run.course_type == course_type, TeamMember.role == key)
        for course_type, key in functions
    ]
    return exists().where(
        TeamMember.run_id == Run.id, TeamMember.person_id == person, or_(*allowed)
    )


@cache
def _rows_by_id() -> Select[*tuple[Any, ...]]:
    return run_rows().where(Run.id.in_(bindparam("runs", expanding=True)))


@cache
def _placed_by_id() -> Select[*tuple[Any, ...]]:
    return _in_order(placed_rows().where(Run.id.in_(bindparam("runs", expanding=True))))


def _in_order(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.order_by(RunHost.position, RunHost.id)


def _places_of(run_ids: Sequence[int]) -> Mapping[int, Sequence[_Place]]:
    found: dict[int, list[_Place]] = defaultdict(list)
    if not run_ids:
        return found
    rows = execute(_places_by_run(), {"runs": list(run_ids)})
    for run_id, role, organisation_id, name in rows:
        found[run_id].append(_Place(role=role, organisation_id=organisation_id, name=name))
    return found


def runs_by_id(run_ids: Sequence[int], *, hosts: bool = True) -> Mapping[int, RunFacts]:
    """Facts about these runs, whoever asks: for services, jobs and hooks, and for pages that ask
    next what the reader may. One query; without `hosts` nobody is a host or a partner."""
    asked = {"runs": list(run_ids)}
    if not hosts:
        return {row.id: _facts(row, ()) for row in execute(_rows_by_id(), asked)}
    return {run.id: run for run in placed(execute(_placed_by_id(), asked))}


def run_by_key(key: str, actor: Actor) -> RunFacts | None:
    """One run that the actor may see."""
    found = run_with_partners(key, actor)
    return found[0] if found else None


def run_with_partners(key: str, actor: Actor) -> tuple[RunFacts, tuple[str, ...]] | None:
    """One run that the actor may see, and the names of its partners."""
    for row, places in _gathered(_seen_by_key(key, actor)):
        return _facts(row, places), tuple(p.name for p in places if p.role == "partner")
    return None


def run_in_whole(key: str, actor: Actor) -> tuple[RunFacts, tuple[str, ...], VersionFacts] | None:
    """One run that the actor may see, the names of its partners, and what its version says."""
    for row, places in _gathered(_seen_by_key(key, actor, whole=True)):
        said = {name: getattr(row, f"version_{name}") for name in VersionFacts.__slots__}
        partners = tuple(place.name for place in places if place.role == "partner")
        return _facts(row, places), partners, version_from(said)
    return None


def run_to_work_in(key: str, actor: Actor, permission: str) -> RunFacts | None:
    """One run that the actor may see and in which they hold the permission: by the site, a host,
    or the run's team. One query."""
    for row, places in _gathered(_seen_by_key(key, actor, permission)):
        run = _facts(row, places)
        return run if row.on_team or actor.may_in_any(permission, run.host_ids) else None
    return None


def _seen_by_key(
    key: str, actor: Actor, permission: str = "", *, whole: bool = False
) -> Sequence[Any]:
    """The rows of a run that the actor may see, with `on_team` where a permission is asked for,
    and with what its version says when it is asked for in `whole`."""
    if not is_key(key):
        return ()
    functions = _functions_with(permission) if permission else ()

    def rows_within(reach: _Reach) -> Sequence[Any]:
        statement = _row_by_key(reach, permission, functions, whole=whole)
        return execute(statement, {"key": key, "person": actor.person_id}).all()

    rows = rows_within(_reach(actor))
    if not rows and actor.signed_in:
        rows = _opened(rows_within(_Reach(everything=True)), actor)
    return rows


def _opened(rows: Sequence[Any], actor: Actor) -> Sequence[Any]:
    """A run that does not stand in the actor's catalogue, but that another room opens to them."""
    if rows and any(
        rows[0].id in answer.value
        for answer in current_host().gather("lms_seen_runs", run_ids=(rows[0].id,), actor=actor)
    ):
        return rows
    return ()


def runs_led_by(actor: Actor, *, limit: int = 50) -> list[RunFacts]:
    """Runs whose team the actor is on and that are not over, next first."""
    led = (
        select(Run.id)
        .where(
            Run.id.in_(select(TeamMember.run_id).where(TeamMember.person_id == actor.person_id)),
            Run.state.not_in(("archived", "cancelled", "evaluated")),
        )
        .order_by(Run.starts_at, Run.id)
        .limit(limit)
    )
    rows = placed_rows().where(Run.id.in_(led)).order_by(Run.starts_at, Run.id)
    return placed(db.session.execute(_in_order(rows)))


def runs_hosted_by(
    organisation_ids: Iterable[int] | None, *, limit: int = 200
) -> Sequence[tuple[int, str, LocalisedText]]:
    """Ids, keys and titles of runs that these organisations host (None: anybody) and that are not
    called off, the latest first, whoever may see them: the caller says for whom it asks."""
    statement = select(Run.id, Run.key, Run.title).where(Run.state != "cancelled")
    if organisation_ids is not None:
        hosted = select(RunHost.run_id).where(
            RunHost.role == "host", RunHost.organisation_id.in_(sorted(set(organisation_ids)))
        )
        statement = statement.where(Run.id.in_(hosted))
    rows = db.session.execute(statement.order_by(Run.starts_at.desc(), Run.id.desc()).limit(limit))
    return [(row.id, row.key, row.title) for row in rows]


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
    return may_with_roles(actor, run, permission, roles)


def may_with_roles(actor: Actor, run: RunFacts, permission: str, roles: Iterable[str]) -> bool:
    """As `may_in_run`, for who already knows which roles the actor has on the run's team."""
    if actor.may_in_any(permission, run.host_ids):
        return True
    owned = current_host().course_types().get(run.course_type)
    functions = owned.item.functions if owned is not None else ()
    own = {function.key: function.permissions for function in functions}
    return any(permission in TEAM_RIGHTS.get(role, own.get(role, ())) for role in roles)


def course_keys(course_ids: Sequence[int]) -> Mapping[int, str]:
    """The keys of courses, by id."""
    rows = db.session.execute(select(Course.id, Course.key).where(Course.id.in_(course_ids)))
    return {row.id: row.key for row in rows}
