"""The one place where the parts meet."""

from __future__ import annotations

import gc
import importlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from lms import config as configuration
from lms.core.users.queries import actor_for_api_token, load_actor
from lms.db import db, engine_options, now, prepare_engine, start_clock_at
from lms.host import PluginHost, current_host
from lms.jobs.queries import queue_state
from lms.routing import LateRule
from lms.web import (
    dispatch,
    documents,
    errors,
    gate,
    headers,
    health,
    i18n,
    markdown,
    offline,
    pages,
    writing,
)
from lms.web.access import undeclared
from lms.web.identity import Loaders
from lms.web.uploads import UploadRequest
from lms.work import is_conflict

QUEUE_PATIENCE = timedelta(minutes=5)

CORE_HOOKS = (
    "lms.host.hooks",
    "lms.journal.hooks",
    "lms.jobs.hooks",
    "lms.files.hooks",
    "lms.web.hooks",
    "lms.core.settings.hooks",
    "lms.core.organisations.hooks",
    "lms.core.users.hooks",
    "lms.core.records.hooks",
    "lms.core.catalogue.hooks",
    "lms.core.enrolment.hooks",
    "lms.core.learning.hooks",
    "lms.core.messages.hooks",
    "lms.core.home.hooks",
)
"""Sockets filled by the core itself, asked before any plugin's."""

CORE_VIEWS = (
    "lms.core.settings.views",
    "lms.core.organisations.views",
    "lms.core.users.views",
    "lms.core.records.views",
    "lms.core.catalogue.views",
    "lms.core.enrolment.views",
    "lms.core.learning.views",
    "lms.core.messages.views",
    "lms.core.home.views",
    "lms.core.home.administration",
)
"""Modules with a tuple `blueprints`."""


class Application(Flask):
    """Flask, with views that are run again when two changes met and done once when sent twice."""

    url_rule_class = LateRule
    request_class = UploadRequest

    def dispatch_request(self) -> ResponseReturnValue:
        return dispatch.answer(self, super().dispatch_request)


@cache
def _keep_what_is_there() -> None:
    gc.freeze()


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Nothing made at the start becomes garbage; looking for it costs a sixth of the start.

    What is there after a process's first start stays for good, so it is never looked through.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        _keep_what_is_there()
        if collects:
            gc.enable()


@_collecting_later()
def create_app(
    config: Mapping[str, Any] | None = None,
    *,
    plugins: Sequence[tuple[str, Any]] = (),
    discover: bool = True,
) -> Application:
    """Build the application.

    `config` overrides the configuration (`lms.config`). `plugins` are (name, module or object)
    pairs added to those found through the entry points; `discover=False` leaves these out.
    Raises `ConfigurationError` when the configuration cannot work; a faulty plugin never raises.
    """
    app = Application("lms", root_path=str(Path(__file__).parent))
    given = dict(config or {})
    app.config.from_mapping({name: given.pop(name) for name in ("TESTING",) if name in given})
    app.config.update(configuration.load(given))
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["DATABASE_URL"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(app.config["DATABASE_URL"])
    headers.configure_cookies(app)
    if app.config["CLOCK_START"]:
        start_clock_at(app.config["CLOCK_START"])
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, 0, 0)  # type: ignore[method-assign]

    # Werkzeug would answer // with a redirect to the host that the browser wrote.
    app.url_map.merge_slashes = False
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)

    app.extensions["lms_loaders"] = Loaders(load_actor, actor_for_api_token)
    gate.install(app)
    pages.install(app)
    documents.install(app)
    offline.install(app)
    markdown.install(app)
    writing.install(app)
    errors.install(app)
    health.install(
        app,
        needed={"database": _database_answers, "migrations": lambda: _migrations_wait(app)},
        wished={"queue": _queue_stands_still, "plugins": _plugins_are_out},
    )
    for name in CORE_VIEWS:
        for blueprint in importlib.import_module(name).blueprints:
            app.register_blueprint(blueprint)

    host = PluginHost(app, blocked=app.config["PLUGINS_BLOCKED"])
    host.is_conflict = is_conflict
    for name in CORE_HOOKS:
        host.register_core("core." + name.split(".")[-2], importlib.import_module(name))
    if discover:
        host.discover()
    for name, plugin in plugins:
        host.add(name, plugin)
    host.start()
    app.extensions["lms_domains"] = {
        name: i18n.Domain(name, record.package_path / "translations")
        for name, record in host.records.items()
        if record.package_path is not None
    }
    if missing := undeclared(app):
        raise RuntimeError(f"routes without an access declaration: {', '.join(missing)}")
    return app


def _migrations_wait(app: Flask) -> str:
    from lms import migrate  # Alembic is not loaded before somebody asks

    return "" if migrate.at_head(app) else "The core's tables are behind: run `lms upgrade`."


def _queue_stands_still() -> str:
    since = queue_state().waiting_since
    waited = now() - since if since is not None else QUEUE_PATIENCE
    return "The queue stands still: is a worker running?" if waited > QUEUE_PATIENCE else ""


def _plugins_are_out() -> str:
    out = [line.name for line in current_host().report() if line.state == "quarantined"]
    return f"Out of order: {', '.join(out)}." if out else ""


def _database_answers() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except DBAPIError:
        db.session.rollback()
        return "The database does not answer."
    return ""
