"""The site with the demo: loaded once for each kind of database, then copied.

Loading takes half a minute, copying a moment. The workers of one test run share the originals; the
one that comes first makes them, the last to leave removes them.
"""

from __future__ import annotations

import fcntl
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.harness import postgres
from tests.journeys.running import running_site


class Originals:
    """The originals in a folder that all workers of a test run know, and on `server`, the address
    of their PostgreSQL server. To be used in a `with`; see `originals`."""

    def __init__(self, shared: Path, server: str) -> None:
        self._folder = shared / "originals"
        self._server = server
        self._used: set[str] = set()

    @contextmanager
    def copy(self, kind: str, folder: Path) -> Iterator[str | None]:
        """Copy the original's data into `folder`, and its database; yields the database's address
        (None: it lies in the folder)."""
        with self._alone(kind) as original:
            if kind not in self._used:
                self._count(original, 1)
                self._used.add(kind)
            if not (original / "database").exists():
                self._make(kind, original)
            shutil.copytree(original / "site" / "data", folder / "data")
            like = (original / "database").read_text()
        if not like:
            yield None
            return
        with postgres.database(self._server, like=like) as url:
            yield url

    def leave(self) -> None:
        """Remove the originals that no other worker uses."""
        for kind in self._used:
            with self._alone(kind) as original:
                if self._count(original, -1) == 0:
                    self._remove(original)

    def _make(self, kind: str, original: Path) -> None:
        database = f"t_{secrets.token_hex(8)}" if kind == "postgresql" else ""
        url = None
        if database:
            self._on_server("CREATE DATABASE {} TEMPLATE template0", database)
            made = make_url(self._server).set(database=database)
            url = made.render_as_string(hide_password=False)
        with running_site(original / "site", url) as site:
            site.load_demo()
        (original / "database").write_text(database)

    def _remove(self, original: Path) -> None:
        note = original / "database"
        if note.exists():
            if database := note.read_text():
                self._on_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
            note.unlink()
        shutil.rmtree(original / "site", ignore_errors=True)

    def _on_server(self, statement: str, database: str) -> None:
        address = make_url(self._server).set(drivername="postgresql")
        with psycopg.connect(
            address.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))

    @contextmanager
    def _alone(self, kind: str) -> Iterator[Path]:
        """The folder of an original, with nobody else in it."""
        original = self._folder / kind
        original.mkdir(parents=True, exist_ok=True)
        with (original / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield original

    @staticmethod
    def _count(original: Path, more: int) -> int:
        """So many more workers use it; how many do now."""
        note = original / "users"
        users = (int(note.read_text()) if note.exists() else 0) + more
        note.write_text(str(users))
        return users


@contextmanager
def originals(shared: Path, server: str) -> Iterator[Originals]:
    """The originals for one worker; see `Originals`."""
    found = Originals(shared, server)
    try:
        yield found
    finally:
        found.leave()
