"""What an app looks like, to see whether a test has left something in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from flask import Flask

from lms.db import db
from lms.host import PluginRecord

PASSING = {
    "app": frozenset({"_got_first_request"}),
    "templates": frozenset({"cache"}),  # compiled templates by loader, name and time of change
    "host": frozenset({"timings", "_failures", "_told", "_read_at", "_rows"}),
    "watchdog": frozenset({"_stacks", "_thread"}),  # calls in progress, and who watches them
}
"""Attributes that change by being used. `made_new` sets back those that a test could see."""

Portrait = Mapping[str, object]


def portrait_of(app: Flask) -> Portrait:
    """Everything in an app that somebody could have changed, by name.

    Dictionaries, lists and the host's records are copied; other objects stand for themselves.
    """
    host = app.extensions["lms_host"]
    _fill_lazily(app)
    with app.app_context():
        engine = db.engine
    seen: dict[str, object] = {}
    for name, holder in (
        ("app", app),
        ("templates", app.jinja_env),
        ("host", host),
        ("watchdog", host._watchdog),
        ("states", host.states),
        ("url_map", app.url_map),
    ):
        for attribute, value in vars(holder).items():
            if attribute not in PASSING.get(name, ()):
                seen[f"{name}.{attribute}"] = _seen(value)
    seen["plugins"] = _seen(host.manager.list_name_plugin())
    seen["commands"] = _seen(app.cli.commands)
    seen["engine"] = engine
    for what in (engine, engine.pool):
        for event in what.dispatch._event_names:
            listeners = tuple(getattr(what.dispatch, event))
            seen[f"{type(what).__name__}: {event}"] = _seen(listeners)
    return seen


def differences(before: Portrait, after: Portrait) -> list[str]:
    """The names of what is not as it was, in alphabetical order."""
    return sorted(
        name
        for name in before.keys() | after.keys()
        if name not in before or name not in after or before[name] != after[name]
    )


def made_new(app: Flask) -> None:
    """Forget what an app learns by being used. Its database is as new already."""
    app._got_first_request = False
    host = app.extensions["lms_host"]
    host.timings.clear()
    host._failures.clear()
    host._told.clear()
    with app.app_context():
        host._take_rows(host.states.read())
        db.session.remove()


def _fill_lazily(app: Flask) -> None:
    """Have made what Flask makes when it is first asked for."""
    _ = app.name, app.logger, app.jinja_env
    app.url_map.update()


def _seen(value: Any) -> object:
    """A copy that later changes do not reach; what is no container stands for itself."""
    if isinstance(value, Mapping):
        # Looking into a `defaultdict` leaves empty places behind.
        places = ((key, _seen(one)) for key, one in value.items())
        return {key: one for key, one in places if one not in ({}, [])}
    if isinstance(value, set | frozenset):
        return set(value)
    if isinstance(value, list | tuple | deque):
        return [_seen(one) for one in value]
    if isinstance(value, PluginRecord):
        return [_seen(getattr(value, field.name)) for field in fields(value)]
    return value
