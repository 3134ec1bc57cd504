"""What the simple types consist of: texts, files, a link, points to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.api import LANGUAGES, LocalisedText

PAGE, FILE, LINK, READING, CHECK_LIST = "page", "file", "link", "reading", "check_list"
MATERIAL = "activity"
"""What documents that stand in an activity are about."""


def texts(content: Mapping[str, Any], name: str) -> LocalisedText:
    """A text by language, from what is stored; empty where nothing is."""
    stored = content.get(name) or {}
    return LocalisedText(**{code: str(stored.get(code) or "") for code in LANGUAGES})


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """A document for each language, by its key; most courses have one, for one language."""

    keys: Mapping[str, str]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Files:
        """From what is stored."""
        stored = content.get("files") or {}
        return cls(keys={code: str(stored[code]) for code in LANGUAGES if stored.get(code)})

    def for_reader(self, language: str) -> str:
        """The key for who reads this language, else of the first there is; "" without any."""
        there = (self.keys[code] for code in (language, *LANGUAGES) if code in self.keys)
        return next(there, "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place on the web; a video says how long it is, whether it has captions, and if not, why."""

    address: str
    is_video: bool
    length: int | None
    captions: bool
    why_none: LocalisedText
    note: LocalisedText
    transcript: LocalisedText

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Place:
        """From what is stored; `length` is in minutes."""
        return cls(
            address=str(content.get("address") or ""),
            is_video=bool(content.get("is_video")),
            length=content.get("length"),
            captions=bool(content.get("captions")),
            why_none=texts(content, "why_none"),
            note=texts(content, "note"),
            transcript=texts(content, "transcript"),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Something to be read and understood. `version` counts changes that are to be read anew."""

    text: LocalisedText
    files: Files
    version: int

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Reading:
        """From what is stored."""
        return cls(
            text=texts(content, "text"),
            files=Files.of(content),
            version=int(content.get("version") or 1),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One line of a check-list."""

    key: str
    text: LocalisedText
    required: bool


def points_of(content: Mapping[str, Any]) -> Sequence[Point]:
    """The points of a check-list in order."""
    return tuple(
        Point(
            key=str(one["key"]), text=texts(one, "text"), required=bool(one.get("required", True))
        )
        for one in content.get("points") or ()
    )


def is_complete(points: Sequence[Point], ticks: Sequence[str]) -> bool:
    """Are all required points ticked? A list where none is required is done when it was used."""
    required = {point.key for point in points if point.required}
    return required <= set(ticks) and bool(ticks)
