"""The smallest site that journal, jobs and files can live in: their tables and a host of our own.

Also a program: `python -m tests.core.journal.small_site DATABASE_URL DATA_DIR` runs a worker on
such a site until SIGTERM; tests kill it.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Column, Integer, MetaData, String, Table, func, insert, select

import lms.core
from lms.contracts import Actor, Finish, JobContext, JobType, JournalEntryFacts
from lms.db import Base, db, engine_options, prepare_engine
from lms.jobs.worker import Worker
from lms.testing.databases import Databases

LEASE_SECONDS = 1.0
ADMIN = Actor(name="admin", permissions={"site.admin": frozenset({None})})

metadata = MetaData()
# What jobs and listeners write. Nothing is unique here, so that a second time would be seen.
effects = Table(
    "test_effect",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", String(80)),
    Column("of", Integer),
)
# One row for each time a job was begun, committed at once and by itself.
starts = Table(
    "test_start",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("of", Integer),
    Column("worker", Integer),
)

Listener = Callable[[Sequence[JournalEntryFacts]], None]


@dataclass(frozen=True)
class Owned:
    plugin: str
    item: JobType


@dataclass
class SmallHost:
    """What journal and jobs need of the plugin host."""

    hearing: dict[str, Listener] = field(default_factory=dict)
    types: dict[str, JobType] = field(default_factory=dict)

    def listeners(self) -> list[str]:
        return list(self.hearing)

    def tell(self, listener: str, entries: Sequence[JournalEntryFacts]) -> None:
        self.hearing[listener](entries)

    def flush_failures(self) -> None:
        """A host counts failures; this one has nobody to tell."""

    def job_types(self) -> dict[str, Owned]:
        return {name: Owned("small", item) for name, item in self.types.items()}

    def add(self, name: str, run: Callable[[JobContext], Finish | None], **more: Any) -> None:
        self.types[name] = JobType(name=name, run=run, **more)


@dataclass
class Site:
    app: Flask
    host: SmallHost
    url: str
    data: Path

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")


def build(url: str, data: Path, host: SmallHost, lease_seconds: float = LEASE_SECONDS) -> Flask:
    app = Flask("small")
    app.config |= {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url),
        "DATA_DIR": data,
        "JOB_LEASE_SECONDS": lease_seconds,
    }
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.extensions["lms_host"] = host
    return app


@contextlib.contextmanager
def opened(databases: Databases, folder: Path) -> Iterator[Site]:
    """A site on a fresh database, inside an application context."""
    url = databases.fresh("small-site", _make_tables)
    host = SmallHost()
    site = Site(build(url, folder, host), host, url, folder)
    try:
        with site.app.app_context():
            yield site
            db.session.remove()
            db.engine.dispose()
    finally:
        databases.drop(url)


def _make_tables(url: str) -> None:
    for module in pkgutil.walk_packages(lms.core.__path__, "lms.core."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    for name in ("files", "host", "jobs", "journal", "web"):
        importlib.import_module(f"lms.{name}.models")
    app = build(url, Path(), SmallHost())
    with app.app_context():
        Base.metadata.create_all(db.engine)
        metadata.create_all(db.engine)
        db.engine.dispose()


def add_effect(what: str, of: int) -> None:
    """A database effect in the open unit of work."""
    db.session.execute(insert(effects).values(what=what, of=of))


def effects_of(what: str) -> list[int]:
    """The numbers written under `what`, in the order they were written."""
    found = db.session.scalars(
        select(effects.c.of).where(effects.c.what == what).order_by(effects.c.id)
    ).all()
    db.session.rollback()
    return list(found)


def count_starts() -> int:
    found = db.session.scalar(select(func.count()).select_from(starts)) or 0
    db.session.rollback()
    return found


# --- the program --------------------------------------------------------------------------------


def _work(context: JobContext) -> Finish:
    """Note the start, take a while, and have one effect."""
    with db.engine.connect().execution_options(lms_writer=True) as connection:
        connection.execute(insert(starts).values(of=context.args["n"], worker=os.getpid()))
        connection.commit()
    time.sleep(context.args.get("seconds", 0))

    def finish() -> None:
        add_effect("work", context.args["n"])
        time.sleep(context.args.get("finish_seconds", 0))

    return finish


def _kill_worker(_context: JobContext) -> None:
    os._exit(9)


def hear(entries: Sequence[JournalEntryFacts]) -> None:
    """A listener with one effect for each entry."""
    for entry in entries:
        add_effect("heard", entry.position)


def add_work(host: SmallHost) -> None:
    """The job types of the program."""
    host.add("small.work", _work, max_attempts=50)
    host.add("small.poison", _kill_worker, max_attempts=2)


def main() -> None:
    url, data, lease_seconds = sys.argv[1:]
    host = SmallHost()
    add_work(host)
    host.hearing["small"] = hear
    app = build(url, Path(data), host, float(lease_seconds))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    Worker(app).run()


if __name__ == "__main__":
    main()
