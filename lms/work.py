"""Units of work: services flush, the request commits once.

A unit of work ends whatever was read before, begins again as a writer, and commits once at its
end. What was read before must be read again inside. Conflicts become `Conflict`, which the
application answers by running the whole view again (`lms.web.dispatch`).

A request that carries a key to be done once brings a `Witness`. Its commit waits for the answer,
so that the deed and the note of it are one transaction; see ADR 0020.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from flask import g
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
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
AWAY_SQLSTATES = {
    *RETRYABLE_SQLSTATES,
    "57014",  # the statement took longer than it may
    "25006",  # the server takes no writes
    "58030",  # its disk fails
}
AWAY_CLASSES = ("08", "53")  # the connection; disk, memory or connections used up
AWAY_IN_SQLITE = (
    "database is locked",
    "database table is locked",
    "disk is full",
    "readonly database",
    "unable to open database file",
    "disk i/o error",
)


class Conflict(Exception):
    """Two changes met, or the connection was lost: nothing was written, trying again may work."""


class Unsure(Exception):
    """The connection was lost so late that nobody knows whether the deed was written."""


class Witness(Protocol):
    """Writes down, in the transaction of a request's deed, that the request was done."""

    def begin(self) -> None:
        """First in the transaction of each unit of work of the view; may raise to end it."""


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


def is_away(error: BaseException) -> bool:
    """Is the database not to be had just now, through no fault of ours? Waiting may help."""
    if isinstance(error, Conflict | NoConnectionFree) or is_conflict(error):
        return True
    if not isinstance(error, OperationalError):
        state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
        return isinstance(error, DBAPIError) and state in AWAY_SQLSTATES
    if type(error.orig).__module__ == "sqlite3":
        return any(words in str(error.orig).casefold() for words in AWAY_IN_SQLITE)
    state = getattr(error.orig, "sqlstate", None)
    # Without a code of the server's it never got as far as asking one.
    return state is None or state in AWAY_SQLSTATES or state.startswith(AWAY_CLASSES)


@contextmanager
def unit_of_work(*, harmless: bool = False) -> Iterator[None]:
    """Run the block in one writing transaction and commit it at the end.

    `harmless` says that doing it twice does no harm, so that the view may still be run again.
    With a witness the commit waits until the view has answered, draws a page or begins another
    unit of work. Raises `Conflict` when the database asks for another try; any other error rolls
    back and passes through. Units of work do not nest.
    """
    if in_unit_of_work():
        raise RuntimeError("units of work do not nest: a service was given the request's task")
    commit_held()
    db.session.rollback()
    witness: Witness | None = None if harmless else g.get("lms_witness")
    g.lms_unit_of_work = True
    g.lms_after_commit = []
    try:
        db.session.connection(execution_options={WRITER: True})
        if witness is not None:
            witness.begin()
        yield
        if witness is not None:
            db.session.flush()
            g.lms_held = db.session().get_transaction()
    except BaseException as error:
        db.session.rollback()
        if is_conflict(error):
            raise Conflict(str(error)) from error
        raise
    finally:
        g.lms_unit_of_work = False
    if witness is None:
        _commit(harmless=harmless)


def _commit(*, harmless: bool = False) -> None:
    try:
        db.session.commit()
    except BaseException as error:
        db.session.rollback()
        if is_conflict(error):
            # A server that is gone takes with it the word on whether it had committed.
            g.lms_commit_lost = not harmless and "database is locked" not in str(error)
            raise Conflict(str(error)) from error
        raise
    g.lms_committed = g.get("lms_committed", False) or not harmless
    for call in g.pop("lms_after_commit", []):
        call()


def begin_view(witness: Witness | None = None) -> None:
    """A view is run, for the first time or again: it has not committed anything yet."""
    g.lms_committed = False
    g.lms_held = None
    g.lms_witness = witness


def bring_witness(witness: Witness) -> None:
    """From now on this view's units of work are witnessed; the first witness stays."""
    if g.get("lms_witness") is None:
        g.lms_witness = witness


def view_has_committed() -> bool:
    """Has a unit of work committed since `begin_view`? Then the view must not be run again."""
    return bool(g.get("lms_committed", False))


def commit_was_lost() -> bool:
    """Was the connection lost during a commit of this request?"""
    return bool(g.get("lms_commit_lost", False))


def is_held() -> bool:
    """Does a unit of work that has ended wait for the answer before it is committed?"""
    return g.get("lms_held") is not None


def commit_held() -> None:
    """Commit the unit of work that was held, if there is one. Raises `Conflict`."""
    held = g.get("lms_held")
    if held is None:
        return
    g.lms_held = None
    if db.session().get_transaction() is not held:
        raise Conflict("what was done was rolled back before it could be committed")
    _commit()


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
