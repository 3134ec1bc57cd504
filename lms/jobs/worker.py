"""The worker: seals the journal, tells listeners, keeps schedules and runs jobs, one at a time."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from lms.db import db
from lms.host import current_host
from lms.jobs.queries import types_due
from lms.jobs.running import run_claimed
from lms.jobs.services import claim, known_type, lease_time, schedule_due, sweep
from lms.journal import deliver, seal
from lms.journal.waking import Waker
from lms.work import Conflict

logger = logging.getLogger(__name__)

BUSY_WAIT = 1.0  # seconds to wait for a wake-up shortly after work
IDLE_WAIT = 5.0  # the same when there was nothing to do for a while
BUSY_FOR = 30.0  # how long "shortly after" is
SCHEDULE_EVERY = 5.0
STRETCH = 2.0  # seconds of jobs before the journal has its turn again
LONGEST_PAUSE = 15.0  # between two tries while the database is away


def holder_name() -> str:
    """A name for a lease that no other worker has, with where to look for it."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}"


def drain(limit: int = 1000) -> int:
    """Do in this process what a worker would do now; returns the number of jobs that were run.

    Seals, tells listeners and runs due jobs until nothing is left, or `limit` jobs were run.
    Failures are written to their rows as in a worker. For tests, demos and commands; belongs
    outside any unit of work.
    """
    holder, count = holder_name(), 0
    while count < limit:
        moved = seal() + deliver()
        claimed = claim(holder)
        if claimed is not None:
            run_claimed(claimed)
            count += 1
        elif not moved:
            break
    db.session.rollback()
    current_host().flush_failures()
    return count


class Worker:
    """One worker over one application. `run` until `stop`, or until SIGTERM or SIGINT."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopped = threading.Event()
        self._holder = holder_name()
        self._swept = self._scheduled = float("-inf")
        self._unknown: set[str] = set()

    def stop(self) -> None:
        """Stop after the present job."""
        self._stopped.set()

    def run(self, still_wanted: Callable[[], bool] = lambda: True) -> None:
        """Work until stopped or no longer wanted. Never raises for a failing database or job."""
        self._catch_signals()
        with self._app.app_context():
            waker = Waker(db.engine)
        worked = time.monotonic()
        pause = 0.0

        def ended() -> bool:
            return self._stopped.is_set() or not still_wanted()

        while not ended():
            mark = waker.mark()
            try:
                if self.step():
                    worked = time.monotonic()
                    continue
                pause = 0.0
            except Conflict:
                pause = 0.1
            except SQLAlchemyError as error:
                pause = min(max(pause * 2, 0.5), LONGEST_PAUSE)
                logger.warning(
                    "The database does not answer; next try in %.0f s: %s",
                    pause,
                    str(error).partition("\n")[0],
                )
            except Exception:
                pause = min(max(pause * 2, 1.0), LONGEST_PAUSE)
                logger.exception("The worker stumbled; it goes on in %.0f s", pause)
            if pause:
                self._stopped.wait(pause)
            else:
                busy = time.monotonic() - worked < BUSY_FOR
                waker.wait(mark, BUSY_WAIT if busy else IDLE_WAIT, ended)
        waker.close()

    def step(self) -> int:
        """One round of everything; returns how much was done, 0 when there was nothing to do."""
        with self._app.app_context():
            try:
                done = seal() + deliver() + self._keep_time()
            finally:
                # In a web worker this happens after each request.
                current_host().flush_failures()
        until = time.monotonic() + STRETCH
        while not self._stopped.is_set() and time.monotonic() < until:
            # A context for each job, so that none finds what the one before it left behind.
            with self._app.app_context():
                claimed = claim(self._holder)
                if claimed is None:
                    break
                run_claimed(claimed)
                done += 1
        return done

    def _keep_time(self) -> int:
        """Schedules and expired leases, now and then."""
        moment, done = time.monotonic(), 0
        if moment - self._scheduled >= SCHEDULE_EVERY:
            self._scheduled = moment
            done += schedule_due()
        if moment - self._swept >= lease_time().total_seconds() / 3:
            self._swept = moment
            done += sweep()
            self._tell_of_unknown_types()
        return done

    def _tell_of_unknown_types(self) -> None:
        unknown = {name for name in types_due() if known_type(name) is None}
        for name in sorted(unknown - self._unknown):
            logger.warning("Jobs of type %s wait: no plugin that is here knows them", name)
        self._unknown = unknown
        db.session.rollback()

    def _catch_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return

        def caught(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        signal.signal(signal.SIGTERM, caught)
        signal.signal(signal.SIGINT, caught)
