"""Shapes of input: a call, an application to it, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import cast
from zoneinfo import ZoneInfo

from wtforms import BooleanField, Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from lms.api import (
    LANGUAGES,
    ClockField,
    CountField,
    DayField,
    Form,
    LocalisedText,
    OneOfField,
    PickField,
    choice_required,
    clean_email,
    countries,
    local,
    marked,
    required,
    technology_categories,
)
from lms_courses.queries.calls import CallFacts
from lms_courses.services.applications import ApplicationValues
from lms_courses.services.calls import CallValues
from lms_courses.words import _, domain

TOO_LONG = marked("Write at most %(max)d characters.")
MOST_PEOPLE = 5
MOST_PLACES = 100

SIZES: Mapping[str, LocalisedText] = {
    "micro": LocalisedText(da="Under 10 ansatte", sv="Färre än 10 anställda", en="Fewer than 10"),
    "small": LocalisedText(da="10 til 49", sv="10 till 49", en="10 to 49"),
    "medium": LocalisedText(da="50 til 249", sv="50 till 249", en="50 to 249"),
    "large": LocalisedText(da="250 eller flere", sv="250 eller fler", en="250 or more"),
}
"""Size classes by the number of people who work there."""

ANSWERS: Mapping[str, str] = {
    "confirmed": marked("Yes, a place"),
    "waiting": marked("On the waiting list"),
    "refused": marked("No"),
}


def _categories() -> list[tuple[str, str]]:
    found = technology_categories()
    return [("", _("Any kind")), *((key, local(title)) for key, title in found.items())]


class CallForm(Form):
    """The call of a run."""

    domain = domain

    revision = HiddenField()
    criteria_da = TextAreaField(marked("In Danish"), [Length(max=3000, message=TOO_LONG)])
    criteria_sv = TextAreaField(marked("In Swedish"), [Length(max=3000, message=TOO_LONG)])
    criteria_en = TextAreaField(marked("In English"), [Length(max=3000, message=TOO_LONG)])
    category = PickField(marked("Kind of technology"), _categories)
    places = CountField(marked("How many companies?"), 1, MOST_PLACES)
    people = CountField(marked("People from each, at most"), 1, MOST_PEOPLE)
    opens_day = DayField(marked("Open from"), required(marked("Choose a day.")))
    opens_clock = ClockField(marked("At"), required(marked("Write a time.")))
    closes_day = DayField(marked("Open until"), required(marked("Choose a day.")))
    closes_clock = ClockField(marked("At"), required(marked("Write a time.")))

    @property
    def seen_revision(self) -> int:
        """The revision that the page had seen; 0 for a call that is new, -1 for no number."""
        text = self.revision.data or "0"
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def validate_criteria_da(self, field: Field) -> None:
        """Everybody must be able to read by what it is decided."""
        if not all(self[f"criteria_{code}"].data for code in LANGUAGES):
            raise ValidationError(_("Write the criteria in all three languages."))

    def fill(self, call: CallFacts, zone: str) -> None:
        """What is written already."""
        there = ZoneInfo(zone)
        opens, closes = call.opens_at.astimezone(there), call.closes_at.astimezone(there)
        self.revision.data = str(call.revision)
        for code in LANGUAGES:
            self[f"criteria_{code}"].data = getattr(call.criteria, code)
        self.category.data = call.category
        self.places.data, self.people.data = str(call.places), str(call.people)
        self.opens_day.data, self.opens_clock.data = opens.date(), opens.time()
        self.closes_day.data, self.closes_clock.data = closes.date(), closes.time()

    def values(self, zone: str) -> CallValues:
        """What is written, with times in the zone of the run."""

        def at(day: DayField, clock: ClockField) -> datetime:
            chosen, moment = cast("date", day.data), cast("time", clock.data)
            return datetime.combine(chosen, moment, tzinfo=ZoneInfo(zone))

        return CallValues(
            criteria=LocalisedText(**{c: self[f"criteria_{c}"].data or "" for c in LANGUAGES}),
            category=self.category.data or "",
            places=self.places.number or 0,
            people=self.people.number or 0,
            opens_at=at(self.opens_day, self.opens_clock),
            closes_at=at(self.closes_day, self.closes_clock),
        )


def _mail(message: str) -> Callable[[Form, Field], None]:
    def check(_form: Form, field: Field) -> None:
        try:
            clean_email(field.data or "")
        except ValueError as error:
            raise ValidationError(message) from error

    return check


NOT_A_MAIL = marked("Write a mail address such as name@company.org.")


class ApplyForm(Form):
    """What a company writes. `homepage` is for machines that fill in everything."""

    domain = domain

    name = StringField(
        marked("Name of the company"),
        [*required(marked("Write the name.")), Length(max=200, message=TOO_LONG)],
    )
    country = PickField(marked("Country"), countries)
    registration_number = StringField(
        marked("Registration number"),
        [Optional(), Length(max=30, message=TOO_LONG)],
        description=marked(
            "CVR in Denmark, organisationsnummer in Sweden. Companies elsewhere may leave it empty."
        ),
    )
    size = OneOfField(marked("How many work there?"))
    contact_name = StringField(
        marked("Name"),
        [*required(marked("Write a name.")), Length(max=200, message=TOO_LONG)],
    )
    contact_email = StringField(
        marked("Mail"), [*required(marked("Write a mail address.")), _mail(NOT_A_MAIL)]
    )
    person_1_name = StringField(
        marked("Name"),
        [*required(marked("Write who takes part.")), Length(max=200, message=TOO_LONG)],
    )
    person_1_email = StringField(
        marked("Mail"), [*required(marked("Write a mail address.")), _mail(NOT_A_MAIL)]
    )
    person_2_name = StringField(marked("Name"), [Length(max=200, message=TOO_LONG)])
    person_2_email = StringField(marked("Mail"), [Optional(), _mail(NOT_A_MAIL)])
    person_3_name = StringField(marked("Name"), [Length(max=200, message=TOO_LONG)])
    person_3_email = StringField(marked("Mail"), [Optional(), _mail(NOT_A_MAIL)])
    person_4_name = StringField(marked("Name"), [Length(max=200, message=TOO_LONG)])
    person_4_email = StringField(marked("Mail"), [Optional(), _mail(NOT_A_MAIL)])
    person_5_name = StringField(marked("Name"), [Length(max=200, message=TOO_LONG)])
    person_5_email = StringField(marked("Mail"), [Optional(), _mail(NOT_A_MAIL)])
    why = TextAreaField(
        marked("Why do you want to take part?"),
        [*required(marked("Write why, in a few sentences.")), Length(max=1500, message=TOO_LONG)],
        description=marked("One paragraph. It is read beside the criteria, after the last day."),
    )
    declared = BooleanField(
        marked("We take part on equal terms"),
        [*required(marked("Say yes to the equal terms. Without them we cannot take you along."))],
        description=marked(
            "We know that the course approves neither us nor our products, that it counts for "
            "nothing in a tender, and that what hosts show us may be shown to all."
        ),
    )
    homepage = StringField(marked("Leave this empty"))

    def offer(self, people: int) -> None:
        """The size classes, and room for so many people."""
        self.registration_number.flags.required = True  # but for companies from elsewhere
        self.size.choices = [(key, local(title)) for key, title in SIZES.items()]
        for number in range(people + 1, MOST_PEOPLE + 1):
            del self[f"person_{number}_name"]
            del self[f"person_{number}_email"]

    def pairs(self) -> list[tuple[Field, Field]]:
        """The fields of each person."""
        return [
            (self[f"person_{number}_name"], self[f"person_{number}_email"])
            for number in range(1, MOST_PEOPLE + 1)
            if f"person_{number}_name" in self
        ]

    def validate_homepage(self, field: Field) -> None:
        """Nobody sees this field who reads the page."""
        if field.data:
            raise ValidationError(_("Leave the last field empty. It is there for machines."))

    def validate(self, extra_validators: object = None) -> bool:
        """A name and a mail belong together."""
        fine = super().validate(extra_validators)
        for name, mail in self.pairs()[1:]:
            if bool(name.data) != bool(mail.data):
                field = mail if name.data else name
                field.errors = [*field.errors, _("Write both name and mail, or neither.")]
                fine = False
        return fine

    def values(self, language: str) -> ApplicationValues:
        """What is written."""
        return ApplicationValues(
            name=self.name.data or "",
            country=self.country.data or "",
            registration_number=self.registration_number.data or "",
            size=self.size.data or "",
            contact_name=self.contact_name.data or "",
            contact_email=self.contact_email.data or "",
            people=[(name.data or "", mail.data or "") for name, mail in self.pairs()],
            why=self.why.data or "",
            language=language,
        )


class AnswerForm(Form):
    """The answer to an application."""

    domain = domain

    to = RadioField(marked("What is the answer?"), choice_required(marked("Choose an answer.")))
    reason = TextAreaField(
        marked("Why?"),
        [*required(marked("Write why. The company reads it.")), Length(max=1500, message=TOO_LONG)],
        description=marked("Say it by the criteria. The company reads it in its answer."),
    )
    checked = BooleanField(
        marked("I have checked that these people speak for it"),
        description=marked(
            "Ask the company by an address or a number that you know from elsewhere. Those who are "
            "named will read all that the company reads."
        ),
    )

    def offer(self, state: str, *, known: bool) -> None:
        """The answers that are possible now; `known`: the company is here, and nobody has said yet
        that it has applied."""
        if not known:
            del self.checked
        self.to.choices = [(key, _(words)) for key, words in ANSWERS.items() if key != state]


class TakeBackForm(Form):
    """Taking an application back, or giving up a place."""

    domain = domain

    reason = StringField(marked("Do you want to say why?"), [Length(max=300, message=TOO_LONG)])
