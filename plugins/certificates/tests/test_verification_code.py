"""The code on a certificate: random, readable aloud, forgiving to type."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_certificates import verification_code as codes

pytestmark = pytest.mark.once

CODE = "4KQ7M2XD9RTEW0BVH3NPYC8A5F"


def test_a_new_code_is_canonical_and_carries_128_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {codes.new() for _ in range(200)}
    assert len(made) == 200
    assert all(codes.parse(code) == code for code in made)
    monkeypatch.setattr(secrets, "randbits", lambda bits: (1 << bits) - 1)
    assert codes.new() == "7" + "Z" * 25
    monkeypatch.setattr(secrets, "randbits", lambda bits: bits - codes.BITS)
    assert codes.new() == "0" * 26


def test_it_is_printed_in_groups_of_four() -> None:
    assert codes.grouped(CODE) == "4KQ7-M2XD-9RTE-W0BV-H3NP-YC8A-5F"


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "4KQ7-M2XD-9RTE-W0BV-H3NP-YC8A-5F",
        " 4kq7 m2xd 9rte wObv h3np yc8a 5f\n",
        "4KQ7–M2XD—9RTE‑W0BV−H3NP\u00ad-YC8A\u200b5F",
        "4KQ7\u00a0M2XD\t9RTE W o BV H3NP YC8A 5F",
    ],
)
def test_it_forgives_how_it_is_typed(typed: str) -> None:
    assert codes.parse(typed) == CODE


def test_letters_that_look_like_digits_are_those_digits() -> None:
    assert codes.parse("oO0iIlL1" + "A" * 18) == "00011111" + "A" * 18


@pytest.mark.parametrize(
    "junk",
    [
        "",
        " ",
        CODE[:-1],
        CODE + "0",
        CODE[:-1] + "U",
        "8" + CODE[1:],
        "ſ" + CODE[1:],
        "４" + CODE[1:],
        "²" + CODE[1:],
        "\x00" + CODE,
        "\ud800" + CODE[1:],
        "-" * 10_000 + CODE,
        None,
        7,
        CODE.encode(),
        ["4"],
    ],
)
def test_junk_is_no_code(junk: object) -> None:
    assert codes.parse(junk) is None


@given(st.text(max_size=60))
def test_parsing_never_raises_and_gives_canonical_codes_only(text: str) -> None:
    code = codes.parse(text)
    assert code is None or codes.parse(code) == code


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_every_number_has_one_code(number: int) -> None:
    digits = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits.append(codes.ALPHABET[digit])
    code = "".join(reversed(digits))
    assert codes.parse(codes.grouped(code).lower()) == code
