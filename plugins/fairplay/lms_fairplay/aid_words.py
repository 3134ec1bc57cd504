"""Grounds and states of aid, in words, and what a line may become."""

from __future__ import annotations

from collections.abc import Mapping

from lms.api import LocalisedText

DE_MINIMIS, EXEMPT, OPEN_TO_ALL = "de_minimis", "block_exemption", "open_to_all"
GROUNDS: Mapping[str, LocalisedText] = {
    DE_MINIMIS: LocalisedText(
        da="De minimis-støtte", sv="Stöd av mindre betydelse", en="De minimis aid"
    ),
    EXEMPT: LocalisedText(
        da="Efter gruppefritagelsen",
        sv="Enligt gruppundantaget",
        en="Under the block exemption",
    ),
    OPEN_TO_ALL: LocalisedText(
        da="Ingen støtte: åbent for alle på lige vilkår",
        sv="Inget stöd: öppet för alla på lika villkor",
        en="No aid: open to all on equal terms",
    ),
}
STATES: Mapping[str, LocalisedText] = {
    "estimated": LocalisedText(da="Anslået", sv="Uppskattat", en="Estimated"),
    "granted": LocalisedText(da="Givet", sv="Beviljat", en="Granted"),
    "reported": LocalisedText(da="Indberettet", sv="Rapporterat", en="Reported"),
}
NEXT: Mapping[str, str] = {"estimated": "granted", "granted": "reported"}
"""The one state that comes after a state; the last has none."""
CURRENCIES = ("DKK", "SEK", "EUR")
