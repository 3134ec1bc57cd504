"""A run's seats: two counters under one lock, changed by guarded statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select, true, update

from lms.contracts import Actor, LocalisedText, Refusal
from lms.core.catalogue.models import Run
from lms.core.refused import Refused
from lms.db import db
from lms.journal import record


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldRun:
    """A run as it stands under its lock."""

    id: int
    state: str
    capacity: int
    taken: int
    held: int

    @property
    def free(self) -> int:
        """Seats for anybody."""
        return self.capacity - self.taken - self.held


def hold_run(run_id: int | ScalarSelect[int]) -> HeldRun:
    """Hold a run until the transaction ends; returns how it stands then.

    Its state, its seats and its queue change under this lock only, and whoever moves its
    enrolments as well takes the lock first: so nobody who holds an enrolment waits for a run that
    somebody holds who waits for that enrolment. SQLite has one writer at a time anyway.
    """
    row = db.session.execute(
        select(Run.id, Run.state, Run.capacity, Run.taken, Run.held)
        .where(Run.id == run_id)
        .with_for_update(key_share=True)
    ).one()
    return HeldRun(**row._asdict())


def lock_run(run_id: int | ScalarSelect[int]) -> str:
    """Hold a run; its state. See `hold_run`."""
    return hold_run(run_id).state


def take_seat(run_id: int) -> bool:
    """Take one seat if one is free for anybody, in one guarded statement."""
    return _change_seats(run_id, Run.taken + Run.held < Run.capacity, taken=Run.taken + 1)


def take_held_seat(run_id: int) -> bool:
    """Take one of the seats kept for organisations; whose it is the caller knows."""
    return _change_seats(run_id, Run.held > 0, taken=Run.taken + 1, held=Run.held - 1)


def give_back_seat(run_id: int, *, to_held: bool = False) -> None:
    """Give one seat back: to anybody, or to the organisation it was kept for."""
    values = {"taken": Run.taken - 1} | ({"held": Run.held + 1} if to_held else {})
    _change_seats(run_id, true(), **values)


def keep_seats(run_id: int, number: int) -> bool:
    """Keep `number` free seats for an organisation (negative: let them go to anybody)."""
    return _change_seats(
        run_id, Run.taken + Run.held + number <= Run.capacity, held=Run.held + number
    )


def change_capacity(run_id: int, capacity: int, actor: Actor) -> None:
    """Another number of seats. Raises `Refused` when more are taken or kept than that. Whoever
    calls this offers the new seats to those who wait."""
    before = hold_run(run_id)
    if not _change_seats(run_id, Run.taken + Run.held <= capacity, capacity=capacity):
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


def _change_seats(run_id: int, guard: ColumnElement[bool], **values: Any) -> bool:
    changed = db.session.execute(
        update(Run)
        .where(Run.id == run_id, guard)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def next_place_in_queue(run_id: int) -> int:
    """The next position on the run's waiting list; positions are never used twice."""
    position: int = db.session.execute(
        update(Run)
        .where(Run.id == run_id)
        .values(queue_tail=Run.queue_tail + 1)
        .returning(Run.queue_tail)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return position
