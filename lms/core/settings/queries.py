"""What plugins are set to: the stored value, else the default the plugin declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select

from lms.contracts import SettingField, SettingsSection
from lms.core.settings.models import Setting
from lms.db import execute
from lms.host import current_host

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a setting holds: the site, or one organisation, which falls back to the site."""

    kind: str = "site"
    id: int = 0


SITE = Scope()


def organisation_scope(organisation_id: int) -> Scope:
    """The settings of one organisation."""
    return Scope("organisation", organisation_id)


def section(plugin: str) -> SettingsSection | None:
    """What a plugin declares; None when it is unknown, away or has no settings."""
    found = current_host().settings_sections().get(plugin)
    return found.item if found else None


def all_for(plugin: str, scope: Scope = SITE) -> Mapping[str, Value]:
    """Every declared setting with its value, in one query; `LookupError` for a plugin without.

    A stored value that the declaration no longer allows counts for nothing.
    """
    declared = section(plugin)
    if declared is None:
        raise LookupError(f"{plugin} declares no settings")
    stored: dict[str, object] = {}
    for _kind, values in execute(
        _stored(), {"plugin": plugin, "kind": scope.kind, "scope": scope.id}
    ):
        stored |= values
    return {
        field.key: allowed(field, stored[field.key])
        if field.key in stored and is_allowed(field, stored[field.key])
        else field.default
        for field in declared.fields
    }


@cache
def _stored() -> Select[str, dict[str, Any]]:
    return (
        select(Setting.scope_kind, Setting.values)
        .where(
            Setting.plugin == bindparam("plugin"),
            or_(
                and_(Setting.scope_kind == SITE.kind, Setting.scope_id == SITE.id),
                and_(
                    Setting.scope_kind == bindparam("kind"),
                    Setting.scope_id == bindparam("scope"),
                ),
            ),
        )
        .order_by(Setting.scope_kind.desc())  # "site" first, so that "organisation" wins
    )


def get(plugin: str, key: str, scope: Scope = SITE) -> Value:
    """One setting; `LookupError` when the plugin does not declare it."""
    return all_for(plugin, scope)[key]


def is_allowed(field: SettingField, value: object) -> bool:
    """May the field hold this value?"""
    try:
        allowed(field, value)
    except ValueError:
        return False
    return True


def allowed(field: SettingField, value: object) -> Value:
    """The value as the field holds it; `ValueError` when it may not."""
    if field.kind == "yesno":
        if isinstance(value, bool):
            return value
    elif field.kind == "number":
        if isinstance(value, int) and not isinstance(value, bool):
            low = field.minimum if field.minimum is not None else value
            high = field.maximum if field.maximum is not None else value
            if low <= value <= high:
                return value
    elif field.kind == "choice":
        if isinstance(value, str) and value in {key for key, _text in field.choices}:
            return value
    elif isinstance(value, str):
        longest = field.maximum if field.maximum is not None else 500
        if len(value) <= longest:
            return value
    raise ValueError(f"{field.key} cannot be {value!r}")
