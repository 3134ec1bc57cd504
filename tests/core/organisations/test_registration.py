"""Registration numbers are written one way and checked where a check exists."""

from __future__ import annotations

import random

import pytest

from lms.core.organisations.registration import normalised, problem_with, written

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("country", "text", "kept", "shown"),
    [
        ("DK", "12345674", "12345674", "12 34 56 74"),
        ("DK", " 12 34 56 74 ", "12345674", "12 34 56 74"),
        ("DK", "DK12345674", "12345674", "12 34 56 74"),
        ("DK", "dk-12.34.56.74", "12345674", "12 34 56 74"),
        ("SE", "556016-0680", "5560160680", "556016-0680"),
        ("SE", "5560160680", "5560160680", "556016-0680"),
        ("SE", "16556016-0680", "5560160680", "556016-0680"),
        ("SE", "SE556016068001", "5560160680", "556016-0680"),
        ("SE", "212000-0142", "2120000142", "212000-0142"),
        ("NO", "974 760 673 MVA", "974760673MVA", "974760673MVA"),
        ("FI", "2617416-4", "26174164", "26174164"),
        ("DK", "", None, ""),
        ("SE", "  ", None, ""),
    ],
)
def test_numbers_are_written_one_way(country, text, kept, shown):
    assert normalised(country, text) == kept
    assert written(country, kept) == shown
    assert normalised(country, shown) == kept


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("DK", "12345678"),
        ("DK", "1234567"),
        ("DK", "123456744"),
        ("DK", "ABCDEFGH"),
        ("DK", "١٢٣٤٥٦٧٤"),
        ("SE", "556016-0681"),
        ("SE", "900101-1239"),  # the number of a person
        ("SE", "16900101-1239"),
        ("SE", "55601606"),
        ("NO", "x" * 21),
        ("NO", "12;34"),
    ],
)
def test_what_cannot_be_right_is_refused(country, text):
    with pytest.raises(ValueError, match=country):
        normalised(country, text)
    assert all(problem_with(country).message.as_dict().values())


def test_a_slip_of_one_digit_is_always_found():
    chance = random.Random(3)
    for country, number in (("DK", "12345674"), ("SE", "5560160680")):
        for place in range(len(number)):
            other = chance.choice([d for d in "0123456789" if d != number[place]])
            with pytest.raises(ValueError, match=country):
                normalised(country, number[:place] + other + number[place + 1 :])
