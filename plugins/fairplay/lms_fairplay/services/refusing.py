"""What several verbs say no with."""

from __future__ import annotations

from lms.api import Refused, refused


def not_yours() -> Refused:
    """The authority is somebody else's to speak for."""
    return refused(
        "authority.not_yours",
        da="Vælg en myndighed, du skriver for.",
        sv="Välj en myndighet som du skriver för.",
        en="Choose an authority that you write for.",
    )
