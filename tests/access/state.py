"""The content of a database: to see whether something changed, and to put it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Connection, MetaData, Table, create_engine, select, text

from lms.testing.databases import careless

Rows = Sequence[tuple[Any, ...]]
Content = Mapping[str, Rows]

COUNTED = frozenset({"web_rate_count", "web_once_key"})
"""Tables that say how a thing was asked for, not what came of it."""


class State:
    """What stands in every table of one app's database."""

    def __init__(self, app: Flask) -> None:
        # An engine of its own: without the app's rules SQLite checks no foreign keys.
        self.engine = create_engine(app.config["DATABASE_URL"], pool_size=1)
        careless(self.engine)
        metadata = MetaData()
        metadata.reflect(self.engine)
        self.tables: list[Table] = [
            table for table in metadata.sorted_tables if not table.name.endswith("alembic_version")
        ]
        for table in self.tables:
            for column in table.columns:
                if isinstance(column.type, JSON):
                    column.type.none_as_null = True

        self._version: object = None
        self._read: Mapping[str, object] = {}
        self._first: dict[str, tuple[object, Rows]] = {}
        self._last: dict[str, tuple[object, Rows]] = {}

    def content(self, *, without: frozenset[str] = frozenset()) -> Content:
        """All rows by table, in the order of their primary keys."""
        found: dict[str, Rows] = {}
        with self.engine.connect() as connection:
            marks = self._marks(connection)
            for table in self.tables:
                name = table.name
                if name in without:
                    continue
                for known in (self._first, self._last):
                    if name in known and known[name][0] == marks[name]:
                        found[name] = known[name][1]
                        break
                else:
                    rows = connection.execute(select(table).order_by(*table.primary_key))
                    found[name] = [tuple(row) for row in rows]
                    self._last[name] = marks[name], found[name]
                    self._first.setdefault(name, self._last[name])
        return found

    def _marks(self, connection: Connection) -> Mapping[str, object]:
        """Something for each table that is another thing when one of its rows is: most tables
        are what they were, and reading them as they should be read takes longer."""
        names = [table.name for table in self.tables]
        if connection.dialect.name == "sqlite":
            ask = connection.connection.driver_connection.execute  # type: ignore[union-attr]
            # It counts what other connections have committed; `put_back` forgets it.
            (version,) = ask("PRAGMA data_version").fetchone()
            if version != self._version:
                self._version = version
                self._read = {name: ask(f'SELECT * FROM "{name}"').fetchall() for name in names}
            return self._read
        # How many rows, and the numbers of the transactions that wrote them: as each is higher than
        # all before, no other rows come to the same.
        rows = "concat_ws(' ', count(*), sum(xmin::text::bigint))"
        marks = ", ".join(f'(SELECT {rows} FROM "{name}")' for name in names)
        return dict(zip(names, connection.execute(text(f"SELECT {marks}")).one(), strict=True))

    def put_back(self, kept: Content) -> bool:
        """Make the database what it was; False when it still was."""
        now = self.content()
        changed = [table for table in self.tables if now[table.name] != kept[table.name]]
        if not changed:
            self._count_on_from(kept)
            return False
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # Tables are put back one by one, so no rule may look from one to the other.
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in changed:
                connection.execute(table.delete())
                if rows := kept[table.name]:
                    columns = [column.name for column in table.columns]
                    connection.execute(
                        table.insert(), [dict(zip(columns, row, strict=True)) for row in rows]
                    )
        self._version = None
        self._count_on_from(kept)
        return True

    def close(self) -> None:
        """Close the connection, which stays open from test to test."""
        self.engine.dispose()

    def _count_on_from(self, kept: Content) -> None:
        """Let the next ids be the same as the first time; SQLite does that by itself."""
        if self.engine.dialect.name != "postgresql":
            return
        set_back = []
        for table in self.tables:
            if "id" in table.columns and table.columns["id"].autoincrement is True:
                place = list(table.columns.keys()).index("id")
                last = max((row[place] for row in kept[table.name]), default=0)
                sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                set_back.append(f"setval({sequence}, {last + 1}, false)")
        with self.engine.begin() as connection:
            connection.execute(text(f"SELECT {', '.join(set_back)}"))


def changed_tables(before: Content, after: Content) -> list[str]:
    """Names of the tables whose rows differ."""
    return [name for name, rows in before.items() if after[name] != rows]
