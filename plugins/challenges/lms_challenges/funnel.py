"""Where problems end, step by step: counting, and leaving out what would tell of single people.

Pure. Counts under five are not shown (None), and neither is another one where the hidden count
could be reckoned from the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lms.api import LocalisedText

FEWEST = 5

STEPS: Mapping[str, LocalisedText] = {
    "received": LocalisedText(da="Fortalt", sv="Berättat", en="Told"),
    "answered": LocalisedText(da="Fik svar", sv="Fick svar", en="Answered"),
    "challenge": LocalisedText(
        da="Blev del af en udfordring", sv="Blev del av en utmaning", en="Reached a challenge"
    ),
    "idea": LocalisedText(da="Fik en idé", sv="Fick en idé", en="Reached an idea"),
    "test": LocalisedText(da="Blev afprøvet", sv="Testades", en="Reached a test"),
}
"""Each step holds those of the one before that came so far."""

ENDS: Mapping[str, LocalisedText] = {
    "waiting": LocalisedText(
        da="Venter på et svar eller til senere",
        sv="Väntar på svar eller till senare",
        en="Waits for an answer or until later",
    ),
    "answered_locally": LocalisedText(
        da="Løst på stedet", sv="Löst på plats", en="Solved where it is"
    ),
    "known_solution": LocalisedText(
        da="Der fandtes en løsning", sv="Det fanns en lösning", en="A solution existed"
    ),
    "declined": LocalisedText(da="Gik ikke videre", sv="Gick inte vidare", en="Went no further"),
    "withdrawn": LocalisedText(da="Trukket tilbage", sv="Återtaget", en="Taken back"),
    "under_way": LocalisedText(
        da="Udfordringen er i gang", sv="Utmaningen pågår", en="The challenge is under way"
    ),
    "stopped": LocalisedText(
        da="Udfordringen blev stoppet", sv="Utmaningen stoppades", en="The challenge was stopped"
    ),
}
"""Where a problem stands, each in exactly one."""

_TESTED = frozenset({"in_test", "decided", "in_operation", "still_in_use", "no_longer_used"})
_TESTED_LEVEL = 6
"""A challenge that was stopped after it had reached this level had been tested."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Some problems that went the same way: `number` of them, `in_time` answered in time.
    `state` is that of the problem, or of the one it was gathered with."""

    organisation_id: int
    channel: str
    state: str
    answered: bool
    challenge_id: int | None
    number: int
    in_time: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How far a challenge has come."""

    state: str
    state_before: str
    level: int
    has_ideas: bool

    @property
    def tested(self) -> bool:
        """Has a solution to it been tried with people?"""
        over = self.state in ("paused", "stopped")
        before = over and (self.state_before in _TESTED or self.level >= _TESTED_LEVEL)
        return self.state in _TESTED or before


@dataclass(slots=True)
class Counts:
    """Problems by step and by where they stand, and how many were answered in time."""

    steps: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    in_time: int = 0

    def add(self, told: Told, way: Way | None) -> None:
        """Count some problems; `way` is that of the challenge they are part of."""
        reached = _reached(told, way)
        for step in reached:
            self.steps[step] += told.number
        self.ends[_end(told, way)] += told.number
        self.in_time += told.in_time


def _reached(told: Told, way: Way | None) -> Sequence[str]:
    steps = ["received"]
    if told.answered or way is not None:
        steps.append("answered")
    if way is None:
        return steps
    steps.append("challenge")
    if way.has_ideas or way.tested:
        steps.append("idea")
    if way.tested:
        steps.append("test")
    return steps


def _end(told: Told, way: Way | None) -> str:
    if way is not None and told.state == "accepted":
        return "stopped" if way.state == "stopped" else "under_way"
    if told.state == "accepted":
        return "under_way"
    return told.state if told.state in ENDS else "waiting"


def tally(told: Iterable[Told], ways: Mapping[int, Way], by: str) -> dict[object, Counts]:
    """Counts by an attribute of `Told`."""
    found: dict[object, Counts] = {}
    for one in told:
        way = ways.get(one.challenge_id) if one.challenge_id is not None else None
        found.setdefault(getattr(one, by), Counts()).add(one, way)
    return found


def shown(parts: Sequence[int]) -> list[int | None]:
    """Parts of a sum that is told: those under five are None, and as many of the smallest others
    as it takes so that the hidden ones together are five or more. None of nothing stays 0."""
    hidden = [0 < part < FEWEST for part in parts]
    while any(hidden) and sum(p for p, h in zip(parts, hidden, strict=True) if h) < FEWEST:
        open_ones = [i for i, part in enumerate(parts) if not hidden[i] and part]
        if not open_ones:
            break
        hidden[min(open_ones, key=lambda i: parts[i])] = True
    return [None if h else part for part, h in zip(parts, hidden, strict=True)]


def shown_total(total: int, known: int = 0) -> int | None:
    """A sum of which the reader knows a part already: None when it or the rest is under five."""
    rest = total - known
    return None if 0 < total < FEWEST or 0 < rest < FEWEST else total
