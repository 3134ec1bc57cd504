"""One step of an enrolment: guarded, on the timeline, told to plugins in the same transaction,
recorded in the journal. Every verb of the room ends here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Insert, Integer, Update, bindparam, insert, select, update

from lms.contracts import Actor, EnrolmentFacts
from lms.core.catalogue.services import HeldRun, hold_run
from lms.core.enrolment.models import Enrolment, Transition
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.enrolment.services.reasons import insist
from lms.core.enrolment.states import check_move
from lms.db import Code, db, execute, now
from lms.host import current_host
from lms.journal import record


def hold_run_of(enrolment_id: int) -> HeldRun:
    """Hold the run that an enrolment is in."""
    run_id = select(Enrolment.run_id).where(Enrolment.id == enrolment_id).scalar_subquery()
    return hold_run(run_id)


def facts_of(enrolment_id: int) -> EnrolmentFacts:
    """The enrolment as it stands; call it after the run is held."""
    return enrolments_by_id([enrolment_id])[enrolment_id]


def move(
    enrolment_id: int,
    old: str,
    new: str,
    actor: Actor,
    *,
    before: EnrolmentFacts | None = None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    **columns: object,
) -> None:
    """One guarded step; `columns` are written with it, `data` goes into the journal. `before` is
    the enrolment as it stood since the run was held, where it has been read: nobody else can have
    changed it. Raises `Refused` when it is no longer in `old`."""
    check_move(old, new)
    values = {"answer_due": None, **columns, "state": new, "changed_at": now()}
    moved = execute(_moving(), values | {"moved": enrolment_id, "left": old})
    insist(moved.rowcount == 1)
    note_step(enrolment_id, old, new, actor, reason)
    facts = facts_of(enrolment_id) if before is None else _written(before, values)
    current_host().after("lms_after_enrolments", enrolments=(facts,))
    record(
        f"enrolment.{new}",
        "enrolment",
        enrolment_id,
        actor=actor,
        data={"run": facts.run_id, "old": old, **(data or {})},
        payload={"reason": reason} if reason else None,
    )


@cache
def _moving() -> Update:
    moved, left = bindparam("moved", type_=Integer), bindparam("left", type_=Code)
    return update(Enrolment).where(Enrolment.id == moved, Enrolment.state == left)


def _written(before: EnrolmentFacts, values: Mapping[str, Any]) -> EnrolmentFacts:
    known = {name: value for name, value in values.items() if hasattr(before, name)}
    return replace(before, **known)


def note_step(enrolment_id: int, old: str | None, new: str, actor: Actor, reason: str) -> None:
    """Write a step on the timeline."""
    check_move(old, new)
    step = {
        "enrolment_id": enrolment_id,
        "old": old,
        "new": new,
        "at": now(),
        "by_id": actor.person_id,
        "reason": reason,
    }
    execute(_stepping(), step)


@cache
def _stepping() -> Insert:
    return insert(Transition).inline()  # nobody asks for its id


def change(enrolment_id: int, **columns: object) -> None:
    """Write columns of an enrolment that are no step."""
    db.session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
