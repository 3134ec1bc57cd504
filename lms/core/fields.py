"""Fields whose errors say what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from wtforms import DateField, SelectField
from wtforms.validators import ValidationError

from lms.web.i18n import gettext
from lms.web.i18n import marked as _

Choices = Callable[[], Sequence[tuple[str, str]]]


class PickField(SelectField):
    """One of a list; `choices` is called for each request, so it speaks the reader's language."""

    def __init__(
        self, label: str, choices: Choices | None = None, *, optional: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(label, choices=choices, **kwargs)
        self.flags.required = not optional

    def pre_validate(self, form: Any) -> None:
        """What came must be in the list."""
        if str(self.data) not in {str(value) for value, *_rest in self.iter_choices()}:
            raise ValidationError(gettext(_("Choose one from the list.")))


class DayField(DateField):
    """A day. What was typed stays when nobody can read it; a year has four digits."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take ISO days; `ValueError` with our own sentence for anything else."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            self.data = None
            raise ValueError(
                gettext(_("Write the day as year, month and day, such as 2026-04-14."))
            ) from error
