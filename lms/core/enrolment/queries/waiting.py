"""Who waits, and who is next: read under the lock of the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from lms.core.enrolment.models import Enrolment, Reservation
from lms.core.enrolment.queries.terms import SHARES, TermsFacts
from lms.core.enrolment.states import WITH_SEAT
from lms.db import db

_Seated = aliased(Enrolment)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Somebody who waits, with what decides which seat is theirs."""

    id: int
    employer_id: int | None
    pair_key: str | None


def somebody_waits(run_id: int, employer_id: int | None = None) -> bool:
    """Is there anybody (of this employer) on the run's waiting list?"""
    statement = select(Enrolment.id).where(
        Enrolment.run_id == run_id, Enrolment.state == "waitlisted"
    )
    if employer_id is not None:
        statement = statement.where(Enrolment.employer_id == employer_id)
    return db.session.scalar(statement.limit(1)) is not None


def next_waiting(
    terms: TermsFacts, *, employer_id: int | None = None, alone: bool = False
) -> Waiting | None:
    """Who is next by the run's rule among those who may have a seat: of one employer only where
    the seat is kept for it, without pairs where there is one seat only (`alone`), and nobody whose
    employer has as many seats as it may."""
    conditions = [Enrolment.run_id == terms.run_id, Enrolment.state == "waitlisted"]
    if employer_id is not None:
        conditions.append(Enrolment.employer_id == employer_id)
    if alone:
        conditions.append(Enrolment.pair_key.is_(None))
    if terms.per_employer is not None:
        wanted = case((Enrolment.pair_key.is_(None), 1), else_=2)
        conditions.append(
            or_(
                Enrolment.employer_id.is_(None),
                _seats_of_own_employer() + wanted <= terms.per_employer,
            )
        )
    order: list[ColumnElement[int] | ColumnElement[int | None]] = []
    if terms.waiting_rule == SHARES:
        order.append(_seats_of_own_employer())
    row = db.session.execute(
        select(Enrolment.id, Enrolment.employer_id, Enrolment.pair_key)
        .where(*conditions)
        .order_by(*order, Enrolment.rank, Enrolment.position)
        .limit(1)
    ).first()
    return Waiting(**row._asdict()) if row else None


def _seats_of_own_employer() -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(_Seated)
        .where(
            _Seated.run_id == Enrolment.run_id,
            _Seated.state.in_(sorted(WITH_SEAT)),
            _Seated.employer_id == Enrolment.employer_id,
        )
        .correlate(Enrolment)
        .scalar_subquery()
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


def partner_of(enrolment_id: int, pair_key: str) -> Waiting | None:
    """The other of a pair while it still belongs to it."""
    row = db.session.execute(
        select(Enrolment.id, Enrolment.employer_id, Enrolment.pair_key).where(
            Enrolment.pair_key == pair_key, Enrolment.id != enrolment_id
        )
    ).first()
    return Waiting(**row._asdict()) if row else None


def organisations_with_kept_seats(run_id: int) -> Sequence[int]:
    """Organisations that have seats of the run kept for them which nobody has taken."""
    return db.session.scalars(
        select(Reservation.organisation_id)
        .where(
            Reservation.run_id == run_id,
            Reservation.released_at.is_(None),
            Reservation.used < Reservation.seats,
        )
        .order_by(Reservation.id)
    ).all()
