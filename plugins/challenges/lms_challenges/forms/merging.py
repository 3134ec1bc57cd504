"""Shapes of input when problems are gathered, and when they are taken apart."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from lms.api import Form, choice_required, marked, required
from lms_challenges.words import domain

TOO_LONG = marked("Write at most %(max)d characters.")
LONGEST = 1000
_REASON = [
    *required(marked("Write why, so that whoever told it can follow.")),
    Length(max=LONGEST, message=TOO_LONG),
]


class MergeForm(Form):
    """Which problem it is the same as, by its key, and why."""

    domain = domain

    into = RadioField(
        marked("Which one is it the same as?"),
        choice_required(marked("Choose the problem that it is the same as.")),
        # What is alike may have changed since the page was drawn; the verb looks anew.
        validate_choice=False,
    )
    reason = TextAreaField(
        marked("Why?"), _REASON, description=marked("Whoever told it reads this in a letter.")
    )

    def offer(self, keys: Sequence[tuple[str, str]]) -> None:
        """Problems to choose from, as (key, title)."""
        self.into.choices = list(keys)


class ApartForm(Form):
    """Why a problem stands by itself again."""

    domain = domain

    reason = TextAreaField(
        marked("Why?"), _REASON, description=marked("Whoever told it reads this in a letter.")
    )
