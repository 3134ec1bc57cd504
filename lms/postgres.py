"""Connections to PostgreSQL that keep what they have prepared. Imported where there is one only.

psycopg has the server prepare a statement that comes again and again, and forgets all of them
when a transaction is rolled back, for a table may have been made in it. Ours read, roll back, and
write in the next transaction; tables are made by migrations alone. A statement that is parsed and
planned anew for each request costs more than everything else it does; see ADR 0028.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

FRESH_SECONDS = 1.0
"""A connection that was used so shortly ago is not asked whether it still lives."""


class Connection(psycopg.Connection[Any]):
    """A connection whose prepared statements outlive a rollback."""

    def rollback(self) -> None:
        """Roll back to the beginning of the transaction; raises what psycopg's own raises."""
        open_ = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
        if (
            self.info.transaction_status not in open_
            or self.pgconn.exec_(b"ROLLBACK").status != ExecStatus.COMMAND_OK
        ):
            super().rollback()


def prepare(engine: Engine) -> None:
    """Have the engine make such connections, and ask those that have rested whether they live."""

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> Connection:
        return Connection.connect(*arguments, **options)

    @event.listens_for(engine, "checkin")
    def _rests(_connection: Any, record: Any) -> None:
        record.info["since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _wakes(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("since")
        if since is None or time.monotonic() - since < FRESH_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise InvalidatePoolError("the server has gone away meanwhile") from error
