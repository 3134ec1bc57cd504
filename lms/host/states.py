"""What all workers know about the plugins: one row each, read rarely and written by itself.

Everything here uses connections of its own, so that it sees and writes the newest whatever the
request's transaction does; only inside a unit of work a change joins the unit.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import g, has_app_context
from sqlalchemy import Connection, Engine, Table, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from lms.db import WRITER, UTCDateTime, db, now
from lms.host.models import PluginState
from lms.host.records import Failure

log = logging.getLogger("lms.host")

TABLE: Table = PluginState.__table__  # type: ignore[assignment]
UNDEFINED_TABLE = "42P01"


@dataclass(frozen=True, slots=True)
class StateRow:
    """One row of `host_plugin_state`."""

    plugin: str
    state: str
    failures: int
    hook: str
    error: str
    since: datetime | None
    version: str


def in_unit_of_work() -> bool:
    """Is the caller inside a unit of work (`lms.work`, a floor above) that is not committed?"""
    return has_app_context() and bool(g.get("lms_unit_of_work") or g.get("lms_held"))


def table_is_missing(error: BaseException) -> bool:
    """Does the error say that nobody has migrated this database yet?"""
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) == UNDEFINED_TABLE:
        return True
    return f"no such table: {TABLE.name}" in str(error.orig)


class States:
    """Reads and writes the rows. `allowed` failures do not yet quarantine; one more does."""

    def __init__(self, engine: Engine, allowed: int, notes: Path | None) -> None:
        self.engine = engine
        self.allowed = allowed
        self.notes = notes

    def read(self) -> dict[str, StateRow] | None:
        """All rows by plugin, in one query; None when the table does not exist yet.

        Raises `SQLAlchemyError` when the database does not answer.
        """
        try:
            with self.engine.connect() as connection:
                rows = connection.execute(
                    select(
                        TABLE.c.plugin,
                        TABLE.c.state,
                        TABLE.c.failures,
                        TABLE.c.hook,
                        TABLE.c.error,
                        TABLE.c.since,
                        TABLE.c.version,
                    )
                ).all()
        except DBAPIError as error:
            if table_is_missing(error):
                return None
            raise
        return {row.plugin: StateRow(*row) for row in rows}

    def note_versions(self, versions: dict[str, str], default: Callable[[str], str]) -> None:
        """Make a row for each plugin that has none, and keep its version; writes only changes."""
        known = self.read()
        if known is None:
            return
        changed = {
            name: version[:40]
            for name, version in versions.items()
            if name not in known or known[name].version != version[:40]
        }
        if not changed:
            return
        with self._writing() as connection:
            for name, version in changed.items():
                self._upsert(
                    connection,
                    {"plugin": name, "state": default(name), "version": version},
                    {"version": version},
                )

    def count(self, failures: Sequence[Failure], default: Callable[[str], str]) -> list[str]:
        """Add failures up, in one transaction; returns the plugins this put in quarantine."""
        latest: dict[str, Failure] = {}
        sums: dict[str, int] = {}
        for failure in failures:
            latest[failure.plugin] = failure
            sums[failure.plugin] = sums.get(failure.plugin, 0) + 1
        quarantined = []
        with self._writing() as connection:
            # In name order, so that two workers cannot wait for each other.
            for plugin, failure in sorted(latest.items()):
                seen = {"hook": failure.hook[:80], "error": failure.error}
                self._upsert(
                    connection,
                    {
                        "plugin": plugin,
                        "state": default(plugin),
                        "failures": sums[plugin],
                        "since": failure.at,
                        **seen,
                    },
                    {
                        "failures": TABLE.c.failures + sums[plugin],
                        "since": func.coalesce(TABLE.c.since, literal(failure.at, UTCDateTime())),
                        **seen,
                    },
                    unless="quarantined",
                )
                tripped = connection.execute(
                    update(TABLE)
                    .where(
                        TABLE.c.plugin == plugin,
                        TABLE.c.state == "active",
                        TABLE.c.failures > self.allowed,
                    )
                    .values(state="quarantined", since=failure.at)
                )
                if tripped.rowcount:
                    quarantined.append(plugin)
        return quarantined

    def quarantine(self, plugin: str, hook: str, error: str, since: datetime) -> None:
        """Put the plugin in quarantine for all workers; an earlier quarantine keeps its reason."""
        values: dict[str, Any] = {
            "state": "quarantined",
            "hook": hook[:80],
            "error": error,
            "since": since,
        }
        with self._writing() as connection:
            self._upsert(
                connection,
                {"plugin": plugin, "failures": 1, **values},
                {"failures": TABLE.c.failures + 1, **values},
                unless="quarantined",
            )

    def put(self, plugin: str, state: str) -> None:
        """Set a state by hand: no failures, no error. Joins the open unit of work, if any."""
        values: dict[str, Any] = {
            "state": state,
            "failures": 0,
            "hook": "",
            "error": "",
            "since": None if state == "active" else now(),
        }
        with self._joining() as connection:
            self._upsert(connection, {"plugin": plugin, **values}, values)

    # --- when even the database cannot be told --------------------------------------------------

    def leave_note(self, plugin: str, hook: str, error: str, since: datetime) -> None:
        """Leave a quarantine in the data folder for the next start to write.

        A plugin that hangs inside a transaction may hold the one write lock of SQLite; the
        process that has to end can then tell nobody else.
        """
        if self.notes is None:
            log.error("plugin %s hangs in %s, and no data folder takes a note", plugin, hook)
            return
        self.notes.mkdir(parents=True, exist_ok=True)
        note = {"plugin": plugin, "hook": hook, "error": error, "since": since.isoformat()}
        (self.notes / f"{plugin}.json").write_text(json.dumps(note), encoding="utf-8")

    def take_notes(self) -> None:
        """Write the quarantines that were left as notes, and remove the notes."""
        for path in sorted(self.notes.glob("*.json")) if self.notes is not None else ():
            try:
                note = json.loads(path.read_text(encoding="utf-8"))
                since = datetime.fromisoformat(note["since"])
                self.quarantine(note["plugin"], note["hook"], note["error"], since)
            except (ValueError, KeyError, TypeError, OSError, SQLAlchemyError):
                log.exception("the note %s could not be taken", path.name)
                continue
            path.unlink(missing_ok=True)

    # --- writing --------------------------------------------------------------------------------

    def _writing(self) -> AbstractContextManager[Connection]:
        return self.engine.execution_options(**{WRITER: True}).begin()

    def _joining(self) -> AbstractContextManager[Connection]:
        return nullcontext(db.session.connection()) if in_unit_of_work() else self._writing()

    def _upsert(
        self,
        connection: Connection,
        new: dict[str, Any],
        change: dict[str, Any],
        unless: str | None = None,
    ) -> None:
        row = {"state": "active", "failures": 0, "hook": "", "error": "", "version": ""} | new
        where = None if unless is None else TABLE.c.state != unless
        if connection.dialect.name == "sqlite":
            insert_sqlite = sqlite.insert(TABLE).values(**row)
            connection.execute(
                insert_sqlite.on_conflict_do_update(
                    index_elements=[TABLE.c.plugin], set_=change, where=where
                )
            )
        else:
            insert_postgresql = postgresql.insert(TABLE).values(**row)
            connection.execute(
                insert_postgresql.on_conflict_do_update(
                    index_elements=[TABLE.c.plugin], set_=change, where=where
                )
            )
