"""What teachers write about somebody: a condition they are let off, what they have shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import Length

from lms.contracts import LocalisedText
from lms.core.enrolment.forms import PickOneField
from lms.core.learning.presenting_standing import LEVEL_WORDS, METHOD_WORDS, condition_title
from lms.core.learning.queries.assessing import Found
from lms.core.learning.services import METHODS, Finding
from lms.web.forms import Form, choice_required, required
from lms.web.i18n import gettext, local
from lms.web.i18n import marked as _

REASON_LIMIT = 500
NOTE_LIMIT = 1000

_TOO_LONG = _("Write at most %(max)d characters.")


class WaiveForm(Form):
    """Letting somebody off one condition. Made by `waive_form`."""

    condition: Any
    reason = TextAreaField(
        _("Why"),
        [
            *required(_("Write a reason. The participant reads it.")),
            Length(max=REASON_LIMIT, message=_TOO_LONG),
        ],
        description=_("The participant reads it, and so do those who run the course."),
    )


def waive_form(conditions: Sequence[str]) -> WaiveForm:
    """The form for these conditions, in the order of the rule."""
    choices = [(name, condition_title(name)) for name in conditions]
    field = PickOneField(
        _("Which condition?"), choice_required(_("Choose one of the conditions.")), choices=choices
    )
    form: WaiveForm = type("WaiveFormHere", (WaiveForm,), {"condition": field})()
    return form


class AssessForm(Form):
    """What one assessor finds of one participant: a level for each outcome. Made by
    `assess_form`; fields are numbered like the outcomes."""

    places: Sequence[int] = ()

    def findings(self) -> list[Finding]:
        """The outcomes that have a level."""
        return [
            Finding(
                outcome=place,
                level=int(self[f"level-{place}"].data),
                method=self[f"method-{place}"].data,
                supervised=bool(self[f"supervised-{place}"].data),
                note=self[f"note-{place}"].data or "",
            )
            for place in self.places
            if self[f"level-{place}"].data
        ]


def assess_form(outcomes: Sequence[LocalisedText], own: Mapping[int, Found]) -> AssessForm:
    """The form for these outcomes, filled with what the assessor found before."""
    levels = [(str(level), gettext(words)) for level, words in enumerate(LEVEL_WORDS)]
    methods = [(method, gettext(METHOD_WORDS[method])) for method in METHODS]
    fields: dict[str, Any] = {"places": range(len(outcomes))}
    values: dict[str, Any] = {}
    for place, title in enumerate(outcomes):
        before = own.get(place)
        fields[f"level-{place}"] = PickOneField(local(title), choices=levels)
        fields[f"method-{place}"] = SelectField(_("How did you see it?"), choices=lambda: methods)
        fields[f"supervised-{place}"] = BooleanField(_("Somebody was there and knew who they are"))
        fields[f"note-{place}"] = TextAreaField(
            _("Note"),
            [Length(max=NOTE_LIMIT, message=_TOO_LONG)],
            description=_("The participant reads it once the result stands."),
        )
        values[f"level-{place}"] = str(before.level) if before else None
        values[f"method-{place}"] = before.method if before else METHODS[0]
        values[f"supervised-{place}"] = before.supervised if before else False
        values[f"note-{place}"] = before.note if before else ""
    form: AssessForm = type("AssessFormHere", (AssessForm,), fields)(**values)
    return form
