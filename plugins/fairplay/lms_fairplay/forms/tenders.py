"""Shapes of input about tenders: registering, changing, ending one; what ran goes on or stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from lms.api import (
    DayField,
    Form,
    LocalisedText,
    OrganisationFacts,
    PickField,
    choice_required,
    local,
    marked,
    required,
)
from lms_fairplay.queries.tenders import EVERY
from lms_fairplay.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
WHY = marked("Write why, in a few words.")


class ChangeForm(Form):
    """What of a tender may change."""

    domain = domain

    title = StringField(
        marked("What is to be bought"),
        [*required(marked("Write what is to be bought.")), Length(max=200, message=TOO_LONG)],
        description=marked("A few words that your colleagues know it by."),
    )
    expected_on = DayField(
        marked("When the tender is expected"),
        required(marked("Write the day when the tender is expected.")),
        description=marked("Roughly is enough. You can change it."),
    )

    @property
    def day(self) -> date:
        """The day; raises `ValueError` for a form that is not valid."""
        if self.expected_on.data is None:
            raise ValueError("no day was given")
        day: date = self.expected_on.data
        return day


class TenderForm(ChangeForm):
    """A tender to register."""

    authority = PickField(marked("Who buys"))
    category = PickField(
        marked("Kind of technology"),
        description=marked("Contacts with companies of this kind wait for the information pack."),
    )

    def offer(
        self,
        authorities: Sequence[OrganisationFacts],
        categories: Mapping[str, LocalisedText],
    ) -> None:
        """Offer these authorities and kinds of technology."""
        self.authority.choices = [(one.key, one.name) for one in authorities]
        named = [(key, local(title)) for key, title in categories.items()]
        nothing = ("", _("Choose one"))
        self.category.choices = [nothing, *named, (EVERYTHING, local(EVERY))]

    @property
    def chosen(self) -> str:
        """The category; "" is every one."""
        return "" if self.category.data == EVERYTHING else str(self.category.data)

    def validate_category(self, field: PickField) -> None:
        """One must be chosen, be it all of them: nobody freezes everything by leaving it out."""
        if not field.data:
            raise ValidationError(_("Choose the kind of technology."))


EVERYTHING = "*"


class EndForm(Form):
    """Why a tender is over."""

    domain = domain

    reason = TextAreaField(marked("Why"), [Length(max=2000, message=TOO_LONG)])


class DecideForm(Form):
    """What becomes of something that ran when the tender was registered."""

    domain = domain

    decision = RadioField(
        marked("What becomes of it"),
        choice_required(marked("Choose whether it goes on or stops.")),
        choices=[],
    )
    reason = TextAreaField(marked("Why"), [*required(WHY), Length(max=2000, message=TOO_LONG)])

    def offer(self) -> None:
        """It goes on, or it stops."""
        self.decision.choices = [("goes_on", _("It goes on")), ("stops", _("It stops"))]
