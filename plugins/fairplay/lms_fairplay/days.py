"""Days as the authorities count them: Denmark and Sweden share one clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import overload
from zoneinfo import ZoneInfo

from lms.api import now

ZONE = ZoneInfo("Europe/Copenhagen")


def day_of(moment: datetime) -> date:
    """The day it is there at an aware moment."""
    return moment.astimezone(ZONE).date()


def today() -> date:
    """The day it is now."""
    return day_of(now())


@overload
def noon(day: date) -> datetime: ...
@overload
def noon(day: None) -> None: ...
def noon(day: date | None) -> datetime | None:
    """Noon of a day in UTC, for the page's words; None for none."""
    return None if day is None else datetime.combine(day, time(12, tzinfo=UTC))
