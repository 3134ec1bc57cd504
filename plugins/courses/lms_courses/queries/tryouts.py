"""Questions about try-outs and the decisions on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from lms.api import (
    Actor,
    EnrolmentFacts,
    RunFacts,
    beside,
    db,
    hosted_by,
    is_key,
    may_with_roles,
    parts_of,
    runs_by_id,
    takes_part,
    works_for_kind,
)
from lms_courses.models import Decision, Tryout
from lms_courses.permissions import DECIDE
from lms_courses.queries.staff import AT_WORK, COMPANIES, TEACH, Seat

MOST_SEARCHED = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class TryoutFacts:
    """A try-out; see `Tryout`. `enrolment_id` is who handed it in, once somebody has."""

    id: int
    key: str
    run_id: int
    enrolment_id: int
    partner_id: int | None
    idea_kind: str
    idea_key: str
    what: str
    measure: str
    begins_on: date | None
    ends_on: date | None
    before: str
    after: str
    learned: str
    state: str
    manager_id: int | None
    allowed_at: datetime | None
    reason: str
    confirmed_at: datetime | None
    changed_at: datetime
    revision: int

    @property
    def enrolment_ids(self) -> Sequence[int]:
        """Those whose it is."""
        return [id_ for id_ in (self.enrolment_id, self.partner_id) if id_ is not None]


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionFacts:
    """A decision; see `Decision`. It counts once it is signed."""

    id: int
    key: str
    run_id: int
    tryout_id: int
    outcome: str
    reason: str
    next_step: str
    carried_by: str
    wake_on: date | None
    decided_on: date
    decided_by_id: int | None
    recorded_by_id: int | None
    recorded_at: datetime
    signed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TryoutPlace:
    """A try-out as one reader meets it, with the decision on it. `own`: is it theirs? `first`: are
    they who handed it in? `answers`: is it for them to allow it and to sign the decision?"""

    tryout: TryoutFacts
    decision: DecisionFacts | None
    run: RunFacts
    own: bool
    first: bool
    answers: bool
    teaches: bool
    at_work: bool
    manager: str = ""

    @property
    def works(self) -> bool:
        """May the reader write on it?"""
        return self.own and self.at_work

    @property
    def stamp(self) -> str:
        """What tells this state of the try-out and of its decision from any other."""
        parts = [str(self.tryout.revision)]
        if self.decision is not None:
            parts.append(self.decision.recorded_at.isoformat())
            parts.append("signed" if self.decision.signed_at is not None else "written")
        return "/".join(parts)


_TRYOUT = [getattr(Tryout, name) for name in TryoutFacts.__dataclass_fields__]
_DECISION = [getattr(Decision, name) for name in DecisionFacts.__dataclass_fields__]


def tryout_place(key: str, actor: Actor) -> TryoutPlace | None:
    """One try-out as the actor meets it; None when it is not theirs to read. At most four
    queries."""
    return tryout_places([key], actor).get(key)


def tryout_places(keys: Sequence[str], actor: Actor) -> Mapping[str, TryoutPlace]:
    """Those of these try-outs that the actor may read, by key: the pair, their manager and the
    run's team. Nobody of a company reads one. At most four queries, however many."""
    wanted = [key for key in keys if is_key(key)]
    return _places(Tryout.key.in_(wanted), actor) if wanted else {}


def decision_places(keys: Sequence[str], actor: Actor) -> Mapping[str, TryoutPlace]:
    """The same of decisions, by the decisions' keys."""
    wanted = [key for key in keys if is_key(key)]
    if not wanted:
        return {}
    found = _places(Decision.key.in_(wanted), actor)
    return {place.decision.key: place for place in found.values() if place.decision is not None}


def newest_tryouts(actor: Actor) -> Sequence[TryoutPlace]:
    """The newest try-outs that the actor may read, a few hundred at most."""
    return list(_places(_near(actor), actor).values())


def _near(actor: Actor) -> ColumnElement[bool]:
    """Try-outs of runs that the actor is part of or answers for: no other is theirs to read."""
    teaches, decides = actor.organisations_with(TEACH), actor.organisations_with(DECIDE)
    if actor.is_system or teaches is None or decides is None:
        return true()
    asked = Tryout.manager_id == actor.person_id if actor.person_id is not None else false()
    hosts = hosted_by(teaches | decides, Tryout.run_id)
    return or_(asked, takes_part(actor.person_id, Tryout.run_id), hosts)


