"""What the host knows and hands out: plain records, and the one exception it raises."""

from __future__ import annotations

import importlib
import re
import traceback
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy.exc import StatementError

from lms.contracts import DoctorFinding

T = TypeVar("T")

State = Literal["active", "off", "quarantined", "blocked", "refused", "missing"]
"""`active`, `off` and `quarantined` live in the database, for all workers. `blocked` comes from the
configuration, `refused` is a plugin that may not carry its name, `missing` one that the database
knows and that is not installed."""

LONGEST_MESSAGE = 600
MACHINERY = (str(Path(__file__).parent), str(Path(importlib.__file__).parent), "<frozen")
"""Files that say nothing about where a plugin failed: the host's own and those of `import`."""


class PluginFailure(Exception):
    """A plugin failed where its failure must undo everything. Names the plugin and the hook."""

    def __init__(self, plugin: str, hook: str, reason: str = "") -> None:
        super().__init__(f"plugin {plugin} failed in {hook}" + (f": {reason}" if reason else ""))
        self.plugin = plugin
        self.hook = hook
        self.reason = reason


class Rejected(Exception):
    """Why a plugin is not taken in, as a sentence for the administrator."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution:
    """One plugin's answer. `value` None, where a hook is drawn, means "away": show a small box."""

    plugin: str
    value: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Owned(Generic[T]):
    """A contributed item and who brought it."""

    plugin: str
    item: T


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """How a guarded call went; `value` None and `error` in words when it failed."""

    ok: bool
    value: Any = None
    error: str = ""


@dataclass(kw_only=True, slots=True)
class PluginRecord:
    """A plugin as this process knows it.

    `fault`: it could not be taken in by this process, whatever the database says.
    `needs_restart`: released in the database, but this process did not load it.
    `remarks`: contributions left out, as sentences.
    """

    name: str
    state: State = "active"
    version: str = ""
    distribution: str = ""
    error: str = ""
    hook: str = ""
    since: datetime | None = None
    failures: int = 0
    package_path: Path | None = None
    module: Any = None
    loaded: bool = False
    fault: bool = False
    needs_restart: bool = False
    hooks: tuple[str, ...] = ()
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginReport:
    """One line of the administrator's page. Times are of this worker, in seconds."""

    name: str
    state: State
    version: str
    distribution: str
    hooks: tuple[str, ...]
    hook: str
    error: str
    since: datetime | None
    failures: int
    needs_restart: bool
    remarks: tuple[str, ...]
    calls: int
    mean_seconds: float
    max_seconds: float
    slowest_hook: str


@dataclass(kw_only=True, slots=True)
class Timing:
    """Calls of one hook of one plugin in this worker; times in seconds."""

    calls: int = 0
    total: float = 0.0
    longest: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A failed call, kept in memory until it can be written."""

    plugin: str
    hook: str
    error: str
    at: datetime


def unanswered(plugin: str) -> DoctorFinding:
    """The finding about a plugin that could not say how it is."""
    return DoctorFinding(
        ok=False, name=plugin, sentence=f"The plugin {plugin} failed when asked whether it is well."
    )


# --- errors in words ----------------------------------------------------------------------------

SECRETS = (
    (re.compile(r"(://[^\s:/@]*:)[^\s@]+@"), r"\1***@"),
    (
        re.compile(
            r"(?i)([\w-]*(?:passw(?:or)?d|secret|token|api_?key|authorization|cookie)[\w-]*"
            r"""["']?\s*[=:]\s*)(?:bearer\s+)?("[^"]*"|'[^']*'|[^\s,;&)}\]]+)"""
        ),
        r"\1***",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "***@***"),
    (re.compile(r"\b\d{6}[- ]?\d{4}\b|\b\d{8}[- ]?\d{4}\b"), "***"),
)
"""Credentials in addresses, named secrets, mail addresses, national identity numbers."""


def without_secrets(text: str) -> str:
    """The text with what must not stand on a page or in a log replaced by `***`."""
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def in_words(error: BaseException) -> str:
    """An error as a few lines: the last three places it came through, its kind, its message.

    Neither source lines nor statements with their parameters: both may hold what is nobody's.
    """
    if isinstance(error, Rejected):
        return str(error)
    places = [
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(MACHINERY)
    ][-3:]
    return "\n".join([*places, f"{type(error).__name__}: {_message(error)}"])


def _message(error: BaseException) -> str:
    try:
        text = str(error.orig) if isinstance(error, StatementError) else str(error)
    except Exception as second:  # noqa: BLE001 - an error whose text fails as well
        return f"(its message failed: {type(second).__name__})"
    return without_secrets(text)[:LONGEST_MESSAGE]
