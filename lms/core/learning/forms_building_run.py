"""A run to be made: who, where, when and for how many, with a row for each session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, Field, HiddenField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lms.contracts import LANGUAGES, LocalisedText
from lms.core.catalogue.holidays import holidays_on
from lms.core.catalogue.services import SessionPlan
from lms.core.enrolment.forms_terms import MOST_SEATS, ClockField, CountField, OneOfField, TickField
from lms.core.fields import DayField, PickField
from lms.core.learning.forms_building import languages
from lms.core.learning.laying_out import WEEKDAY_WORDS, Rhythm, Sitting, Slot, clashing, odd
from lms.core.learning.queries.clashing import Taken
from lms.core.learning.services.building import RunPlan
from lms.core.local_times import last_minute_of, moment_at
from lms.db import now
from lms.web.forms import Form
from lms.web.i18n import gettext
from lms.web.i18n import marked as _

_TOO_LONG = _("Write at most %(max)d characters.")

ZONES: Mapping[str, str] = {
    "Europe/Copenhagen": _("Denmark"),
    "Europe/Stockholm": _("Sweden"),
    "Europe/Oslo": _("Norway"),
    "Europe/Helsinki": _("Finland"),
    "Europe/Mariehamn": _("Åland"),
    "Atlantic/Faroe": _("The Faroe Islands"),
    "Atlantic/Reykjavik": _("Iceland"),
    "America/Nuuk": _("Greenland"),
    "Europe/Berlin": _("Germany"),
}
ZONE_OF: Mapping[str, str] = {
    "DK": "Europe/Copenhagen",
    "SE": "Europe/Stockholm",
    "NO": "Europe/Oslo",
    "FI": "Europe/Helsinki",
    "AX": "Europe/Mariehamn",
    "FO": "Atlantic/Faroe",
    "IS": "Atlantic/Reykjavik",
    "GL": "America/Nuuk",
    "DE": "Europe/Berlin",
}
CURRENCIES = ("DKK", "SEK", "EUR", "NOK", "ISK")
CURRENCY_OF: Mapping[str, str] = {"SE": "SEK", "NO": "NOK", "IS": "ISK", "FI": "EUR", "DE": "EUR"}
VISIBILITY: Mapping[str, str] = {
    "public": _("Everybody"),
    "signed_in": _("Everybody who has signed in"),
    "invited": _("Only those who have a link, and its hosts"),
}
RHYTHMS: Mapping[str, str] = {
    "days": _("With so many days between"),
    "weekdays": _("On these weekdays"),
}
HOSTS = ("host", "host_2", "host_3")
SETTLED = (
    *("title_da", "title_sv", "title_en"),
    *("visibility", "languages", "price", "currency", "zone"),
)
"""What is filled in from the course, and looked at by who wants to."""


YEARS = 10


class NearDayField(DayField):
    """A day that a run can have: not further away than anybody plans."""

    def pre_validate(self, form: Any) -> None:
        """Within ten years from now, before or after."""
        if isinstance(self.data, date) and abs(self.data.year - now().year) > YEARS:
            raise ValidationError(gettext(_("Write a day within ten years from now.")))


def zones(present: str = "") -> list[tuple[str, str]]:
    """The zones a run can be in, by country; and the one it has."""
    found = [(zone, gettext(words)) for zone, words in ZONES.items()]
    return found if not present or present in ZONES else [*found, (present, present)]


class RunForm(Form):
    """A run. Made by `run_form`, which gives it rows of sessions: `day_<n>`, `begins_<n>`,
    `ends_<n>` and `venue_<n>`. Rows are looked at when the run is made, not when they are laid
    out."""

    title_da = StringField(_("Title in Danish"), [Length(max=200, message=_TOO_LONG)])
    title_sv = StringField(_("Title in Swedish"), [Length(max=200, message=_TOO_LONG)])
    title_en = StringField(_("Title in English"), [Length(max=200, message=_TOO_LONG)])
    host = PickField(_("Host"))
    host_2 = PickField(_("Another host"), optional=True)
    host_3 = PickField(_("And another"), optional=True)
    visibility = OneOfField(_("Who sees it?"))
    languages = TickField(_("Languages"), choices=languages)
    capacity = CountField(_("Seats"), 1, MOST_SEATS)
    price = CountField(_("Price for each seat"), 0, 1_000_000, description=_("0 is free."))
    currency = PickField(_("Currency"), lambda: [(code, code) for code in CURRENCIES])
    venue = StringField(_("Place"), [Length(max=200, message=_TOO_LONG)])
    town = StringField(_("Town"), [Length(max=100, message=_TOO_LONG)])
    zone = PickField(_("Whose clock does it go by?"), zones)
    enrol_until = NearDayField(
        _("Last day to ask for a seat"),
        [Optional()],
        description=_("Empty: until you close it. That day counts too."),
    )
    teach = BooleanField(_("I teach on it too"))
    start = NearDayField(_("First day"), [InputRequired(_("Write the day."))])
    rhythm = OneOfField(_("How do the sessions follow?"))
    every = CountField(_("Days from one to the next"), 1, 365, optional=True)
    weekdays = TickField(
        _("Weekdays"), lambda: [(str(n), gettext(word)) for n, word in enumerate(WEEKDAY_WORDS)]
    )
    clock = ClockField(_("They begin at"), [InputRequired(_("Write when they begin."))])
    warned = HiddenField()

    sittings: Sequence[Sitting] = ()
    taken: Sequence[Taken] = ()
    making = False

    def validate(self, extra_validators: Any = None) -> bool:
        """What belongs together; and, when the run is made, each row."""
        fine = super().validate(extra_validators)
        if not self.making:
            for number in range(len(self.sittings)):
                for field in self.row(number):
                    field.errors = []
            return not any(field.errors for field in self)
        return self._rows_are_fine() and fine

    def validate_title_da(self, field: Field) -> None:
        """A run has a name in some language."""
        if not self.title().everything():
            raise ValidationError(gettext(_("Write a title in at least one language.")))

    def validate_languages(self, field: Field) -> None:
        """It is given in some language."""
        if not field.data:
            raise ValidationError(gettext(_("Choose at least one language.")))

    def validate_host_2(self, field: Field) -> None:
        """Nobody hosts twice."""
        self._not_before(field, "host")

    def validate_host_3(self, field: Field) -> None:
        """Nobody hosts twice."""
        self._not_before(field, "host", "host_2")

    def _not_before(self, field: Field, *names: str) -> None:
        if field.data and field.data in [self[name].data for name in names]:
            raise ValidationError(gettext(_("This one is a host already.")))

    def validate_every(self, field: CountField) -> None:
        """The rhythm needs its number."""
        if self.rhythm.data == "days" and not field.errors and field.number is None:
            raise ValidationError(gettext(_("Write how many days.")))

    def validate_weekdays(self, field: Field) -> None:
        """The rhythm needs its weekdays."""
        if self.rhythm.data == "weekdays" and not field.data:
            raise ValidationError(gettext(_("Choose at least one weekday.")))

    def row(self, number: int) -> list[Field]:
        """The fields of one session."""
        return [self[f"{name}_{number}"] for name in ("day", "begins", "ends", "venue")]

    def rows(self) -> list[tuple[int, Sitting, list[Field], list[str]]]:
        """Each session as (number from 1, what it is, its fields, what is odd about its day)."""
        return [
            (number + 1, sitting, self.row(number), self._odd(number))
            for number, sitting in enumerate(self.sittings)
        ]

    @property
    def first_day(self) -> date:
        """The first day, of a form that is valid."""
        return self.start.data or now().date()

    @property
    def is_laid_out(self) -> bool:
        """Is there a day for any session?"""
        return any(self[f"day_{number}"].data for number in range(len(self.sittings)))

    def lay(self, slots: Sequence[Slot]) -> None:
        """Fill the rows with a proposal."""
        for number, slot in enumerate(slots):
            for field, value in zip(
                self.row(number),
                (slot.day, slot.begins, slot.ends, slot.venue or self.venue.data or ""),
                strict=True,
            ):
                field.data, field.raw_data, field.errors = value, None, []
        self.remember()

    def remember(self) -> None:
        """The holidays that are shown now; a run is not made on one that nobody has seen."""
        self.warned.data = " ".join(sorted(day.isoformat() for day in self._holidays()))

    @property
    def unseen_holidays(self) -> bool:
        """Does a session fall on a holiday that the page has not warned of?"""
        seen = set((self.warned.data or "").split())
        return any(day.isoformat() not in seen for day in self._holidays())

    def the_rhythm(self) -> Rhythm:
        """How the sessions follow each other, of a form that is valid."""
        on = [int(day) for day in self.weekdays.data or ()]
        return Rhythm(
            begins=self.clock.data or time(9, 0),
            every=self.every.number or 7,
            weekdays=on if self.rhythm.data == "weekdays" else (),
        )

    def title(self) -> LocalisedText:
        """The title in all languages."""
        return LocalisedText(**{code: self[f"title_{code}"].data or "" for code in LANGUAGES})

    def plan(self, hosts: Mapping[str, int], team: Sequence[str]) -> RunPlan:
        """The run of a form that is valid; `hosts` are ids by key. Raises `Refused` for a time
        that the clock jumps over."""
        last = self.enrol_until.data
        return RunPlan(
            title=self.title(),
            hosts=[hosts[str(self[name].data)] for name in HOSTS if self[name].data],
            zone=str(self.zone.data),
            sessions=[self._session(number) for number in range(len(self.sittings))],
            capacity=self.capacity.number or 0,
            venue=self.venue.data or "",
            town=self.town.data or "",
            price=self.price.number or 0,
            currency=str(self.currency.data),
            visibility=str(self.visibility.data),
            languages=list(self.languages.data or ()),
            enrol_until=last_minute_of(last, str(self.zone.data)) if last else None,
            team=[*team, *(["teacher"] if self.teach.data else [])],
        )

    def _session(self, number: int) -> SessionPlan:
        sitting, zone = self.sittings[number], str(self.zone.data)
        day, begins, ends, venue = (field.data for field in self.row(number))
        return SessionPlan(
            title=sitting.title,
            content=sitting.content,
            starts_at=moment_at(day, begins, zone, field=f"begins_{number}"),
            ends_at=moment_at(day, ends, zone, field=f"ends_{number}"),
            module=sitting.module,
            venue=venue or "",
            between=sitting.between,
            between_minutes=sitting.between_minutes,
        )

    def _rows_are_fine(self) -> bool:
        fine = True
        if not self.sittings:
            self.form_errors.append(gettext(_("There is no session to plan.")))
            return False
        before: datetime | None = None
        for number in range(len(self.sittings)):
            day, begins, ends, venue = self.row(number)
            if any(field.errors for field in (day, begins, ends, venue)):
                fine = False
                continue
            if ends.data <= begins.data:
                ends.errors = [gettext(_("It ends before it begins. Write a later time."))]
                fine = False
            starts = datetime.combine(day.data, begins.data)
            if before is not None and starts < before:
                day.errors = [gettext(_("This begins before the one above is over."))]
                fine = False
            before = datetime.combine(day.data, ends.data)
        last = self.enrol_until.data
        first = self["day_0"].data
        if last and isinstance(first, date) and last > first:
            self.enrol_until.errors = [
                gettext(_("The run has begun by then. Choose the first day or an earlier one."))
            ]
            fine = False
        return fine

    def _days(self) -> list[date]:
        found = [self[f"day_{number}"].data for number in range(len(self.sittings))]
        return [day for day in found if isinstance(day, date)]

    def _holidays(self) -> list[date]:
        return [day for day in self._days() if holidays_on(day)]

    def _odd(self, number: int) -> list[str]:
        day, zone = self[f"day_{number}"].data, str(self.zone.data or "")
        known = {value for value, *_rest in self.zone.iter_choices()}
        if not isinstance(day, date) or zone not in known:
            return []
        there = self.span(number)
        venue = self[f"venue_{number}"].data or ""
        return odd(day, zone) + (clashing(self.taken, *there, venue) if there else [])

    def span(self, number: int) -> tuple[datetime, datetime] | None:
        """When a session begins and ends, as its row says now; None while it does not say so."""
        day, begins, ends, _venue = (field.data for field in self.row(number))
        zone = str(self.zone.data or "")
        known = {value for value, *_rest in self.zone.iter_choices()}
        if not (isinstance(day, date) and begins and ends) or zone not in known:
            return None
        there = ZoneInfo(zone)
        return (
            datetime.combine(day, begins, tzinfo=there),
            datetime.combine(day, ends, tzinfo=there),
        )

    @property
    def settled(self) -> bool:
        """Is what the course says already fine as it stands?"""
        return not any(self[name].errors for name in SETTLED) and bool(self.title().everything())


def run_form(sittings: Sequence[Sitting], values: Mapping[str, Any], *, copied: bool) -> RunForm:
    """The form with a row for each session. A copy keeps the distances of the old run's days, so
    it is asked for no rhythm."""
    fields: dict[str, Any] = {"sittings": tuple(sittings)}
    for number in range(len(sittings)):
        fields[f"day_{number}"] = NearDayField(_("Day"), [InputRequired(_("Write the day."))])
        fields[f"begins_{number}"] = ClockField(
            _("Begins"), [InputRequired(_("Write when it begins."))]
        )
        fields[f"ends_{number}"] = ClockField(_("Ends"), [InputRequired(_("Write when it ends."))])
        fields[f"venue_{number}"] = StringField(_("Place"), [Length(max=200, message=_TOO_LONG)])
    form: RunForm = type("RunFormHere", (RunForm,), fields)(**values)
    form.visibility.choices = [(key, gettext(words)) for key, words in VISIBILITY.items()]
    form.rhythm.choices = [(key, gettext(words)) for key, words in RHYTHMS.items()]
    form.weekdays.flags.required = False
    if copied:
        del form.rhythm, form.every, form.weekdays, form.clock
    return form
