"""The completion rule as its editor shows it: each condition there is, on or off, with options.

The core's conditions are described here, plugins' by themselves (`lms_conditions`). One that
nobody here knows, because its plugin is switched off, can be kept as it is or taken away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lms.contracts import LANGUAGES, Condition, LocalisedText, SettingField, SettingsSection
from lms.host import current_host

Conditions = Mapping[str, Mapping[str, Any]]
Value = str | int | bool

CORE: Sequence[Condition] = (
    Condition(
        key="attendance",
        title=LocalisedText(
            da="Været til stede nok", sv="Varit närvarande nog", en="Been there enough"
        ),
        fields=(
            SettingField(
                key="percent",
                kind="number",
                label=LocalisedText(
                    da="Mindst så mange procent af minutterne",
                    sv="Minst så många procent av minuterna",
                    en="At least so many percent of the minutes",
                ),
                hint=LocalisedText(
                    da="Det, man indhenter, tæller med.",
                    sv="Det man tar igen räknas med.",
                    en="What is caught up counts.",
                ),
                default=80,
                minimum=1,
                maximum=100,
            ),
        ),
    ),
    Condition(
        key="activities",
        title=LocalisedText(
            da="Lavet de aktiviteter, der er obligatoriske",
            sv="Gjort de aktiviteter som är obligatoriska",
            en="Done the activities that are required",
        ),
        fields=(
            SettingField(
                key="of",
                kind="number",
                label=LocalisedText(
                    da="Så mange af dem er nok",
                    sv="Så många av dem räcker",
                    en="So many are enough",
                ),
                hint=LocalisedText(da="0 er alle.", sv="0 är alla.", en="0 is all of them."),
                default=0,
                minimum=0,
                maximum=200,
            ),
            SettingField(
                key="per_module",
                kind="number",
                label=LocalisedText(
                    da="Mindst så mange i hvert modul",
                    sv="Minst så många i varje modul",
                    en="At least so many in each module",
                ),
                hint=LocalisedText(
                    da="0, når det er lige meget.",
                    sv="0 när det inte spelar någon roll.",
                    en="0 when it does not matter.",
                ),
                default=0,
                minimum=0,
                maximum=50,
            ),
        ),
    ),
    Condition(
        key="declared",
        title=LocalisedText(
            da="Underviseren siger god for arbejdet",
            sv="Läraren godkänner arbetet",
            en="The teacher vouches for the work",
        ),
    ),
    Condition(
        key="assessment",
        title=LocalisedText(
            da="Hvert læringsmål er vurderet",
            sv="Varje lärandemål är bedömt",
            en="Each learning outcome is assessed",
        ),
        fields=(
            SettingField(
                key="level",
                kind="choice",
                label=LocalisedText(da="Mindst", sv="Minst", en="At least"),
                default="2",
                choices=(
                    ("1", LocalisedText(da="delvis vist", sv="delvis visat", en="partly shown")),
                    ("2", LocalisedText(da="vist", sv="visat", en="shown")),
                    (
                        "3",
                        LocalisedText(
                            da="vist sikkert", sv="visat med säkerhet", en="shown with confidence"
                        ),
                    ),
                ),
            ),
            SettingField(
                key="assessors",
                kind="number",
                label=LocalisedText(
                    da="Så mange vurderer hver for sig",
                    sv="Så många bedömer var för sig",
                    en="So many assess, each by themselves",
                ),
                default=1,
                minimum=1,
                maximum=2,
            ),
        ),
    ),
    Condition(
        key="agreement",
        title=LocalisedText(
            da="Læringsaftalen er underskrevet",
            sv="Lärandeavtalet är undertecknat",
            en="The learning agreement is signed",
        ),
    ),
)

NUMBERS = {"assessment": frozenset({"level"})}
"""Choices that the core's conditions read as numbers."""
UNSET = {"activities": {"of": 0, "per_module": 0}}
"""Options that are left out of a rule when they say nothing."""


