"""What somebody asks who nominates, hands a seat over or keeps the list of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from lms.contracts import Actor, EnrolmentFacts, LocalisedText, RunFacts
from lms.core.catalogue.models import CourseSession, Run
from lms.core.catalogue.queries import runs_by_id
from lms.core.catalogue.queries import visible as runs_visible
from lms.core.enrolment.models import CostCentre, Enrolment, StandIn, Terms
from lms.core.enrolment.queries.deciding import asked_questions
from lms.core.enrolment.queries.leading import reporting_to
from lms.core.enrolment.queries.overlapping import SURE, overlapping
from lms.core.enrolment.queries.rows import visible
from lms.core.enrolment.states import LIVE
from lms.core.listing import all_words_in
from lms.core.organisations.models import Organisation, Unit
from lms.core.users.models import Assignment, Person
from lms.db import db, now, today

_For, _By = aliased(Person), aliased(Person)


@dataclass(frozen=True, kw_only=True, slots=True)
class Meanwhile:
    """A session somebody has elsewhere while one of the run is on. The title is known to those
    only who may see that enrolment; `sure` when they have a seat there."""

    title: LocalisedText | None
    starts_at: datetime
    zone: str
    sure: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveSeat:
    """A live enrolment in the run that is asked about; `answers_first` where somebody nominated
    has the run's questions to answer."""

    key: str
    state: str
    answers_first: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StandInFacts:
    """Somebody answers for somebody else, both days included."""

    key: str
    person_id: int
    person: str
    stand_in_id: int
    stand_in: str
    from_day: date
    to_day: date

    def on(self, day: date) -> bool:
        """Is it so on this day?"""
        return self.from_day <= day <= self.to_day


@dataclass(frozen=True, kw_only=True, slots=True)
class CostCentreFacts:
    """Who answers for the money of an organisation (`unit` None) or a unit of it."""

    key: str
    unit_id: int | None
    unit: str | None
    code: str
    holder: str
    holder_email: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """How many enrolments of one employer's people are in one state in a run."""

    employer_id: int | None
    employer_key: str | None
    employer: str | None
    state: str
    number: int


# --- nominating ---------------------------------------------------------------------------------


def runs_to_nominate_for(
    actor: Actor, *, search: str = "", limit: int, offset: int = 0
) -> tuple[list[RunFacts], int]:
    """Runs the actor may see that take nominations now, next first; and how many in all."""
    where = and_(
        runs_visible(actor),
        Run.state == "open",
        or_(Run.enrol_until.is_(None), Run.enrol_until >= now()),
        or_(Terms.run_id.is_(None), cast(Terms.ways, String).contains('"nomination"')),
        all_words_in(Run.search_text, search),
    )
    rows = db.session.execute(
        select(Run.id, func.count().over().label("of"))
        .outerjoin(Terms, Terms.run_id == Run.id)
        .where(where)
        .order_by(Run.starts_at.is_(None), Run.starts_at, Run.id)
        .limit(limit)
        .offset(offset)
    ).all()
    found = runs_by_id([row.id for row in rows])
    return [found[row.id] for row in rows], rows[0].of if rows else 0


def meanwhile(
    run_id: int, person_ids: Sequence[int], actor: Actor
) -> Mapping[int, Sequence[Meanwhile]]:
    """What else these people have while the run's sessions are on, by person. One query."""
    found: dict[int, list[Meanwhile]] = defaultdict(list)
    rows = db.session.execute(
        overlapping(
            run_id,
            person_ids,
            Enrolment.person_id,
            Run.title,
            CourseSession.starts_at,
            Run.zone,
            Enrolment.state.in_(SURE).label("sure"),
            visible(actor).label("mine_to_see"),
        ).limit(200)
    )
    for row in rows:
        found[row.person_id].append(
            Meanwhile(
                title=row.title if row.mine_to_see else None,
                starts_at=row.starts_at,
                zone=row.zone,
                sure=bool(row.sure),
            )
        )
    return found


def live_in(run_id: int, person_ids: Sequence[int]) -> Mapping[int, LiveSeat]:
    """The live enrolments of these people in a run, by person. One query."""
    rows = db.session.execute(
        select(
            Enrolment.person_id,
            Enrolment.key,
            Enrolment.state,
            asked_questions().label("answers_first"),
        ).where(
            Enrolment.run_id == run_id,
            Enrolment.person_id.in_(person_ids),
            Enrolment.state.in_(sorted(LIVE)),
        )
    )
    return {
        row.person_id: LiveSeat(key=row.key, state=row.state, answers_first=bool(row.answers_first))
        for row in rows
    }


