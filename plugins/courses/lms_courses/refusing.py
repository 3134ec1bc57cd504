"""Reasons against something, in three languages; and what is said when two save the same thing."""

from __future__ import annotations

from lms.api import LocalisedText, Refusal, Refused, marked, refused

COLLEAGUE_SAVED = marked(
    "A colleague has saved meanwhile. Theirs stands above; yours is still below."
)
"""On a form that keeps what was typed, under what was saved."""


def refusal(code: str, da: str, sv: str, en: str) -> Refusal:
    """A reason why something cannot be done, for whoever is told."""
    return Refusal(code=code, message=LocalisedText(da=da, sv=sv, en=en))


def changed_meanwhile() -> Refused:
    """Somebody else changed the same thing while it was open here."""
    return refused(
        "meanwhile",
        da="En anden har ændret det imens. Det, du skrev, står her endnu. Læs, hvad der er nyt, "
        "og prøv så igen.",
        sv="Någon annan har ändrat det under tiden. Det du skrev står kvar. Läs vad som är nytt "
        "och försök sedan igen.",
        en="Somebody else changed it meanwhile. What you wrote is still here. Read what is new, "
        "then try again.",
    )
