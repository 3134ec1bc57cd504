"""Shapes of input: a quiz, one of its questions, and the answers of somebody who tries it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from lms.api import (
    LANGUAGES,
    ActivityForm,
    CountField,
    Form,
    LocalisedText,
    OneOfField,
    clean_text,
    local,
    marked,
    new_key,
)
from lms_activities.quiz import (
    KINDS,
    MOST_OPTIONS,
    MOST_POINTS,
    MULTIPLE,
    NUMBER,
    ORDER,
    SINGLE,
    TEXT,
    Option,
    Question,
    number_from,
    quiz_from,
)
from lms_activities.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
IN_LANGUAGES: Mapping[str, str] = {
    "da": marked("in Danish"),
    "sv": marked("in Swedish"),
    "en": marked("in English"),
}
KIND_WORDS: Mapping[str, str] = {
    SINGLE: marked("One right answer to choose"),
    MULTIPLE: marked("Several right answers to choose"),
    NUMBER: marked("A number"),
    TEXT: marked("A short text"),
    ORDER: marked("Things to put in order"),
}
SHOW_WORDS: Mapping[str, str] = {
    "each": marked("After each try"),
    "last": marked("When it is passed or no try is left"),
    "never": marked("Never"),
}


class QuizForm(ActivityForm):
    """What a quiz says of itself; its questions have a page each."""

    domain = domain

    intro_da = TextAreaField(
        marked("Introduction, in Danish"), [Length(max=2000, message=TOO_LONG)]
    )
    intro_sv = TextAreaField(
        marked("Introduction, in Swedish"), [Length(max=2000, message=TOO_LONG)]
    )
    intro_en = TextAreaField(
        marked("Introduction, in English"), [Length(max=2000, message=TOO_LONG)]
    )
    needed = CountField(marked("Percent that are enough"), 1, 100)
    attempts = CountField(marked("How many tries? 0 is as many as they like"), 0, 20)
    limit = CountField(marked("Minutes for each try. 0 is as long as they like"), 0, 600)
    shuffle = BooleanField(marked("Mix questions and options"))
    show = OneOfField(marked("When are the right answers shown?"))
    draws = TextAreaField(
        marked("How many questions from each pool?"),
        description=marked(
            "One pool on each line, such as hygiene: 3. A pool without a line gives all of its "
            "questions."
        ),
    )

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the own fields."""
        quiz = quiz_from(content)
        return {
            **{f"intro_{code}": getattr(quiz.intro, code) for code in LANGUAGES},
            "needed": str(quiz.needed),
            "attempts": str(quiz.attempts),
            "limit": str(quiz.minutes),
            "shuffle": quiz.shuffle,
            "show": quiz.show,
            "draws": "\n".join(f"{pool}: {number}" for pool, number in quiz.draw.items()),
        }

    def offer(self, languages: Sequence[str]) -> None:
        """Choices, and only the languages of the course."""
        self.show.choices = [(key, _(words)) for key, words in SHOW_WORDS.items()]
        for code in LANGUAGES:
            if code not in languages:
                del self[f"intro_{code}"]

    def validate(self, extra_validators: Any = None) -> bool:
        """Pools are named with a number."""
        fine = super().validate(extra_validators)
        if self._draws() is None:
            self.draws.errors = [_("Write a pool and a number on each line, such as hygiene: 3.")]
            return False
        return fine

    def content(self) -> dict[str, Any]:
        """What is stored; the questions stay."""
        stored = quiz_from(self.activity.content).intro
        intro = {
            code: (self[f"intro_{code}"].data or "")
            if f"intro_{code}" in self
            else getattr(stored, code)
            for code in LANGUAGES
        }
        return {
            **self.activity.content,
            "intro": intro,
            "needed": self.needed.number or 1,
            "attempts": self.attempts.number or 0,
            "minutes": self.limit.number or 0,
            "shuffle": bool(self.shuffle.data),
            "show": self.show.data,
            "draw": self._draws() or {},
        }

    def _draws(self) -> dict[str, int] | None:
        found = {}
        for line in (self.draws.data or "").splitlines():
            if not clean_text(line):
                continue
            pool, colon, number = clean_text(line).rpartition(":")
            digits = number.strip()
            if not colon or not pool.strip() or len(pool) > 60:
                return None
            if not (digits.isascii() and digits.isdecimal() and 0 < len(digits) < 4):
                return None
            found[pool.strip()] = int(digits)
        return found


