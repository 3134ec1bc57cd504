"""Seats and the waiting list, under the lock of the run.

A run's `taken` counts the seats that enrolments have, `held` those kept for organisations; the
two never exceed its capacity, by a guard in each statement and a CHECK behind it. Who waits is
asked by the run's rule; nobody overtakes, and a seat that somebody may have is offered at once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, true, update

from lms.contracts import SYSTEM, Actor, EnrolmentFacts
from lms.core.catalogue.models import Run
from lms.core.catalogue.services import (
    HeldRun,
    give_back_seat,
    hold_run,
    keep_seats,
    next_place_in_queue,
    take_held_seat,
    take_seat,
)
from lms.core.enrolment.models import Enrolment, Reservation, Terms
from lms.core.enrolment.queries import (
    CORE_WAITING_RULES,
    LOTTERY,
    TermsFacts,
    Waiting,
    next_waiting,
    organisations_with_kept_seats,
    partner_of,
    seats_of_employer,
    somebody_waits,
    terms_of,
)
from lms.core.enrolment.queries.waiting import last_rank
from lms.core.enrolment.services.moving import change, facts_of, move
from lms.core.enrolment.services.reasons import insist
from lms.db import db, now
from lms.journal import record

BEHIND_THE_DRAW = 2**62
"""Rank of those who come after lots were drawn: behind everybody who was in it."""
TAKES_SEATS = frozenset({"open", "closed"})
"""States of a run in which a yes may still lead to a seat or the waiting list."""
OVER_RUNS = ("completed", "evaluated", "archived", "cancelled")


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat taken, and the reservation it came from."""

    reservation_id: int | None = None


# --- taking and giving back ---------------------------------------------------------------------


def take_for(run: HeldRun, members: Sequence[Waiting], terms: TermsFacts) -> list[Seat] | None:
    """Seats for all of these together, or none: first those kept for their employer."""
    seats: list[Seat] = []
    for member in members:
        # Seats taken just before for the same pair are not written on an enrolment yet.
        before = [other.employer_id for other in members[: len(seats)]]
        beside = before.count(member.employer_id)
        seat = _take_one(run, member.employer_id, terms, beside=beside)
        if seat is None:
            for taken in seats:
                give_back(run.id, taken.reservation_id)
            return None
        seats.append(seat)
    return seats


def _take_one(
    run: HeldRun, employer_id: int | None, terms: TermsFacts, *, beside: int
) -> Seat | None:
    if (
        terms.per_employer is not None
        and employer_id is not None
        and seats_of_employer(run.id, employer_id) + beside >= terms.per_employer
    ):
        return None
    if run.held and employer_id is not None:
        reservation_id = db.session.scalar(
            update(Reservation)
            .where(
                Reservation.run_id == run.id,
                Reservation.organisation_id == employer_id,
                Reservation.released_at.is_(None),
                Reservation.used < Reservation.seats,
            )
            .values(used=Reservation.used + 1)
            .returning(Reservation.id)
            .execution_options(synchronize_session=False)
        )
        if reservation_id is not None:
            if not take_held_seat(run.id):
                raise RuntimeError(f"run {run.id} keeps fewer seats than its reservations")
            return Seat(reservation_id)
    return Seat() if take_seat(run.id) else None


def give_back(run_id: int, reservation_id: int | None) -> None:
    """Give a seat back: to the organisation it was kept for while it is, else to anybody."""
    to_held = False
    if reservation_id is not None:
        released = db.session.execute(
            update(Reservation)
            .where(Reservation.id == reservation_id)
            .values(used=Reservation.used - 1)
            .returning(Reservation.released_at)
            .execution_options(synchronize_session=False)
        ).first()
        to_held = released is not None and released.released_at is None
    give_back_seat(run_id, to_held=to_held)


# --- a seat or the queue ------------------------------------------------------------------------


