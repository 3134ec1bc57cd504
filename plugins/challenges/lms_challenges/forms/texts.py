"""Texts in all languages on a form, and a hidden number that says what the page had seen."""

from __future__ import annotations

from wtforms import Field, HiddenField

from lms.api import LANGUAGES, Form, LocalisedText, marked
from lms_challenges.words import domain

IN_DANISH, IN_SWEDISH, IN_ENGLISH = marked("In Danish"), marked("In Swedish"), marked("In English")
TOO_LONG = marked("Write at most %(max)d characters.")
LINE, SHORT, LONG = 160, 500, 4_000


class TextsForm(Form):
    """A form with fields `<name>_<language>`; `revision` is what its page had seen."""

    domain = domain

    revision = HiddenField()

    @property
    def seen_revision(self) -> int:
        """The revision that the page had; -1 for what is no number, which nothing has."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def text(self, name: str) -> LocalisedText:
        """What is written in all languages."""
        return LocalisedText(**{code: self[f"{name}_{code}"].data or "" for code in LANGUAGES})

    def put(self, name: str, text: LocalisedText) -> None:
        """Fill the fields of one text."""
        for code in LANGUAGES:
            self[f"{name}_{code}"].data = getattr(text, code)

    def in_all(self, name: str) -> list[Field]:
        """The fields of one text."""
        return [self[f"{name}_{code}"] for code in LANGUAGES]
