"""Questions about the job queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, select, true

from lms.contracts import Actor
from lms.db import db, now
from lms.jobs.models import Job

PERMISSION = "site.admin"


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRow:
    """A job as lists show it."""

    id: int
    key: str
    type: str
    state: str
    due_at: datetime
    attempts: int
    max_attempts: int
    done_count: int
    total_count: int
    created_at: datetime
    finished_at: datetime | None
    lease_by: str | None
    lease_until: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class JobDetails:
    """A job with what was asked of it and what it said."""

    job: JobRow
    args: Mapping[str, Any]
    log: str
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class JobPage:
    """Jobs, newest first; `older` is the id to ask for the next page with, None at the end."""

    jobs: tuple[JobRow, ...]
    older: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class JobProgress:
    """How far a job is: `done` of `total` steps, 0 of 0 where it does not tell."""

    state: str
    done: int
    total: int


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueState:
    """How the queue fares. `waiting_since` is the due time of the job that waits longest."""

    waiting_since: datetime | None
    failed: int


def visible(actor: Actor) -> ColumnElement[bool]:
    """The queue is seen by the site's administrators; everybody else sees nothing."""
    return true() if actor.may(PERMISSION) else false()


def job_list(
    actor: Actor,
    *,
    state: str = "",
    type: str = "",  # noqa: A002 - the word of the house
    before: int | None = None,
    limit: int = 50,
) -> JobPage:
    """A page of jobs, newest first. `before` is the `older` of the page before."""
    conditions = [visible(actor)]
    if state:
        conditions.append(Job.state == state)
    if type:
        conditions.append(Job.type == type)
    if before is not None:
        conditions.append(Job.id < before)
    rows = db.session.execute(
        select(*_columns()).where(*conditions).order_by(Job.id.desc()).limit(limit + 1)
    ).all()
    found = tuple(JobRow(**row._mapping) for row in rows[:limit])
    return JobPage(jobs=found, older=found[-1].id if len(rows) > limit else None)


def one_job(actor: Actor, key: str) -> JobDetails | None:
    """One job by key, None when there is none (to this actor)."""
    row = db.session.execute(
        select(*_columns(), Job.args, Job.log, Job.error).where(visible(actor), Job.key == key)
    ).first()
    if row is None:
        return None
    *columns, args, log, error = row
    job = JobRow(**dict(zip(JobRow.__slots__, columns, strict=True)))
    return JobDetails(job=job, args=args, log=log, error=error)


def counts(actor: Actor) -> dict[str, int]:
    """Number of jobs by state; states without jobs are left out."""
    rows = db.session.execute(
        select(Job.state, func.count().label("number")).where(visible(actor)).group_by(Job.state)
    )
    return {row.state: row.number for row in rows}


def queue_state() -> QueueState:
    """For `lms doctor` and `/readyz`: is the queue being worked on?"""
    waiting_since = db.session.scalar(
        select(func.min(Job.due_at)).where(Job.state == "queued", Job.due_at <= now())
    )
    failed = db.session.scalar(select(func.count()).where(Job.state == "failed")) or 0
    return QueueState(waiting_since=waiting_since, failed=failed)


def progress_of(unique_keys: Sequence[str]) -> dict[str, JobProgress]:
    """How far jobs are, by the unique key that whoever enqueued them gave them; unknown ones are
    left out. Nobody is asked whether they may know: who knows the key asked for the job."""
    rows = db.session.execute(
        select(Job.unique_key, Job.state, Job.done_count, Job.total_count).where(
            Job.unique_key.in_(unique_keys)
        )
    )
    return {
        row.unique_key: JobProgress(state=row.state, done=row.done_count, total=row.total_count)
        for row in rows
    }


def types_due() -> list[str]:
    """Types of the jobs that are due and wait."""
    return list(
        db.session.scalars(
            select(Job.type)
            .where(Job.state == "queued", Job.due_at <= now())
            .distinct()
            .order_by(Job.type)
        )
    )


def _columns() -> list[Any]:
    return [getattr(Job, name) for name in JobRow.__slots__]
