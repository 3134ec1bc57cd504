"""Quizzes without a database: what a question is, how it is drawn, marked and judged by answers.

A question is stored as {"key", "pool", "kind", "text", "points", "options", "accepted",
"tolerance", "right", "wrong"}: texts in three languages, `options` of choices as {"key", "text",
"right"} and of an order in the right order, `accepted` numbers or short texts, `right` and `wrong`
what is said afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from lms.api import LANGUAGES, LocalisedText, clean_text

SINGLE, MULTIPLE, NUMBER, TEXT, ORDER = KINDS = (
    "single",
    "multiple",
    "number",
    "text",
    "order",
)
MOST_QUESTIONS = 200
MOST_OPTIONS = 10
MOST_POINTS = 20
LATEST_GRACE = 5
"""Seconds after the end in which an answer still counts: the way from the page to the server."""
FEWEST_FOR_STATISTICS = 5
"""Below so many tries a share says more about a person than about a question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One thing to choose, or one place in an order."""

    key: str
    text: LocalisedText
    right: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question as it is asked; `options` in the order in which this person sees them."""

    key: str
    kind: str
    text: LocalisedText
    pool: str = ""
    points: int = 1
    options: tuple[Option, ...] = ()
    accepted: tuple[str, ...] = ()
    tolerance: str = "0"
    right: LocalisedText = field(default_factory=LocalisedText)
    wrong: LocalisedText = field(default_factory=LocalisedText)
    order: tuple[str, ...] = ()
    """Keys of the options in the right order, for a question about an order."""

    @property
    def solution(self) -> tuple[LocalisedText, ...]:
        """What would have been right, in words."""
        if self.kind in (SINGLE, MULTIPLE):
            return tuple(option.text for option in self.options if option.right)
        if self.kind == ORDER:
            by_key = {option.key: option.text for option in self.options}
            return tuple(by_key[key] for key in self.order if key in by_key)
        first = self.accepted[0] if self.accepted else ""
        return (LocalisedText(da=first, sv=first, en=first),) if first else ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Quiz:
    """A quiz as it is built. `attempts` and `minutes` 0: as many and as long as one likes;
    `needed` percent are enough; `draw` says how many questions come from each named pool, and
    questions without a pool come always. `show` tells when right answers are seen: each time,
    once nothing more can be tried, or never."""

    intro: LocalisedText
    questions: tuple[Question, ...]
    draw: Mapping[str, int]
    attempts: int = 0
    minutes: int = 0
    needed: int = 80
    shuffle: bool = True
    show: str = "each"

    @property
    def pools(self) -> Mapping[str, int]:
        """How many questions each named pool has."""
        return Counter(question.pool for question in self.questions if question.pool)

    @property
    def length(self) -> int:
        """How many questions one try has."""
        always = sum(not question.pool for question in self.questions)
        return always + sum(min(self.draw.get(p, n), n) for p, n in self.pools.items())


def quiz_from(content: Mapping[str, Any]) -> Quiz:
    """The quiz that an activity's content holds; one that was never edited is empty."""
    return Quiz(
        intro=LocalisedText.from_dict(content.get("intro", {})),
        questions=tuple(question_from(stored) for stored in content.get("questions", ())),
        draw=dict(content.get("draw", {})),
        attempts=content.get("attempts", 0),
        minutes=content.get("minutes", 0),
        needed=content.get("needed", 80),
        shuffle=content.get("shuffle", True),
        show=content.get("show", "each"),
    )


def question_from(stored: Mapping[str, Any]) -> Question:
    """A question as it is stored, in a quiz or in a try."""
    options = tuple(
        Option(
            key=option["key"],
            text=LocalisedText.from_dict(option["text"]),
            right=bool(option.get("right")),
        )
        for option in stored.get("options", ())
    )
    return Question(
        key=stored["key"],
        kind=stored["kind"],
        text=LocalisedText.from_dict(stored["text"]),
        pool=stored.get("pool", ""),
        points=stored.get("points", 1),
        options=options,
        accepted=tuple(stored.get("accepted", ())),
        tolerance=stored.get("tolerance", "0"),
        right=LocalisedText.from_dict(stored.get("right", {})),
        wrong=LocalisedText.from_dict(stored.get("wrong", {})),
        order=tuple(stored.get("order", [option.key for option in options])),
    )


def as_stored(question: Question) -> dict[str, Any]:
    """The inverse of `question_from`."""
    return {
        "key": question.key,
        "kind": question.kind,
        "text": question.text.as_dict(),
        "pool": question.pool,
        "points": question.points,
        "options": [
            {"key": option.key, "text": option.text.as_dict(), "right": option.right}
            for option in question.options
        ],
        "accepted": list(question.accepted),
        "tolerance": question.tolerance,
        "right": question.right.as_dict(),
        "wrong": question.wrong.as_dict(),
        "order": list(question.order),
    }


# --- a try --------------------------------------------------------------------------------------


def drawn(quiz: Quiz, random: Random) -> list[dict[str, Any]]:
    """The questions of one try as they are stored with it: whole, so that a later change of the
    quiz changes nothing for who has begun."""
    by_pool: dict[str, list[Question]] = {}
    for question in quiz.questions:
        by_pool.setdefault(question.pool, []).append(question)
    chosen: set[str] = set()
    for pool, questions in by_pool.items():
        number = (
            len(questions) if not pool else min(quiz.draw.get(pool, len(questions)), MOST_QUESTIONS)
        )
        picked = questions if number >= len(questions) else random.sample(questions, number)
        chosen.update(question.key for question in picked)
    asked = [question for question in quiz.questions if question.key in chosen]
    if quiz.shuffle:
        random.shuffle(asked)
    return [as_stored(_mixed(question, quiz.shuffle, random)) for question in asked]


