"""What is looked at before a plugin is taken in: its sockets, its tables, its mappings."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
from sqlalchemy import MetaData, event
from sqlalchemy.orm import registry

from lms.db import Base
from lms.host.records import Rejected

_importing: ContextVar[str] = ContextVar("lms_importing_plugin", default="")


@contextmanager
def plugin_import(name: str) -> Iterator[None]:
    """While this is open, a class of the plugin's may not map itself onto the core's base."""
    token = _importing.set(name)
    try:
        yield
    finally:
        _importing.reset(token)


@event.listens_for(Base, "instrument_class", propagate=True)
def _keep_the_core_apart(_mapper: Any, mapped: type) -> None:
    plugin = _importing.get()
    if plugin and not mapped.__module__.startswith("lms."):
        Base.metadata.remove(mapped.__dict__["__table__"])
        raise Rejected(
            f"The class {mapped.__name__} uses the core's base: a plugin has its own, "
            f'`Base = api.plugin_base("{plugin}")`.'
        )


def package_of(plugin: object) -> str:
    """The package a plugin's module lies in; "" for objects and for modules that stand alone."""
    if not isinstance(plugin, ModuleType):
        return ""
    return plugin.__package__ or ""


def package_path(plugin: object) -> Path | None:
    """The folder of the plugin's package, or None."""
    package = sys.modules.get(package_of(plugin))
    file = getattr(package, "__file__", None)
    return Path(file).parent if file else None


# --- sockets ------------------------------------------------------------------------------------


def filled_hooks(manager: pluggy.PluginManager, plugin: object) -> dict[str, Any]:
    """The hooks the plugin fills, by socket name, with pluggy's options.

    Raises `Rejected` for a wrapper: a plugin may not stand between others and their callers.
    """
    found: dict[str, Any] = {}
    for attribute in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, attribute)
        if options is None:
            continue
        if options.get("wrapper") or options.get("hookwrapper"):
            raise Rejected(
                f"{attribute} is a wrapper. A plugin answers for itself only: "
                "take `wrapper` and `hookwrapper` away."
            )
        found[options.get("specname") or attribute] = options
    return found


def check_hooks(filled: dict[str, Any], known: set[str]) -> None:
    """Raise `Rejected` for a hook nobody asks; `optionalhook` ones may belong to a plugin that is
    not installed."""
    for hook, options in filled.items():
        if hook in known or (options.get("optionalhook") and not hook.startswith("lms_")):
            continue
        near = difflib.get_close_matches(hook, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise Rejected(f"Nobody asks a hook {hook}.{hint}")


def own_sockets(manager: pluggy.PluginManager, name: str, holder: object) -> list[str]:
    """The names of the sockets in a plugin's module or class of specs.

    Raises `Rejected` unless there are some and they carry the plugin's name.
    """
    names = [
        attribute
        for attribute in dir(holder)
        if manager.parse_hookspec_opts(holder, attribute) is not None  # type: ignore[arg-type]
    ]
    if not names:
        raise Rejected("lms_add_hookspecs names a module or class without any hookspec.")
    for socket in names:
        if not socket.startswith(f"{name}_"):
            raise Rejected(f"The plugin's own socket {socket} must be called {name}_{socket}.")
    return names


# --- tables and mappings ------------------------------------------------------------------------


def check_models(name: str, plugin: object) -> None:
    """Import the plugin's models and configure its mappings, so that a fault shows now.

    Raises `Rejected` for a table without the plugin's prefix, and whatever SQLAlchemy raises for
    a mapping that does not hold.
    """
    registries, metadatas = _mappings_of(plugin)
    for metadata in metadatas:
        for table in metadata.tables.values():
            if not table.name.startswith(f"{name}_"):
                raise Rejected(f"The table {table.name} must be called {name}_{table.name}.")
    for found in registries:
        found.configure()


def _mappings_of(plugin: object) -> tuple[list[registry], list[MetaData]]:
    registries: list[registry] = []
    metadatas: list[MetaData] = []
    for module in _modules_of(plugin):
        for value in list(vars(module).values()):
            found = getattr(value, "registry", None) if isinstance(value, type) else value
            if not isinstance(found, registry) or found is Base.registry:
                continue
            if found not in registries:
                registries.append(found)
                metadatas.append(found.metadata)
    return registries, metadatas


def _modules_of(plugin: object) -> list[ModuleType]:
    if not isinstance(plugin, ModuleType):
        return []
    package = package_of(plugin)
    if not package:
        return [plugin]
    if importlib.util.find_spec(f"{package}.models") is not None:
        importlib.import_module(f"{package}.models")
    return [plugin] + [
        module
        for module_name, module in list(sys.modules.items())
        if module_name.startswith(f"{package}.")
    ]
