"""What an assignment asks for, as its editor wrote it, and what a participant has so far.

Both are documents of the core's (`ActivityFacts.content`, `WorkFacts.content`); here they get a
shape. What is missing or strange in a document is read as its default, so that an activity made
by an older or newer version of this plugin still opens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from lms.api import ActivityFacts, LocalisedText, WorkFacts

ASSIGNMENT = "assignment"
IN_BETWEEN = "in_between"
MARKED = (ASSIGNMENT, IN_BETWEEN)
"""Activity types that are handed in and marked by the rules of this module."""

LONGEST_TEXT = 20_000
MOST_FILES = 10
MOST_CRITERIA = 12
MOST_LEVELS = 6
DEFAULT_PROMISE = 60

Who = Literal["alone", "pair", "group"]
Parts = Literal["text", "files", "both"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Criterion:
    """One row of a rubric: what is looked at, and its levels in words, the lowest first."""

    key: str
    title: LocalisedText
    levels: tuple[LocalisedText, ...]
    outcome: int | None = None
    """The place of the learning outcome that it tells of, if it tells of one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """What is asked. `promise` in minutes, `kinds` and `workplace` are an in-between assignment's;
    without `kinds` it may end in any kind of record there is."""

    text: LocalisedText = field(default_factory=LocalisedText)
    who: Who = "alone"
    parts: Parts = "text"
    most_files: int = 3
    words: int | None = None
    criteria: tuple[Criterion, ...] = ()
    double: bool = False
    again: bool = True
    late: Literal["marked", "refused"] = "marked"
    at_work: bool = False
    workplace: LocalisedText = field(default_factory=LocalisedText)
    promise: int = DEFAULT_PROMISE
    kinds: tuple[str, ...] = ()

    @classmethod
    def of(cls, activity: ActivityFacts) -> Self:
        """The task of an activity."""
        return cls.of_content(activity.content, at_work=activity.activity_type == IN_BETWEEN)

    @classmethod
    def of_content(cls, content: Mapping[str, Any], *, at_work: bool = False) -> Self:
        """The task in an activity's content."""
        return cls(
            text=_text(content.get("text")),
            who=_one_of(content.get("who"), ("alone", "pair", "group")),
            parts=_one_of(content.get("parts"), ("text", "files", "both")),
            most_files=_number(content.get("most_files"), 3, MOST_FILES) or 1,
            words=_number(content.get("words"), 0, 100_000) or None,
            criteria=_criteria(content.get("criteria")),
            double=content.get("double") is True,
            again=content.get("again") is not False,
            late=_one_of(content.get("late"), ("marked", "refused")),
            at_work=at_work,
            workplace=_text(content.get("workplace")),
            promise=_number(content.get("promise"), DEFAULT_PROMISE, 6000) or DEFAULT_PROMISE,
            kinds=tuple(k for k in _list(content.get("kinds")) if isinstance(k, str)),
        )

    @property
    def asks_text(self) -> bool:
        """Is a text handed in?"""
        return self.parts != "files"

    @property
    def asks_files(self) -> bool:
        """Are files handed in?"""
        return self.parts != "text"

    def score(self, levels: Sequence[Mapping[str, int]]) -> int | None:
        """Percent of what the rubric can give, over the levels that markers have set; None when
        there is no rubric or a criterion has no level."""
        most = sum(len(one.levels) - 1 for one in self.criteria) * len(levels)
        if not most or any(one.key not in given for given in levels for one in self.criteria):
            return None
        reached = sum(
            min(given[one.key], len(one.levels) - 1) for given in levels for one in self.criteria
        )
        return round(100 * reached / most)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a participant has written so far. `no_names` is their word that nobody is named;
    `kind` and `title` are of the record that it ends in, `language` is that of the page."""

    text: str = ""
    no_names: bool = False
    kind: str = ""
    title: str = ""
    language: str = ""

    @classmethod
    def of(cls, work: WorkFacts | None) -> Self:
        """The draft of a work; an empty one before it is begun."""
        content = work.content if work is not None else {}
        return cls(
            text=str(content.get("text") or ""),
            no_names=content.get("no_names") is True,
            kind=str(content.get("kind") or ""),
            title=str(content.get("title") or ""),
            language=str(content.get("language") or ""),
        )

    def as_content(self) -> dict[str, Any]:
        """As it is stored."""
        return {name: getattr(self, name) for name in Draft.__slots__ if getattr(self, name)}


def _text(value: Any) -> LocalisedText:
    if not isinstance(value, dict):
        return LocalisedText()
    return LocalisedText(**{code: str(value.get(code) or "") for code in ("da", "sv", "en")})


def _one_of(value: Any, allowed: Sequence[Any]) -> Any:
    return value if value in allowed else allowed[0]


def _number(value: Any, default: int, most: int) -> int:
    return value if type(value) is int and 0 <= value <= most else default


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _criteria(value: Any) -> tuple[Criterion, ...]:
    found = []
    for row in _list(value):
        if not isinstance(row, dict) or not isinstance(row.get("key"), str):
            continue
        levels = tuple(_text(level) for level in _list(row.get("levels")))
        outcome = row.get("outcome")
        if len(levels) > 1:
            found.append(
                Criterion(
                    key=row["key"],
                    title=_text(row.get("title")),
                    levels=levels,
                    outcome=outcome if type(outcome) is int else None,
                )
            )
    return tuple(found)
