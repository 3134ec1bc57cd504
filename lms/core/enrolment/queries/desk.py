"""What a programme lead asks: which runs, how full, who is missing, what waits to be decided.

Each question is a fixed number of statements, however many runs there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true, union_all

from lms.contracts import Actor, LocalisedText
from lms.core.catalogue.models import CourseSession, CourseVersion, Run, RunHost, TeamMember
from lms.core.catalogue.queries import TEAM_RIGHTS
from lms.core.enrolment.models import Enrolment, EntryRule, Reservation, Terms
from lms.core.enrolment.queries.terms import LOTTERY
from lms.core.enrolment.states import LIVE
from lms.core.listing import all_words_in
from lms.core.organisations.models import Function, Organisation, Unit
from lms.core.users.models import Person
from lms.db import db, now

MANAGE = "enrolment.manage"
UNDER_WAY = ("planned", "announced", "open", "closed", "running", "interrupted")
BEFORE_IT_BEGINS = ("open", "closed")
UNDECIDED = (None, "asked")
"""`TermsFacts.minimum_decision` while nobody has decided on a run under its minimum."""
LATE = 2**62
"""From this rank on somebody came after lots were drawn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LedRun:
    """A run that the reader leads, as its line on the desk."""

    id: int
    key: str
    title: LocalisedText
    state: str
    zone: str
    starts_at: datetime | None
    capacity: int
    taken: int
    held: int
    minimum: int
    decide_by: datetime | None
    too_few: bool
    draw_at: datetime | None
    draws: bool
    waiting: int = 0
    asked: int = 0
    next_at: datetime | None = None
    without: Sequence[str] = ()

    @property
    def free(self) -> int:
        """Seats for anybody."""
        return max(self.capacity - self.taken - self.held, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleFacts:
    """An entry rule with its words; what is None is open."""

    id: int
    organisation_id: int | None
    organisation: str | None
    unit_id: int | None
    unit: str | None
    function_id: int | None
    function: LocalisedText | None
    role: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lot:
    """One lot of a draw. `place` counts from 1; a pair has one number in two rows."""

    place: int
    number: int
    key: str
    person_id: int
    person_name: str
    state: str
    in_pair: bool
    of: int


def led_by(actor: Actor) -> ColumnElement[bool]:
    """Runs whose enrolments the actor manages: by the site, a host, or the run's team."""
    held = actor.organisations_with(MANAGE)
    if held is None:
        return true()
    roles = [role for role, rights in TEAM_RIGHTS.items() if MANAGE in rights]
    mine = Run.id.in_(
        select(TeamMember.run_id).where(
            TeamMember.person_id == actor.person_id, TeamMember.role.in_(roles)
        )
    )
    if not held:
        return mine
    hosted = select(RunHost.run_id).where(
        RunHost.organisation_id.in_(sorted(held)), RunHost.role == "host"
    )
    return or_(mine, Run.id.in_(hosted))


def _too_few() -> ColumnElement[bool]:
    return and_(
        Terms.minimum > Run.taken,
        Run.state.in_(BEFORE_IT_BEGINS),
        or_(Terms.minimum_decision.is_(None), Terms.minimum_decision == "asked"),
    )


def _draws() -> ColumnElement[bool]:
    return and_(
        Terms.waiting_rule == LOTTERY,
        Terms.drawn_at.is_(None),
        Run.state.in_(BEFORE_IT_BEGINS),
    )


def _columns() -> tuple[Any, ...]:
    return (
        Run.id,
        Run.key,
        Run.title,
        Run.state,
        Run.zone,
        Run.starts_at,
        Run.capacity,
        Run.taken,
        Run.held,
        func.coalesce(Terms.minimum, 0).label("minimum"),
        Terms.decide_by,
        func.coalesce(_too_few(), False).label("too_few"),
        Terms.draw_at,
        func.coalesce(_draws(), False).label("draws"),
    )


def leads_any(actor: Actor) -> bool:
    """Does the actor lead a run by being on its team? For who has no such role anywhere."""
    return bool(db.session.scalar(select(exists().where(led_by(actor)).select_from(Run))))


def desk(actor: Actor, *, limit: int, offset: int = 0) -> tuple[list[LedRun], int, int]:
    """The runs that the actor leads and that are not over, the most urgent first; how many there
    are in all, and how many of those are under their minimum. Four queries."""
    soon = now() + timedelta(days=1)
    urgent = case((_too_few(), 0), (and_(_draws(), Terms.draw_at < soon), 1), else_=2)
    rows = db.session.execute(
        select(
            *_columns(),
            func.count().over().label("of"),
            func.sum(case((_too_few(), 1), else_=0)).over().label("few"),
        )
        .outerjoin(Terms, Terms.run_id == Run.id)
        .where(Run.state.in_(UNDER_WAY), led_by(actor))
        .order_by(urgent, Run.starts_at.is_(None), Run.starts_at, Run.id)
        .limit(limit)
        .offset(offset)
    ).all()
    ids = [row.id for row in rows]
    counts, days, without = _counts(ids), _next_days(ids), _without_anyone(ids)
    found = []
    for row in rows:
        values = row._asdict()
        del values["of"], values["few"]
        found.append(
            LedRun(
                **values
                | {"too_few": bool(row.too_few), "draws": bool(row.draws)}
                | counts.get(row.id, {}),
                next_at=days.get(row.id),
                without=without.get(row.id, ()),
            )
        )
    return (found, rows[0].of, int(rows[0].few)) if rows else (found, 0, 0)


def _counts(run_ids: Sequence[int]) -> Mapping[int, dict[str, int]]:
    """How many wait, and how many have asked, by run."""
    words = {"waitlisted": "waiting", "awaiting_approval": "asked", "requested": "asked"}
    found: dict[int, dict[str, int]] = defaultdict(lambda: {"waiting": 0, "asked": 0})
    rows = db.session.execute(
        select(Enrolment.run_id, Enrolment.state, func.count().label("number"))
        .where(Enrolment.run_id.in_(run_ids), Enrolment.state.in_(sorted(words)))
        .group_by(Enrolment.run_id, Enrolment.state)
    )
    for row in rows:
        found[row.run_id][words[row.state]] += row.number
    return found


def _next_days(run_ids: Sequence[int]) -> Mapping[int, datetime]:
    """When the next course session of each run begins."""
    rows = db.session.execute(
        select(CourseSession.run_id, func.min(CourseSession.starts_at).label("at"))
        .where(
            CourseSession.run_id.in_(run_ids),
            CourseSession.starts_at > now(),
            CourseSession.state.in_(("planned", "moved")),
        )
        .group_by(CourseSession.run_id)
    )
    return {row.run_id: row.at for row in rows}


def _without_anyone(run_ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Hosts, partners and organisations with kept seats of whom nobody has asked, by run."""
    places = union_all(
        select(RunHost.run_id, RunHost.organisation_id).where(RunHost.run_id.in_(run_ids)),
        select(Reservation.run_id, Reservation.organisation_id).where(
            Reservation.run_id.in_(run_ids)
        ),
    ).subquery()
    theirs = exists().where(
        Enrolment.run_id == places.c.run_id,
        Enrolment.employer_id == places.c.organisation_id,
        Enrolment.state.in_(sorted(LIVE | {"completed", "not_completed"})),
    )
    rows = db.session.execute(
        select(places.c.run_id, Organisation.name)
        .distinct()
        .join(Organisation, Organisation.id == places.c.organisation_id)
        .where(~theirs)
        .order_by(places.c.run_id, Organisation.name)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.run_id].append(row.name)
    return found


def to_decide(actor: Actor, *, until: datetime, limit: int = 10) -> list[LedRun]:
    """Runs that the actor leads and must decide on: under their minimum by a day that is near, or
    with a draw to be held by `until`. One query; nothing for who has nobody's seats to give."""
    if actor.is_system or not actor.signed_in:
        return []
    near = or_(
        Terms.minimum_decision == "asked",
        Terms.decide_by < until + timedelta(days=7),
        and_(Terms.decide_by.is_(None), Run.starts_at < until + timedelta(days=14)),
    )
    rows = db.session.execute(
        select(*_columns())
        .join(Terms, Terms.run_id == Run.id)
        .where(
            or_(and_(_too_few(), near), and_(_draws(), Terms.draw_at < until)),
            Run.state.in_(BEFORE_IT_BEGINS),
            led_by(actor),
        )
        .order_by(func.coalesce(Terms.draw_at, Terms.decide_by, Run.starts_at), Run.id)
        .limit(limit)
    )
    return [
        LedRun(**row._asdict() | {"too_few": bool(row.too_few), "draws": bool(row.draws)})
        for row in rows
    ]


# --- the terms of one run -----------------------------------------------------------------------


def entry_rules_of(run_id: int) -> list[RuleFacts]:
    """Who may ask where the way in is a rule, with the words to show it."""
    rows = db.session.execute(
        select(
            EntryRule.id,
            EntryRule.organisation_id,
            Organisation.name.label("organisation"),
            EntryRule.unit_id,
            Unit.name.label("unit"),
            EntryRule.function_id,
            Function.title.label("function"),
            EntryRule.role,
        )
        .outerjoin(Organisation, Organisation.id == EntryRule.organisation_id)
        .outerjoin(Unit, Unit.id == EntryRule.unit_id)
        .outerjoin(Function, Function.id == EntryRule.function_id)
        .where(EntryRule.run_id == run_id)
        .order_by(EntryRule.id)
    )
    return [RuleFacts(**row._asdict()) for row in rows]


def organisations_named(words: str, *, limit: int = 20) -> list[tuple[str, str]]:
    """Active organisations whose name has all these words: (key, name) by name."""
    rows = db.session.execute(
        select(Organisation.key, Organisation.name)
        .where(Organisation.state == "active", all_words_in(Organisation.search_text, words))
        .order_by(Organisation.name, Organisation.id)
        .limit(limit)
    )
    return [(row.key, row.name) for row in rows]


def runs_to_merge_into(course_id: int, run_id: int, actor: Actor) -> list[int]:
    """Ids of the other open runs of a course that the actor leads too, next first."""
    return list(
        db.session.scalars(
            select(Run.id)
            .join(CourseVersion, CourseVersion.id == Run.course_version_id)
            .where(
                CourseVersion.course_id == course_id,
                Run.id != run_id,
                Run.state == "open",
                led_by(actor),
            )
            .order_by(Run.starts_at, Run.id)
            .limit(20)
        )
    )


# --- lots ---------------------------------------------------------------------------------------


def is_in_run(person_id: int | None, run_id: int) -> bool:
    """Has the person an enrolment in the run, whatever has become of it?"""
    return (
        db.session.scalar(
            select(Enrolment.id)
            .where(Enrolment.run_id == run_id, Enrolment.person_id == person_id)
            .limit(1)
        )
        is not None
    )


def lots_of(run_id: int, *, limit: int, offset: int = 0) -> list[Lot]:
    """The lots of a draw in their order. Who asked later has none."""
    in_order = func.row_number().over(order_by=(Enrolment.rank, Enrolment.position))
    rows = db.session.execute(
        select(
            in_order.label("place"),
            Enrolment.rank.label("number"),
            func.coalesce(Enrolment.pair_key, Enrolment.key).label("key"),
            Enrolment.person_id,
            Person.name.label("person_name"),
            Enrolment.state,
            Enrolment.pair_key.is_not(None).label("in_pair"),
            func.count().over().label("of"),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.run_id == run_id, Enrolment.rank > 0, Enrolment.rank < LATE)
        .order_by(Enrolment.rank, Enrolment.position)
        .limit(limit)
        .offset(offset)
    )
    return [Lot(**row._asdict() | {"in_pair": bool(row.in_pair)}) for row in rows]


def lots_of_person(run_id: int, person_id: int | None) -> list[tuple[str, int]]:
    """The (key, number) of somebody's own lot in a run, the newest first."""
    rows = db.session.execute(
        select(
            func.coalesce(Enrolment.pair_key, Enrolment.key).label("key"),
            Enrolment.rank,
        )
        .where(
            Enrolment.run_id == run_id,
            Enrolment.person_id == person_id,
            Enrolment.rank > 0,
            Enrolment.rank < LATE,
        )
        .order_by(Enrolment.id.desc())
    )
    return [(row.key, row.rank) for row in rows]
