"""The clock of the desk: working days of the country where a problem was told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lms.api import holidays_on

ANSWER_WITHIN = 10
"""Working days until somebody must have answered; the day it was told does not count."""

ZONES = {"DK": "Europe/Copenhagen", "SE": "Europe/Stockholm"}
ELSEWHERE = "Europe/Copenhagen"
LAST_MINUTE = time(23, 59)
SATURDAY = 5


def zone_of(country: str) -> str:
    """The IANA name of the zone whose days count in a country (ISO 3166)."""
    return ZONES.get(country, ELSEWHERE)


def is_working_day(day: date, country: str) -> bool:
    """Neither a weekend nor a holiday of this country; elsewhere than in Denmark and Sweden only
    weekends are known."""
    if day.weekday() >= SATURDAY:
        return False
    return all(holiday.country != country for holiday in holidays_on(day))


def day_in(moment: datetime, country: str) -> date:
    """The day it is there at an aware moment."""
    return moment.astimezone(ZoneInfo(zone_of(country))).date()


def working_days_after(day: date, days: int, country: str) -> date:
    """The working day that comes `days` working days after a day (`days` at least 1)."""
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, country)
    return day


def answer_due(moment: datetime, country: str, days: int = ANSWER_WITHIN) -> datetime:
    """When the first answer is due, at the latest: the last minute of a working day there, aware.

    `moment` is when the problem was told, aware.
    """
    last = working_days_after(day_in(moment, country), days, country)
    return datetime.combine(last, LAST_MINUTE, ZoneInfo(zone_of(country)))


def working_days_left(moment: datetime, due: datetime, country: str) -> int:
    """Working days from the day of `moment` to the day an answer is due: 0 on the day itself,
    below 0 when it is late. Both moments are aware."""
    here, there = day_in(moment, country), day_in(due, country)
    if here <= there:
        return _working_days(here, there, country)
    # A deadline missed on a Friday is one day late on the Monday, and not yet on the Saturday.
    return -_working_days(there, here, country) if moment > due else 0


def _working_days(first: date, last: date, country: str) -> int:
    """Working days after `first`, up to and with `last`."""
    days = ((first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, country) for day in days)
