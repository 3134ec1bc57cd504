"""Who is here: finding plugins, taking them in one by one, and knowing how each of them stands."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pluggy
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

import lms.hookspecs
from lms.db import db, now
from lms.host import answers
from lms.host.inspection import check_hooks, filled_hooks, package_path, plugin_import
from lms.host.names import check_name
from lms.host.records import Failure, PluginRecord, Rejected, in_words
from lms.host.states import StateRow, States
from lms.host.watchdog import RunningCall, Watchdog

log = logging.getLogger("lms.host")

ENTRY_POINTS = "lms.plugins"
FRESH_SECONDS = 2.0
START_PATIENCE = 2.0
MOST_FAILURES_KEPT = 1000

IMPORT = "import"
MODELS = "models"
START_HOOKS = frozenset(
    {
        IMPORT,
        MODELS,
        "lms_add_hookspecs",
        "lms_course_types",
        "lms_activity_types",
        "lms_record_types",
        "lms_permissions",
        "lms_role_bundles",
        "lms_settings",
        "lms_blueprints",
        "lms_menu_links",
        "lms_jobs",
        "lms_data_policy",
        "lms_waiting_rules",
    }
)
"""What happens at every start. A plugin in quarantine for one of these is left alone at the next
start: else one that hangs there would end each new process."""


@dataclass(slots=True)
class Filler:
    """One implementation of one hook."""

    plugin: str
    hook: str
    call: pluggy.HookImpl
    core: bool


@dataclass(slots=True)
class Candidate:
    """A plugin that asks to be taken in: already here as `plugin`, or to be imported."""

    name: str
    plugin: object = None
    entry_point: EntryPoint | None = None
    distribution: str = ""
    version: str = ""


class Roster:
    """The lists of the host: candidates, records, implementations by hook, states, watchdog."""

    def __init__(self, app: Flask, blocked: Iterable[str]) -> None:
        self.app = app
        self.blocked = frozenset(blocked)
        self.manager = pluggy.PluginManager(lms.hookspecs.PROJECT)
        self.manager.add_hookspecs(lms.hookspecs)
        self.refused: list[PluginRecord] = []
        self.started = False
        self._records: dict[str, PluginRecord] = {}
        self._core: list[str] = []
        self._candidates: list[Candidate] = []
        self._fillers: dict[str, list[Filler]] = {}
        self._promised: dict[str, Any] = {}
        self._failures: deque[Failure] = deque(maxlen=MOST_FAILURES_KEPT)
        self._refreshing = threading.Lock()
        self._read_at = 0.0
        self._rows: dict[str, StateRow] = {}
        config = app.config
        notes = config.get("DATA_DIR")
        with app.app_context():
            self.states = States(
                db.engine,
                allowed=config.get("PLUGIN_FAILURES_ALLOWED", 5),
                notes=Path(notes) / "plugin-quarantine" if notes else None,
            )
        self._watchdog = Watchdog(
            slow=config.get("PLUGIN_SLOW_SECONDS", 5.0),
            hanging=config.get("PLUGIN_HANGING_SECONDS", 10.0),
            on_slow=self._quarantine_slow,
            on_hanging=self._end_hanging,
        )

    # --- who asks to be taken in ----------------------------------------------------------------

    def register_core(self, name: str, module: object) -> None:
        """Take in a room of the core. Any fault raises: the core does not start half."""
        filled = filled_hooks(self.manager, module)
        check_hooks(filled, self._known_hooks())
        self.manager.register(module, name)
        self._core.append(name)

    def discover(self) -> None:
        """Note every plugin of the entry-point group `lms.plugins`, in name order; none is
        imported yet."""
        found = sorted(
            entry_points(group=ENTRY_POINTS),
            key=lambda point: (point.name, point.dist.name if point.dist else ""),
        )
        for point in found:
            self._candidates.append(
                Candidate(
                    point.name,
                    entry_point=point,
                    distribution=point.dist.name if point.dist else "",
                    version=point.dist.version if point.dist else "",
                )
            )

    def add(self, name: str, plugin: object) -> None:
        """Note a plugin that is already here: a module, or an object with hook implementations."""
        version = getattr(plugin, "__version__", "")
        self._candidates.append(Candidate(name, plugin=plugin, version=str(version)))

    # --- how they stand -------------------------------------------------------------------------

    @property
    def records(self) -> Mapping[str, PluginRecord]:
        """The plugins by name, as they stand now (at most two seconds old)."""
        self._refresh()
        return self._records

    def is_active(self, name: str) -> bool:
        """May this plugin answer? Rooms of the core always may; unknown plugins may not."""
        if name in self._core:
            return True
        record = self.records.get(name)
        return record is not None and record.state == "active" and record.loaded

    def default_state(self, name: str) -> str:
        """The state of a plugin that the database does not know."""
        return "off" if name in self.app.config.get("PLUGINS_OFF", ()) else "active"

    def _refresh(self) -> None:
        """Read the states if they are old. A database that does not answer leaves them."""
        if not self.started or time.monotonic() - self._read_at < FRESH_SECONDS:
            return
        if not self._refreshing.acquire(blocking=False):
            return
        try:
            self._take_rows(self.states.read())
        except SQLAlchemyError as error:
            self._read_at = time.monotonic()
            log.warning("the states of the plugins could not be read: %s", in_words(error))
        finally:
            self._refreshing.release()

    def _take_rows(self, rows: dict[str, StateRow] | None) -> None:
        self._rows = rows or {}
        self._read_at = time.monotonic()
        for record in self._records.values():
            row = self._rows.get(record.name)
            if record.fault or record.state in ("blocked", "refused"):
                continue
            state = row.state if row else self.default_state(record.name)
            record.needs_restart = not record.loaded and state != "quarantined"
            if record.needs_restart:
                state = "quarantined"
            record.state = state  # type: ignore[assignment]
            if row is not None and not record.needs_restart:
                record.failures = row.failures
                record.hook, record.error, record.since = row.hook, row.error, row.since

    def _forget_rows(self) -> None:
        self._read_at = 0.0

    # --- taking in ------------------------------------------------------------------------------

    def _take_in(self, rows: Mapping[str, StateRow]) -> list[PluginRecord]:
        """Import, inspect and register the candidates; returns those that were taken in."""
        arrived = [
            record
            for candidate in self._candidates
            if (record := self._receive(candidate, rows)) is not None
        ]
        for record in arrived:
            self._guarded(record, "lms_add_hookspecs", self._add_own_sockets, record)
        known = self._known_hooks()
        for record in arrived:
            if not record.fault:
                self._guarded(record, IMPORT, self._register, record, known)
        self._list_fillers()
        return [record for record in arrived if not record.fault]

    def _receive(self, candidate: Candidate, rows: Mapping[str, StateRow]) -> PluginRecord | None:
        record = PluginRecord(
            name=candidate.name, version=candidate.version, distribution=candidate.distribution
        )
        try:
            check_name(candidate.name, self._records)
        except Rejected as error:
            record.state, record.hook = "refused", "name"
            record.error, record.since = str(error), now()
            self.refused.append(record)
            log.error("plugin refused: %s", error)
            return None
        self._records[record.name] = record
        if record.name in self.blocked:
            record.state = "blocked"
            return None
        row = rows.get(record.name)
        if row is not None and row.state == "quarantined" and row.hook in START_HOOKS:
            record.state = "quarantined"
            return None
        self._guarded(record, IMPORT, self._import, record, candidate)
        return None if record.fault else record

    def _import(self, record: PluginRecord, candidate: Candidate) -> None:
        with plugin_import(record.name):
            point = candidate.entry_point
            record.module = candidate.plugin if point is None else point.load()
        record.package_path = package_path(record.module)
        filled_hooks(self.manager, record.module)

    def _add_own_sockets(self, record: PluginRecord) -> None:
        """Overridden where hooks can be asked."""

    def _register(self, record: PluginRecord, known: set[str]) -> None:
        filled = filled_hooks(self.manager, record.module)
        check_hooks(filled, known)
        self.manager.register(record.module, record.name)
        record.hooks = tuple(sorted(filled))
        record.loaded = True

    def _known_hooks(self) -> set[str]:
        return {
            name
            for name, caller in vars(self.manager.hook).items()
            if hasattr(caller, "has_spec")
            if caller.has_spec()
        }

    def _list_fillers(self) -> None:
        """Implementations by hook, in the order the plugins came, the core first."""
        order = {name: place for place, name in enumerate([*self._core, *self._records])}
        for hook in self._known_hooks():
            caller = getattr(self.manager.hook, hook)
            found = [
                Filler(call.plugin_name, hook, call, call.plugin_name in self._core)
                for call in caller.get_hookimpls()
            ]
            self._fillers[hook] = sorted(found, key=lambda filler: order[filler.plugin])
            self._promised[hook] = answers.promised(caller.spec.function)

    def _guarded(self, record: PluginRecord, hook: str, call: Any, *arguments: Any) -> Any:
        """Run a step of taking in; a failure puts the plugin aside in this process."""
        running = self._watchdog.begin(record.name, hook, START_PATIENCE)
        try:
            return call(*arguments)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - SystemExit in a plugin is a fault as well
            self._fault(record, hook, error)
        finally:
            self._watchdog.end(running)
        return None

    def _fault(self, record: PluginRecord, hook: str, error: BaseException) -> None:
        record.state, record.fault, record.loaded = "quarantined", True, False
        record.hook, record.error, record.since = hook, in_words(error), now()
        if self.manager.has_plugin(record.name):
            self.manager.unregister(name=record.name)
            self._list_fillers()
        log.error("plugin %s is not taken in (%s): %s", record.name, hook, record.error)

    # --- what the watchdog says -----------------------------------------------------------------

    def _quarantine_slow(self, call: RunningCall, seconds: float) -> None:
        raise NotImplementedError

    def _end_hanging(self, call: RunningCall, seconds: float) -> None:
        raise NotImplementedError
