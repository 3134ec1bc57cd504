"""Times as people write them, where they are: the nights when the clocks are changed.

A time that the clock jumps over does not exist and is refused; one that comes twice is taken as
the first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lms.core.refused import refused


def moment_at(day: date, clock: time, zone: str, *, field: str = "") -> datetime:
    """The moment in UTC when the clocks in `zone` show this. Raises `Refused` for a time that does
    not exist there; its code is `<field>.no_such_time`, so that a form shows it at that field."""
    there = ZoneInfo(zone)
    wanted = datetime.combine(day, clock.replace(tzinfo=None, fold=0), tzinfo=there)
    moment = wanted.astimezone(UTC)
    if moment.astimezone(there).replace(tzinfo=None) != wanted.replace(tzinfo=None):
        hour, dotted = f"{clock:%H:%M}", f"{clock:%H.%M}"
        raise refused(
            f"{field}.no_such_time" if field else "no_such_time",
            da=f"Klokken {dotted} findes ikke den nat: uret stilles frem. Vælg et andet tidspunkt.",
            sv=f"Klockan {dotted} finns inte den natten: klockan ställs fram. Välj en annan tid.",
            en=f"There is no {hour} that night: the clocks go forward. Choose another time.",
        )
    return moment


def first_moment_of(day: date, zone: str) -> datetime:
    """When a day begins in `zone`, in UTC; where the clock jumps over midnight, right after."""
    return datetime.combine(day, time(0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def last_minute_of(day: date, zone: str) -> datetime:
    """The last minute of a day in `zone`, in UTC."""
    return datetime.combine(day, time(23, 59), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def days_later(moment: datetime, days: int, zone: str) -> datetime:
    """The same time by the clocks in `zone`, so many days later (earlier: below 0), in UTC."""
    there = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    return (there + timedelta(days=days)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