class QuestionForm(Form):
    """One question. Which rows count depends on its kind; the page says which."""

    domain = domain

    kind = OneOfField(marked("What kind of question?"))
    text_da = TextAreaField(marked("The question, in Danish"), [Length(max=2000, message=TOO_LONG)])
    text_sv = TextAreaField(
        marked("The question, in Swedish"), [Length(max=2000, message=TOO_LONG)]
    )
    text_en = TextAreaField(
        marked("The question, in English"), [Length(max=2000, message=TOO_LONG)]
    )
    pool = StringField(
        marked("Pool"),
        [Length(max=60, message=TOO_LONG)],
        description=marked("Questions of one pool can be drawn by lot. Empty: it is always asked."),
    )
    points = CountField(marked("Points"), 1, MOST_POINTS)
    accepted = TextAreaField(
        marked("Right answers, one on each line"),
        [Length(max=2000, message=TOO_LONG)],
        description=marked("For a number or a short text. Upper and lower case are alike."),
    )
    tolerance = StringField(
        marked("How far off may a number be?"), [Length(max=20, message=TOO_LONG)]
    )
    right_da = StringField(marked("Said to a right answer, in Danish"), [Length(max=500)])
    right_sv = StringField(marked("Said to a right answer, in Swedish"), [Length(max=500)])
    right_en = StringField(marked("Said to a right answer, in English"), [Length(max=500)])
    wrong_da = StringField(marked("Said to a wrong answer, in Danish"), [Length(max=500)])
    wrong_sv = StringField(marked("Said to a wrong answer, in Swedish"), [Length(max=500)])
    wrong_en = StringField(marked("Said to a wrong answer, in English"), [Length(max=500)])
    revision = HiddenField()

    languages: Sequence[str] = LANGUAGES
    rows = 4
    key = ""
    keys: Sequence[str] = ()

    def option(self, row: int, code: str) -> Any:
        """The field of one option in one language."""
        return self[f"option_{row}_{code}"]

    @property
    def seen_revision(self) -> int:
        """The revision of the activity that the page showed; 0 when it does not say."""
        text = str(self.revision.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def validate(self, extra_validators: Any = None) -> bool:
        """Whatever its kind needs is there."""
        fine = super().validate(extra_validators)
        question = self.question()
        first = next(code for code in LANGUAGES if code in self.languages)
        if not question.text.everything():
            self[f"text_{first}"].errors = [_("Write the question.")]
            fine = False
        if question.kind in (SINGLE, MULTIPLE, ORDER) and len(question.options) < 2:
            self.option(0, first).errors = [_("Write at least two options.")]
            fine = False
        elif question.kind in (SINGLE, MULTIPLE):
            fine = self._right_ones(question, first) and fine
        elif question.kind in (NUMBER, TEXT):
            fine = self._answers(question) and fine
        return fine

    def _right_ones(self, question: Question, first: str) -> bool:
        right = sum(option.right for option in question.options)
        if question.kind == SINGLE and right != 1:
            self.option(0, first).errors = [_("Mark exactly one option as right.")]
            return False
        if not right:
            self.option(0, first).errors = [_("Mark at least one option as right.")]
            return False
        return True

    def _answers(self, question: Question) -> bool:
        if not question.accepted:
            self.accepted.errors = [_("Write at least one right answer.")]
            return False
        if question.kind == TEXT:
            return True
        if any(number_from(text) is None for text in question.accepted):
            self.accepted.errors = [_("Write numbers, such as 37.5.")]
            return False
        tolerance = number_from(question.tolerance)
        if tolerance is None or tolerance < 0:
            self.tolerance.errors = [_("Write a number from 0 upwards, such as 0.1.")]
            return False
        return True

    def question(self) -> Question:
        """The question that the fields say."""
        options = []
        for row in range(self.rows):
            words = {code: clean_text(self.option(row, code).data or "") for code in self.languages}
            if any(words.values()):
                key = self.keys[row] if row < len(self.keys) else new_key()[:8]
                right = bool(self[f"right_{row}"].data)
                options.append(Option(key=key, text=LocalisedText(**words), right=right))
        kind = str(self.kind.data)
        choosing = kind in (SINGLE, MULTIPLE, ORDER)
        return Question(
            key=self.key or new_key()[:8],
            kind=kind if kind in KINDS else SINGLE,
            text=self._localised("text"),
            pool=clean_text(self.pool.data or ""),
            points=self.points.number or 1,
            options=tuple(options) if choosing else (),
            accepted=()
            if choosing
            else tuple(
                text
                for line in (self.accepted.data or "").splitlines()
                if (text := clean_text(line))
            ),
            tolerance=clean_text(self.tolerance.data or "") or "0",
            right=self._localised("right"),
            wrong=self._localised("wrong"),
            order=tuple(option.key for option in options) if kind == ORDER else (),
        )

    def _localised(self, name: str) -> LocalisedText:
        return LocalisedText(
            **{code: clean_text(self[f"{name}_{code}"].data or "") for code in self.languages}
        )


def question_form(
    question: Question | None, languages: Sequence[str], revision: int, more: int = 0
) -> QuestionForm:
    """The form of a question, or of a new one, with two empty rows of options and `more`."""
    codes = [code for code in LANGUAGES if code in languages] or list(LANGUAGES)
    options = question.options if question else ()
    if question and question.kind == ORDER:
        by_key = {option.key: option for option in options}
        options = tuple(by_key[key] for key in question.order if key in by_key)
    rows = min(max(len(options) + 2, 4) + more, MOST_OPTIONS)
    fields: dict[str, Any] = {
        "languages": codes,
        "rows": rows,
        "key": question.key if question else "",
        "keys": tuple(option.key for option in options),
    }
    values: dict[str, Any] = {"revision": str(revision), "kind": SINGLE, "points": "1"}
    for row in range(rows):
        fields[f"right_{row}"] = BooleanField(marked("Right"))
        values[f"right_{row}"] = row < len(options) and options[row].right
        for code in codes:
            label = _("Option %(n)d", n=row + 1) + (
                f", {_(IN_LANGUAGES[code])}" if len(codes) > 1 else ""
            )
            fields[f"option_{row}_{code}"] = StringField(label, [Length(max=500, message=TOO_LONG)])
            values[f"option_{row}_{code}"] = (
                getattr(options[row].text, code) if row < len(options) else ""
            )
    if question:
        values |= {
            "kind": question.kind,
            "pool": question.pool,
            "points": str(question.points),
            "accepted": "\n".join(question.accepted),
            "tolerance": question.tolerance,
        }
        for name in ("text", "right", "wrong"):
            text: LocalisedText = getattr(question, name)
            values |= {f"{name}_{code}": getattr(text, code) for code in codes}
    form: QuestionForm = type("QuestionFormHere", (QuestionForm,), fields)(**values)
    form.kind.choices = [(kind, _(words)) for kind, words in KIND_WORDS.items()]
    for code in LANGUAGES:
        if code not in codes:
            for name in ("text", "right", "wrong"):
                del form[f"{name}_{code}"]
    return form


class AnswersForm(Form):
    """The answers of one try. Fields are read as they come: which there are, the try says."""

    domain = domain

    revision = HiddenField()

    def given(self, questions: Sequence[Question], sent: Any) -> dict[str, list[str]]:
        """What was sent, by question key. An order comes as a place for each option."""
        found = {}
        for question in questions:
            if question.kind == ORDER:
                found[question.key] = _in_order(question, sent)
            else:
                found[question.key] = sent.getlist(f"a-{question.key}")
        return found

    @property
    def seen_revision(self) -> int:
        """The revision of the try that the page showed; 0 when it does not say."""
        text = str(self.revision.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _in_order(question: Question, sent: Any) -> list[str]:
    """Keys of the options by the places given to them; none when a place is given twice or not."""
    places = []
    for option in question.options:
        text = sent.get(f"a-{question.key}-{option.key}", "")
        if not (text.isascii() and text.isdecimal() and len(text) < 3):
            return []
        places.append((int(text), option.key))
    if len({place for place, _key in places}) != len(places):
        return []
    return [key for _place, key in sorted(places)]


def place_of(answer: Sequence[str], key: str) -> str:
    """The place that was given to an option, "" when none was."""
    return str(list(answer).index(key) + 1) if key in answer else ""


def in_words(question: Question, answer: Sequence[str]) -> Sequence[str]:
    """What was answered, as the reader sees it."""
    if question.kind in (NUMBER, TEXT):
        return tuple(answer)
    by_key = {option.key: local(option.text) for option in question.options}
    return tuple(by_key[key] for key in answer if key in by_key)
