"""What managers and leads fill in: nominations, stand-ins, handing over, cost centres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from lms.core.enrolment.forms import GOAL_LIMIT, REASON_LIMIT, PickOneField
from lms.core.fields import DayField, PickField
from lms.web.forms import Form
from lms.web.i18n import marked as _

_TOO_LONG = _("Write at most %(max)d characters.")

Choice = tuple[str, str]
"""A person's key, and the words that tell them from others."""


class NominateForm(Form):
    """People for a run. Each person has a box `p-<key>` and a sentence of their own `g-<key>`."""

    step = HiddenField()
    q = StringField(_("Find by name"), [Length(max=200, message=_TOO_LONG)])
    goal = TextAreaField(
        _("What should they be able to change at work?"),
        [Length(max=GOAL_LIMIT, message=_TOO_LONG)],
        description=_("One sentence for all of them. You can also write one for each."),
    )
    together = BooleanField(
        _("These two go together"),
        description=_("Tick two people. They get two seats at the same time, or wait together."),
    )


def nominate_form(keys: Sequence[str], **values: Any) -> NominateForm:
    """The form with a box and a sentence for each of these people."""
    fields: dict[str, Any] = {}
    for key in keys:
        fields[f"p-{key}"] = BooleanField("")
        fields[f"g-{key}"] = TextAreaField(
            _("A sentence of their own"), [Length(max=GOAL_LIMIT, message=_TOO_LONG)]
        )
    form: NominateForm = type("NominateFormHere", (NominateForm,), fields)(**values)
    return form


class StandInForm(Form):
    """From which day to which; who, is added by `stand_in_form`."""

    from_day = DayField(_("First day"), [DataRequired(_("Write the first day."))])
    to_day = DayField(_("Last day"), [DataRequired(_("Write the last day."))])


def stand_in_form(choices: Sequence[Choice], **values: Any) -> StandInForm:
    """The form with these people to choose among."""
    person = PickOneField(
        _("Who stands in?"), [InputRequired(_("Choose who stands in."))], choices=choices
    )
    form: StandInForm = type("StandInFormHere", (StandInForm,), {"person": person})(**values)
    return form


class HandOverForm(Form):
    """To whom the seat goes is added by `hand_over_form`."""

    reason = TextAreaField(
        _("Why?"),
        [Length(max=REASON_LIMIT, message=_TOO_LONG)],
        description=_("Both of them can read this."),
    )


def hand_over_form(choices: Sequence[Choice] | None) -> HandOverForm:
    """The form with these colleagues to choose among; with None for those who may not see who
    works there and write a mail."""
    field: Any
    if choices is None:
        field = EmailField(
            _("Mail of the colleague"),
            [
                DataRequired(_("Write the mail of the colleague.")),
                Length(max=254, message=_("Write a mail of at most 254 characters.")),
            ],
            description=_("The one that the colleague reads at work."),
        )
        fields = {"mail": field}
    else:
        field = PickOneField(
            _("Who takes the seat?"), [InputRequired(_("Choose who takes it."))], choices=choices
        )
        fields = {"person": field}
    form: HandOverForm = type("HandOverFormHere", (HandOverForm,), fields)()
    return form


class NoShowForm(Form):
    """Somebody never came."""

    reason = TextAreaField(
        _("What do you know about it?"),
        [Length(max=REASON_LIMIT, message=_TOO_LONG)],
        description=_("The participant and the manager can read this."),
    )


class CostCentreForm(Form):
    """Who answers for the money. Units come from the view, which knows the organisation."""

    unit = PickField(_("For"), optional=True)
    code = StringField(
        _("Code"),
        [DataRequired(_("Write the code.")), Length(max=40, message=_TOO_LONG)],
        description=_("As it stands in your accounts."),
    )
    holder = EmailField(
        _("Mail of the one who answers for it"),
        [
            DataRequired(_("Write the mail of the one who answers for it.")),
            Length(max=254, message=_("Write a mail of at most 254 characters.")),
        ],
        description=_("Somebody who works in your organisation."),
    )
