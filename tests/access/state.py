"""The content of a database: to see whether something changed, and to put it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import JSON, MetaData, Table, create_engine, select, text
from sqlalchemy.pool import NullPool

Content = Mapping[str, Sequence[tuple[Any, ...]]]

COUNTED = frozenset({"web_rate_count", "web_once_key"})
"""Tables that say how a thing was asked for, not what came of it."""


class State:
    """What stands in every table of one app's database."""

    def __init__(self, app: Flask) -> None:
        # An engine of its own: without the app's rules SQLite checks no foreign keys.
        self.engine = create_engine(app.config["DATABASE_URL"], poolclass=NullPool)
        metadata = MetaData()
        metadata.reflect(self.engine)
        self.tables: list[Table] = [
            table for table in metadata.sorted_tables if not table.name.endswith("alembic_version")
        ]
        for table in self.tables:
            for column in table.columns:
                if isinstance(column.type, JSON):
                    column.type.none_as_null = True

    def content(self, *, without: frozenset[str] = frozenset()) -> Content:
        """All rows by table, in the order of their primary keys."""
        found: dict[str, Sequence[tuple[Any, ...]]] = {}
        with self.engine.connect() as connection:
            for table in self.tables:
                if table.name not in without:
                    rows = connection.execute(select(table).order_by(*table.primary_key))
                    found[table.name] = [tuple(row) for row in rows]
        return found

    def put_back(self, kept: Content) -> bool:
        """Make the database what it was; False when it still was."""
        if self.content() == kept:
            self._count_on_from(kept)
            return False
        names = ", ".join(f'"{table.name}"' for table in self.tables)
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"TRUNCATE {names}"))
            for table in self.tables:
                if connection.dialect.name == "sqlite":
                    connection.execute(table.delete())
                if rows := kept[table.name]:
                    columns = [column.name for column in table.columns]
                    connection.execute(
                        table.insert(), [dict(zip(columns, row, strict=True)) for row in rows]
                    )
        self._count_on_from(kept)
        return True

    def _count_on_from(self, kept: Content) -> None:
        """Let the next ids be the same as the first time; SQLite does that by itself."""
        if self.engine.dialect.name != "postgresql":
            return
        with self.engine.begin() as connection:
            for table in self.tables:
                if "id" in table.columns and table.columns["id"].autoincrement is True:
                    place = list(table.columns.keys()).index("id")
                    last = max((row[place] for row in kept[table.name]), default=0)
                    sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
                    connection.execute(text(f"SELECT setval({sequence}, {last + 1}, false)"))


def changed_tables(before: Content, after: Content) -> list[str]:
    """Names of the tables whose rows differ."""
    return [name for name, rows in before.items() if after[name] != rows]
