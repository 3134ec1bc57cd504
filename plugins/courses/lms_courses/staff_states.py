"""Try-outs and decisions of staff tracks: their states in words, and how each looks."""

from __future__ import annotations

from collections.abc import Mapping

from lms.api import LocalisedText

TRYOUT: Mapping[str, LocalisedText] = {
    "planned": LocalisedText(da="Planlagt", sv="Planerat", en="Planned"),
    "asked": LocalisedText(
        da="Venter på lederens ja", sv="Väntar på chefens ja", en="Waits for the manager's yes"
    ),
    "allowed": LocalisedText(
        da="Lederen har sagt ja", sv="Chefen har sagt ja", en="The manager said yes"
    ),
    "refused": LocalisedText(
        da="Lederen har sagt nej", sv="Chefen har sagt nej", en="The manager said no"
    ),
    "tried": LocalisedText(
        da="Venter på den andens ja", sv="Väntar på den andras ja", en="Waits for the other's yes"
    ),
    "confirmed": LocalisedText(da="Prøvet", sv="Prövat", en="Tried"),
}
TRYOUT_LOOKS: Mapping[str, str] = {
    "planned": "info",
    "asked": "wait",
    "allowed": "ok",
    "refused": "stop",
    "tried": "wait",
    "confirmed": "ok",
}
PLANNING = frozenset({"planned", "asked", "allowed", "refused"})
"""The plan can still be changed; the manager is asked again then."""

OUTCOME: Mapping[str, LocalisedText] = {
    "yes": LocalisedText(da="Ja, vi går videre", sv="Ja, vi går vidare", en="Yes, we go on"),
    "no": LocalisedText(da="Nej, vi lader det være", sv="Nej, vi låter bli", en="No, we leave it"),
    "later": LocalisedText(
        da="Senere, vi ser på det igen", sv="Senare, vi tittar igen", en="Later, we look again"
    ),
}
UNSIGNED = LocalisedText(
    da="Venter på lederens underskrift",
    sv="Väntar på chefens underskrift",
    en="Waits for the manager's signature",
)
JOURNEY_OPEN = LocalisedText(
    da="Ikke set igennem endnu", sv="Inte genomläst än", en="Not looked through yet"
)
JOURNEY_CHECKED = LocalisedText(da="Set igennem", sv="Genomläst", en="Looked through")
