"""The modules of a course version as data: put in, changed, moved and taken out.

Each function answers with a new list; a module is found by its key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

Module = Mapping[str, Any]
Modules = Sequence[Module]

MOST = 60


def find(modules: Modules, key: str) -> Module | None:
    """The module with this key."""
    return next((module for module in modules if module["key"] == key), None)


def changed(modules: Modules, key: str, values: Mapping[str, Any]) -> list[Module]:
    """With some values of one module replaced."""
    return [{**module, **values} if module["key"] == key else module for module in modules]


def added(modules: Modules, values: Mapping[str, Any], name: str) -> list[Module]:
    """With one more at the end, with a key made of its name that no other has."""
    module = {
        "activity_type": "session",
        "content": {"da": "", "sv": "", "en": ""},
        "between": None,
        "between_minutes": 0,
        **values,
        "key": fresh_key(modules, name),
    }
    return [*modules, module]


def moved(modules: Modules, key: str, step: int) -> list[Module]:
    """With one module `step` places further down (up: below 0), as far as there are places."""
    place = next(n for n, module in enumerate(modules) if module["key"] == key)
    left = [module for module in modules if module["key"] != key]
    left.insert(min(max(place + step, 0), len(left)), modules[place])
    return left


def without(modules: Modules, key: str) -> list[Module]:
    """Without this one."""
    return [module for module in modules if module["key"] != key]


def fresh_key(modules: Modules, name: str) -> str:
    """A short word for a new module that no module has yet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    word = "_".join(re.findall(r"[a-z0-9]+", plain))[:30].strip("_") or "module"
    taken = {module["key"] for module in modules}
    return next(
        key
        for number in range(1, len(taken) + 2)
        if (key := word if number == 1 else f"{word}_{number}") not in taken
    )
