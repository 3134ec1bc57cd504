"""The plugin host: one per app, never a global."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Blueprint, Flask, current_app

from lms.db import now
from lms.host.answers import check_answer
from lms.host.blueprints import dry_run, mount
from lms.host.inspection import check_models
from lms.host.records import (
    Contribution,
    PluginRecord,
    PluginReport,
    Timing,
    in_words,
    without_secrets,
)
from lms.host.registries import Registries
from lms.host.roster import MODELS
from lms.host.templates import add_templates
from lms.host.watchdog import RunningCall

log = logging.getLogger("lms.host")


class PluginHost(Registries):
    """Finds plugins, takes them in, calls them, and keeps their faults from everybody else.

    Use: `register_core` for each room, `discover()` and `add()` for plugins, then `start()` once.
    """

    recycle: Callable[[str, str], None]
    """Called with (plugin, hook) when a call hangs past the second limit; ends a web worker or
    the worker process, which their supervisor starts anew. Elsewhere it only logs."""

    def __init__(self, app: Flask, *, blocked: Iterable[str] = ()) -> None:
        super().__init__(app, blocked)
        self.recycle = end_process if _is_supervised(app) else _only_log
        self._route_owners: dict[str, str] = {}
        app.extensions["lms_host"] = self
        app.teardown_request(lambda _error: self.flush_failures())

    def start(self) -> None:
        """Take in everything that is not blocked, and ask what it brings.

        A faulty plugin is put aside and never raises. Raises `SQLAlchemyError` when the database
        does not answer, and whatever a fault in the core raises.
        """
        with self.app.app_context():
            rows = self.states.read()
            if rows is not None:
                self.states.take_notes()
                rows = self.states.read()
            taken = self._take_in(rows or {})
            for record in taken:
                self._guarded(record, MODELS, check_models, record.name, record.module)
            self._mount_core()
            for record in taken:
                if not record.fault:
                    self._guarded(record, "lms_blueprints", self._mount, record)
            add_templates(
                self.app,
                {
                    record.name: record.package_path / "templates"
                    for record in self._records.values()
                    if record.package_path is not None
                },
            )
            self._fill_registries()
            self.states.note_versions(
                {record.name: record.version for record in taken}, self.default_state
            )
            self._take_rows(self.states.read())
            self.started = True
        # A worker forked from this process must not share its connections.
        self.states.engine.dispose()

    def _mount_core(self) -> None:
        for filler in self._fillers["lms_blueprints"]:
            if filler.core:
                for blueprint in self._ask(filler, {}).value:
                    self.app.register_blueprint(blueprint)

    def _mount(self, record: PluginRecord) -> None:
        for filler in list(self._fillers["lms_blueprints"]):
            if filler.plugin == record.name:
                answer: Any = filler.call.function()
                check_answer(self._promised[filler.hook], answer)
                blueprints: Sequence[Blueprint] = answer
                dry_run(self.app, record.name, blueprints)
                for endpoint in mount(self.app, blueprints):
                    self._route_owners[endpoint] = record.name

    # --- pages ----------------------------------------------------------------------------------

    def route_refusal(self, endpoint: str) -> int | None:
        """Why a page may not answer now: 404 when its plugin is switched off, 503 when it is in
        quarantine, None when it may. Enduring pages answer while their plugin is loaded."""
        owner = self._route_owners.get(endpoint)
        if owner is None or self.is_active(owner):
            return None
        record = self._records[owner]
        declared = getattr(self.app.view_functions.get(endpoint), "lms_access", None)
        if record.loaded and getattr(declared, "enduring", False):
            return None
        return 404 if record.state == "off" else 503

    # --- what the administrator sees and does ---------------------------------------------------

    def report(self) -> list[PluginReport]:
        """Every plugin, by name: how it stands, since when, and how long its calls take here."""
        records = [*self.records.values(), *self.refused]
        known = {record.name for record in records}
        records += [
            PluginRecord(
                name=row.plugin,
                state="missing",
                version=row.version,
                hook=row.hook,
                error=row.error,
                since=row.since,
                failures=row.failures,
            )
            for row in self._rows.values()
            if row.plugin not in known
        ]
        return [self._report_on(record) for record in sorted(records, key=lambda r: str(r.name))]

    def _report_on(self, record: PluginRecord) -> PluginReport:
        timings = {
            hook: timing
            for (plugin, hook), timing in list(self.timings.items())
            if plugin == record.name and record.state != "refused"
        }
        calls = sum(timing.calls for timing in timings.values())
        total = sum(timing.total for timing in timings.values())
        slowest = max(timings, key=lambda hook: timings[hook].longest, default="")
        return PluginReport(
            name=str(record.name),
            state=record.state,
            version=record.version,
            distribution=record.distribution,
            hooks=record.hooks,
            hook=record.hook,
            error=record.error,
            since=record.since,
            failures=record.failures,
            needs_restart=record.needs_restart,
            remarks=tuple(record.remarks),
            calls=calls,
            mean_seconds=total / calls if calls else 0.0,
            max_seconds=timings.get(slowest, Timing()).longest,
            slowest_hook=slowest,
        )

    def release(self, plugin: str) -> None:
        """Take a plugin out of quarantine and count from zero. One that was not loaded because of
        it comes back when the processes start next. Raises `KeyError` for an unknown plugin."""
        self._known(plugin)
        self.states.put(plugin, "active")
        self._forget_rows()

    def switch(self, plugin: str, on: bool) -> None:
        """Switch a plugin on or off for the whole site. Raises `KeyError` for an unknown one."""
        self._known(plugin)
        self.states.put(plugin, "active" if on else "off")
        self._forget_rows()

    def mark_broken(self, plugin: str, hook: str, error: BaseException | str) -> None:
        """Put a plugin in quarantine for all workers at once, for example when its migration
        failed (`hook="migrations"`)."""
        words = without_secrets(error) if isinstance(error, str) else in_words(error)
        self.states.quarantine(plugin, hook, words, now())
        self._forget_rows()

    def mark_mended(self, plugin: str, hook: str) -> None:
        """Release a plugin that is in quarantine for this hook; any other reason stays."""
        row = (self.states.read() or {}).get(plugin)
        if row is not None and row.state == "quarantined" and row.hook == hook:
            self.states.put(plugin, "active")
            self._forget_rows()

    def _known(self, plugin: str) -> None:
        if plugin not in self._records and plugin not in self._rows:
            raise KeyError(plugin)

    # --- what the watchdog says -----------------------------------------------------------------

    def _quarantine_slow(self, call: RunningCall, seconds: float) -> None:
        if call.plugin in self._core:
            return
        error = f"The call has taken more than {seconds:.1f} seconds."
        log.error("plugin %s is in quarantine: %s %s", call.plugin, call.hook, error)
        self.states.quarantine(call.plugin, call.hook, error, now())
        call.told = True
        self._forget_rows()

    def _end_hanging(self, call: RunningCall, seconds: float) -> None:
        if call.plugin in self._core:
            return
        error = f"The call hung for more than {seconds:.1f} seconds; the process was ended."
        if not call.told:
            self.states.leave_note(call.plugin, call.hook, error, now())
        self.recycle(call.plugin, call.hook)


def current_host() -> PluginHost:
    """The host of the current app."""
    host: PluginHost = current_app.extensions["lms_host"]
    return host


def ask_others(hook: str, **asked: Any) -> list[Contribution]:
    """Ask a socket that a plugin brought (`lms_add_hookspecs`); failed answers are left out."""
    return current_host().gather(hook, **asked)


def end_process(plugin: str, hook: str) -> None:
    """End this process at once; only the watchdog's thread still runs, so nothing can be tidied."""
    log.critical("plugin %s hangs in %s: the process ends", plugin, hook)
    os._exit(1)


def _only_log(plugin: str, hook: str) -> None:
    log.critical("plugin %s hangs in %s, and nobody would start this process again", plugin, hook)


def _is_supervised(app: Flask) -> bool:
    """Will somebody start this process again? gunicorn names itself in the environment; the
    worker process says so in its configuration."""
    if app.config.get("TESTING"):
        return False
    told = app.config.get("PLUGIN_RECYCLE")
    return bool(told) if told is not None else "gunicorn" in os.environ.get("SERVER_SOFTWARE", "")
