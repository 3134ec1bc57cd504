"""Queries of one page: how many are the core's, and how many each plugin's hook sends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from lms.db import db
from lms.host.calls import Calls
from lms.testing import NOT_COUNTED

CORE = ("core", "")


@dataclass
class Counted:
    """Statements by who sent them: `CORE`, or a plugin and its hook."""

    by: Counter[tuple[str, str]] = field(default_factory=Counter)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    statements: list[str] = field(default_factory=list)

    @property
    def core(self) -> int:
        """How many are not a plugin's."""
        return self.by[CORE]

    @property
    def plugins(self) -> dict[tuple[str, str], int]:
        """How many each plugin's hook sent."""
        return {who: n for who, n in self.by.items() if who != CORE and n}


@contextmanager
def queries_by_sender(app: Flask) -> Iterator[Counted]:
    """Count what the app sends inside the block. Transaction control is not counted.

    Every call into a plugin goes through the host, which names the plugin and the hook there.
    """
    counted, inside = Counted(), [CORE]
    timed = Calls._timed

    def named(self: Calls, plugin: str, hook: str, call: Callable[[], Any]) -> Any:
        who = CORE if plugin.startswith("core.") else (plugin, hook)
        counted.calls[who] += 1
        inside.append(inside[-1] if who == CORE else who)
        try:
            return timed(self, plugin, hook, call)
        finally:
            inside.pop()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            counted.by[inside[-1]] += 1
            counted.statements.append(statement)

    # Every two seconds a worker reads which plugins are active, whichever page comes by then:
    # that is nobody's query, and by chance it would be somebody's here.
    host = app.extensions["lms_host"]
    host._read_at += 3600
    with app.app_context():
        engine = db.engine
    Calls._timed = named  # type: ignore[method-assign]
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        host._read_at -= 3600
        event.remove(engine, "before_cursor_execute", note)
        Calls._timed = timed  # type: ignore[method-assign]
