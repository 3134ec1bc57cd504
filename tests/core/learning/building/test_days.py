"""Days: holidays by the almanac, days laid out in a rhythm, moments moved by the calendar."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contracts import LocalisedText
from lms.core.catalogue.holidays import easter, holidays_on
from lms.core.learning.laying_out import Rhythm, Sitting, laid_out
from lms.core.local_times import days_later, first_moment_of, last_minute_of

pytestmark = pytest.mark.once  # what is asked here no database changes


def test_easter_is_when_the_almanacs_say():
    published = {
        2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16),
        2029: (4, 1), 2030: (4, 21), 2035: (3, 25), 2038: (4, 25), 2049: (4, 18),
    }  # fmt: skip
    assert {year: easter(year) for year in published} == {
        year: date(year, *day) for year, day in published.items()
    }


@pytest.mark.parametrize(
    ("day", "country", "name"),
    [
        (date(2026, 5, 14), "DK", "Ascension Day"),
        (date(2026, 6, 6), "SE", "Sweden's National Day"),
        (date(2026, 6, 5), "DK", "Constitution Day"),
        (date(2026, 6, 19), "SE", "Midsummer Eve"),
        (date(2026, 10, 31), "SE", "All Saints' Day"),
        (date(2027, 11, 6), "SE", "All Saints' Day"),
        (date(2023, 5, 5), "DK", "General Prayer Day"),
        (date(2026, 5, 1), "SE", "May Day"),
    ],
)
def test_holidays_are_known_by_name(day, country, name):
    assert name in [h.name.en for h in holidays_on(day) if h.country == country]


def test_a_plain_day_and_a_day_that_is_none_any_more():
    assert not holidays_on(date(2026, 4, 22))
    assert not holidays_on(date(2024, 4, 26))
    assert [h.country for h in holidays_on(date(2026, 5, 25))] == ["DK"]


DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
SITTINGS = st.lists(st.integers(1, 900), max_size=12).map(
    lambda lengths: [
        Sitting(
            module=str(n),
            title=LocalisedText(),
            content=LocalisedText(),
            minutes=length,
            between=LocalisedText(),
        )
        for n, length in enumerate(lengths)
    ]
)


@given(DAYS, SITTINGS, st.integers(1, 60), st.sets(st.integers(0, 6)), st.times())
def test_days_laid_out_follow_each_other_in_the_rhythm(first, sittings, every, weekdays, clock):
    clock = clock.replace(second=0, microsecond=0)
    slots = laid_out(sittings, first, Rhythm(begins=clock, every=every, weekdays=weekdays))
    days = [slot.day for slot in slots]
    assert len(days) == len(sittings)
    assert days == sorted(set(days))
    assert all(slot.begins == clock and slot.ends >= clock for slot in slots)
    assert all(day >= first for day in days)
    if weekdays:
        assert all(day.weekday() in weekdays for day in days)
    elif days:
        assert days[0] == first
        assert {(b - a).days for a, b in itertools.pairwise(days)} <= {every}


@given(
    DAYS, st.integers(-800, 800), st.sampled_from(("Europe/Copenhagen", "America/Nuuk")), st.times()
)
def test_a_moment_moved_keeps_its_time_of_day(day, days, zone, clock):
    there = ZoneInfo(zone)
    clock = time(clock.hour, clock.minute)
    moment = datetime.combine(day, clock, tzinfo=there).astimezone(UTC)
    if moment.astimezone(there).time() != clock:
        return  # a time that the clock jumps over
    moved = days_later(moment, days, zone).astimezone(there)
    wanted = datetime.combine(day + timedelta(days=days), clock)
    off = abs(moved.replace(tzinfo=None) - wanted)
    assert off in (timedelta(0), timedelta(hours=1))
    if off:
        assert moved.utcoffset() != (moved - timedelta(hours=4)).astimezone(there).utcoffset()


def test_a_day_begins_after_a_jump_over_midnight():
    assert first_moment_of(date(2027, 3, 27), "America/Nuuk").tzinfo is UTC
    assert last_minute_of(date(2027, 3, 27), "Europe/Copenhagen") == datetime(
        2027, 3, 27, 22, 59, tzinfo=UTC
    )
