"""National identity numbers are found, and other numbers are left in peace."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.db import stopped_clock
from lms.web.identity_numbers import contains_identity_number

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _clock():
    with stopped_clock(datetime(2026, 4, 14, 10, tzinfo=UTC)):
        yield


@pytest.mark.parametrize(
    "text",
    [
        "010190-1234",
        "0101901234",
        "010190 1234",
        "010190 - 1234",
        "010190–1234",
        "010190\u20111234",
        "010190\u200b-1234",
        "０１０１９０-１２３４",
        "٠١٠١٩٠-١٢٣٤",
        "01.01.90-1234",
        "01 01 90-1234",
        "290200-4123",
        "290296-1234",
        "610190-1234",  # replacement number: day + 60
        "Ring til mig, cpr 010190-1234, tak",
        "cpr010190-1234x",
        "CPR0101901234",
        "cpr_0101901234_journal.pdf",
        "cpr:010190-1234.",
        "(0101901234)",
        "linje et\n010190-\n1234",
        "311299-9999",
        "900101-1239 är mitt",
        "19900101-1239",
        "199001011239",
        "9001011239",
        "900101+1239",
        "1990-01-01-1239",
        "900161-1236",  # samordningsnummer
        "19900161-1236",
        "9001611236",
        "121212-1212",
        "19121212-1212",
    ],
)
def test_numbers_of_people_are_found(text: str) -> None:
    assert contains_identity_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tirsdag 14. april 2026",
        "2026-04-14",
        "2026-04-14 10:30",
        "2026-04-14T10:30:00+02:00",
        "20260414",
        "14.04.2026-15.04.2026",
        "14.04.26-15.04.26",
        "2025-2026",
        "+45 12 34 56 78",
        "+4512345678",
        "+46 70 123 45 67",
        "+46701234567",
        "+46 0701234567",
        "+47 010190 1234",
        "70 12 34 56",
        "12345678",
        "DK12345678",
        "DK-12345678",
        "CVR 25313763",
        "556016-0680",  # a Swedish company
        "5560160680",
        "802002-4280",
        "320190-1234",  # no such day
        "011390-1234",  # no such month
        "290201-1235",  # not a leap year
        "1010190-1234",
        "010190-12345",
        "12-010190-1234",
        "SO0101901234",
        "0101901234ab",
        "ordre 1234567890",
        "ordre 4501019012345",
        "991301-1238",  # neither Danish nor a Swedish month
        "19900101-1238",  # the check digit is wrong
        "9001011238",
        "20991231-1235",
        "0101901234,50",
        "5790001234567",
        "550e8400-e29b-41d4-a716-446655440000",
        "19900101-1234-4123-8123-123456789012",
        "192.168.1.1",
        "978-3-16-148410-0",
        "kl. 9-12, lokale 010190",
        "https://example.org/a/123456-7890",
    ],
)
def test_other_numbers_are_left_in_peace(text: str) -> None:
    assert not contains_identity_number(text)


def _luhn_digit(nine: str) -> int:
    total = 0
    for place, digit in enumerate(nine):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return -total % 10


def test_a_thousand_of_each_kind_are_found() -> None:
    chance = random.Random(7)
    for _ in range(1000):
        born = date(1930, 1, 1) + timedelta(days=chance.randrange(35_000))
        last = f"{chance.randrange(10_000):04}"
        for sign in ("-", "", " "):
            assert contains_identity_number(f"x {born:%d%m%y}{sign}{last} y")
        for shift in (0, 60):
            nine = f"{born:%y%m}{born.day + shift:02}{last[:3]}"
            whole = nine + str(_luhn_digit(nine))
            for text in (f"{whole[:6]}-{whole[6:]}", whole, f"{born:%Y}{whole[2:6]}-{whole[6:]}"):
                assert contains_identity_number(text), text


def test_long_texts_cost_little() -> None:
    assert not contains_identity_number("12" * 50_000)
    assert not contains_identity_number("12 " * 50_000)
    assert not contains_identity_number("+45 " * 25_000)
