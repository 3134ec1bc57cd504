"""Days as moments, for the page's words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import overload


@overload
def noon(day: date) -> datetime: ...
@overload
def noon(day: None) -> None: ...
def noon(day: date | None) -> datetime | None:
    """Noon of a day in UTC, which is the same day in both countries; None for none."""
    return None if day is None else datetime.combine(day, time(12, tzinfo=UTC))
