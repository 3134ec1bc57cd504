"""What a practice log asks for, as its activity's content holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.api import LocalisedText, marked

CHOICE_WORDS: Mapping[str, tuple[str, str, str]] = {
    "used": (marked("Used it"), "ok", "check"),
    "partly": (marked("In part"), "wait", "circle-help"),
    "not_used": (marked("Not used, with a reason"), "info", "x"),
}
"""Choice -> (words, kind of badge, icon). Not using something for a reason is an entry as good as
any."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PracticeLog:
    """What is asked, and how many entries are enough."""

    question: LocalisedText
    needed: int

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> PracticeLog:
        """From an activity's content; one that was never edited asks for five."""
        return cls(
            question=LocalisedText.from_dict(content.get("question", {})),
            needed=content.get("needed", 5),
        )
