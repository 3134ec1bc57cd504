"""Verbs on decisions: made by the manager, or recorded by a participant and signed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from lms.api import (
    Actor,
    Conflict,
    db,
    link_records,
    new_key,
    now,
    reassess,
    record,
    refused,
)
from lms_courses.models import Decision
from lms_courses.queries.tryouts import DecisionFacts, TryoutFacts, TryoutPlace
from lms_courses.refusing import changed_meanwhile

DECIDABLE = ("tried", "confirmed")


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionValues:
    """Yes, no or later; why, what happens next, and which function carries it on. `wake_on` is
    the day on which a "later" is looked at again."""

    outcome: str
    reason: str
    decided_on: date
    next_step: str = ""
    carried_by: str = ""
    wake_on: date | None = None


def may_decide_now(place: TryoutPlace) -> bool:
    """Is there something for this reader to decide or to write down? What the manager has signed
    only the manager changes."""
    if place.tryout.state not in DECIDABLE:
        return False
    signed = place.decision is not None and place.decision.signed_at is not None
    return place.answers or (place.works and not signed)


def decide(place: TryoutPlace, values: DecisionValues, actor: Actor) -> str:
    """Write the decision down; returns its key. The manager's counts at once, a participant's when
    the manager has signed it. Raises `Refused` when it is not the reader's to decide, when nothing
    is tried yet, and for a "later" without a day."""
    if not may_decide_now(place):
        raise changed_meanwhile()
    _check(values)
    moment = now()
    columns: dict[str, Any] = {
        "outcome": values.outcome,
        "reason": values.reason,
        "next_step": values.next_step,
        "carried_by": values.carried_by,
        "wake_on": values.wake_on if values.outcome == "later" else None,
        "decided_on": values.decided_on,
        "decided_by_id": actor.person_id if place.answers else None,
        "recorded_by_id": actor.person_id,
        "recorded_at": moment,
        "signed_at": moment if place.answers else None,
    }
    tryout, before = place.tryout, place.decision
    if before is None:
        key, decision_id = _insert(tryout, columns)
        link_records(("tryout", tryout.key), ("decision", key), actor)
    else:
        key, decision_id = before.key, before.id
        _change(before, **columns)
    verb = "courses.decision_made" if place.answers else "courses.decision_recorded"
    data = {
        "run": tryout.run_id,
        "tryout": tryout.id,
        "old": before.outcome if before else None,
        "new": values.outcome,
    }
    record(verb, "decision", decision_id, actor=actor, data=data)
    reassess(tryout.enrolment_ids, actor)
    return key


def sign(place: TryoutPlace, actor: Actor) -> None:
    """The manager signs what a participant wrote down: now it counts. Raises `Refused` when it is
    signed or changed meanwhile."""
    decision = place.decision
    if decision is None or decision.signed_at is not None or not place.answers:
        raise changed_meanwhile()
    _change(decision, signed_at=now(), decided_by_id=actor.person_id)
    data = {"run": decision.run_id, "tryout": decision.tryout_id, "new": decision.outcome}
    record("courses.decision_signed", "decision", decision.id, actor=actor, data=data)
    reassess(place.tryout.enrolment_ids, actor)


def _check(values: DecisionValues) -> None:
    if values.outcome != "later":
        return
    if values.wake_on is None or values.wake_on <= values.decided_on:
        raise refused(
            "wake_on",
            da="Vælg den dag, I ser på det igen. Den skal ligge senere end beslutningen.",
            sv="Välj den dag ni tittar på det igen. Den ska ligga senare än beslutet.",
            en="Choose the day on which you look at it again. It is later than the decision.",
        )


def _insert(tryout: TryoutFacts, columns: dict[str, Any]) -> tuple[str, int]:
    key = new_key()
    try:
        decision_id = db.session.execute(
            insert(Decision)
            .values(key=key, run_id=tryout.run_id, tryout_id=tryout.id, **columns)
            .returning(Decision.id)
        ).scalar_one()
    except IntegrityError as error:
        raise Conflict("two decided on the same at once") from error
    return key, decision_id


def _change(decision: DecisionFacts, **columns: Any) -> None:
    """Only what is still as it was read."""
    signed = Decision.signed_at.is_(None)
    if decision.signed_at is not None:
        signed = Decision.signed_at.is_not(None)
    found = db.session.execute(
        update(Decision)
        .where(Decision.id == decision.id, signed, Decision.recorded_at == decision.recorded_at)
        .values(**columns)
        .returning(Decision.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if found is None:
        raise changed_meanwhile()
