"""What an upcoming tender stops."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import ContactFacts, Refusal


def freeze_refusals(contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
    """Why these contacts wait for a tender; `Refusal.index` points into `contacts`."""
    return ()
