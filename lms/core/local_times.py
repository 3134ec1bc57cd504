"""Times as people write them, where they are: the nights when the clocks are changed.

A time that the clock jumps over does not exist and is refused; one that comes twice is taken as
the first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
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
