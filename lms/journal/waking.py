"""How the worker learns within moments that something was committed.

On PostgreSQL a NOTIFY after the commit reaches a LISTEN; it is not part of the commit itself,
because PostgreSQL lets only one notifying transaction commit at a time. On SQLite a commit
changes the database file or its write-ahead log, so looking at both is enough. A lost wake-up
costs a moment, never a job: the worker also looks by itself.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from lms.db import db

if TYPE_CHECKING:
    import psycopg  # on SQLite no process ever needs the driver

logger = logging.getLogger(__name__)

CHANNEL = "lms_jobs"
LOOK_SECONDS = 0.1  # how often the SQLite files are looked at
QUIET_SECONDS = 0.1  # a process that has woken the workers keeps still for so long
SLICE_SECONDS = 0.25  # how long a LISTEN waits before it looks whether it shall stop

FileMarks = tuple[tuple[int, int], ...]


def wake() -> None:
    """Wake the workers; hand it to `after_commit`. Never raises: the change is committed.

    Who woke them just now does not do so again: they look once more after that time.
    """
    if db.engine.dialect.name != "postgresql":
        return
    state = current_app.extensions.setdefault("lms_waking", {"next": 0.0})
    moment = time.monotonic()
    if moment < state["next"]:
        return
    state["next"] = moment + QUIET_SECONDS
    try:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"NOTIFY {CHANNEL}"))
    except SQLAlchemyError as error:
        logger.warning("The worker could not be woken; it will look by itself: %s", error)


class Waker:
    """Waits for a wake-up: `mark` before looking for work, `wait` when there was none."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._listener: psycopg.Connection[Any] | None = None
        database = engine.url.database or ""
        self._files: tuple[Path, ...] = ()
        self._woken = False
        if engine.dialect.name == "sqlite" and database not in {"", ":memory:"}:
            self._files = (Path(database), Path(f"{database}-wal"))

    def mark(self) -> FileMarks:
        """What the files look like now, and be sure to hear what comes from here on."""
        if self._engine.dialect.name == "postgresql":
            self._listen()
        return tuple(_mark(file) for file in self._files)

    def wait(self, mark: FileMarks, seconds: float, stopped: Callable[[], bool]) -> None:
        """Return when woken, when `stopped()`, or after `seconds`."""
        if self._woken:
            # Whoever committed just after the wake-up has kept still.
            self._woken, seconds = False, min(seconds, 2 * QUIET_SECONDS)
        until = time.monotonic() + seconds
        while not stopped() and (left := until - time.monotonic()) > 0:
            if self._listener is not None:
                self._woken = self._heard(self._listener, min(left, SLICE_SECONDS))
                if self._woken:
                    return
            else:
                time.sleep(min(left, LOOK_SECONDS))
                if tuple(_mark(file) for file in self._files) != mark:
                    return

    def close(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _listen(self) -> None:
        if self._listener is not None and not self._listener.closed:
            return
        import psycopg

        url = self._engine.url.set(drivername="postgresql")
        try:
            self._listener = psycopg.connect(
                url.render_as_string(hide_password=False), autocommit=True, connect_timeout=5
            )
            self._listener.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            logger.warning("Cannot listen to the database, looking now and then: %s", error)
            self.close()

    def _heard(self, listener: psycopg.Connection[Any], seconds: float) -> bool:
        import psycopg

        try:
            return any(True for _ in listener.notifies(timeout=seconds, stop_after=1))
        except psycopg.Error as error:
            logger.warning("The database stopped notifying: %s", error)
            self.close()
            return False


def _mark(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()
    except FileNotFoundError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)
