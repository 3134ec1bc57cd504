"""Reasons that several verbs give."""

from __future__ import annotations

from lms.contracts import LocalisedText, Refusal


def changed() -> Refusal:
    """Who takes part is not what the page showed."""
    text = LocalisedText(
        da="Deltagerlisten er ændret imens. Se siden igen, og gem på ny.",
        sv="Deltagarlistan har ändrats under tiden. Läs om sidan och spara på nytt.",
        en="The list of participants changed in the meantime. Look again and save anew.",
    )
    return Refusal(code="changed", message=text)