def _mixed(question: Question, shuffle: bool, random: Random) -> Question:
    options = list(question.options)
    if question.kind == ORDER:
        # The right order must not be the one that is shown.
        while len(options) > 1 and [option.key for option in options] == list(question.order):
            random.shuffle(options)
    elif shuffle:
        random.shuffle(options)
    return replace(question, options=tuple(options))


def is_right(question: Question, answer: Sequence[str]) -> bool:
    """Is this the answer? All that is right and nothing else; a number within the tolerance; a
    text whatever its case and spaces."""
    given = [text for text in answer if text]
    if not given:
        return False
    if question.kind in (SINGLE, MULTIPLE):
        right = {option.key for option in question.options if option.right}
        return set(given) == right and (question.kind == MULTIPLE or len(given) == 1)
    if question.kind == ORDER:
        return tuple(given) == question.order
    if question.kind == NUMBER:
        return _near(question, given[0])
    return _plain(given[0]) in {_plain(text) for text in question.accepted}


def _near(question: Question, given: str) -> bool:
    value, tolerance = number_from(given), number_from(question.tolerance) or Decimal(0)
    if value is None:
        return False
    accepted = [number for text in question.accepted if (number := number_from(text)) is not None]
    return any(abs(value - number) <= tolerance for number in accepted)


def number_from(text: str) -> Decimal | None:
    """A number as people here write it: 3,5 and 3.5, spaces and minus signs of all kinds."""
    plain = "".join(text.split()).replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if not plain or len(plain) > 30 or not set(plain) <= set("0123456789.-+"):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _plain(text: str) -> str:
    return " ".join(clean_text(text).casefold().split()).rstrip(".!")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a try came to: points of most, and which questions were right, by key."""

    points: int
    most: int
    right: Mapping[str, bool]

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 is everything and nothing less."""
        return self.points * 100 // self.most if self.most else 0


def judged(questions: Sequence[Question], answers: Mapping[str, Sequence[str]]) -> Outcome:
    """Mark a try."""
    right = {
        question.key: is_right(question, answers.get(question.key, ())) for question in questions
    }
    return Outcome(
        points=sum(question.points for question in questions if right[question.key]),
        most=sum(question.points for question in questions),
        right=right,
    )


def fitting(
    questions: Sequence[Question], given: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    """Of what was sent, that which answers a question of the try; the rest is nobody's."""
    found = {}
    for question in questions:
        sent = [str(text) for text in given.get(question.key, ())][: MOST_OPTIONS + 1]
        if question.kind in (SINGLE, MULTIPLE, ORDER):
            keys = {option.key for option in question.options}
            sent = list(dict.fromkeys(text for text in sent if text in keys))
        else:
            sent = [clean_text(text)[:200] for text in sent[:1]]
        if any(sent):
            found[question.key] = sent
    return found


# --- what the answers say of the questions ------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemFigures:
    """One question by its answers: how often asked and right, in percent, what was picked by
    option key, and the difference in percent points between the best and the weakest third (None
    with too few tries): a question that the best get wrong more often is worth a look."""

    key: str
    asked: int
    right: int
    picked: Mapping[str, int]
    difference: int | None

    @property
    def percent(self) -> int | None:
        """Share of right answers; None with too few."""
        return None if self.asked < FEWEST_FOR_STATISTICS else self.right * 100 // self.asked


Try = tuple[int, Mapping[str, bool], Mapping[str, Sequence[str]]]
"""A finished try: its percent, what was right, and what was answered, by question key."""


def figures(keys: Sequence[str], tries: Sequence[Try]) -> Sequence[ItemFigures]:
    """Figures for each question in turn."""
    found = []
    for key in keys:
        asked = sorted((one for one in tries if key in one[1]), key=lambda one: one[0])
        third = len(asked) // 3
        difference = None
        if len(asked) >= 3 * FEWEST_FOR_STATISTICS:
            best = sum(one[1][key] for one in asked[-third:]) * 100 // third
            weakest = sum(one[1][key] for one in asked[:third]) * 100 // third
            difference = best - weakest
        found.append(
            ItemFigures(
                key=key,
                asked=len(asked),
                right=sum(one[1][key] for one in asked),
                picked=Counter(pick for one in asked for pick in one[2].get(key, ())),
                difference=difference,
            )
        )
    return found


def missing(question: Question, languages: Sequence[str]) -> str:
    """What a question still needs before it can be asked, as a word: text, options, right,
    accepted; "" when it is whole. Texts are needed in one of the languages."""
    codes = [code for code in LANGUAGES if code in languages] or list(LANGUAGES)
    if not any(getattr(question.text, code) for code in codes):
        return "text"
    if question.kind in (SINGLE, MULTIPLE, ORDER):
        if len(question.options) < 2:
            return "options"
        right = sum(option.right for option in question.options)
        if question.kind == SINGLE and right != 1:
            return "right"
        if question.kind == MULTIPLE and not right:
            return "right"
    elif not question.accepted:
        return "accepted"
    elif question.kind == NUMBER:
        return (
            "" if all(number_from(text) is not None for text in question.accepted) else "accepted"
        )
    return ""
