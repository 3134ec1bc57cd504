"""The database: one declarative base, engine settings per database, column types, the clock.

SQLite and PostgreSQL are equals here. Transactions are begun by hand on SQLite, because the
driver's own default begins late and reading first and writing later in one transaction fails at
once whatever the timeout; `lms.work.unit_of_work` asks for `BEGIN IMMEDIATE`.
"""

from __future__ import annotations

import base64
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, Executable, MetaData, String, event
from sqlalchemy.engine import Connection, CursorResult, Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from lms.contracts import LocalisedText

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_KEY = re.compile(r"[a-z2-7]{16}")

WRITER = "lms_writer"  # execution option: this transaction will write


class Base(DeclarativeBase):
    """The core's declarative base. A plugin gets one of its own: `lms.api.plugin_base`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


db: SQLAlchemy = SQLAlchemy(model_class=Base)


def execute(
    statement: Executable, values: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement that every request needs, in the transaction of the session.

    `statement` is built once for a process, behind `@functools.cache`; `values` are its bound
    parameters by name, and of an insert or update the columns to write. It goes past the ORM,
    which would cost more than all the rest: columns go in and come out, never objects, and objects
    that the session holds are not brought up to date. What the session has not flushed yet is
    flushed first. Raises what the database raises.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values)


# --- the clock ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Clock:
    shift: timedelta = timedelta(0)
    stopped_at: datetime | None = None


_clock = _Clock()


def now() -> datetime:
    """The time, aware, in UTC. The only clock of the house."""
    if _clock.stopped_at is not None:
        return _clock.stopped_at
    return datetime.now(UTC) + _clock.shift  # noqa: TID251 - this is the one clock


def today() -> date:
    """The day it is where the site is (`ZONE`), also in the hours when UTC has another day."""
    return now().astimezone(ZoneInfo(current_app.config["ZONE"])).date()


def start_clock_at(moment: datetime | None) -> None:
    """Let the clock run from `moment` (aware); None sets it right again. For tests and demos."""
    _clock.shift = timedelta(0) if moment is None else moment - datetime.now(UTC)  # noqa: TID251


@contextmanager
def stopped_clock(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` (aware) inside a `with`; for tests."""
    before, _clock.stopped_at = _clock.stopped_at, moment.astimezone(UTC)
    try:
        yield
    finally:
        _clock.stopped_at = before


# --- column types and keys ----------------------------------------------------------------------


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python; SQLite stores it without the zone, PostgreSQL as timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was given to the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Localised(TypeDecorator[LocalisedText]):
    """A `LocalisedText` as one JSON object."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: LocalisedText | None, dialect: Dialect
    ) -> dict[str, str] | None:
        return None if value is None else value.as_dict()

    def process_result_value(
        self, value: Mapping[str, str] | None, dialect: Dialect
    ) -> LocalisedText | None:
        return None if value is None else LocalisedText.from_dict(value)


class Code(String):
    """A short machine word (state, kind, key): a string of at most 40 characters."""

    def __init__(self, length: int = 40) -> None:
        super().__init__(length)


def new_key() -> str:
    """A random 80-bit key for addresses: 16 lower-case base32 letters and digits."""
    return base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()


def is_key(text: str) -> bool:
    """Does it look like a key? Anything else need not be asked for, and some of it (a NUL) must
    not."""
    return _KEY.fullmatch(text) is not None


def clean_text(text: str) -> str:
    """Unicode NFC, white space collapsed, edges trimmed: how names enter the database."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def search_key(text: str) -> str:
    """Case-folded and cleaned, for columns that are searched: SQLite's LIKE knows ASCII only."""
    return clean_text(text).casefold()


# --- engines ------------------------------------------------------------------------------------


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine`, by the kind of database."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5, "check_same_thread": False}}
    return {
        "pool_size": 2,
        "max_overflow": 3,
        "pool_timeout": 5,
        "connect_args": {
            "connect_timeout": 5,
            "options": "-c statement_timeout=5000 -c lock_timeout=3000 -c timezone=UTC",
        },
    }


def prepare_engine(engine: Engine) -> None:
    """Set up an engine: pragmas and hand-made BEGIN for SQLite, `lms.postgres` for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        from lms import postgres  # on SQLite no process ever needs the driver

        postgres.prepare(engine)
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=5000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writer = connection.get_execution_options().get(WRITER, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")
