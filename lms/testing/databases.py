"""A fresh database for every test, copied from one that was migrated once per session."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

KINDS = ("sqlite", "postgresql")

Migrate = Callable[[str], None]
"""Brings the empty database at an address to the newest step."""


def chosen_kind() -> str:
    """The kind of database named by `LMS_TEST_DATABASE`: sqlite (also when unset) or postgresql."""
    kind = os.environ.get("LMS_TEST_DATABASE", "sqlite")
    if kind not in KINDS:
        raise ValueError(f"LMS_TEST_DATABASE is {kind!r}; write sqlite or postgresql.")
    return kind


INHERITED: dict[str, Path] = {}
"""Templates on SQLite that whoever starts many test sessions by `fork` has made for all of them."""


class SQLiteDatabases:
    """Databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.templates: dict[str, Path] = dict(INHERITED)

    def empty(self) -> str:
        """The address of a database that does not exist yet."""
        return f"sqlite:///{self.folder / secrets.token_hex(8)}.db"

    def fresh(self, template: str, migrate: Migrate) -> str:
        """The address of a copy of a template; the template is made when first asked for."""
        if template not in self.templates:
            path = self.folder / f"template-{template}.db"
            migrate(f"sqlite:///{path}")
            self.templates[template] = path
        address = self.empty()
        # Everything is in the one file: the last connection to close empties the log beside it.
        shutil.copyfile(self.templates[template], address.removeprefix("sqlite:///"))
        return address

    def remember(self, address: str) -> None:
        """Note what a database holds, for `put_back`; nobody is connected to it."""
        path = address.removeprefix("sqlite:///")
        shutil.copyfile(path, path + "-kept")

    def put_back(self, address: str, engine: Engine) -> bool:
        """Make a remembered database what it was; only `engine` was connected to it."""
        engine.dispose()
        path = address.removeprefix("sqlite:///")
        _unlink(path, "-wal", "-shm", "")
        shutil.copyfile(path + "-kept", path)
        return True

    def drop(self, address: str) -> None:
        """Remove a database and what is kept beside it."""
        _unlink(address.removeprefix("sqlite:///"), "", "-wal", "-shm", "-kept")


def _unlink(path: str, *endings: str) -> None:
    for ending in endings:
        Path(path + ending).unlink(missing_ok=True)


def careless(engine: Engine) -> None:
    """Let SQLite go on before the disk has written: no row of a test has to outlive a power cut.

    Call it after `lms.db.prepare_engine`, which asks for the opposite.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _do_not_wait)


def _do_not_wait(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


class PostgresDatabases:
    """Databases on one server, copied by the server and used again once they are emptied.

    Emptying takes a few milliseconds, copying and dropping some hundred.
    """

    def __init__(self, server: str) -> None:
        self.server: URL = make_url(server)
        self._templates: dict[str, _Template] = {}
        self._copies: dict[str, _Copy] = {}
        self._free: dict[str, list[_Copy]] = {}

    def empty(self) -> str:
        """The address of a new empty database."""
        return self._create("template0")

    def fresh(self, template: str, migrate: Migrate) -> str:
        """The address of a copy of a template; the template is made when first asked for."""
        if template not in self._templates:
            address = self.empty()
            migrate(address)
            self._templates[template] = _Template(template, address)
        if free := self._free.get(template):
            copy = free.pop()
        else:
            made = self._templates[template]
            copy = _Copy(made, self._create(make_url(made.address).database))
        self._copies[copy.address] = copy
        return copy.address

    def remember(self, address: str) -> None:
        """Note what a copy holds, for `put_back`."""
        self._copies[address].remember()

    def put_back(self, address: str, engine: Engine) -> bool:
        """Make a remembered copy what it was; only `engine` was connected to it.

        The engine's connections stay open and are as new. False when the tables have changed or
        somebody else is connected: then it can only be dropped.
        """
        try:
            return self._copies[address].put_back(_renewed(engine))
        except (psycopg.Error, DBAPIError):
            return False

    def drop(self, address: str) -> None:
        """Empty a copy for the next test; remove any other database, whoever is connected."""
        copy = self._copies.pop(address, None)
        if copy is not None:
            if copy.emptied():
                self._free.setdefault(copy.template.name, []).append(copy)
                return
            copy.let_go()
        self._remove(address)

    def drop_all(self) -> None:
        """Remove the templates and their copies at the end of the session."""
        for copies in self._free.values():
            for copy in copies:
                copy.let_go()
                self._remove(copy.address)
        for template in self._templates.values():
            self._remove(template.address)

    def _create(self, template: str | None) -> str:
        name = f"t_{secrets.token_hex(8)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _remove(self, address: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{make_url(address).database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with _connect(self.server.render_as_string(hide_password=False)) as connection:
            connection.execute(statement.encode())


CHANGES = """
SELECT concat_ws(' ', count(*), sum(xmin::text::bigint),
    (SELECT concat_ws(' ', count(*), sum(xmin::text::bigint)) FROM pg_attribute
     WHERE attrelid >= 16384))
FROM pg_class WHERE oid >= 16384
"""
"""One word that changes with any table, column, index or rule that is made, altered or removed."""

LEAVING_SECONDS = 0.3
"""How long the server may need to see that somebody has gone."""

OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

NUMBERS = """
SELECT string_agg(format('setval(%L, %s, %L)', quote_ident(sequencename),
                         coalesce(last_value, start_value), last_value IS NOT NULL), ', ')
