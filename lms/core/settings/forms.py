"""A form made of what a plugin declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Field, RadioField, StringField
from wtforms.validators import ValidationError

from lms.contracts import SettingField, SettingsSection
from lms.core.fields import PickField
from lms.core.settings.queries import Value, allowed
from lms.core.settings.services import problem_with
from lms.web import Form
from lms.web.i18n import local

MOST_RADIOS = 4


class NumberField(StringField):
    """A whole number, typed as text, so that what nobody can read comes back as typed."""


class _Allowed:
    """The field's own rule, with the sentence the service would give."""

    def __init__(self, field: SettingField) -> None:
        self.field = field
        self.field_flags = {"required": True} if field.kind in ("number", "choice") else {}

    def __call__(self, form: Form, field: Field) -> None:
        try:
            allowed(self.field, as_value(self.field, field.data))
        except ValueError as error:
            raise ValidationError(
                local(problem_with(self.field, self.field.key).message)
            ) from error


def as_value(field: SettingField, data: Any) -> Value:
    """What a form field holds, as the setting's kind; `ValueError` when it is no number."""
    if field.kind == "yesno":
        return bool(data)
    text = str(data if data is not None else "")
    if field.kind == "number":
        plain = text.replace(" ", "").replace("\u00a0", "")
        if len(plain) > 15 or not plain.removeprefix("-").isascii():
            raise ValueError("not a number")
        return int(plain)
    return text


def settings_form(
    declared: SettingsSection, values: Mapping[str, Value], base: type[Form] = Form, **own: Any
) -> Any:
    """A form with one field per setting, named as it is, filled with the present values. With
    another `base` it has that form's fields too, filled with `own`."""
    members = {f"setting_{field.key}": _field(field) for field in declared.fields}
    made = type("SettingsForm", (base,), members)
    shown = {
        f"setting_{key}": value if isinstance(value, bool) else str(value)
        for key, value in values.items()
    }
    return made(**shown, **own)


def _field(field: SettingField) -> Any:
    label, hint, checks = local(field.label), local(field.hint), [_Allowed(field)]
    if field.kind == "yesno":
        return BooleanField(label, checks, description=hint)
    if field.kind == "choice":
        choices = {key: local(text) for key, text in field.choices}
        if len(choices) <= MOST_RADIOS:
            return RadioField(
                label, checks, choices=choices, description=hint, validate_choice=False
            )
        pairs = list(choices.items())
        return PickField(label, lambda: pairs, validators=checks, description=hint)
    kind = NumberField if field.kind == "number" else StringField
    return kind(label, checks, description=hint)


def values_from(declared: SettingsSection, form: Form) -> dict[str, Value]:
    """The values of a valid form, by setting."""
    return {
        field.key: as_value(field, form[f"setting_{field.key}"].data) for field in declared.fields
    }