def _places(which: ColumnElement[bool], actor: Actor) -> Mapping[str, TryoutPlace]:
    if not actor.signed_in and not actor.is_system:
        return {}
    of_company = works_for_kind(actor.person_id, COMPANIES).label("of_company")
    rows = db.session.execute(
        select(
            *_TRYOUT,
            *(column.label(f"decision_{column.key}") for column in _DECISION),
            of_company,
            *beside(person=Tryout.manager_id),
        )
        .outerjoin(Decision, Decision.tryout_id == Tryout.id)
        .where(which)
        .order_by(Tryout.id.desc())
        .limit(MOST_SEARCHED)
    ).all()
    run_ids = sorted({row.run_id for row in rows})
    runs = runs_by_id(run_ids) if run_ids else {}
    parts = parts_of(actor.person_id, run_ids)
    found = {}
    for row in rows:
        tryout, decision = _facts(row)
        run, part = runs[tryout.run_id], parts.get(tryout.run_id)
        seat = part.enrolment_id if part else None
        own = seat is not None and seat in tryout.enrolment_ids
        teaches = may_with_roles(actor, run, TEACH, part.roles if part else ())
        answers = _answers(tryout, run, actor, manager_is_here=bool(row.person_active))
        if not own and not answers and (row.of_company or not teaches):
            continue
        found[tryout.key] = TryoutPlace(
            tryout=tryout,
            decision=decision,
            run=run,
            own=own,
            first=seat == tryout.enrolment_id,
            answers=answers and not own,
            teaches=teaches,
            at_work=part is not None and part.state in AT_WORK,
            manager=row.person or "",
        )
    return found


def _answers(tryout: TryoutFacts, run: RunFacts, actor: Actor, *, manager_is_here: bool) -> bool:
    """The manager who was asked; where they are not here any more, whoever decides in the run."""
    if tryout.manager_id is not None and tryout.manager_id == actor.person_id:
        return True
    left = tryout.state != "planned" and not manager_is_here
    return left and actor.may_in_any(DECIDE, run.host_ids)


def _facts(row: Any) -> tuple[TryoutFacts, DecisionFacts | None]:
    values = row._asdict()
    tryout = TryoutFacts(**{name: values[name] for name in TryoutFacts.__dataclass_fields__})
    if values["decision_id"] is None:
        return tryout, None
    decided = {name: values[f"decision_{name}"] for name in DecisionFacts.__dataclass_fields__}
    return tryout, DecisionFacts(**decided)


# --- whoever asks ---------------------------------------------------------------------------------


def tryout_of(seat: Seat) -> TryoutFacts | None:
    """The try-out of a participant: their own, the one they are the other of, or that of the
    colleague they work with now, who has nobody else. One query."""
    own = [Tryout.enrolment_id == seat.enrolment.id, Tryout.partner_id == seat.enrolment.id]
    if seat.colleague is not None:
        own.append(and_(Tryout.enrolment_id == seat.colleague.id, Tryout.partner_id.is_(None)))
    rows = [
        TryoutFacts(**row._asdict())
        for row in db.session.execute(select(*_TRYOUT).where(or_(*own)).order_by(Tryout.id))
    ]
    mine = seat.enrolment.id
    return next((one for one in rows if mine in one.enrolment_ids), next(iter(rows), None))


def tryouts_by_id(ids: Sequence[int]) -> Mapping[int, TryoutFacts]:
    """These try-outs. One query."""
    rows = db.session.execute(select(*_TRYOUT).where(Tryout.id.in_(ids)))
    return {row.id: TryoutFacts(**row._asdict()) for row in rows}


def decisions_by_id(ids: Sequence[int]) -> Mapping[int, tuple[TryoutFacts, DecisionFacts]]:
    """These decisions with what was tried, by the decision's id. One query."""
    rows = db.session.execute(
        select(*_TRYOUT, *(column.label(f"decision_{column.key}") for column in _DECISION))
        .join(Decision, Decision.tryout_id == Tryout.id)
        .where(Decision.id.in_(ids))
    )
    found = {}
    for row in rows:
        tryout, decision = _facts(row)
        if decision is not None:
            found[decision.id] = (tryout, decision)
    return found


def tryouts_left_by(enrolments: Sequence[EnrolmentFacts]) -> Sequence[TryoutFacts]:
    """Try-outs that are not over, of which one of these participants is one: held until the end of
    the transaction. One query."""
    ids = [one.id for one in enrolments]
    rows = db.session.execute(
        select(*_TRYOUT)
        .where(
            or_(Tryout.enrolment_id.in_(ids), Tryout.partner_id.in_(ids)),
            Tryout.state != "confirmed",
        )
        .with_for_update()
    )
    return [TryoutFacts(**row._asdict()) for row in rows]
