"""The catalogue: searching, filtering and counting the runs that a reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select, true

from lms.contracts import LANGUAGES, Actor, RunFacts
from lms.core.catalogue.models import Run, RunHost
from lms.core.catalogue.queries.runs import facts, run_rows, visible
from lms.core.catalogue.states import LISTED
from lms.core.organisations.models import Organisation
from lms.db import db, now, search_key

MOST_WORDS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What a reader of the catalogue asked for; empty means all. Several of one kind widen the
    answer, different kinds narrow it. `hosts` are keys of organisations."""

    words: str = ""
    course_types: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    free_only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Facet:
    """One choice of a filter with the number of runs behind it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums:
    """How many runs match; how many would with the one filter for free seats, or a language."""

    total: int
    free: int
    by_language: Mapping[str, int]


def _matching(filters: Filters, actor: Actor) -> ColumnElement[bool]:
    conditions = [visible(actor), Run.state.in_(LISTED)]
    words = search_key(filters.words).split()[:MOST_WORDS]
    conditions.extend(Run.search_text.contains(word, autoescape=True) for word in words)
    if filters.course_types:
        conditions.append(Run.course_type.in_(filters.course_types))
    if filters.hosts:
        conditions.append(
            Run.id.in_(
                select(RunHost.run_id)
                .join(Organisation, Organisation.id == RunHost.organisation_id)
                .where(Organisation.key.in_(filters.hosts), RunHost.role == "host")
            )
        )
    conditions.append(_in_languages(filters.languages))
    if filters.free_only:
        conditions.append(_has_free_seat())
    return and_(*conditions)


def _in_languages(codes: Sequence[str]) -> ColumnElement[bool]:
    if not codes:
        return true()
    return or_(*(cast(Run.languages, String).contains(f'"{code}"') for code in codes))


def _has_free_seat() -> ColumnElement[bool]:
    return and_(
        Run.state == "open",
        Run.taken < Run.capacity,
        or_(Run.enrol_until.is_(None), Run.enrol_until >= now()),
    )


def sums(filters: Filters, actor: Actor) -> Sums:
    """The numbers beside the filters, in one query."""
    base = replace(filters, languages=(), free_only=False)
    spoken = _in_languages(filters.languages)
    free = _has_free_seat() if filters.free_only else true()
    row = db.session.execute(
        select(
            _how_many(and_(spoken, free)).label("total"),
            _how_many(and_(spoken, _has_free_seat())).label("free"),
            *(_how_many(and_(_in_languages([code]), free)).label(code) for code in LANGUAGES),
        ).where(_matching(base, actor))
    ).one()
    return Sums(
        total=row.total,
        free=row.free,
        by_language={code: getattr(row, code) for code in LANGUAGES},
    )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def runs_on_page(filters: Filters, actor: Actor, *, limit: int, offset: int = 0) -> list[RunFacts]:
    """A page of the catalogue: what is still to begin by its first day, then what has begun."""
    begun = case((Run.starts_at < now(), 1), else_=0)
    undated = case((Run.starts_at.is_(None), 1), else_=0)
    rows = db.session.execute(
        run_rows()
        .where(_matching(filters, actor))
        .order_by(begun, undated, Run.starts_at, Run.id)
        .limit(limit)
        .offset(offset)
    )
    return facts(rows)


def listed_runs(
    filters: Filters, actor: Actor, *, limit: int, offset: int = 0
) -> tuple[list[RunFacts], int]:
    """A page of the catalogue, and how many runs there are in all."""
    total = db.session.scalar(
        select(func.count()).select_from(Run).where(_matching(filters, actor))
    )
    return runs_on_page(filters, actor, limit=limit, offset=offset), total or 0


def soonest_runs(actor: Actor, *, limit: int) -> list[RunFacts]:
    """The next runs to begin among those somebody may still ask for, or will be able to."""
    rows = db.session.execute(
        run_rows()
        .where(
            _matching(Filters(), actor),
            Run.state.in_(("announced", "open")),
            Run.starts_at >= now(),
        )
        .order_by(Run.starts_at, Run.id)
        .limit(limit)
    )
    return facts(rows)


def type_facets(filters: Filters, actor: Actor) -> list[tuple[str, int]]:
    """Course types among the runs that match all but the type filter: (key, number of runs)."""
    rows = db.session.execute(
        select(Run.course_type, func.count())
        .where(_matching(replace(filters, course_types=()), actor))
        .group_by(Run.course_type)
        .order_by(Run.course_type)
    )
    return [(key, count) for key, count in rows]


def host_facets(filters: Filters, actor: Actor) -> list[Facet]:
    """Hosts among the runs that match all but the host filter, the busiest first, at most 30."""
    rows = db.session.execute(
        select(Organisation.key, Organisation.name, func.count())
        .join(RunHost, RunHost.organisation_id == Organisation.id)
        .join(Run, Run.id == RunHost.run_id)
        .where(_matching(replace(filters, hosts=()), actor), RunHost.role == "host")
        .group_by(Organisation.key, Organisation.name)
        .order_by(func.count().desc(), Organisation.name)
        .limit(30)
    )
    return [Facet(value=key, label=name, count=count) for key, name, count in rows]
