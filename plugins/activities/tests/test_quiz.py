"""What a quiz is, how it is drawn and marked: without a database."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.api import LocalisedText
from lms_activities.quiz import (
    KINDS,
    MULTIPLE,
    NUMBER,
    ORDER,
    SINGLE,
    TEXT,
    Option,
    Question,
    Quiz,
    as_stored,
    drawn,
    figures,
    fitting,
    is_right,
    judged,
    missing,
    number_from,
    question_from,
    quiz_from,
)

pytestmark = pytest.mark.once


def words(text: str) -> LocalisedText:
    return LocalisedText(da=text)


def question(key: str = "q", kind: str = SINGLE, **values: object) -> Question:
    right = str(values.pop("right_ones", "a"))
    options = tuple(Option(key=k, text=words(k), right=k in right) for k in "abc")
    given = {"options": options if kind in (SINGLE, MULTIPLE, ORDER) else ()} | values
    if kind == ORDER:
        given.setdefault("order", ("b", "a", "c"))
    return Question(key=key, kind=kind, text=words("?"), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "answer", "right"),
    [
        (SINGLE, ["a"], True),
        (SINGLE, ["b"], False),
        (SINGLE, ["a", "b"], False),
        (SINGLE, [], False),
        (ORDER, ["b", "a", "c"], True),
        (ORDER, ["a", "b", "c"], False),
        (ORDER, ["b", "a"], False),
    ],
)
def test_choices_and_orders(kind: str, answer: list[str], right: bool) -> None:
    assert is_right(question(kind=kind), answer) is right


@pytest.mark.parametrize(
    ("answer", "right"), [("ab", True), ("ba", True), ("a", False), ("abc", False), ("", False)]
)
def test_several_are_right_together_or_not_at_all(answer: str, right: bool) -> None:
    assert is_right(question(kind=MULTIPLE, right_ones="ab"), list(answer)) is right


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("37,5", True),
        ("37.5", True),
        (" 37.6 ", True),
        ("37.4", True),
        ("37.39", False),
        ("37.61", False),
        ("", False),
        ("NaN", False),
        ("1e9", False),
        ("9" * 40, False),
    ],
)
def test_numbers_within_the_tolerance(typed: str, right: bool) -> None:
    assert is_right(question(kind=NUMBER, accepted=("37,5",), tolerance="0.1"), [typed]) is right


@pytest.mark.parametrize("typed", ["Håndhygiejne", "  HÅNDHYGIEJNE. ", "Ha\u030andhygiejne"])
def test_short_texts_whatever_their_case(typed: str) -> None:
    assert is_right(question(kind=TEXT, accepted=("håndhygiejne",)), [typed])


def test_numbers_as_people_write_them() -> None:
    assert number_from("1 000,5") == number_from("1000.5")
    assert number_from("\N{MINUS SIGN}3") == number_from("-3")
    assert number_from("3 kg") is None
    assert number_from("--3") is None


def test_an_order_is_never_shown_solved() -> None:
    quiz = Quiz(intro=words(""), questions=(question(kind=ORDER),), draw={}, shuffle=False)
    for seed in range(50):
        shown = question_from(drawn(quiz, Random(seed))[0])
        assert tuple(option.key for option in shown.options) != shown.order


@given(
    pools=st.lists(st.sampled_from(["", "hygiene", "fald"]), max_size=12),
    draw=st.dictionaries(st.sampled_from(["hygiene", "fald", "ukendt"]), st.integers(0, 5)),
    seed=st.integers(0, 1000),
    shuffle=st.booleans(),
)
def test_a_try_has_what_the_pools_promise(
    pools: list[str], draw: dict[str, int], seed: int, shuffle: bool
) -> None:
    questions = tuple(question(key=f"q{n}", pool=pool) for n, pool in enumerate(pools))
    quiz = Quiz(intro=words(""), questions=questions, draw=draw, shuffle=shuffle)
    asked = [question_from(stored) for stored in drawn(quiz, Random(seed))]
    assert len(asked) == quiz.length == len({one.key for one in asked})
    assert {one.key for one in questions if not one.pool} <= {one.key for one in asked}
    for pool, number in quiz.pools.items():
        assert sum(one.pool == pool for one in asked) == min(draw.get(pool, number), number)


anything = st.text(max_size=20)


@given(
    st.lists(st.sampled_from(KINDS), max_size=6),
    st.dictionaries(anything, st.lists(anything, max_size=5), max_size=8),
)
def test_whatever_is_sent_is_marked_between_nothing_and_everything(
    kinds: list[str], sent: dict[str, list[str]]
) -> None:
    questions = [
        question(key=str(n), kind=kind, accepted=("3",), points=n + 1)
        for n, kind in enumerate(kinds)
    ]
    sent |= {str(n): ["a", "b", "c", "3"] for n in range(0, len(kinds), 2)}
    kept = fitting(questions, sent)
    assert set(kept) <= {one.key for one in questions}
    outcome = judged(questions, kept)
    assert 0 <= outcome.points <= outcome.most
    assert 0 <= outcome.percent <= 100
    assert fitting(questions, kept) == kept


@given(st.sampled_from(KINDS), st.integers(1, 20))
def test_a_question_is_stored_and_read_back(kind: str, points: int) -> None:
    one = question(kind=kind, points=points, accepted=("3", "tre"), right=words("Ja"))
    assert question_from(as_stored(one)) == one


def test_a_quiz_that_was_never_edited_is_empty() -> None:
    assert quiz_from({}).length == 0
    assert drawn(quiz_from({}), Random(1)) == []


@pytest.mark.parametrize(
    ("one", "lacks"),
    [
        (question(), ""),
        (question(right_ones="ab"), "right"),
        (question(kind=MULTIPLE, right_ones=""), "right"),
        (Question(key="q", kind=SINGLE, text=words("?")), "options"),
        (Question(key="q", kind=TEXT, text=words("?")), "accepted"),
        (Question(key="q", kind=NUMBER, text=words("?"), accepted=("tre",)), "accepted"),
        (Question(key="q", kind=TEXT, text=LocalisedText(), accepted=("ja",)), "text"),
        (question(kind=ORDER), ""),
    ],
)
def test_what_a_question_still_needs(one: Question, lacks: str) -> None:
    assert missing(one, ("da",)) == lacks


def test_figures_say_nothing_of_few_and_tell_good_questions_from_bad() -> None:
    few = figures(["q"], [(100, {"q": True}, {"q": ["a"]})] * 4)[0]
    assert few.percent is None
    assert few.difference is None
    good = [(n, {"q": n > 8, "r": n <= 8}, {"q": ["a"] if n > 8 else ["b"]}) for n in range(15)]
    item, reverse = figures(["q", "r"], good)
    assert (item.asked, item.right, item.percent) == (15, 6, 40)
    assert item.picked == {"a": 6, "b": 9}
    assert item.difference == 100
    assert reverse.difference == -100