def seat_or_queue(
    run: HeldRun, members: Sequence[Waiting], old: str, terms: TermsFacts, actor: Actor
) -> str:
    """Seats for these (one, or a pair) if there are some and nobody waits for them, else the end
    of the queue, and from there a seat that nobody before them may have is offered to them; the
    new state. The run is held: whoever waits or has given a seat back has committed, and positions
    follow the order of commits."""
    if not terms.waits_for_draw and not run.full and _nobody_before(run, members, terms):
        seats = take_for(run, members, terms)
        if seats is not None:
            for member, seat in zip(members, seats, strict=True):
                kept = seat.reservation_id
                move(member.id, old, "seated", actor, before=member.facts, reservation_id=kept)
            return "seated"
    for member in members:
        queue(member.id, old, terms, actor, before=member.facts)
    return offered_or_waits(members[0].id, run, terms, actor)


def queue(
    enrolment_id: int,
    old: str,
    terms: TermsFacts,
    actor: Actor,
    *,
    before: EnrolmentFacts | None = None,
    again: bool = False,
    **step: Any,
) -> None:
    """To the end of the queue. Under a plugin's rule one stands where the rule says, but behind
    everybody when one has had an offer (`again`)."""
    rank: dict[str, Any] = {}
    if terms.waiting_rule in CORE_WAITING_RULES:
        drawn = terms.waiting_rule == LOTTERY and terms.drawn_at is not None
        rank["rank"] = BEHIND_THE_DRAW if drawn else 0
    elif again:
        rank["rank"] = last_rank(enrolment_id, terms.run_id)
    place = next_place_in_queue(terms.run_id)
    move(enrolment_id, old, "waitlisted", actor, before=before, position=place, **rank, **step)


def offered_or_waits(
    enrolment_id: int, run: HeldRun | None, terms: TermsFacts, actor: Actor
) -> str:
    """Somebody has just joined the queue: offer what there is; their state then."""
    offered = offer_free_seats(terms.run_id, actor, run=run, terms=terms)
    return facts_of(enrolment_id).state if offered else "waitlisted"


def _nobody_before(run: HeldRun, members: Sequence[Waiting], terms: TermsFacts) -> bool:
    if not somebody_waits(run.id):
        return True
    employers = {member.employer_id for member in members}
    if not run.held or len(employers) > 1 or None in employers:
        return False
    # Seats kept for their own workplace, for which nobody else stands in line.
    (employer_id,) = employers
    kept = organisations_with_kept_seats(run.id).get(employer_id or 0, 0)
    return kept >= len(members) and not somebody_waits(run.id, employer_id)


def offer_free_seats(
    run_id: int,
    actor: Actor,
    *,
    run: HeldRun | None = None,
    terms: TermsFacts | None = None,
) -> int:
    """Offer every seat that somebody who waits may have; how many were offered.

    In the order of the run's rule everybody in turn gets a seat kept for their organisation, else
    one of the others. A pair gets two seats or none; while there is one only, it goes to the next
    who comes alone.
    """
    run = run or hold_run(run_id)
    if run.full:
        return 0
    terms = terms or terms_of([run_id])[run_id]
    if terms.waits_for_draw:
        return 0
    offered = 0
    passed: list[int] = []
    run = hold_run(run_id)
    while run.free > 0 or run.held:
        kept = organisations_with_kept_seats(run_id) if run.held else {}
        head = next_waiting(terms, free=run.free, kept=kept, passed=passed)
        if head is None:
            break
        members = [head, *_partner_in_line(head)]
        seats = take_for(run, members, terms)
        if seats is None:
            passed += [member.id for member in members]
            continue
        for member, seat in zip(members, seats, strict=True):
            move(
                member.id,
                "waitlisted",
                "offered",
                actor,
                answer_due=now() + timedelta(hours=terms.offer_hours),
                reservation_id=seat.reservation_id,
            )
        offered += len(members)
        run = hold_run(run_id)
    return offered


def _partner_in_line(head: Waiting) -> list[Waiting]:
    partner = partner_of(head.id, head.pair_key) if head.pair_key else None
    return [partner] if partner else []


def break_pair(enrolment_id: int, pair_key: str | None) -> Waiting | None:
    """One of a pair leaves: the other goes on alone. Returns the other."""
    if pair_key is None:
        return None
    partner = partner_of(enrolment_id, pair_key)
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.pair_key == pair_key)
        .values(pair_key=None)
        .execution_options(synchronize_session=False)
    )
    return partner


# --- lots, and seats kept for organisations -----------------------------------------------------


