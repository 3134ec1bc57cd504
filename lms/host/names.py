"""Which names a plugin may carry: one name is blueprint, address, tables, permissions and more."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lms.host.records import Rejected

SHAPE = re.compile(r"[a-z][a-z0-9_]{0,29}")

ROOMS = (
    "catalogue",
    "enrolment",
    "home",
    "learning",
    "messages",
    "organisations",
    "records",
    "settings",
    "users",
)

FLOORS = (
    "admin",
    "alembic",
    "api",
    "app",
    "cli",
    "config",
    "contracts",
    "core",
    "db",
    "errors",
    "files",
    "healthz",
    "hookspecs",
    "host",
    "jobs",
    "journal",
    "lms",
    "mail",
    "migrate",
    "migrations",
    "plugin_tables",
    "postgres",
    "readyz",
    "routing",
    "static",
    "templates",
    "testing",
    "translations",
    "web",
    "work",
)
"""The core's other names: floors, addresses and template folders."""


def check_name(name: object, taken: Iterable[str]) -> None:
    """Raise `Rejected` unless a plugin may be called `name` beside the plugins already `taken`.

    A table prefix must tell its owner, so no name may be the beginning of another one.
    """
    if not isinstance(name, str) or not SHAPE.fullmatch(name):
        raise Rejected(
            f"The name {name!r} cannot be used: write a small letter first, then small letters, "
            "digits and underscores, 30 at most."
        )
    for other in taken:
        if name == other:
            raise Rejected(f"The name {name} is taken by another plugin, which came first.")
        if _one_begins_the_other(name, other):
            raise Rejected(f"The name {name} is too close to the plugin {other}: choose another.")
    for room in ROOMS:
        if _one_begins_the_other(name, room):
            raise Rejected(f"The name {name} is, or is too close to, the core's {room}.")
    for floor in FLOORS:
        if name == floor or _one_begins_the_other(name + "_", floor + "_"):
            raise Rejected(f"The name {name} belongs to the core: choose another.")


def _one_begins_the_other(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
