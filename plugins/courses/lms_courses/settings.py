"""The plugin's settings, and what they are set to."""

from __future__ import annotations

from dataclasses import dataclass

from lms.api import LocalisedText, SettingField, SettingsSection, settings_of

SECTION = SettingsSection(
    title=LocalisedText(da="Forløb", sv="Kurser", en="Courses"),
    fields=(
        SettingField(
            key="group_size",
            kind="number",
            label=LocalisedText(
                da="Så mange studerende er der i en gruppe",
                sv="Så många studenter är det i en grupp",
                en="So many students are in a group",
            ),
            hint=LocalisedText(
                da="Det står ved spørgsmålet om, hvem man gerne vil arbejde sammen med.",
                sv="Det står vid frågan om vem man vill arbeta med.",
                en="It stands at the question whom somebody wishes to work with.",
            ),
            default=4,
            minimum=2,
            maximum=8,
        ),
        SettingField(
            key="companies_baseline",
            kind="number",
            label=LocalisedText(
                da="Så mange virksomheder var med i undervisningen om året, før det begyndte",
                sv="Så många företag var med i undervisningen per år innan det började",
                en="So many companies a year took part in teaching before this began",
            ),
            hint=LocalisedText(
                da="Det står ved siden af tallet for hvert år.",
                sv="Det står bredvid siffran för varje år.",
                en="It stands beside the number of each year.",
            ),
            default=0,
            minimum=0,
            maximum=10_000,
        ),
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What the site has chosen."""

    group_size: int
    companies_baseline: int


def current() -> Settings:
    """The settings of the site, in one query."""
    values = settings_of("courses")
    return Settings(
        group_size=int(values["group_size"]),
        companies_baseline=int(values["companies_baseline"]),
    )
