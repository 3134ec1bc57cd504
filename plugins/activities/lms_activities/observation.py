"""What an observation asks a colleague to look for, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.api import LANGUAGES, LocalisedText, marked

MOST_POINTS = 20
ANSWER_WORDS: Mapping[str, tuple[str, str, str]] = {
    "yes": (marked("Yes"), "ok", "check"),
    "partly": (marked("In part"), "wait", "circle-help"),
    "no": (marked("Not yet"), "info", "x"),
}
"""Answer -> (words, kind of badge, icon)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What the participant is to show at work, and the points that are looked for."""

    task: LocalisedText
    points: tuple[LocalisedText, ...]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Observation:
        """From an activity's content."""
        return cls(
            task=LocalisedText.from_dict(content.get("task", {})),
            points=tuple(LocalisedText.from_dict(text) for text in content.get("points", ())),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """One point as it was asked and answered."""

    text: LocalisedText
    answer: str


def signed(answers: Mapping[str, Any]) -> Sequence[Signed]:
    """The points a colleague signed, in the words they were shown in."""
    return [
        Signed(text=LocalisedText.from_dict(one["text"]), answer=one["answer"])
        for one in answers.get("points", ())
    ]


def as_answers(points: Sequence[LocalisedText], given: Sequence[str]) -> dict[str, Any]:
    """The answers with the words they belong to, to be stored: a later change of the activity
    does not change what somebody signed."""
    return {
        "points": [
            {"text": text.as_dict(), "answer": answer}
            for text, answer in zip(points, given, strict=True)
        ]
    }


def points_from(lines: Mapping[str, Sequence[str]]) -> list[dict[str, str]] | None:
    """Points from lines in each language, line by line; None when the numbers differ."""
    written = {code: texts for code, texts in lines.items() if texts}
    if len({len(texts) for texts in written.values()}) > 1:
        return None
    number = max((len(texts) for texts in written.values()), default=0)
    return [
        LocalisedText(**{code: written[code][n] for code in LANGUAGES if code in written}).as_dict()
        for n in range(number)
    ]
