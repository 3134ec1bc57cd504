"""Apps that go from test to test: making one costs more than most tests do."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from lms.db import db
from lms.testing import Plugin
from lms.testing.databases import Databases
from lms.testing.portrait import Portrait

Fill = Callable[[Flask], None]
Key = tuple[bool, tuple[object, ...], Fill | None]
Make = Callable[[str, Path], Flask]
"""Makes an app on the database at an address, with a data folder."""

MOST = 8
"""Apps that lie here at most; the one that has lain longest goes first."""

WATCHERS = frozenset({"lms-plugin-watchdog"})
"""Threads that an app may leave running; they end by themselves."""


@dataclass(slots=True, eq=False)
class Lent:
    """An app in the hands of a test."""

    key: Key
    app: Flask
    address: str
    folder: Path
    portrait: Portrait
    threads: frozenset[threading.Thread] = field(default_factory=frozenset)


class Shelf:
    """The apps of a test session that nobody uses just now.

    An app is handed out again only when it is as it was when it was made: whoever adds a page,
    changes its configuration or switches a plugin off has had it for good. Its database and its
    data folder are put back, with the rows and files that filled it at first, and what it learns
    by being used is forgotten.
    """

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.databases = databases
        self.folder = folder
        self._free: list[Lent] = []
        self._made = 0

    def lend(self, key: Key, address: Callable[[], str], make: Make) -> Lent:
        """An app for `key`, as new: one that lies here, or one that `make` makes."""
        for lent in [one for one in self._free if one.key == key]:
            self._free.remove(lent)
            if self._is_new_again(lent):
                lent.threads = frozenset(threading.enumerate())
                return lent
            self._throw_away(lent)
        return self._made_for(key, address(), make)

    def take_back(self, lent: Lent) -> None:
        """Keep an app for the next test, unless somebody still uses it."""
        with lent.app.app_context():
            db.session.remove()
        if lent.portrait.engine.pool.checkedout() or _new_threads(lent.threads):  # type: ignore[attr-defined]
            self._throw_away(lent)
        else:
            self._free.append(lent)
            if len(self._free) > MOST:
                self._throw_away(self._free.pop(0))

    def clear(self) -> None:
        """Throw away whatever lies here."""
        while self._free:
            self._throw_away(self._free.pop())

    def _made_for(self, key: Key, address: str, make: Make) -> Lent:
        self._made += 1
        folder = self.folder / f"data-{self._made}"
        app = make(address, folder)
        filled(app, key[-1])
        shutil.copytree(folder, _kept(folder))
        self.databases.remember(address)
        lent = Lent(key, app, address, folder, Portrait(app))
        lent.threads = frozenset(threading.enumerate())
        return lent

    def _is_new_again(self, lent: Lent) -> bool:
        if lent.portrait.changes() or not self.databases.put_back(
            lent.address, lent.portrait.engine
        ):
            return False
        shutil.rmtree(lent.folder)
        shutil.copytree(_kept(lent.folder), lent.folder)
        lent.portrait.make_new()
        return True

    def _throw_away(self, lent: Lent) -> None:
        lent.portrait.engine.dispose()
        self.databases.drop(lent.address)


@contextmanager
def shelf(databases: Databases, folder: Path) -> Iterator[Shelf]:
    """A shelf for a test session."""
    made = Shelf(databases, folder)
    try:
        yield made
    finally:
        made.clear()


def filled(app: Flask, fill: Fill | None) -> Flask:
    """The app, with what `fill` writes, and nobody connected to its database."""
    if fill is not None:
        fill(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return app


def key_of(plugins: Sequence[Plugin], discover: bool, fill: Fill | None) -> Key | None:
    """What apps have in common that can stand in for each other; None for one of its own.

    A plugin named by its entry point is a module, the same for every app. An object can be told
    apart from others of its class only by what it holds, so one that can hold nothing
    (`__slots__ = ()`) is as good as the next. `LMS_TEST_OWN_APPS` keeps every app to one test.
    """
    if os.environ.get("LMS_TEST_OWN_APPS"):
        return None
    named: list[object] = []
    for plugin in plugins:
        if isinstance(plugin, str):
            named.append(plugin)
        elif _holds_nothing(plugin[1]):
            named.append((plugin[0], type(plugin[1])))
        else:
            return None
    return discover, tuple(named), fill


def _holds_nothing(plugin: object) -> bool:
    *classes, _object = type(plugin).__mro__
    return all(vars(one).get("__slots__") == () for one in classes)


def _kept(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-kept")


def _new_threads(before: frozenset[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before and thread.name not in WATCHERS
    ]
