"""S03: ten working days to a first answer, over weekends, holidays and summer time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from lms_challenges.clock import (
    answer_due,
    day_in,
    is_working_day,
    working_days_after,
    working_days_left,
)

pytestmark = pytest.mark.once

CPH = ZoneInfo("Europe/Copenhagen")


def due(told: datetime, country: str = "DK") -> str:
    """The last minute as people there read it."""
    return answer_due(told, country).astimezone(CPH).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("told", "country", "expected"),
    [
        # two plain weeks
        (datetime(2026, 9, 7, 9, 0, tzinfo=CPH), "DK", "2026-09-21T23:59+02:00"),
        # told on a Saturday: Monday is the first day
        (datetime(2026, 9, 5, 9, 0, tzinfo=CPH), "DK", "2026-09-18T23:59+02:00"),
        # Easter: Maundy Thursday is a working day in Sweden
        (datetime(2026, 3, 27, 9, 0, tzinfo=CPH), "DK", "2026-04-15T23:59+02:00"),
        (datetime(2026, 3, 27, 9, 0, tzinfo=CPH), "SE", "2026-04-14T23:59+02:00"),
        # Christmas and New Year; Epiphany is a holiday in Sweden
        (datetime(2026, 12, 21, 9, 0, tzinfo=CPH), "DK", "2027-01-08T23:59+01:00"),
        (datetime(2026, 12, 21, 9, 0, tzinfo=CPH), "SE", "2027-01-11T23:59+01:00"),
        # 5 June is Denmark's, 6 June (a Saturday in 2026) and Midsummer Eve Sweden's
        (datetime(2026, 6, 4, 9, 0, tzinfo=CPH), "DK", "2026-06-19T23:59+02:00"),
        (datetime(2026, 6, 8, 9, 0, tzinfo=CPH), "SE", "2026-06-23T23:59+02:00"),
        # summer time ends on 25 October 2026, and begins on 28 March 2027, at Easter
        (datetime(2026, 10, 19, 9, 0, tzinfo=CPH), "DK", "2026-11-02T23:59+01:00"),
        (datetime(2027, 3, 15, 9, 0, tzinfo=CPH), "DK", "2027-04-01T23:59+02:00"),
        # another country: weekends alone are known
        (datetime(2026, 12, 21, 9, 0, tzinfo=CPH), "NO", "2027-01-04T23:59+01:00"),
    ],
)
def test_the_answer_is_due_on_the_tenth_working_day(
    told: datetime, country: str, expected: str
) -> None:
    assert due(told, country) == expected


def test_the_day_is_the_one_where_the_problem_was_told() -> None:
    # Half past eleven on a Friday night in UTC is Saturday there.
    late_friday = datetime(2026, 9, 4, 22, 30, tzinfo=UTC)
    assert day_in(late_friday, "DK") == date(2026, 9, 5)
    assert due(late_friday) == due(datetime(2026, 9, 5, 12, 0, tzinfo=CPH))
    # In the hour that comes twice when summer time ends, both times it is Sunday.
    for fold in (0, 1):
        twice = datetime(2026, 10, 25, 2, 30, tzinfo=CPH, fold=fold)
        assert due(twice) == "2026-11-06T23:59+01:00"


def test_a_deadline_is_counted_down_in_working_days() -> None:
    told = datetime(2026, 9, 7, 9, 0, tzinfo=CPH)
    last = answer_due(told, "DK")
    left = {
        day: working_days_left(datetime(2026, 9, day, 12, tzinfo=CPH), last, "DK")
        for day in (7, 11, 12, 13, 14, 18, 20, 21, 22, 25, 26, 28)
    }
    assert left == {
        7: 10, 11: 6, 12: 6, 13: 6, 14: 5, 18: 1, 20: 1, 21: 0, 22: -1, 25: -4, 26: -4, 28: -5,
    }  # fmt: skip


def test_friday_missed_is_one_day_late_on_monday() -> None:
    friday = answer_due(datetime(2026, 9, 4, 9, 0, tzinfo=CPH), "DK")
    assert friday.astimezone(CPH).date() == date(2026, 9, 18)
    assert working_days_left(datetime(2026, 9, 19, 9, tzinfo=CPH), friday, "DK") == 0
    assert working_days_left(datetime(2026, 9, 21, 9, tzinfo=CPH), friday, "DK") == -1


def test_every_day_of_ten_years_gives_ten_working_days() -> None:
    day = date(2024, 1, 1)
    for country in ("DK", "SE"):
        for n in range(0, 3650, 17):
            told = date.fromordinal(day.toordinal() + n)
            last = working_days_after(told, 10, country)
            between = [
                date.fromordinal(o) for o in range(told.toordinal() + 1, last.toordinal() + 1)
            ]
            assert sum(is_working_day(one, country) for one in between) == 10
            assert is_working_day(last, country)
