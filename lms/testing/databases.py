"""A fresh database for every test, copied from one that was migrated once per session."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, Connection, make_url
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


class SQLiteDatabases:
    """Databases as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._templates: dict[str, Path] = {}

    def empty(self) -> str:
        """The address of a database that does not exist yet."""
        return f"sqlite:///{self.folder / secrets.token_hex(8)}.db"

    def fresh(self, template: str, migrate: Migrate) -> str:
        """The address of a copy of a template; the template is made when first asked for."""
        if template not in self._templates:
            path = self.folder / f"template-{template}.db"
            migrate(f"sqlite:///{path}")
            self._templates[template] = path
        address = self.empty()
        # Everything is in the one file: the last connection to close empties the log beside it.
        shutil.copyfile(self._templates[template], address.removeprefix("sqlite:///"))
        return address

    def drop(self, address: str) -> None:
        """Remove a database and what SQLite keeps beside it."""
        for ending in ("", "-wal", "-shm"):
            Path(address.removeprefix("sqlite:///") + ending).unlink(missing_ok=True)


class PostgresDatabases:
    """Databases on one server, copied by the server and used again once they are emptied.

    Emptying takes a few milliseconds, copying and dropping some hundred.
    """

    def __init__(self, server: str) -> None:
        self.server: URL = make_url(server)
        self._templates: dict[str, _Template] = {}
        self._copies: dict[str, _Template] = {}

    def empty(self) -> str:
        """The address of a new empty database."""
        return self._create("template0")

    def fresh(self, template: str, migrate: Migrate) -> str:
        """The address of a copy of a template; the template is made when first asked for."""
        if template not in self._templates:
            address = self.empty()
            migrate(address)
            self._templates[template] = _Template(address)
        made = self._templates[template]
        address = made.free.pop() if made.free else self._create(make_url(made.address).database)
        self._copies[address] = made
        return address

    def drop(self, address: str) -> None:
        """Empty a copy for the next test; remove any other database, whoever is connected."""
        template = self._copies.pop(address, None)
        if template is not None and template.emptied(address):
            template.free.append(address)
            return
        self._run(f'DROP DATABASE IF EXISTS "{make_url(address).database}" WITH (FORCE)')

    def drop_all(self) -> None:
        """Remove the templates and their copies at the end of the session."""
        for template in self._templates.values():
            for address in (*template.free, template.address):
                template.let_go(address)
                self.drop(address)

    def _create(self, template: str | None) -> str:
        name = f"t_{secrets.token_hex(8)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with _connect(self.server.render_as_string(hide_password=False)) as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(statement)


COLUMNS = """
SELECT md5(string_agg(concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull), ','
                      ORDER BY attrelid::regclass::text, attnum))
FROM pg_attribute
WHERE attnum > 0 AND NOT attisdropped
AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
"""
"""One word that changes with any table or column."""


class _Template:
    """A migrated database, how to empty a copy of it, and the copies that lie ready."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.free: list[str] = []
        self._held: dict[str, Connection] = {}
        with _connect(address) as connection:
            self.columns = connection.exec_driver_sql(COLUMNS).scalar()
            order = [name for name, _ in inspect(connection).get_sorted_table_and_fkc_names()]
            tables = [n for n in reversed(order) if n and not n.endswith("_alembic_version")]
            sequences = connection.exec_driver_sql(
                "SELECT sequencename, start_value FROM pg_sequences WHERE schemaname = 'public'"
            ).fetchall()
            # setval() and not ALTER SEQUENCE, which writes a new file for every sequence.
            restarts = [f"setval('\"{name}\"', {start}, false)" for name, start in sequences]
            self.script = "; ".join(
                ["SET LOCAL lock_timeout = '2s'"]
                + [f'DELETE FROM "{table}"' for table in tables]  # noqa: S608 - names of tables
                + ([f"SELECT {', '.join(restarts)}"] if restarts else [])
            )
            filled = [
                table
                for table in tables
                if connection.exec_driver_sql(f'SELECT 1 FROM "{table}"').first()  # noqa: S608
            ]
        self.may_be_emptied = not filled  # a step that writes rows would lose them

    def emptied(self, address: str) -> bool:
        """Empty a copy; False when it is no longer like the template or somebody holds it."""
        if not self.may_be_emptied:
            return False
        try:
            if address not in self._held:
                self._held[address] = _connect(address)
            connection = self._held[address]
            if connection.exec_driver_sql(COLUMNS).scalar() == self.columns:
                connection.exec_driver_sql(self.script)
                connection.commit()
                return True
        except DBAPIError:
            pass
        self.let_go(address)
        return False

    def let_go(self, address: str) -> None:
        """Close the connection to a copy, which stays open from one emptying to the next."""
        if address in self._held:
            self._held.pop(address).close()


def _connect(address: str) -> Connection:
    return create_engine(address, poolclass=NullPool).connect()


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