def known_conditions() -> Mapping[str, Condition]:
    """All conditions that a rule can ask for just now, by key, the core's first."""
    own = {condition.key: condition for condition in CORE}
    plugins = {key: owned.item for key, owned in sorted(current_host().conditions().items())}
    return own | plugins


def condition_title(key: str) -> LocalisedText:
    """What a condition is called; says so when nobody here knows it."""
    found = known_conditions().get(key)
    if found is not None:
        return found.title
    return LocalisedText(
        da=f"En betingelse, der ikke er installeret her ({key})",
        sv=f"Ett villkor som inte är installerat här ({key})",
        en=f"A condition that is not installed here ({key})",
    )


def rule_section(conditions: Conditions) -> SettingsSection:
    """The rule as settings: `on_<n>` for each condition and `of_<n>_<option>` for its options,
    where n counts `shown_conditions`."""
    fields: list[SettingField] = []
    for number, condition in enumerate(shown_conditions(conditions)):
        fields.append(
            SettingField(key=f"on_{number}", kind="yesno", label=condition.title, default=False)
        )
        fields += [replace(each, key=f"of_{number}_{each.key}") for each in condition.fields]
    return SettingsSection(
        title=LocalisedText(da="Hvad skal der til?", sv="Vad krävs det?", en="What does it take?"),
        fields=tuple(fields),
    )


def shown_conditions(conditions: Conditions) -> Sequence[Condition]:
    """Those that can be asked for, and those that the rule asks for already."""
    known = known_conditions()
    strange = [key for key in conditions if key not in known]
    return [*known.values(), *(Condition(key=key, title=condition_title(key)) for key in strange)]


def rule_values(conditions: Conditions) -> dict[str, Value]:
    """What the fields of `rule_section` hold."""
    found: dict[str, Value] = {}
    for number, condition in enumerate(shown_conditions(conditions)):
        options = conditions.get(condition.key)
        found[f"on_{number}"] = options is not None
        for each in condition.fields:
            value = (options or {}).get(each.key, each.default)
            found[f"of_{number}_{each.key}"] = (
                value if isinstance(value, bool | int) else str(value)
            )
    return found


def conditions_from(values: Mapping[str, Value], before: Conditions) -> dict[str, dict[str, Any]]:
    """The conditions that the fields say. Options that have no field stay as they were."""
    found: dict[str, dict[str, Any]] = {}
    for number, condition in enumerate(shown_conditions(before)):
        if not values.get(f"on_{number}"):
            continue
        options = dict(before.get(condition.key, {}))
        for each in condition.fields:
            value: Any = values[f"of_{number}_{each.key}"]
            if each.key in NUMBERS.get(condition.key, ()):
                value = int(value)
            if UNSET.get(condition.key, {}).get(each.key) == value:
                options.pop(each.key, None)
            else:
                options[each.key] = value
        found[condition.key] = options
    return found


def rule_in_words(conditions: Conditions) -> list[tuple[LocalisedText, LocalisedText]]:
    """Each condition and what its options say, for pages that only show the rule."""
    known = known_conditions()
    lines = []
    for key, options in conditions.items():
        fields = {each.key: each for each in known[key].fields} if key in known else {}
        said = {
            code: "; ".join(
                f"{fields[name].label.in_language(code) if name in fields else name}: "
                f"{_value_in_words(fields.get(name), value, code)}"
                for name, value in options.items()
            )
            for code in LANGUAGES
        }
        lines.append((condition_title(key), LocalisedText(**said)))
    return lines


_YES_NO = {"da": ("nej", "ja"), "sv": ("nej", "ja"), "en": ("no", "yes")}


def _value_in_words(field: SettingField | None, value: Any, code: str) -> str:
    if isinstance(value, bool):
        return _YES_NO[code][value]
    if field is not None and field.kind == "choice":
        words = dict(field.choices).get(str(value))
        return words.in_language(code) if words else str(value)
    return str(value)
