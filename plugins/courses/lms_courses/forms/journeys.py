"""Shapes of input: a citizen's journey, with as many steps as it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from lms.api import language, marked, required
from lms_courses.forms.looking import TOO_LONG, LookedThrough
from lms_courses.queries.journeys import JourneyFacts
from lms_courses.services.journeys import LONGEST_TITLE, MOST_STEPS, PARTS, JourneyValues
from lms_courses.words import _

FIRST_STEPS = 3


class JourneyFields(LookedThrough):
    """A journey without its steps."""

    title = StringField(
        marked("What is the journey about?"),
        [
            *required(marked("Write in a few words what it is about.")),
            Length(max=LONGEST_TITLE, message=TOO_LONG),
        ],
        description=marked("For instance: home from hospital on a Friday."),
    )
    checked_with = StringField(
        marked("With whom did you check it?"),
        [Length(max=500, message=TOO_LONG)],
        description=marked(
            "Functions, never names: two colleagues and, if you can, somebody who speaks for the "
            "citizens."
        ),
    )
    rows = HiddenField()
    revision = HiddenField()

    def steps(self) -> list[Mapping[str, str]]:
        """The steps that say something, in their order."""
        found = [
            {part: self[f"{part}_{n}"].data or "" for part in PARTS} for n in range(self.number)
        ]
        return [step for step in found if any(step.values())]

    @property
    def number(self) -> int:
        """How many rows there are."""
        return sum(1 for field in self if field.short_name.startswith("step_"))

    @property
    def may_add(self) -> bool:
        """Is there room for one more?"""
        return self.number < MOST_STEPS

    def validate_title(self, field: StringField) -> None:
        """A journey has a step."""
        if not self.steps():
            self.form_errors.append(_("Write at least one step."))

    def validate(self, extra_validators: Any = None) -> bool:
        """As the form says, and with a step."""
        return super().validate(extra_validators) and bool(self.steps())

    def values(self) -> JourneyValues:
        """What was written."""
        return JourneyValues(
            title=self.title.data or "",
            steps=self.steps(),
            checked_with=self.checked_with.data or "",
            language=language(),
        )

    def calm(self) -> None:
        """A row more was asked for: nothing is wrong yet."""
        self.validate_on_submit()
        for field in self:
            field.errors = []
        if not self.stale:
            self.form_errors = []


ROW = {
    "step": marked("What happens?"),
    "touchpoint": marked("Whom or what do they meet?"),
    "citizen": marked("What is it like for the citizen?"),
    "risk": marked("What can go wrong for who works there?"),
}


def journey_form(journey: JourneyFacts | None = None) -> Any:
    """The form with a row for each step, as they were sent or as they are kept; one more when that
    was pressed."""
    kept = list(journey.steps) if journey else []
    sent = request.form.get("rows", "") if request.method == "POST" else ""
    if sent.isascii() and sent.isdecimal() and len(sent) < 4:
        number = int(sent) + int("add" in request.form)
    else:
        number = max(len(kept), FIRST_STEPS)
    number = min(max(number, 1), MOST_STEPS)
    fields = {
        f"{part}_{n}": TextAreaField(
            label, [Length(max=500, message=TOO_LONG)], render_kw={"rows": 2}
        )
        for n in range(number)
        for part, label in ROW.items()
    }
    form: Any = type("JourneyForm", (JourneyFields,), fields)()
    form.rows.data = str(number)
    for name in fields:
        form[name].flags.required = True  # of a step that is used
    if not form.submitted and journey is not None:
        form.title.data, form.checked_with.data = journey.title, journey.checked_with
        form.revision.data = str(journey.revision)
        for n, step in enumerate(kept[:number]):
            for part in PARTS:
                form[f"{part}_{n}"].data = step.get(part, "")
    return form
