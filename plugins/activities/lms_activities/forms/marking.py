"""The shape of what a marker says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Length

from lms.api import Form, local, marked
from lms_activities.assignment import Task
from lms_activities.words import domain

OUTCOMES = ("accepted", "returned")
LONGEST = 5000


class MarkForm(Form):
    """Words, and accepted or returned; `mark_form` adds a row of levels for each criterion."""

    domain = domain

    text = TextAreaField(
        marked("What do you say to them?"),
        [Length(max=LONGEST, message=marked("Write at most %(max)d characters."))],
    )
    outcome = HiddenField()

    task: Task

    @property
    def levels(self) -> dict[str, int]:
        """The chosen levels by the key of the criterion."""
        found = {}
        for one in self.task.criteria:
            chosen = self[f"level-{one.key}"].data
            if chosen is not None and chosen != "":
                found[one.key] = int(chosen)
        return found

    def validate(self, extra_validators: object = None) -> bool:
        """Accepted with all levels set, or returned with words that say what to do."""
        fine = super().validate(extra_validators)
        if self.outcome.data not in OUTCOMES:
            self.form_errors.append(domain.gettext(marked("Accept it or return it.")))
            return False
        if self.outcome.data == "returned" and not self.text.data:
            said = marked("Write what is missing, so that they know what to do.")
            self.text.errors = [domain.gettext(said)]
            fine = False
        if self.outcome.data == "accepted":
            for one in self.task.criteria:
                if one.key not in self.levels:
                    field = self[f"level-{one.key}"]
                    field.errors = [domain.gettext(marked("Choose a level."))]
                    fine = False
        return fine


class LevelField(RadioField):
    """One level of a criterion; none is fine while nothing is accepted."""

    def pre_validate(self, form: Any) -> None:
        """What came must be one of the levels."""
        if self.data not in (None, "", "None"):
            super().pre_validate(form)
        else:
            self.data = None


def mark_form(task: Task, text: str = "", levels: Mapping[str, int] | None = None) -> MarkForm:
    """The form for one hand-in, with what the marker has said before."""
    rows = {f"level-{one.key}": LevelField(local(one.title), choices=[]) for one in task.criteria}
    made = type("RubricForm", (MarkForm,), rows)
    values = {f"level-{key}": str(level) for key, level in (levels or {}).items()}
    form: MarkForm = made(data={"text": text, **values})
    form.task = task
    for one in task.criteria:
        choices = [(str(n), local(level)) for n, level in enumerate(one.levels)]
        field: Any = form[f"level-{one.key}"]
        field.choices = choices
    return form
