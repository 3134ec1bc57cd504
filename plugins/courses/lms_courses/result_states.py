"""What practice can make of a result, in words and as it looks."""

from __future__ import annotations

from collections.abc import Mapping

from lms.api import LocalisedText

RESPONSES: Mapping[str, LocalisedText] = {
    "taken_up": LocalisedText(da="Taget op", sv="Tas tillvara", en="Taken up"),
    "stored": LocalisedText(da="Gemt til senere", sv="Sparat till senare", en="Stored for later"),
    "not_usable": LocalisedText(
        da="Kan ikke bruges", sv="Går inte att använda", en="Cannot be used"
    ),
}
WRITTEN = LocalisedText(da="Skrevet", sv="Skrivet", en="Written")
SENT = LocalisedText(da="Sendt til praksis", sv="Skickat till praktiken", en="Sent to practice")
LOOKS: Mapping[str, str] = {"taken_up": "ok", "stored": "info", "not_usable": ""}
