"""Saying no with one reason in three languages."""

from __future__ import annotations

from lms.api import LocalisedText, Refusal, Refused


def refused(code: str, *, da: str, sv: str, en: str) -> Refused:
    """One reason as an exception; `code` is the field of the form that it belongs to, if any."""
    return Refused(Refusal(code=code, message=LocalisedText(da=da, sv=sv, en=en)))


def changed_meanwhile() -> Refused:
    """Somebody else saved the same thing while it was open here."""
    return refused(
        "meanwhile",
        da="En anden har gemt imens. Det, du skrev, står her endnu. Læs, hvad der er nyt, og gem "
        "så igen.",
        sv="Någon annan har sparat under tiden. Det du skrev står kvar. Läs vad som är nytt och "
        "spara sedan igen.",
        en="Somebody else saved meanwhile. What you wrote is still here. Read what is new, then "
        "save again.",
    )
