"""A fresh database for every test, copied from one that was migrated once per session."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url
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
    """Databases on one server, copied by the server."""

    def __init__(self, server: str) -> None:
        self.server: URL = make_url(server)
        self._templates: dict[str, str] = {}

    def empty(self) -> str:
        """The address of a new empty database."""
        return self._create("template0")

    def fresh(self, template: str, migrate: Migrate) -> str:
        """The address of a copy of a template; the template is made when first asked for."""
        if template not in self._templates:
            address = self.empty()
            migrate(address)
            self._templates[template] = address
        return self._create(make_url(self._templates[template]).database or "")

    def drop(self, address: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._run(f'DROP DATABASE IF EXISTS "{make_url(address).database}" WITH (FORCE)')

    def drop_templates(self) -> None:
        """Remove the templates at the end of the session."""
        for address in self._templates.values():
            self.drop(address)

    def _create(self, template: str) -> str:
        name = f"t_{secrets.token_hex(8)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = create_engine(self.server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)


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
        stack.callback(found.drop_templates)
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
