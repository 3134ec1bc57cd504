"""Shapes of input: what a practice log asks, and one entry of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.api import LANGUAGES, ActivityForm, CountField, DayField, Form, marked
from lms_activities.practice_log import CHOICE_WORDS, PracticeLog
from lms_activities.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")


class PracticeLogForm(ActivityForm):
    """What a practice log asks for."""

    domain = domain

    question_da = TextAreaField(
        marked("What do they write about? In Danish"), [Length(max=1000, message=TOO_LONG)]
    )
    question_sv = TextAreaField(
        marked("What do they write about? In Swedish"), [Length(max=1000, message=TOO_LONG)]
    )
    question_en = TextAreaField(
        marked("What do they write about? In English"), [Length(max=1000, message=TOO_LONG)]
    )
    needed = CountField(marked("How many notes are enough?"), 1, 100)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the own fields."""
        log = PracticeLog.of(content)
        asked = {f"question_{code}": getattr(log.question, code) for code in LANGUAGES}
        return asked | {"needed": str(log.needed)}

    def offer(self, languages: Sequence[str]) -> None:
        """Only the languages of the course."""
        for code in LANGUAGES:
            if code not in languages:
                del self[f"question_{code}"]

    def content(self) -> dict[str, Any]:
        """What is stored."""
        stored = PracticeLog.of(self.activity.content).question
        question = {
            code: (self[f"question_{code}"].data or "")
            if f"question_{code}" in self
            else getattr(stored, code)
            for code in LANGUAGES
        }
        return {**self.activity.content, "question": question, "needed": self.needed.number or 1}


class EntryForm(Form):
    """One note: two taps and an optional sentence."""

    domain = domain

    choice = RadioField(
        marked("How did it go?"), [InputRequired(marked("Choose one of the three."))]
    )
    text = TextAreaField(
        marked("A sentence, if you like"),
        [Length(max=500, message=TOO_LONG)],
        description=marked("Never a name, a number or an address."),
    )
    happened_on = DayField(marked("Which day?"))
    client_key = HiddenField()

    def offer(self) -> None:
        """The three choices in the reader's language."""
        self.choice.choices = [(key, _(words[0])) for key, words in CHOICE_WORDS.items()]

    def happened_at(self, zone: str, moment: datetime) -> datetime:
        """The day as a moment: now when it is today, else noon of that day."""
        there = moment.astimezone(ZoneInfo(zone))
        day = self.happened_on.data
        if not isinstance(day, date) or day == there.date():
            return moment
        return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))

    @property
    def sent_key(self) -> str:
        """The key the entry was made with, of the characters a key has and no more."""
        text = str(self.client_key.data or "")
        return text if text.isascii() and text.isalnum() and len(text) <= 40 else ""
