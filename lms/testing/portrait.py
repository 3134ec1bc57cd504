"""What an app looks like, to see whether a test has left something in it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from flask import Flask
from sqlalchemy.engine import Engine

from lms.db import db
from lms.host import PluginHost, PluginRecord

PASSING: Mapping[str, frozenset[str]] = {
    "app": frozenset({"_got_first_request"}),
    "templates": frozenset({"cache"}),  # compiled templates, by their loader and name
    "host": frozenset({"timings", "_failures", "_told", "_read_at", "_rows"}),
    "watchdog": frozenset({"_stacks", "_thread"}),  # calls in progress, and who watches them
}
"""Attributes that change by mere use. What a test could see of them, `make_new` sets back."""


class Portrait:
    """An app as it was when the portrait was taken.

    Dictionaries, lists and the host's records are copied; every other object stands for itself.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.host: PluginHost = app.extensions["lms_host"]
        with app.app_context():
            self.engine: Engine = db.engine
        self._rows = dict(self.host._rows)
        self._seen = self._look()

    def changes(self) -> list[str]:
        """The names of what is not as it was, in alphabetical order."""
        before, after = self._seen, self._look()
        return sorted(
            name
            for name in before.keys() | after.keys()
            if name not in before or name not in after or before[name] != after[name]
        )

    def make_new(self) -> None:
        """Forget what the app has learnt by being used; its database is as it was."""
        self.app._got_first_request = False
        self.host.timings.clear()
        self.host._failures.clear()
        self.host._told.clear()
        self.host._rows = dict(self._rows)
        self.host._read_at = time.monotonic()

    def _look(self) -> dict[str, object]:
        app, host = self.app, self.host
        # Flask makes these when somebody first asks for them.
        _ = app.name, app.logger, app.jinja_env
        app.url_map.update()
        holders: dict[str, object] = {
            "app": app,
            "templates": app.jinja_env,
            "host": host,
            "watchdog": host._watchdog,
            "states": host.states,
            "addresses": app.url_map,
        }
        seen: dict[str, object] = {
            f"{name}.{attribute}": _copied(value)
            for name, holder in holders.items()
            for attribute, value in vars(holder).items()
            if attribute not in PASSING.get(name, ())
        }
        seen["plugins"] = _copied(host.manager.list_name_plugin())
        seen["commands"] = _copied(app.cli.commands)
        with app.app_context():
            seen["engine"] = db.engine
        heard: tuple[tuple[str, Any], ...] = (
            ("engine", self.engine.dispatch),
            ("pool", self.engine.pool.dispatch),
        )
        for name, dispatch in heard:
            for event in dispatch._event_names:
                seen[f"{name}.{event}"] = list(getattr(dispatch, event))
        return seen


def _copied(value: Any) -> object:
    """A copy that later changes do not reach; what is no container stands for itself."""
    if isinstance(value, Mapping):
        # Looking into a `defaultdict` leaves empty places behind.
        places = ((key, _copied(one)) for key, one in value.items())
        return {key: one for key, one in places if one not in ({}, [])}
    if isinstance(value, set | frozenset):
        return set(value)
    if isinstance(value, list | tuple | deque):
        return [_copied(one) for one in value]
    if isinstance(value, PluginRecord):
        return [_copied(getattr(value, field.name)) for field in fields(value)]
    return value
