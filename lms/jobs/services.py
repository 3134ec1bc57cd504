"""The life of a job: enqueued, claimed under a lease, finished once, or tried again."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import FromClause, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row

from lms.contracts import Actor, Finish, JobType
from lms.db import Base, db, new_key, now
from lms.host import current_host
from lms.host.records import in_words
from lms.jobs.models import Job, Schedule
from lms.journal import record
from lms.journal.waking import wake
from lms.work import after_commit, in_unit_of_work, unit_of_work

logger = logging.getLogger(__name__)

DEFAULT_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
KEPT = timedelta(days=90)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

jobs = Base.metadata.tables[Job.__tablename__]
schedules = Base.metadata.tables[Schedule.__tablename__]


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A job in somebody's hands. `holder` and `attempt` together say whose turn it is."""

    id: int
    type: str
    args: Mapping[str, Any]
    attempt: int
    max_attempts: int
    log: str
    holder: str


class LeaseLostError(Exception):
    """The lease ran out and the job is, or will be, in other hands: nothing may be written."""


# --- putting jobs in -----------------------------------------------------------------------------


def enqueue(
    type: str,  # noqa: A002 - the word of the house
    args: Mapping[str, Any],
    *,
    due_at: datetime | None = None,
    unique_key: str | None = None,
) -> int | None:
    """Put a job in the queue, in the open unit of work; returns its id.

    It runs after the commit, not before `due_at` (aware; now if None). With a `unique_key` that
    any job ever had nothing is put in, and None comes back. Raises `RuntimeError` outside a unit
    of work.
    """
    if not in_unit_of_work():
        raise RuntimeError("a job is enqueued in the transaction that makes it necessary")
    after_commit(wake)
    values = _new_row(type, args, due_at, unique_key)
    job_id: int | None = db.session.scalar(
        _insert_once(jobs, values, "unique_key").returning(jobs.c.id)
    )
    return job_id


def enqueue_all(type: str, calls: Sequence[tuple[Mapping[str, Any], str]]) -> None:  # noqa: A002
    """Put many jobs of one type in the queue, each (args, unique key), in one statement or few;
    see `enqueue`."""
    if not in_unit_of_work():
        raise RuntimeError("jobs are enqueued in the transaction that makes them necessary")
    if not calls:
        return
    after_commit(wake)
    rows = [_new_row(type, args, None, unique_key) for args, unique_key in calls]
    db.session.connection().execute(_insert_once(jobs, {}, "unique_key"), rows)


def _new_row(
    type: str,  # noqa: A002
    args: Mapping[str, Any],
    due_at: datetime | None,
    unique_key: str | None,
) -> dict[str, Any]:
    known = current_host().job_types().get(type)
    moment = now()
    return {
        "key": new_key(),
        "type": type,
        "unique_key": unique_key,
        "args": dict(args),
        "state": "queued",
        "due_at": due_at or moment,
        "attempts": 0,
        "max_attempts": known.item.max_attempts if known else DEFAULT_ATTEMPTS,
        "done_count": 0,
        "total_count": 0,
        "log": "",
        "error": "",
        "created_at": moment,
    }


def retry_failed(job_id: int, *, actor: Actor) -> bool:
    """Put a failed job back with all its attempts, in the open unit of work; was it failed?"""
    again = db.session.scalar(
        update(Job)
        .where(Job.id == job_id, Job.state == "failed")
        .values(state="queued", attempts=0, due_at=now(), finished_at=None)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    if again is None:
        return False
    record("job.retried", "job", job_id, actor=actor)
    after_commit(wake)
    return True


def schedule_due() -> int:
    """Enqueue what is due by `JobType.every`; returns how many. Opens units of work of its own.

    Due times are whole multiples of `every` since 1970 in UTC. However many workers ask, the
    unique row for (name, due time) lets one of them enqueue. Times missed while no worker ran
    are not made up for: only the newest is run.
    """
    moment = now()
    due = {
        name: EPOCH + (moment - EPOCH) // owned.item.every * owned.item.every
        for name, owned in current_host().job_types().items()
        if owned.item.every
    }
    if not due:
        return 0
    seen = {
        (row.name, row.due_at)
        for row in db.session.execute(
            select(Schedule.name, Schedule.due_at).where(
                Schedule.name.in_(list(due)), Schedule.due_at >= min(due.values())
            )
        )
    }
    db.session.rollback()  # a look must not hold a snapshot open
    enqueued = 0
    for name, at in due.items():
        if (name, at) in seen:
            continue
        with unit_of_work():
            values = {"name": name, "due_at": at}
            if db.session.scalar(_insert_once(schedules, values).returning(schedules.c.name)):
                enqueue(name, {"due": at.isoformat()})
                enqueued += 1
    return enqueued


# --- claiming ------------------------------------------------------------------------------------


def claim(holder: str) -> Claimed | None:
    """Take the job that has been due longest, or None. Opens a unit of work of its own.

    Only types that are here at present are taken; others wait. The attempt is counted when the
    job is taken, so that a job which kills its worker does not live for ever.
    """
    types = list(current_host().job_types())
    due = (
        select(Job.id)
        .where(Job.state == "queued", Job.due_at <= now(), Job.type.in_(types))
        .order_by(Job.due_at, Job.id)
        .limit(1)
    )
    nothing = db.session.scalar(due) is None
    db.session.rollback()  # a look must not hold a snapshot open
    if nothing:
        return None
    with unit_of_work():
        # Two steps, because a row locked in a sub-select may be another one on a second look.
        job_id = db.session.scalar(due.with_for_update(skip_locked=True))
        row = None if job_id is None else _take(job_id, holder)
    if row is None:
        return None
    return Claimed(
        id=row.id,
        type=row.type,
        args=row.args,
        attempt=row.attempts,
        max_attempts=row.max_attempts,
        log=row.log,
        holder=holder,
    )


def _take(job_id: int, holder: str) -> Row[Any] | None:
    return db.session.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(
            state="running",
            attempts=jobs.c.attempts + 1,
            lease_by=holder,
            lease_until=now() + lease_time(),
        )
        .returning(*jobs.c)
    ).first()


