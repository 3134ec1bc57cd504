"""Running one claimed job: the slow part outside any transaction, the effects once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Engine, update
from sqlalchemy.exc import SQLAlchemyError

from lms.contracts import Finish, JobType
from lms.db import WRITER, Base, db, now
from lms.host.records import in_words
from lms.jobs.models import Job
from lms.jobs.services import (
    Claimed,
    LeaseLostError,
    finish_once,
    give_up,
    known_type,
    lease_time,
)
from lms.work import Conflict

logger = logging.getLogger(__name__)

jobs = Base.metadata.tables[Job.__tablename__]

LONGEST_LOG = 20_000  # characters; the beginning of a longer log is dropped
WRITE_SECONDS = 1.0  # log and progress reach the database at most this often
FINISH_TRIES = 3


class Lease:
    """Keeps a claim alive while the job runs, and writes its log and progress.

    All writing is done by a thread with a connection of its own, so neither a long computation
    nor a transaction of the job's own stands in its way.
    """

    def __init__(self, engine: Engine, claimed: Claimed, time_to_live: timedelta) -> None:
        self._engine = engine
        self._claimed = claimed
        self._time_to_live = time_to_live
        self._log = claimed.log
        self._marks: dict[str, Any] = {}
        self._guard = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._keep_alive, name=f"lease of job {claimed.id}", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def progress(self, done: int, total: int) -> None:
        """Remember how far the job is."""
        with self._guard:
            self._marks |= {"done_count": done, "total_count": total}

    def log(self, line: str) -> None:
        """Remember a line of the log."""
        with self._guard:
            self._log = f"{self._log}{now():%Y-%m-%d %H:%M:%S} {line}\n"[-LONGEST_LOG:]
            self._marks["log"] = self._log

    def unwritten(self) -> Mapping[str, Any]:
        """Columns with what was not written yet; call it when the lease has ended."""
        return self._marks

    def _keep_alive(self) -> None:
        every = min(self._time_to_live.total_seconds() / 3, 20.0)
        renewed = time.monotonic()
        while not self._ended.wait(min(WRITE_SECONDS, every)):
            if not self._marks and time.monotonic() - renewed < every:
                continue
            with self._guard:
                marks, self._marks = self._marks, {}
            if self._write(marks):
                renewed = time.monotonic()
            else:
                with self._guard:
                    self._marks = marks | self._marks

    def _write(self, marks: Mapping[str, Any]) -> bool:
        statement = (
            update(jobs)
            .where(
                jobs.c.id == self._claimed.id,
                jobs.c.state == "running",
                jobs.c.lease_by == self._claimed.holder,
                jobs.c.attempts == self._claimed.attempt,
            )
            .values(**marks, lease_until=now() + self._time_to_live)
        )
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(**{WRITER: True})
                if connection.execute(statement).rowcount == 0:
                    logger.warning("Job %d is no longer in these hands", self._claimed.id)
                connection.commit()
        except SQLAlchemyError as error:
            logger.warning("The lease of job %d was not renewed: %s", self._claimed.id, error)
            return False
        return True


class Context:
    """What a running job is given; see `lms.contracts.JobContext`."""

    def __init__(self, claimed: Claimed, lease: Lease) -> None:
        self.job_id = claimed.id
        self.attempt = claimed.attempt
        self.args: Mapping[str, Any] = claimed.args
        self._lease = lease

    def progress(self, done: int, total: int) -> None:
        """Tell how far the job is; shown on the jobs page."""
        self._lease.progress(done, total)

    def log(self, line: str) -> None:
        """Add a line to the job's log."""
        self._lease.log(line)


def run_claimed(claimed: Claimed) -> bool:
    """Run a claimed job to its end; True when it is done, False when it failed or was lost.

    What the job raises is written to its row and the log. An unreachable database raises: the
    lease then runs out and the job is run again.
    """
    job_type = known_type(claimed.type)
    lease = Lease(db.engine, claimed, lease_time())
    try:
        if job_type is None:
            raise LookupError(f"the job type {claimed.type} went away meanwhile")
        with lease:
            finish = _run(job_type, Context(claimed, lease))
        _finish(claimed, finish, lease.unwritten())
    except LeaseLostError as error:
        logger.warning("Nothing was written: %s", error)
        return False
    except (Exception, SystemExit) as error:  # noqa: BLE001 - what a job raises belongs to its row
        logger.error(
            "Job %d (%s) failed, attempt %d of %d: %s",
            claimed.id,
            claimed.type,
            claimed.attempt,
            claimed.max_attempts,
            in_words(error),
        )
        give_up(claimed, error, lease.unwritten())
        return False
    return True


def _run(job_type: JobType, context: Context) -> Finish | None:
    try:
        return job_type.run(context)
    finally:
        db.session.rollback()  # what it read must not be mistaken for the present later


def _finish(claimed: Claimed, finish: Finish | None, marks: Mapping[str, Any]) -> None:
    for attempt in range(1, FINISH_TRIES + 1):
        try:
            finish_once(claimed, finish, marks)
        except Conflict:
            if attempt == FINISH_TRIES:
                raise
            time.sleep(0.1 * attempt)
        else:
            return
