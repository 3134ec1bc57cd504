"""Who waits, and who is next: read under the lock of the run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from lms.contracts import EnrolmentFacts
from lms.core.enrolment.models import Enrolment, Reservation
from lms.core.enrolment.queries.terms import SHARES, TermsFacts
from lms.core.enrolment.states import WITH_SEAT
from lms.db import db, execute

_Seated = aliased(Enrolment)
_Partner = aliased(Enrolment)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Somebody who waits, with what decides which seat is theirs; and all of it where it has been
    read since the run was held."""

    id: int
    employer_id: int | None
    pair_key: str | None
    facts: EnrolmentFacts | None = None


def somebody_waits(run_id: int, employer_id: int | None = None) -> bool:
    """Is there anybody (of this employer) on the run's waiting list?"""
    if employer_id is None:
        return execute(_any_waiting(), {"run": run_id}).first() is not None
    of_employer = _any_waiting().where(Enrolment.employer_id == employer_id)
    return execute(of_employer, {"run": run_id}).first() is not None


@cache
def _any_waiting() -> Select[int]:
    return (
        select(Enrolment.id)
        .where(Enrolment.run_id == bindparam("run", type_=Integer), Enrolment.state == "waitlisted")
        .limit(1)
    )


def next_waiting(
    terms: TermsFacts,
    *,
    free: int,
    kept: Mapping[int, int],
    passed: Collection[int] = (),
) -> Waiting | None:
    """Who is next by the run's rule among those who may have a seat, where `free` are for anybody
    and `kept` for the people of an organisation: nobody whose employer has as many seats as it
    may, a pair only where there may be two seats, and none of those `passed` over.

    For a pair this leaves out those who plainly cannot go; who asks finds out about the rest.
    """
    conditions: list[ColumnElement[bool]] = [
        Enrolment.run_id == terms.run_id,
        Enrolment.state == "waitlisted",
        _within_reach(free, kept),
    ]
    if passed:
        conditions.append(Enrolment.id.not_in(passed))
    statement = select(Enrolment.id, Enrolment.employer_id, Enrolment.pair_key)
    order: list[ColumnElement[int]] = []
    if terms.per_employer is not None or terms.waiting_rule == SHARES:
        seats = _seats_by_employer(terms.run_id)
        statement = statement.outerjoin(
            seats, seats.c.employer_id.is_not_distinct_from(Enrolment.employer_id)
        )
        has = func.coalesce(seats.c.seats, 0)
        if terms.per_employer is not None:
            wanted = case((Enrolment.pair_key.is_(None), 1), else_=1 + _colleagues_in_pair())
            conditions.append(
                or_(Enrolment.employer_id.is_(None), has + wanted <= terms.per_employer)
            )
        if terms.waiting_rule == SHARES:
            order.append(has)
    row = db.session.execute(
        statement.where(*conditions).order_by(*order, Enrolment.rank, Enrolment.position).limit(1)
    ).first()
    return Waiting(**row._asdict()) if row else None


def _within_reach(free: int, kept: Mapping[int, int]) -> ColumnElement[bool]:
    """May there be seats enough: for each a free one, or one kept for their own organisation?"""
    if free >= 2:
        return true()
    own_kept = Enrolment.employer_id.in_(kept)
    partners_kept = _partner().where(_Partner.employer_id.in_(kept)).exists()
    alone = Enrolment.pair_key.is_(None)
    if free == 1:
        return or_(alone, own_kept, partners_kept) if kept else alone
    return own_kept & or_(alone, partners_kept)


def _partner() -> Select[Any]:
    return (
        select(_Partner.id)
        .where(_Partner.pair_key == Enrolment.pair_key, _Partner.id != Enrolment.id)
        .correlate(Enrolment)
    )


def _colleagues_in_pair() -> ColumnElement[int]:
    """1 where the partner counts for the same employer, else 0."""
    colleagues = _partner().where(_Partner.employer_id == Enrolment.employer_id)
    return case((colleagues.exists(), 1), else_=0)


def _seats_by_employer(run_id: int) -> Subquery:
    """Seats of the run by employer; those without one count together."""
    return (
        select(_Seated.employer_id, func.count().label("seats"))
        .where(_Seated.run_id == run_id, _Seated.state.in_(sorted(WITH_SEAT)))
        .group_by(_Seated.employer_id)
        .subquery()
    )


def seats_of_employer(run_id: int, employer_id: int) -> int:
    """How many seats of the run an employer's people have."""
    return db.session.execute(
        select(func.count())
        .select_from(Enrolment)
        .where(
            Enrolment.run_id == run_id,
            Enrolment.state.in_(sorted(WITH_SEAT)),
            Enrolment.employer_id == employer_id,
        )
    ).scalar_one()


def last_rank(enrolment_id: int, run_id: int) -> int:
    """The rank that puts an enrolment behind everybody who waits for the run."""
    return db.session.execute(
        select(func.max(Enrolment.rank)).where(
            Enrolment.run_id == run_id,
            or_(Enrolment.state == "waitlisted", Enrolment.id == enrolment_id),
        )
    ).scalar_one()


def partner_of(enrolment_id: int, pair_key: str) -> Waiting | None:
    """The other of a pair while it still belongs to it."""
    row = db.session.execute(
        select(Enrolment.id, Enrolment.employer_id, Enrolment.pair_key).where(
            Enrolment.pair_key == pair_key, Enrolment.id != enrolment_id
        )
    ).first()
    return Waiting(**row._asdict()) if row else None


def organisations_with_kept_seats(run_id: int) -> Mapping[int, int]:
    """How many seats of the run are still kept for which organisation, and not taken."""
    rows = db.session.execute(
        select(
            Reservation.organisation_id, (Reservation.seats - Reservation.used).label("left")
        ).where(
            Reservation.run_id == run_id,
            Reservation.released_at.is_(None),
            Reservation.used < Reservation.seats,
        )
    )
    return {row.organisation_id: row.left for row in rows}
