"""Days as the authorities count them: Denmark and Sweden share one clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import overload
from zoneinfo import ZoneInfo

from lms.api import LocalisedText, now

ZONE = ZoneInfo("Europe/Copenhagen")
_MONTHS = {
    "da": [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "sv": [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


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


def said_day(day: date) -> LocalisedText:
    """A day with its month in words, in every language."""
    return LocalisedText(
        **{
            code: f"{day.day}{'.' if code == 'da' else ''} {months[day.month - 1]} {day.year}"
            for code, months in _MONTHS.items()
        }
    )
