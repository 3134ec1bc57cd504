"""Reading the demo's files, and its days: whole numbers counted from today."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lms.api import now

SATURDAY = 5


@cache
def read(name: str) -> dict[str, Any]:
    """One of the files beside this module: `organisations` or `courses`."""
    content: dict[str, Any] = json.loads(
        (Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8")
    )
    return content


def courses() -> Sequence[dict[str, Any]]:
    """The courses, in the order of the file."""
    found: list[dict[str, Any]] = read("courses")["courses"]
    return found


def runs_of(course: str) -> Sequence[dict[str, Any]]:
    """The runs of the course with this slug."""
    return [run for run in read("courses")["runs"] if run["course"] == course]


class Calendar:
    """Days counted from one today, in one time zone."""

    def __init__(self, zone: str, moment: datetime | None = None) -> None:
        self.zone = ZoneInfo(zone)
        self.today: date = (moment or now()).astimezone(self.zone).date()

    def at(self, day: int, clock: str, *, minutes: int = 0) -> datetime:
        """So many days from today at "HH:MM", and so many minutes later."""
        return self._on(self.today + timedelta(days=day), clock) + timedelta(minutes=minutes)

    def at_work(self, day: int, clock: str) -> datetime:
        """As `at`, moved to Monday when the day falls in a weekend: nobody teaches then."""
        found = self.today + timedelta(days=day)
        if found.weekday() >= SATURDAY:
            found += timedelta(days=7 - found.weekday())
        return self._on(found, clock)

    def _on(self, day: date, clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=self.zone)
