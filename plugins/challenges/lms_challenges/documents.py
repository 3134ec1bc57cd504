"""What a version of the maturation method, or of the model for early detection, consists of.

The maturation method is ten levels, M0 to M9: a question each, what shows that it is answered, and
the criteria that a gate into the level looks at. The model is steps: a channel, what is said there,
who answers, and within how many days. Both are data; version 1 of each lies in `shipped/`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lms.api import LocalisedText
from lms_challenges.scales import CHANNELS

MATURATION, DETECTION = "maturation", "detection"

KINDS: Mapping[str, LocalisedText] = {
    MATURATION: LocalisedText(
        da="Modningsmetoden", sv="Mognadsmetoden", en="The maturation method"
    ),
    DETECTION: LocalisedText(
        da="Modellen for at opdage tidligt",
        sv="Modellen för att upptäcka tidigt",
        en="The model for early detection",
    ),
}

STATES: Mapping[str, LocalisedText] = {
    "draft": LocalisedText(da="Udkast", sv="Utkast", en="Draft"),
    "in_test": LocalisedText(da="Bliver prøvet", sv="Prövas", en="Being tried"),
    "evaluated": LocalisedText(da="Vurderet", sv="Utvärderad", en="Evaluated"),
    "current": LocalisedText(da="Gælder", sv="Gäller", en="In force"),
    "superseded": LocalisedText(da="Afløst", sv="Ersatt", en="Superseded"),
}

LEVELS = 10
MOST_CRITERIA = 8
MOST_STEPS = 12
MOST_DAYS = 60

SCORES: Mapping[int, LocalisedText] = {
    0: LocalisedText(da="Mangler", sv="Saknas", en="Missing"),
    1: LocalisedText(da="På vej", sv="På väg", en="On its way"),
    2: LocalisedText(da="Er der", sv="Finns", en="There"),
    3: LocalisedText(da="Er der og er vist", sv="Finns och är visat", en="There, and shown"),
}
"""What a gate says of a criterion."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """What a gate looks at; `key` is its own within one version."""

    key: str
    text: LocalisedText


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """A maturation level; `number` counts from 0."""

    number: int
    title: LocalisedText
    question: LocalisedText
    evidence: LocalisedText
    criteria: tuple[Criterion, ...]

    @property
    def name(self) -> str:
        """M0 to M9."""
        return f"M{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A way in which problems come to light; `channel` is one of scales.CHANNELS, `days` are
    working days until somebody has answered."""

    key: str
    channel: str
    title: LocalisedText
    message: LocalisedText
    answers: LocalisedText
    days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A version's content. `cites` are keys of the learning notes that its changes rest on."""

    levels: tuple[Level, ...] = ()
    steps: tuple[Step, ...] = ()
    cites: tuple[str, ...] = field(default_factory=tuple)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Document:
        """From what is stored; `KeyError` or `TypeError` when it has another shape."""
        return cls(
            levels=tuple(
                Level(
                    number=number,
                    title=LocalisedText.from_dict(level["title"]),
                    question=LocalisedText.from_dict(level["question"]),
                    evidence=LocalisedText.from_dict(level["evidence"]),
                    criteria=tuple(
                        Criterion(key=one["key"], text=LocalisedText.from_dict(one["text"]))
                        for one in level["criteria"]
                    ),
                )
                for number, level in enumerate(stored.get("levels", ()))
            ),
            steps=tuple(
                Step(
                    key=step["key"],
                    channel=step["channel"],
                    title=LocalisedText.from_dict(step["title"]),
                    message=LocalisedText.from_dict(step["message"]),
                    answers=LocalisedText.from_dict(step["answers"]),
                    days=step["days"],
                )
                for step in stored.get("steps", ())
            ),
            cites=tuple(stored.get("cites", ())),
        )

    def as_dict(self) -> dict[str, Any]:
        """The inverse of `of`."""
        return {
            "levels": [
                {
                    "title": level.title.as_dict(),
                    "question": level.question.as_dict(),
                    "evidence": level.evidence.as_dict(),
                    "criteria": [
                        {"key": one.key, "text": one.text.as_dict()} for one in level.criteria
                    ],
                }
                for level in self.levels
            ],
            "steps": [
                {
                    "key": step.key,
                    "channel": step.channel,
                    "title": step.title.as_dict(),
                    "message": step.message.as_dict(),
                    "answers": step.answers.as_dict(),
                    "days": step.days,
                }
                for step in self.steps
            ],
            "cites": list(self.cites),
        }

    def level(self, number: int) -> Level:
        """One level; `LookupError` for a number it has not."""
        return self.levels[number]


def criteria_of(number: int, texts: Sequence[LocalisedText]) -> tuple[Criterion, ...]:
    """Criteria of a level in their order."""
    return tuple(
        Criterion(key=f"{number}.{place}", text=text) for place, text in enumerate(texts, start=1)
    )


def complete(kind: str, document: Document) -> bool:
    """Can it be tried: ten levels with question and criteria, or steps with channel and words?"""
    if kind == MATURATION:
        return len(document.levels) == LEVELS and all(
            level.title.everything() and level.question.everything() and level.criteria
            for level in document.levels
        )
    return bool(document.steps) and all(
        step.channel in CHANNELS and step.title.everything() and step.message.everything()
        for step in document.steps
    )


@cache
def shipped(kind: str) -> Document:
    """Version 1, as it comes with the plugin."""
    path = Path(__file__).parent / "shipped" / f"{kind}.json"
    return Document.of(json.loads(path.read_text(encoding="utf-8")))
