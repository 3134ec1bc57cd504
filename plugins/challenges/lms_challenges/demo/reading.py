"""Reading the demo's files, its days (whole numbers counted from today), and the order of time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zlib import crc32
from zoneinfo import ZoneInfo

from lms.api import LocalisedText, now, stopped_clock

ZONE = "Europe/Copenhagen"
Item = TypeVar("Item")


@cache
def read(name: str) -> dict[str, Any]:
    """One of the files beside this module, by its name without an ending."""
    path = Path(__file__).with_name(f"{name}.json")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def localised(told: dict[str, str]) -> LocalisedText:
    """A text of the files in its three languages."""
    return LocalisedText.from_dict(told)


def number(*parts: object) -> int:
    """A number that looks like chance and is the same each time."""
    return crc32(":".join(str(part) for part in parts).encode())


def pick(items: Sequence[Item], *parts: object) -> Item:
    """One of the items, the same each time."""
    return items[number(*parts) % len(items)]


class Framed(Protocol):
    """Something that has an id once it was framed."""

    id: int


class Calendar:
    """Days counted from one today."""

    def __init__(self) -> None:
        self.zone = ZoneInfo(ZONE)
        self.today: date = now().astimezone(self.zone).date()

    def day(self, days: int) -> date:
        """So many days from today."""
        return self.today + timedelta(days=days)

    def at(self, days: int, clock: str, minutes: int = 0) -> datetime:
        """So many days from today at "HH:MM", and so many minutes later."""
        moment = datetime.combine(self.day(days), time.fromisoformat(clock), tzinfo=self.zone)
        return moment + timedelta(minutes=minutes)


class Replay:
    """Steps with their moments, taken in the order of time with the clock stopped at each; of one
    moment in the order added."""

    def __init__(self) -> None:
        self._steps: list[tuple[datetime, int, Callable[[], None]]] = []
        self._added = count()

    def add(self, moment: datetime, step: Callable[[], None]) -> None:
        """Put a step on the calendar."""
        heappush(self._steps, (moment, next(self._added), step))

    def run(self) -> None:
        """Take every step. What goes wrong says when."""
        while self._steps:
            moment, _number, step = heappop(self._steps)
            with stopped_clock(moment):
                try:
                    step()
                except Exception as error:
                    error.add_note(f"in the demo of challenges, on {moment:%Y-%m-%d at %H:%M}")
                    raise