def to_be_nominated(actor: Actor, host_ids: Sequence[int], *, manages: bool) -> ColumnElement[bool]:
    """Assignments of those whom the actor may nominate for a run: their own people and those of
    whom they stand in for; for who `manages` the run's enrolments also everybody they may see:
    where they manage people or enrolments, and their own colleagues at the run's hosts."""
    own = reporting_to(actor)
    if not manages:
        return own
    held: set[int] = set(actor.organisation_ids & set(host_ids))
    for right in ("people.manage", "enrolment.manage"):
        where = actor.organisations_with(right)
        if where is None:
            return true()
        held |= where
    return or_(own, Assignment.organisation_id.in_(sorted(held)))


def colleagues(actor: Actor) -> ColumnElement[bool]:
    """Assignments of the actor's own colleagues."""
    return and_(
        Assignment.organisation_id.in_(sorted(actor.organisation_ids)),
        Assignment.person_id != actor.person_id,
    )


def to_take_over(enrolment: EnrolmentFacts) -> ColumnElement[bool]:
    """Assignments of those to whom a seat can go: the same employer, no live enrolment there."""
    return and_(
        Assignment.organisation_id == enrolment.employer_id,
        Assignment.person_id != enrolment.person_id,
        ~exists().where(
            Enrolment.person_id == Assignment.person_id,
            Enrolment.run_id == enrolment.run_id,
            Enrolment.state.in_(sorted(LIVE)),
        ),
    )


# --- who answers for whom -----------------------------------------------------------------------


def stand_ins_around(person_id: int | None) -> list[StandInFacts]:
    """Who answers for this person and for whom this person answers, today or later, by day."""
    rows = db.session.execute(
        select(
            StandIn.key,
            StandIn.person_id,
            _For.name.label("person"),
            StandIn.stand_in_id,
            _By.name.label("stand_in"),
            StandIn.from_day,
            StandIn.to_day,
        )
        .select_from(StandIn)
        .join(_For, _For.id == StandIn.person_id)
        .join(_By, _By.id == StandIn.stand_in_id)
        .where(
            or_(StandIn.person_id == person_id, StandIn.stand_in_id == person_id),
            StandIn.to_day >= today(),
        )
        .order_by(StandIn.from_day, StandIn.id)
    )
    return [StandInFacts(**row._asdict()) for row in rows]


def holds_cost_centre(person_id: int | None) -> bool:
    """Does the person answer for the money of anybody?"""
    found = db.session.scalar(
        select(CostCentre.id).where(CostCentre.holder_id == person_id).limit(1)
    )
    return found is not None


def cost_centres_of(organisation_id: int) -> list[CostCentreFacts]:
    """The cost centres of an organisation, the one for all of it first."""
    rows = db.session.execute(
        select(
            CostCentre.key,
            CostCentre.unit_id,
            Unit.name.label("unit"),
            CostCentre.code,
            Person.name.label("holder"),
            Person.email.label("holder_email"),
        )
        .select_from(CostCentre)
        .join(Person, Person.id == CostCentre.holder_id)
        .outerjoin(Unit, Unit.id == CostCentre.unit_id)
        .where(CostCentre.organisation_id == organisation_id)
        .order_by(CostCentre.unit_id.is_not(None), Unit.name, CostCentre.id)
    )
    return [
        CostCentreFacts(**row._asdict() | {"holder_email": row.holder_email or ""}) for row in rows
    ]


# --- the list of a run --------------------------------------------------------------------------


def shares_of_run(run_id: int) -> list[Share]:
    """Enrolments of a run by employer and state, employers by name. One query."""
    rows = db.session.execute(
        select(
            Enrolment.employer_id,
            Organisation.key.label("employer_key"),
            Organisation.name.label("employer"),
            Enrolment.state,
            func.count().label("number"),
        )
        .outerjoin(Organisation, Organisation.id == Enrolment.employer_id)
        .where(Enrolment.run_id == run_id)
        .group_by(Enrolment.employer_id, Organisation.key, Organisation.name, Enrolment.state)
        .order_by(Organisation.name, Enrolment.employer_id)
    )
    return [Share(**row._asdict()) for row in rows]
