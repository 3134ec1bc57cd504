"""What is said when two save the same thing."""

from __future__ import annotations

from lms.api import Refused, refused


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