def lease_time() -> timedelta:
    """How long a claim holds without a sign of life, from `JOB_LEASE_SECONDS`."""
    return timedelta(seconds=float(current_app.config.get("JOB_LEASE_SECONDS", 60)))


def sweep() -> int:
    """Take jobs back whose lease ran out; returns how many. Opens a unit of work of its own."""
    expired = select(Job.id).where(Job.state == "running", Job.lease_until < now())
    nothing = db.session.scalar(expired.limit(1)) is None
    db.session.rollback()  # a look must not hold a snapshot open
    if nothing:
        return 0
    with unit_of_work():
        # A job that is being finished this moment is locked by its worker, and skipped.
        rows = db.session.execute(
            select(Job.id, Job.attempts, Job.max_attempts, Job.lease_by)
            .where(Job.id.in_(expired))
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            logger.warning("Job %d was left by %s and is taken back", row.id, row.lease_by)
            _write_failure(
                row.id,
                row.attempts,
                row.max_attempts,
                f"The worker {row.lease_by} disappeared.",
                pause=timedelta(0),  # the lease was the pause
            )
    return len(rows)


# --- ending --------------------------------------------------------------------------------------


def finish_once(
    claimed: Claimed, finish: Finish | None, marks: Mapping[str, Any] | None = None
) -> None:
    """Run `finish` and mark the job done, in one unit of work of its own: both, or neither.

    `marks` are columns to write along, the log and the progress that were not written yet.
    Raises `LeaseLostError` when the job is no longer in these hands, and what `finish` raises.
    """
    with unit_of_work():
        if not _still_mine(claimed):
            raise LeaseLostError(f"job {claimed.id} is in other hands")
        if finish is not None:
            finish()
        db.session.execute(
            update(jobs)
            .where(jobs.c.id == claimed.id)
            .values(
                **(marks or {}),
                state="done",
                finished_at=now(),
                lease_by=None,
                lease_until=None,
                error="",
            )
        )


def give_up(claimed: Claimed, error: BaseException, marks: Mapping[str, Any] | None = None) -> None:
    """Write a failure down; the job is tried again later, or has failed for good."""
    with unit_of_work():
        if _still_mine(claimed):
            _write_failure(
                claimed.id, claimed.attempt, claimed.max_attempts, in_words(error), marks
            )


def pause_after(attempt: int) -> timedelta:
    """How long a job rests after its nth failure: 10 s, 1 min, 6 min, 36 min, then an hour."""
    pause: timedelta = FIRST_PAUSE * 6 ** (attempt - 1)
    return min(pause, LONGEST_PAUSE)


def tidy() -> int:
    """Remove done jobs and schedule rows older than ninety days; returns how many jobs.

    Jobs with a unique key stay: their key must never be free again.
    """
    limit = now() - KEPT
    db.session.execute(delete(schedules).where(schedules.c.due_at < limit))
    return len(
        db.session.scalars(
            delete(jobs)
            .where(jobs.c.state == "done", jobs.c.finished_at < limit, jobs.c.unique_key.is_(None))
            .returning(jobs.c.id)
        ).all()
    )


def known_type(name: str) -> JobType | None:
    """The job type of this name, if it is here at present."""
    owned = current_host().job_types().get(name)
    return owned.item if owned else None


def _still_mine(claimed: Claimed) -> bool:
    """Is the job still in these hands? If so it is locked until the unit of work ends."""
    mine = db.session.scalar(
        select(Job.id)
        .where(
            Job.id == claimed.id,
            Job.state == "running",
            Job.lease_by == claimed.holder,
            Job.attempts == claimed.attempt,
        )
        .with_for_update()
    )
    return mine is not None


def _write_failure(
    job_id: int,
    attempt: int,
    max_attempts: int,
    error: str,
    marks: Mapping[str, Any] | None = None,
    *,
    pause: timedelta | None = None,
) -> None:
    values: dict[str, Any] = {**(marks or {}), "error": error}
    values |= {"lease_by": None, "lease_until": None}
    if attempt >= max_attempts:
        values |= {"state": "failed", "finished_at": now()}
    else:
        rest = pause_after(attempt) if pause is None else pause
        values |= {"state": "queued", "due_at": now() + rest}
    db.session.execute(update(jobs).where(jobs.c.id == job_id).values(**values))


def _insert_once(table: FromClause, values: Mapping[str, Any], *conflict: str) -> Any:
    """INSERT that does nothing when the row is already there; both databases know it."""
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return (
        dialect.insert(table)
        .values(**values)
        .on_conflict_do_nothing(index_elements=list(conflict) or None)
    )
