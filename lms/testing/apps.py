"""The apps of one test: borrowed where one will do that served others, else made for it alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from lms.app import create_app
from lms.db import db
from lms.migrate import Outcome, owners, upgrade
from lms.testing import TEST_CONFIG, Plugin
from lms.testing.databases import Databases, careless
from lms.testing.shelf import Fill, Lent, Shelf, filled, key_of
from lms.testing.templates import COMPILED_TEMPLATES


class Apps:
    """What the fixture `lms_app_factory` gives is its `make`."""

    def __init__(self, databases: Databases, shelf: Shelf, folder: Path) -> None:
        self.databases = databases
        self.shelf = shelf
        self.folder = folder
        self._lent: list[Lent] = []
        self._own: list[Flask] = []
        self._addresses: list[str] = []

    def make(
        self,
        plugins: Sequence[Plugin] = (),
        *,
        discover: bool = False,
        migrated: bool = True,
        database_url: str | None = None,
        fill: Fill | None = None,
        **config: Any,
    ) -> Flask:
        """See `lms.testing.AppFactory`."""
        key = key_of(plugins, discover, fill)
        if key is not None and migrated and database_url is None and not config:
            lent = self.shelf.lend(
                key,
                lambda: self._fresh(plugins, discover),
                lambda address, folder: _create(address, folder, plugins, discover),
            )
            self._lent.append(lent)
            return lent.app
        own = database_url is None
        if database_url is None:
            database_url = self._fresh(plugins, discover) if migrated else self.databases.empty()
            self._addresses.append(database_url)
        folder = self.folder / f"data-{len(self._own)}"
        app = _create(database_url, folder, plugins, discover, **config)
        self._own.append(app)
        if migrated and (not own or _brings_tables(app, plugins)):
            _upgrade(app)
        return filled(app, fill)

    def close(self) -> None:
        """Put everything back or away."""
        for app in self._own:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
        for address in self._addresses:
            self.databases.drop(address)
        for lent in self._lent:
            self.shelf.take_back(lent)

    def _fresh(self, plugins: Sequence[Plugin], discover: bool) -> str:
        # A template outlives the test, so it knows nothing of what is particular to one.
        named = sorted(plugin for plugin in plugins if isinstance(plugin, str))

        def migrate(address: str) -> None:
            for outcome in _upgrade(_create(address, self.folder / "template", named, discover)):
                if outcome.error and outcome.owner in named:
                    raise RuntimeError(f"{outcome.owner}: {outcome.error}")

        return self.databases.fresh("-".join(["all"] if discover else ["core", *named]), migrate)


def make_app(
    config: Mapping[str, Any], *, plugins: Sequence[tuple[str, object]] = (), discover: bool = False
) -> Flask:
    """`create_app` with `TEST_CONFIG` below `config`, and without what only a site needs."""
    app = create_app(dict(TEST_CONFIG) | dict(config), plugins=plugins, discover=discover)
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    with app.app_context():
        careless(db.engine)
    return app


def _create(
    address: str, folder: Path, plugins: Sequence[Plugin], discover: bool, **config: Any
) -> Flask:
    places = {"DATABASE_URL": address, "DATA_DIR": folder}
    return make_app(
        places | config, plugins=[_loaded(plugin) for plugin in plugins], discover=discover
    )


def _loaded(plugin: Plugin) -> tuple[str, object]:
    if not isinstance(plugin, str):
        return plugin
    from importlib.metadata import entry_points

    (entry_point,) = entry_points(group="lms.plugins", name=plugin)
    return plugin, entry_point.load()


def _brings_tables(app: Flask, plugins: Sequence[Plugin]) -> bool:
    """Did the test bring a plugin with tables, which no template can know?"""
    brought = {plugin[0] for plugin in plugins if not isinstance(plugin, str)}
    return bool(brought) and any(owner.name in brought for owner in owners(app))


def _upgrade(app: Flask) -> list[Outcome]:
    outcomes = upgrade(app)
    with app.app_context():
        db.engine.dispose()
    return outcomes
