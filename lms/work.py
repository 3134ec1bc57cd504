"""Units of work: services flush, the request commits once.

A unit of work ends whatever was read before, begins again as a writer, and commits once at its
end. What was read before must be read again inside. Conflicts become `Conflict`, which the
application answers by running the whole view again (`lms.app.Application`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import g
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from lms.db import WRITER, db

RETRYABLE_SQLSTATES = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "55P03",  # lock not available
    "57P01",  # the server is shutting down
    "57P02",
    "57P03",
}


class Conflict(Exception):
    """Two changes met, or the connection was lost: nothing was written, trying again may work."""


def is_conflict(error: BaseException) -> bool:
    """Is this database error one that a second try may cure?"""
    if isinstance(error, StaleDataError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if getattr(error.orig, "sqlstate", None) in RETRYABLE_SQLSTATES:
        return True
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


@contextmanager
def unit_of_work(*, harmless: bool = False) -> Iterator[None]:
    """Run the block in one writing transaction and commit it at the end.

    `harmless` says that doing it twice does no harm, so that the view may still be run again.
    Raises `Conflict` when the database asks for another try; any other error rolls back and
    passes through. Units of work do not nest.
    """
    if in_unit_of_work():
        raise RuntimeError("units of work do not nest: a service was given the request's task")
    db.session.rollback()
    g.lms_unit_of_work = True
    g.lms_after_commit = []
    try:
        db.session.connection(execution_options={WRITER: True})
        yield
        db.session.commit()
        g.lms_committed = g.get("lms_committed", False) or not harmless
    except BaseException as error:
        db.session.rollback()
        if is_conflict(error):
            raise Conflict(str(error)) from error
        raise
    finally:
        g.lms_unit_of_work = False
    for call in g.pop("lms_after_commit", []):
        call()


def begin_view() -> None:
    """A view is run, for the first time or again: it has not committed anything yet."""
    g.lms_committed = False


def view_has_committed() -> bool:
    """Has a unit of work committed since `begin_view`? Then the view must not be run again."""
    return bool(g.get("lms_committed", False))


def in_unit_of_work() -> bool:
    """Is a unit of work open in this context?"""
    return bool(g.get("lms_unit_of_work", False))


def after_commit(call: Callable[[], None]) -> None:
    """Call once the open unit of work has committed, for example to wake the worker."""
    if not in_unit_of_work():
        raise RuntimeError("after_commit belongs inside a unit of work")
    calls: list[Callable[[], None]] = g.lms_after_commit
    if call not in calls:
        calls.append(call)
