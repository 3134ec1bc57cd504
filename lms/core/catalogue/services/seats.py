"""A run's seats: two counters under one lock, changed by guarded statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Update,
    bindparam,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from lms.contracts import Actor, LocalisedText, Refusal
from lms.core.catalogue.models import Run
from lms.core.refused import Refused
from lms.db import execute
from lms.journal import record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRun:
    """A run as it stands under its lock: columns of its own row, for what is read with it from
    other tables may be older than the lock on PostgreSQL."""

    id: int
    key: str
    course_type: str
    state: str
    enrol_until: datetime | None
    capacity: int
    taken: int
    held: int

    @property
    def free(self) -> int:
        """Seats for anybody."""
        return self.capacity - self.taken - self.held

    @property
    def full(self) -> bool:
        """No seat for anybody, and none kept for somebody."""
        return self.free <= 0 and not self.held


def hold_run(run_id: int | ScalarSelect[int]) -> HeldRun:
    """Hold a run until the transaction ends; returns how it stands then.

    Its state, its seats and its queue change under this lock only, and whoever moves its
    enrolments as well takes the lock first: so nobody who holds an enrolment waits for a run that
    somebody holds who waits for that enrolment. SQLite has one writer at a time anyway.
    """
    if isinstance(run_id, int):
        row = execute(_held_by_id(), {"run": run_id}).one()
    else:
        row = execute(_held(run_id)).one()
    return HeldRun(**row._asdict())


@cache
def _held_by_id() -> Select[*tuple[Any, ...]]:
    return _held(bindparam("run", type_=Integer))


def _held(run_id: ScalarSelect[int] | BindParameter[int]) -> Select[*tuple[Any, ...]]:
    columns = [getattr(Run, name) for name in HeldRun.__dataclass_fields__]
    return select(*columns).where(Run.id == run_id).with_for_update(key_share=True)


def lock_run(run_id: int | ScalarSelect[int]) -> str:
    """Hold a run; its state. See `hold_run`."""
    return hold_run(run_id).state


def take_seat(run_id: int) -> bool:
    """Take one seat if one is free for anybody, in one guarded statement."""
    return _changed(_taking(), run_id)


@cache
def _taking() -> Update:
    return _seats(Run.taken + Run.held < Run.capacity).values(taken=Run.taken + 1)


def take_held_seat(run_id: int) -> bool:
    """Take one of the seats kept for organisations; whose it is the caller knows."""
    return _changed(_seats(Run.held > 0).values(taken=Run.taken + 1, held=Run.held - 1), run_id)


def give_back_seat(run_id: int, *, to_held: bool = False) -> None:
    """Give one seat back: to anybody, or to the organisation it was kept for."""
    values = {"taken": Run.taken - 1} | ({"held": Run.held + 1} if to_held else {})
    _changed(_seats().values(**values), run_id)


def keep_seats(run_id: int, number: int) -> bool:
    """Keep `number` free seats for an organisation (negative: let them go to anybody)."""
    kept = _seats(Run.taken + Run.held + number <= Run.capacity).values(held=Run.held + number)
    return _changed(kept, run_id)


def change_capacity(run_id: int, capacity: int, actor: Actor) -> None:
    """Another number of seats. Raises `Refused` when more are taken or kept than that. Whoever
    calls this offers the new seats to those who wait."""
    before = hold_run(run_id)
    if not _changed(_seats(Run.taken + Run.held <= capacity).values(capacity=capacity), run_id):
        least = before.taken + before.held
        raise Refused(
            Refusal(
                code="capacity.too_low",
                message=LocalisedText(
                    da=f"{least} pladser er optaget eller holdt. Skriv mindst det tal.",
                    sv=f"{least} platser är upptagna eller reserverade. Skriv minst det talet.",
                    en=f"{least} seats are taken or kept. Write at least that number.",
                ),
            )
        )
    record(
        "catalogue.capacity_changed",
        "run",
        run_id,
        actor=actor,
        data={"before": before.capacity, "after": capacity},
    )


def _seats(*guard: ColumnElement[bool]) -> Update:
    return update(Run).where(Run.id == bindparam("run", type_=Integer), *guard)


def _changed(statement: Update, run_id: int) -> bool:
    return bool(execute(statement, {"run": run_id}).rowcount)


def next_place_in_queue(run_id: int) -> int:
    """The next position on the run's waiting list; positions are never used twice."""
    position: int = execute(_going_behind(), {"run": run_id}).scalar_one()
    return position


@cache
def _going_behind() -> ReturningUpdate[int]:
    return _seats().values(queue_tail=Run.queue_tail + 1).returning(Run.queue_tail)
