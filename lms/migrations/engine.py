"""The engine that runs steps, and the lock that lets only one upgrade run at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.pool import NullPool

LOCK_SECONDS = 300
_POSTGRES_LOCK = 0x6C6D_7375_7067  # one number among all users of the database
_in_this_process = threading.Lock()  # Alembic's `op` is one per process


class MigrationError(Exception):
    """The history cannot go on; the sentence says why."""


@contextmanager
def migration_engine(url: str) -> Iterator[Engine]:
    """An engine of its own: no statement timeout, and on SQLite no foreign keys while tables are
    rebuilt, for dropping the old table would delete its children's rows."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise MigrationError("A database in memory cannot be upgraded: name a file.")
        engine = create_engine(parsed, poolclass=NullPool)
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _begin_immediate)
    else:
        options = {"options": "-c lock_timeout=30000 -c timezone=UTC"}
        engine = create_engine(parsed, poolclass=NullPool, connect_args=options)
    try:
        yield engine
    finally:
        engine.dispose()


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=OFF", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    # Begun by hand, so that a step that fails half-way takes its tables back with it.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def migrating(url: str, data_dir: Path) -> Iterator[Engine]:
    """The engine, while nobody else changes this database's tables.

    Raises `MigrationError` when somebody else does for more than `LOCK_SECONDS`.
    """
    with _in_this_process, migration_engine(url) as engine:
        if engine.dialect.name == "sqlite":
            with (data_dir / "upgrade.lock").open("w") as file:
                _wait_for(lambda: _lock_file(file))
                yield engine
            return
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            lock = f"SELECT pg_try_advisory_lock({_POSTGRES_LOCK})"
            _wait_for(lambda: bool(connection.exec_driver_sql(lock).scalar()))
            yield engine


def _lock_file(file: IO[str]) -> bool:
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for(taken: Callable[[], bool]) -> None:
    until = time.monotonic() + LOCK_SECONDS
    while not taken():
        if time.monotonic() > until:
            raise MigrationError("Another upgrade of this database has not ended. Try again later.")
        time.sleep(0.1)
