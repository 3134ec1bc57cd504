"""Working days of the countries that take part in a run."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lms.api import holidays_on

SATURDAY = 5
LAST_MINUTE = time(23, 59)


def is_working_day(day: date, countries: Collection[str]) -> bool:
    """Neither a weekend nor a holiday in any of these countries (ISO 3166)."""
    return day.weekday() < SATURDAY and not any(
        holiday.country in countries for holiday in holidays_on(day)
    )


def after_working_days(
    moment: datetime, days: int, countries: Collection[str], zone: str
) -> datetime:
    """The last minute, aware, of the working day that comes `days` working days after the day of
    an aware moment in a zone (IANA); that day itself does not count."""
    there = ZoneInfo(zone)
    day = moment.astimezone(there).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, countries)
    return datetime.combine(day, LAST_MINUTE, there)