FROM pg_sequences WHERE schemaname = 'public'
"""
"""What sets every sequence to where it stands: setval() and not ALTER SEQUENCE, which writes a new
file for each."""

RENEW = b"RESET ALL; DISCARD TEMP; DISCARD SEQUENCES; UNLISTEN *; SELECT pg_advisory_unlock_all()"


class _Template:
    """A migrated database and how to empty a copy of it."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.address = address
        engine = create_engine(address, poolclass=NullPool)
        order = [name for name, _ in inspect(engine).get_sorted_table_and_fkc_names()]
        self.tables = [n for n in order if n and not n.endswith("_alembic_version")]
        with _connect(address) as connection:
            # A step of a migration that writes rows would lose them.
            self.may_be_emptied = not _filled(connection, self.tables)
            self.empty = "; ".join(
                ["SET LOCAL lock_timeout = '2s'"]
                + [f'DELETE FROM "{table}"' for table in reversed(self.tables)]  # noqa: S608
                + [_sequences(connection)]
            )


class _Copy:
    """A copy of a template, and a connection to it that stays open from test to test."""

    def __init__(self, template: _Template, address: str) -> None:
        self.template = template
        self.address = address
        self.held: psycopg.Connection[Any] | None = None
        self.changes = _one(self.connection, CHANGES)
        self.rows = ""

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The open connection, each statement a transaction."""
        if self.held is None:
            self.held = _connect(self.address)
        return self.held

    def remember(self) -> None:
        """Note the rows of all tables and where the sequences stand."""
        insert = sql.SQL("INSERT INTO {0} SELECT * FROM unnest({1}::{0}[])")
        statements = []
        for table in _filled(self.connection, self.template.tables):
            rows = _one(self.connection, f'SELECT array_agg(t)::text FROM "{table}" t')  # noqa: S608
            filled = insert.format(sql.Identifier(table), sql.Literal(rows))
            statements.append(filled.as_string(self.connection))
        self.rows = "; ".join([*statements, _sequences(self.connection)])

    def put_back(self, connected: int) -> bool:
        """Empty it and write the rows that were noted; so many others may stay connected."""
        return self._emptied(f"{self.template.empty}; {self.rows}", connected)

    def emptied(self) -> bool:
        """Empty it; False when it is no longer like the template or somebody holds it."""
        try:
            return self._emptied(self.template.empty, 0)
        except psycopg.Error:
            return False

    def _emptied(self, script: str, connected: int) -> bool:
        if not self.template.may_be_emptied or _one(self.connection, CHANGES) != self.changes:
            return False
        until = time.monotonic() + LEAVING_SECONDS
        while _one(self.connection, OTHERS) != connected:
            if time.monotonic() > until:
                return False
            time.sleep(0.005)
        self.connection.execute(script.encode())
        return True

    def let_go(self) -> None:
        """Close the connection."""
        if self.held is not None:
            self.held.close()
            self.held = None


def _connect(address: str) -> psycopg.Connection[Any]:
    url = make_url(address).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)


def _one(connection: psycopg.Connection[Any], question: str) -> Any:
    (found,) = connection.execute(question.encode()).fetchone() or (None,)
    return found


def _sequences(connection: psycopg.Connection[Any]) -> str:
    numbers = _one(connection, NUMBERS)
    return f"SELECT {numbers}" if numbers else "SELECT 1"


def _filled(connection: psycopg.Connection[Any], tables: Sequence[str]) -> list[str]:
    """The tables that have rows, in the order given."""
    return [
        table
        for table in tables
        if _one(connection, f'SELECT EXISTS (SELECT 1 FROM "{table}")')  # noqa: S608
    ]


def _renewed(engine: Engine) -> int:
    """Make the idle connections of an engine as new; how many there are.

    They lose what a test has set, locked, made or listened to, and keep what the server has read
    for them: opening one takes longer than most tests need it.
    """
    idle = [engine.raw_connection() for _ in range(engine.pool.checkedin())]  # type: ignore[attr-defined]
    try:
        for connection in idle:
            driver = cast("psycopg.Connection[Any]", connection.driver_connection)
            driver.execute(RENEW)
            driver.commit()
    finally:
        for connection in idle:
            connection.close()
    return len(idle)


Databases = SQLiteDatabases | PostgresDatabases


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """The databases of a test session, of the kind that `LMS_TEST_DATABASE` names.

    PostgreSQL is the server at `LMS_TEST_POSTGRES_URL`; in a checkout of Samspil without that
    variable a throw-away server is started.
    """
    if chosen_kind() == "sqlite":
        yield SQLiteDatabases(folder)
        return
    with ExitStack() as stack:
        address = os.environ.get("LMS_TEST_POSTGRES_URL", "")
        if not address:
            address = stack.enter_context(_own_server())
        address = address.replace("postgresql://", "postgresql+psycopg://")
        found = PostgresDatabases(address)
        stack.callback(found.drop_all)
        yield found


def _own_server() -> Any:
    import importlib

    try:
        harness = importlib.import_module("tests.harness.postgres")
    except ImportError as error:
        raise RuntimeError(
            "LMS_TEST_DATABASE=postgresql needs LMS_TEST_POSTGRES_URL: "
            "the address of a server where databases may be made."
        ) from error
    return harness.server()