def new_seed() -> tuple[str, str]:
    """A seed for a draw and its SHA-256, which is shown before: (seed, digest)."""
    seed = secrets.token_hex(16)
    return seed, hashlib.sha256(seed.encode()).hexdigest()


def lot(seed: str, key: str) -> int:
    """The lot of an enrolment (or a pair) with this key: the first 60 bits of
    SHA-256("<seed>:<key>"). Anybody who has the seed can work it out again."""
    return int(hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()[:15], 16)


def draw(run_id: int, actor: Actor) -> int:
    """Draw lots among all who wait, publish the seed and offer the seats; how many took part.
    `Refused` when there is nothing to draw (any more)."""
    insist(hold_run(run_id).state in TAKES_SEATS)
    took_part = draw_lots(run_id, actor)
    insist(took_part is not None)
    return took_part or 0


def draw_lots(run_id: int, actor: Actor) -> int | None:
    """As `draw`, of a run that is held; None when there was nothing to draw."""
    seed = db.session.scalar(
        update(Terms)
        .where(Terms.run_id == run_id, Terms.waiting_rule == LOTTERY, Terms.drawn_at.is_(None))
        .values(drawn_at=now())
        .returning(Terms.draw_seed)
        .execution_options(synchronize_session=False)
    )
    if seed is None:
        return None
    waiting = db.session.execute(
        select(Enrolment.id, Enrolment.key, Enrolment.pair_key).where(
            Enrolment.run_id == run_id, Enrolment.state == "waitlisted"
        )
    ).all()
    for row in waiting:
        change(row.id, rank=lot(seed, row.pair_key or row.key))
    record(
        "enrolment.drawn",
        "run",
        run_id,
        actor=actor,
        data={"seed": seed, "took_part": len(waiting)},
    )
    offer_free_seats(run_id, actor)
    return len(waiting)


def draw_due(*, limit: int = 20) -> int:
    """Hold the draws whose time has come; how many."""
    due = db.session.scalars(
        select(Terms.run_id)
        .join(Run, Run.id == Terms.run_id)
        .where(
            Terms.waiting_rule == LOTTERY,
            Terms.drawn_at.is_(None),
            Terms.draw_at < now(),
            Run.state.in_(sorted(TAKES_SEATS)),
        )
        .order_by(Terms.run_id)
        .limit(limit)
    ).all()
    drawn = 0
    for run_id in due:
        # Somebody may have drawn, or put it off, in the last moment.
        state, terms = hold_run(run_id).state, terms_of([run_id])[run_id]
        if state in TAKES_SEATS and terms.draw_at is not None and terms.draw_at < now():
            drawn += draw_lots(run_id, SYSTEM) is not None
    return drawn


def release_due(*, limit: int = 200) -> int:
    """Let seats go to anybody whose day of release has come; how many seats."""
    due = db.session.execute(
        select(Reservation.id, Reservation.run_id)
        .join(Run, Run.id == Reservation.run_id)
        .where(
            Reservation.released_at.is_(None),
            Reservation.release_at < now(),
            Run.state.not_in(OVER_RUNS),
        )
        .order_by(Reservation.run_id, Reservation.id)
        .limit(limit)
    ).all()
    return sum(release(row.id, row.run_id, SYSTEM, when_due=True) for row in due)


def release(reservation_id: int, run_id: int, actor: Actor, *, when_due: bool = False) -> int:
    """Let the seats of a reservation that nobody has taken go to anybody (`when_due`: only if its
    day has come); how many."""
    hold_run(run_id)
    row = db.session.execute(
        update(Reservation)
        .where(
            Reservation.id == reservation_id,
            Reservation.run_id == run_id,
            Reservation.released_at.is_(None),
            Reservation.release_at < now() if when_due else true(),
        )
        .values(released_at=now())
        .returning(Reservation.organisation_id, Reservation.seats, Reservation.used)
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        return 0
    left: int = row.seats - row.used
    if left:
        keep_seats(run_id, -left)
    record(
        "enrolment.seats_released",
        "run",
        run_id,
        actor=actor,
        data={"organisation": row.organisation_id, "seats": left},
    )
    offer_free_seats(run_id, actor)
    return left
