"""The heat list as its page draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import UNIT_KINDS, LocalisedText, local

COUNTRIES: Mapping[str, LocalisedText] = {
    "DK": LocalisedText(da="Danmark", sv="Danmark", en="Denmark"),
    "SE": LocalisedText(da="Sverige", sv="Sverige", en="Sweden"),
    "NO": LocalisedText(da="Norge", sv="Norge", en="Norway"),
    "FI": LocalisedText(da="Finland", sv="Finland", en="Finland"),
    "IS": LocalisedText(da="Island", sv="Island", en="Iceland"),
}


def country_words(code: str) -> str:
    """A country of the North by its ISO 3166 code; others by the code alone."""
    return local(COUNTRIES[code]) if code in COUNTRIES else code


def countries(codes: Sequence[str]) -> Sequence[tuple[str, str]]:
    """(code, word) to choose from."""
    return [(code, country_words(code)) for code in codes]


def place_kinds() -> Sequence[tuple[str, str]]:
    """(code, word) of every kind of place."""
    return [(code, local(text)) for code, text in UNIT_KINDS.items()]
