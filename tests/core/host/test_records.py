"""Errors in words, and the shape of answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from lms.contracts import Badge, LocalisedText
from lms.host.answers import WrongAnswer, check_answer
from lms.host.names import check_name
from lms.host.records import LONGEST_MESSAGE, Rejected, in_words, without_secrets

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("postgresql://samspil:s3cret@db/lms", "s3cret"),
        ("password=s3cret", "s3cret"),
        ("SMTP_PASSWORD: s3cret,", "s3cret"),
        ("{'api_key': 's3cret'}", "s3cret"),
        ("Authorization: Bearer s3cret", "s3cret"),
        ('{"token": "s3 cret"}', "s3 cret"),
        ("no account for bo@kommune.dk", "bo@kommune.dk"),
        ("is 010190-1234 known", "010190-1234"),
        ("is 199001011234 known", "199001011234"),
    ],
)
def test_no_secret_stands_in_the_words(text, secret):
    assert secret not in without_secrets(text)
    assert secret not in in_words(ValueError(text))


def test_ordinary_words_stay():
    text = "KeyError: 'minutes' in run 42 on 2026-04-14 at 08:00"
    assert without_secrets(text) == text


def test_a_statement_does_not_tell_its_parameters():
    error = IntegrityError(
        "INSERT INTO x VALUES (?)", ("Bo Nielsen",), Exception("NOT NULL failed")
    )
    assert "Bo Nielsen" not in in_words(error)
    assert "NOT NULL failed" in in_words(error)


def test_an_error_whose_text_fails():
    class Evil(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert in_words(Evil()) == "Evil: (its message failed: RuntimeError)"


def test_words_name_the_last_places():
    def inner() -> None:
        raise ValueError("x" * 5000)

    with pytest.raises(ValueError, match="x") as caught:
        inner()
    words = in_words(caught.value)
    assert "host/test_records.py:" in words
    assert "in inner" in words
    assert len(words) < LONGEST_MESSAGE + 300


BADGE = Badge(text=LocalisedText(en="Full"), icon="x")


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (Sequence[Badge], [BADGE]),
        (Sequence[Badge], ()),
        (Mapping[int, Sequence[Badge]], {1: [BADGE], 2: []}),
        (Mapping[str, Callable[[], None]], {"a": list}),
        (Badge, BADGE),
        (None, None),
        (Any, object()),
    ],
)
def test_right_answers(shape, value):
    check_answer(shape, value)


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (Sequence[Badge], None),
        (Sequence[Badge], "text"),
        (Sequence[Badge], BADGE),
        (Sequence[Badge], iter([BADGE])),
        (Sequence[Badge], {BADGE}),
        (Sequence[Badge], [BADGE, None]),
        (Mapping[int, Sequence[Badge]], [BADGE]),
        (Mapping[int, Sequence[Badge]], {"1": [BADGE]}),
        (Mapping[int, Sequence[Badge]], {1: BADGE}),
        (Mapping[str, Callable[[], None]], {"a": 1}),
        (Badge, [BADGE]),
        (None, []),
    ],
)
def test_wrong_answers(shape, value):
    with pytest.raises(WrongAnswer):
        check_answer(shape, value)


@given(st.text(max_size=40), st.lists(st.from_regex(r"[a-z][a-z0-9_]{3,8}", fullmatch=True)))
def test_a_name_is_either_fine_or_refused_in_words(name, taken):
    try:
        check_name(name, taken)
    except Rejected:
        return
    assert not any(other.startswith(name) or name.startswith(other) for other in taken)
