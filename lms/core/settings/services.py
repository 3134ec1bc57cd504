"""Saving the settings of a plugin."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from lms.contracts import Actor, LocalisedText, Refusal, SettingField
from lms.core.refused import Refused
from lms.core.settings.models import Setting
from lms.core.settings.queries import SITE, Scope, Value, allowed, is_allowed, section
from lms.db import db, now
from lms.journal import record


def save(
    plugin: str, values: Mapping[str, Value], actor: Actor, scope: Scope = SITE
) -> Mapping[str, Value]:
    """Keep these settings; those not named stay as they are. Returns what is stored.

    `LookupError` when the plugin declares no settings; `Refused` with one reason per value that
    is not allowed or not declared.
    """
    declared = section(plugin)
    if declared is None:
        raise LookupError(f"{plugin} declares no settings")
    fields = {field.key: field for field in declared.fields}
    problems = [
        problem_with(fields.get(key), key)
        for key, value in values.items()
        if key not in fields or not is_allowed(fields[key], value)
    ]
    if problems:
        raise Refused(*problems)
    row = db.session.execute(
        select(Setting)
        .where(
            Setting.plugin == plugin,
            Setting.scope_kind == scope.kind,
            Setting.scope_id == scope.id,
        )
        .with_for_update()
    ).scalar_one_or_none()
    if row is None:
        row = Setting(plugin=plugin, scope_kind=scope.kind, scope_id=scope.id, values={})
        db.session.add(row)
    before = dict(row.values)
    # What the plugin no longer declares falls away the next time somebody saves.
    kept = {key: value for key, value in before.items() if key in fields}
    row.values = kept | {key: allowed(fields[key], value) for key, value in values.items()}
    row.changed_at = now()
    db.session.flush()
    changed = sorted(key for key in row.values if row.values[key] != before.get(key))
    record(
        "settings.saved",
        scope.kind,
        scope.id,
        actor=actor,
        data={"plugin": plugin, "changed": changed},
    )
    return row.values


def problem_with(field: SettingField | None, key: str) -> Refusal:
    """What to say about a value that cannot be kept."""
    if field is None:
        return Refusal(
            code=f"{key}.unknown",
            message=LocalisedText(
                da="Den indstilling findes ikke mere. Hent siden igen.",
                sv="Den inställningen finns inte längre. Hämta sidan igen.",
                en="That setting is not there any more. Load the page again.",
            ),
        )
    if field.kind == "number":
        low, high = field.minimum, field.maximum
        example = field.default
        if low is not None and high is not None:
            message = LocalisedText(
                da=f"Skriv et helt tal fra {low} til {high}, for eksempel {example}.",
                sv=f"Skriv ett heltal från {low} till {high}, till exempel {example}.",
                en=f"Write a whole number from {low} to {high}, such as {example}.",
            )
        elif low is not None:
            message = LocalisedText(
                da=f"Skriv et helt tal, mindst {low}, for eksempel {example}.",
                sv=f"Skriv ett heltal, minst {low}, till exempel {example}.",
                en=f"Write a whole number, at least {low}, such as {example}.",
            )
        elif high is not None:
            message = LocalisedText(
                da=f"Skriv et helt tal, højst {high}, for eksempel {example}.",
                sv=f"Skriv ett heltal, högst {high}, till exempel {example}.",
                en=f"Write a whole number, at most {high}, such as {example}.",
            )
        else:
            message = LocalisedText(
                da=f"Skriv et helt tal, for eksempel {example}.",
                sv=f"Skriv ett heltal, till exempel {example}.",
                en=f"Write a whole number, such as {example}.",
            )
    elif field.kind == "text":
        longest = field.maximum if field.maximum is not None else 500
        message = LocalisedText(
            da=f"Skriv højst {longest} tegn.",
            sv=f"Skriv högst {longest} tecken.",
            en=f"Write at most {longest} characters.",
        )
    else:
        message = LocalisedText(
            da="Vælg en af mulighederne.",
            sv="Välj ett av alternativen.",
            en="Choose one of the options.",
        )
    return Refusal(code=f"{field.key}.wrong", message=message)
