"""Shapes of input: the log of practice, the safe-use check, and what a run tries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from werkzeug.datastructures import MultiDict
from wtforms import Field, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lms.api import Form, LocalisedText, marked
from lms_technology_trials.facts import PracticeFacts, Solution, TechnologyFacts
from lms_technology_trials.words import domain

MOST_USES = 999
MOST_SOLUTIONS = 20
LONGEST_NAME = 120

PASSED = {"passed": True, "not_passed": False, "not_yet": None}


class LogForm(Form):
    """How often somebody used the technology, or why not."""

    domain = domain

    uses = IntegerField(
        marked("How many times have you used it so far?"),
        [InputRequired(marked("Write a number, 0 if you have not used it."))],
    )
    non_use_reason = TextAreaField(
        marked("If you chose not to use it: why?"),
        [Optional(), Length(max=1000, message=marked("Write at most 1,000 characters."))],
        description=marked("A reason counts as much as using it. Write nothing about citizens."),
    )

    def validate_uses(self, field: Field) -> None:
        """WTForms' own range cannot be asked about a number of 400 digits."""
        if field.data is not None and not 0 <= field.data <= MOST_USES:
            raise ValidationError(marked("Write a number from 0 to 999."))

    @classmethod
    def of(cls, practice: PracticeFacts) -> Self:
        """The form with what is stored, whatever else is being sent just now."""
        return cls(
            MultiDict(),
            data={"uses": practice.uses, "non_use_reason": practice.non_use_reason or ""},
        )


class SafeUseForm(Form):
    """The teacher's safe-use check."""

    domain = domain

    safe_use = RadioField(
        marked("Safe-use check"),
        [InputRequired(marked("Choose one of the three."))],
        choices=[],
        validate_choice=True,
    )

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.safe_use.choices = [
            ("passed", domain.gettext("Passed")),
            ("not_yet", domain.gettext("Not yet")),
            ("not_passed", domain.gettext("Not passed")),
        ]

    @classmethod
    def of(cls, practice: PracticeFacts) -> Self:
        """The form with what is stored, whatever else is being sent just now."""
        words = {value: word for word, value in PASSED.items()}
        return cls(MultiDict(), data={"safe_use": words[practice.safe_use_passed]})

    @property
    def passed(self) -> bool | None:
        """What was chosen."""
        return PASSED[self.safe_use.data]


class TechnologyForm(Form):
    """What a run tries: the category and its solutions."""

    domain = domain

    category_da = StringField(
        marked("The kind of technology, in Danish"), [Optional(), Length(max=200)]
    )
    category_sv = StringField(marked("The same in Swedish"), [Optional(), Length(max=200)])
    category_en = StringField(marked("The same in English"), [Optional(), Length(max=200)])
    solutions = TextAreaField(
        marked("Solutions"),
        [Optional()],
        description=marked(
            "One on each line: its name; who makes it. At least two, or say below why there is one."
        ),
    )
    only_one_reason = TextAreaField(
        marked("Why there is only one"),
        [Optional(), Length(max=500, message=marked("Write at most 500 characters."))],
    )

    @classmethod
    def of(cls, technology: TechnologyFacts | None) -> Self:
        """The form with what is known."""
        if technology is None:
            return cls()
        return cls(
            data={
                **{
                    f"category_{code}": text for code, text in technology.category.as_dict().items()
                },
                "solutions": "\n".join(
                    f"{one.name}; {one.organisation}" if one.organisation else one.name
                    for one in technology.solutions
                ),
                "only_one_reason": technology.only_one_reason or "",
            }
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """A category in one language at least, and solutions that can be read."""
        fine = super().validate(extra_validators)
        if not any(self.category.as_dict().values()):
            self.category_da.errors = [
                *self.category_da.errors,
                domain.gettext("Write the kind of technology in one language at least."),
            ]
            fine = False
        found = self.named
        if len(found) > MOST_SOLUTIONS:
            self._complain(domain.gettext("Write at most 20 solutions."))
            fine = False
        if any(
            len(one.name) > LONGEST_NAME or len(one.organisation) > LONGEST_NAME for one in found
        ):
            self._complain(domain.gettext("Write names of at most 120 characters."))
            fine = False
        if len({one.name.casefold() for one in found}) < len(found):
            self._complain(domain.gettext("The same solution stands there twice."))
            fine = False
        return fine

    def _complain(self, sentence: str) -> None:
        self.solutions.errors = [*self.solutions.errors, sentence]

    @property
    def category(self) -> LocalisedText:
        """The category as written."""
        return LocalisedText(
            da=self.category_da.data or "",
            sv=self.category_sv.data or "",
            en=self.category_en.data or "",
        )

    @property
    def named(self) -> Sequence[Solution]:
        """The solutions, line by line."""
        found = []
        for line in (self.solutions.data or "").splitlines():
            name, _sign, organisation = line.partition(";")
            if name.strip():
                found.append(Solution(name=name.strip(), organisation=organisation.strip()))
        return found
