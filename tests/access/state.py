"""The content of a database: to see whether something changed, and to put it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Connection, MetaData, Table, create_engine, select, text

from lms.testing.databases import careless

Content = Mapping[str, Sequence[tuple[Any, ...]]]

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

        self._read: tuple[object, Content] = (None, {})

    def content(self, *, without: frozenset[str] = frozenset()) -> Content:
        """All rows by table, in the order of their primary keys."""
        with self.engine.connect() as connection:
            mark = self._mark(connection)
            if mark != self._read[0]:
                self._read = (
                    mark,
                    {
                        table.name: [
                            tuple(row)
                            for row in connection.execute(
                                select(table).order_by(*table.primary_key)
                            )
                        ]
                        for table in self.tables
                    },
                )
        return {name: rows for name, rows in self._read[1].items() if name not in without}

    def _mark(self, connection: Connection) -> object:
        """Something that is another thing when any row is: reading everything takes longer."""
        if connection.dialect.name == "sqlite":
            # Counts what other connections have committed; whoever writes here says so.
            return connection.execute(text("PRAGMA data_version")).scalar()
        rows = "coalesce(string_agg(t::text, '|' ORDER BY t::text), '')"
        digests = (f'(SELECT md5({rows}) FROM "{table.name}" t)' for table in self.tables)
        return connection.execute(text(f"SELECT concat_ws(' ', {', '.join(digests)})")).scalar()

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
        self._read = None, {}
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
