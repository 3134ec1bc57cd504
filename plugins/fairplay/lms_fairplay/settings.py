"""What the plugin can be set to."""

from __future__ import annotations

from lms.api import LocalisedText, SettingField, SettingsSection

SECTION = SettingsSection(
    title=LocalisedText(da="Lige vilkår", sv="Lika villkor", en="Fair play"),
    fields=(
        SettingField(
            key="declaration_months",
            kind="number",
            label=LocalisedText(
                da="Måneder, en neutralitetserklæring gælder",
                sv="Månader som en neutralitetsförklaring gäller",
                en="Months that a declaration of neutrality holds",
            ),
            default=12,
            minimum=1,
            maximum=36,
        ),
        SettingField(
            key="ceiling_eur",
            kind="number",
            label=LocalisedText(
                da="Loft over de minimis-støtte i tre år, i euro",
                sv="Tak för stöd av mindre betydelse under tre år, i euro",
                en="Ceiling of de minimis aid over three years, in euros",
            ),
            default=300_000,
            minimum=1,
            maximum=10_000_000,
        ),
        SettingField(
            key="ceiling_source",
            kind="text",
            label=LocalisedText(
                da="Hvor loftet står, og fra hvornår",
                sv="Var taket står och från när",
                en="Where the ceiling is written, and since when",
            ),
            default="EU 2023/2831, art. 3(2), 2024-01-01",
            maximum=200,
        ),
        SettingField(
            key="dkk_per_100_eur",
            kind="number",
            label=LocalisedText(
                da="Danske kroner for 100 euro",
                sv="Danska kronor för 100 euro",
                en="Danish kroner for 100 euros",
            ),
            default=746,
            minimum=1,
            maximum=100_000,
        ),
        SettingField(
            key="sek_per_100_eur",
            kind="number",
            label=LocalisedText(
                da="Svenske kroner for 100 euro",
                sv="Svenska kronor för 100 euro",
                en="Swedish kronor for 100 euros",
            ),
            default=1143,
            minimum=1,
            maximum=100_000,
        ),
        SettingField(
            key="rates_source",
            kind="text",
            label=LocalisedText(
                da="Hvor kurserne kommer fra",
                sv="Var kurserna kommer ifrån",
                en="Where the rates come from",
            ),
            default="ECB, 2024",
            maximum=200,
        ),
    ),
)
