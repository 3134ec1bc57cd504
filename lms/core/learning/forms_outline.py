"""What every activity says, whatever its type, as a form that each type's own form extends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Self
from zoneinfo import ZoneInfo

from wtforms import Field, HiddenField, StringField
from wtforms.validators import Length, Optional, ValidationError

from lms.contracts import LANGUAGES, ActivityFacts, LocalisedText
from lms.core.enrolment.forms_terms import ClockField, CountField, OneOfField, TickField
from lms.core.fields import DayField, PickField
from lms.core.learning.services.outline import ActivityValues
from lms.core.local_times import moment_at
from lms.core.refused import Refused
from lms.web.forms import Form
from lms.web.i18n import gettext, local
from lms.web.i18n import marked as _

MOST_MINUTES = 6000
MOST_DAYS = 730
START_OF_DAY, END_OF_DAY = time(0, 0), time(23, 59)
TITLES: Mapping[str, str] = {f"title_{code}": code for code in LANGUAGES}
OTHERS: Mapping[str, str] = {f"minutes_{who}": who for who in ("manager", "host", "company")}
IN_VERSION = ("opens_day", "due_day")
IN_RUN = ("opens_on", "opens_clock", "due_on", "due_clock")

_TOO_LONG = _("Write at most %(max)d characters.")


@dataclass(frozen=True, kw_only=True, slots=True)
class ActivityChoices:
    """What an activity may be tied to: modules by key, the course's outcomes, its languages, the
    other activities of the outline, and the zone of the run ("" in a version, which counts days).
    """

    modules: Sequence[tuple[str, LocalisedText]]
    outcomes: Sequence[LocalisedText] = ()
    languages: Sequence[str] = LANGUAGES
    others: Sequence[ActivityFacts] = ()
    zone: str = ""


class DayNumberField(StringField):
    """Days from the day the run begins: a whole number, below 0 for days before it."""

    @property
    def number(self) -> int | None:
        """The number; None when nothing is written."""
        text = _plain(self.data)
        return int(text) if text else None

    def pre_validate(self, form: Any) -> None:
        """A whole number that is not far away."""
        text = _plain(self.data)
        digits = text.removeprefix("-")
        if not text:
            return
        plain = len(digits) < 5 and digits.isascii() and digits.isdigit()
        if not plain or abs(int(digits)) > MOST_DAYS:
            words = _("Write a whole number of days from -%(n)d to %(n)d.")
            raise ValidationError(gettext(words, n=MOST_DAYS))


class ActivityForm(Form):
    """The common fields; a type's form adds its own, and says how they become its `content`.

    Made by `fill`. Fields that do not fit the place (days in a run, moments in a version,
    languages the course is not given in) are taken away.
    """

    title_da = StringField(_("Title in Danish"), [Length(max=200, message=_TOO_LONG)])
    title_sv = StringField(_("Title in Swedish"), [Length(max=200, message=_TOO_LONG)])
    title_en = StringField(_("Title in English"), [Length(max=200, message=_TOO_LONG)])
    module = PickField(_("Module"))
    need = OneOfField(_("Who does it?"))
    minutes = CountField(_("Minutes for the participant"), 0, MOST_MINUTES)
    minutes_manager = CountField(_("Minutes for their manager"), 0, MOST_MINUTES, optional=True)
    minutes_host = CountField(_("Minutes for the host"), 0, MOST_MINUTES, optional=True)
    minutes_company = CountField(_("Minutes for a company"), 0, MOST_MINUTES, optional=True)
    outcomes = TickField(
        _("Which learning outcomes does it serve?"),
        choices=tuple,
    )
    opens_day = DayNumberField(
        _("Opens on day"),
        description=_("Day 0 is the day the run begins. Empty: it is open from the start."),
    )
    due_day = DayNumberField(
        _("Due on day"),
        description=_("-7 is a week before the run begins, 14 two weeks after. Empty: no date."),
    )
    opens_on = DayField(
        _("Opens on"), [Optional()], description=_("Empty: it is open from the start.")
    )
    opens_clock = ClockField(
        _("Opens at"), [Optional()], description=_("Empty: when the day begins.")
    )
    due_on = DayField(_("Due on"), [Optional()], description=_("Empty: there is no date."))
    due_clock = ClockField(_("Due at"), [Optional()], description=_("Empty: when the day ends."))
    after = PickField(_("Opens after"), optional=True)
    revision = HiddenField()

    activity: ActivityFacts
    zone = ""

    @classmethod
    def fill(cls, activity: ActivityFacts, choices: ActivityChoices) -> Self:
        """The form of an activity as it is stored, or as it was sent with this request."""
        form = cls(**_values(activity, choices.zone), **cls.from_content(activity.content))
        form.activity, form.zone = activity, choices.zone
        form._offer(choices)
        for name in IN_VERSION if choices.zone else IN_RUN:
            del form[name]
        for name, code in TITLES.items():
            if code not in choices.languages:
                del form[name]
        titles = [form[name] for name in TITLES if name in form]
        if len(titles) == 1:
            titles[0].flags.required = True
        if not choices.outcomes:
            del form.outcomes
        return form

    @classmethod
    def as_stored(cls, activity: ActivityFacts, choices: ActivityChoices) -> Self:
        """The form as the activity is stored, whatever was sent with this request."""
        form = cls.fill(activity, choices)
        form.process(None, **_values(activity, choices.zone), **cls.from_content(activity.content))
        return form

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the own fields, from what is stored. Each type writes its own."""
        return {}

    def content(self) -> dict[str, Any]:
        """What the own fields say, to be stored. Each type writes its own."""
        return dict(self.activity.content)

    def common(self) -> list[Field]:
        """The fields that every activity has."""
        return [self[name] for name in _COMMON if name in self]

    def own(self) -> list[Field]:
        """The fields that the type adds."""
        return [f for f in self if f.short_name not in _COMMON and f.short_name != "csrf_token"]

    def validate(self, extra_validators: Any = None) -> bool:
        """A title in some language; due after it opens; times that there are."""
        fine = super().validate(extra_validators)
        titles = [self[name] for name in TITLES if name in self]
        if titles and not any(field.data for field in titles):
            titles[0].errors = [gettext(_("Write a title."))]
            fine = False
        opens, due = self._days() if not self.zone else (None, None)
        if self.zone:
            try:
                moments = self._moments()
            except Refused as error:
                for refusal in error.refusals:
                    self[refusal.code.partition(".")[0]].errors = [local(refusal.message)]
                return False
            fine = fine and self._clocks_have_days()
            backwards = bool(moments[0] and moments[1] and moments[1] <= moments[0])
        else:
            backwards = opens is not None and due is not None and due < opens
        if backwards:
            self["due_on" if self.zone else "due_day"].errors = [
                gettext(_("It is due before it opens. Choose a later day."))
            ]
            fine = False
        return fine

    def values(self) -> ActivityValues:
        """The common values of a valid form."""
        stored = self.activity
        titles = {
            code: (self[name].data or "") if name in self else getattr(stored.title, code)
            for name, code in TITLES.items()
        }
        opens_at, due_at = self._moments() if self.zone else (stored.opens_at, stored.due_at)
        opens_day, due_day = (stored.opens_day, stored.due_day) if self.zone else self._days()
        others = {
            "manager": self.minutes_manager.number,
            "host": self.minutes_host.number,
            "company": self.minutes_company.number,
        }
        return ActivityValues(
            title=LocalisedText(**titles),
            module=str(self.module.data),
            minutes=self.minutes.number or 0,
            required=self.need.data == "required",
            catch_up=self.need.data == "catch_up",
            outcomes=tuple(sorted(int(place) for place in self.outcomes.data or ()))
            if "outcomes" in self
            else stored.outcomes,
            others_minutes={who: number for who, number in others.items() if number},
            opens_day=opens_day,
            due_day=due_day,
            opens_at=opens_at,
            due_at=due_at,
            after_id=int(self.after.data) if self.after.data else None,
        )

    @property
    def seen_revision(self) -> int:
        """The revision that the page showed; 0 when the page does not say, which fits none."""
        text = str(self.revision.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def _offer(self, choices: ActivityChoices) -> None:
        known = [key for key, _title in choices.modules]
        modules = [(key, local(title)) for key, title in choices.modules]
        if self.activity.module not in known:
            modules.append((self.activity.module, gettext(_("Not in a module"))))
        self.module.choices = modules
        self.need.choices = [
            ("required", gettext(_("Everybody: it is required"))),
            ("optional", gettext(_("Whoever wants to"))),
            (
                "catch_up",
                gettext(_("Who missed the session of the module: its minutes count as attended")),
            ),
        ]
        self.outcomes.choices = [
            (str(place), local(text)) for place, text in enumerate(choices.outcomes)
        ]
        self.outcomes.flags.required = False
        barred = _followers(self.activity, choices.others)
        self.after.choices = [("", gettext(_("Nothing: it does not wait for another")))] + [
            (str(other.id), local(other.title))
            for other in choices.others
            if other.id not in barred
        ]

    def _days(self) -> tuple[int | None, int | None]:
        if self.opens_day.errors or self.due_day.errors:
            return None, None
        return self.opens_day.number, self.due_day.number

    def _moments(self) -> tuple[datetime | None, datetime | None]:
        return (
            self._moment("opens", START_OF_DAY),
            self._moment("due", END_OF_DAY),
        )

    def _moment(self, name: str, clock: time) -> datetime | None:
        day, at = self[f"{name}_on"], self[f"{name}_clock"]
        if day.errors or at.errors or not isinstance(day.data, date):
            return None
        return moment_at(day.data, at.data or clock, self.zone, field=f"{name}_clock")

    def _clocks_have_days(self) -> bool:
        fine = True
        for name in ("opens", "due"):
            day, at = self[f"{name}_on"], self[f"{name}_clock"]
            if at.data and not day.data and not day.errors:
                day.errors = [gettext(_("Write the day too."))]
                fine = False
        return fine


_COMMON = (
    *TITLES,
    "module",
    "need",
    "minutes",
    *OTHERS,
    "outcomes",
    *IN_VERSION,
    *IN_RUN,
    "after",
    "revision",
)


def _plain(text: str | None) -> str:
    return "".join((text or "").split()).replace("\N{MINUS SIGN}", "-")


def _values(activity: ActivityFacts, zone: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "module": activity.module,
        "need": "catch_up"
        if activity.catch_up
        else ("required" if activity.required else "optional"),
        "minutes": str(activity.minutes),
        "outcomes": [str(place) for place in activity.outcomes],
        "after": str(activity.after_id) if activity.after_id else "",
        "revision": str(activity.revision),
    }
    found |= {name: getattr(activity.title, code) for name, code in TITLES.items()}
    for name, who in OTHERS.items():
        minutes = activity.others_minutes.get(who)
        found[name] = str(minutes) if minutes else ""
    if not zone:
        for name in IN_VERSION:
            day = getattr(activity, name)
            found[name] = "" if day is None else str(day)
        return found
    for name in ("opens", "due"):
        at: datetime | None = getattr(activity, f"{name}_at")
        there = at.astimezone(ZoneInfo(zone)) if at else None
        found[f"{name}_on"] = there.date() if there else None
        found[f"{name}_clock"] = there.time().replace(second=0) if there else None
    return found


def _followers(activity: ActivityFacts, others: Sequence[ActivityFacts]) -> set[int]:
    """The activity and all that wait for it, which it cannot wait for itself."""
    found = {activity.id}
    while more := {o.id for o in others if o.after_id in found and o.id not in found}:
        found |= more
    return found


class AddForm(Form):
    """Another activity of an outline: what kind, and in which module."""

    activity_type = PickField(_("What kind of activity?"))
    into = PickField(_("In which module?"))


class MoveForm(Form):
    """One place up or down."""

    way = PickField(_("Where to?"), lambda: [("up", "up"), ("down", "down")])


class OrderForm(Form):
    """A whole order at once, as a script sends it: `module:activity` keys, one after the other."""

    order = HiddenField()

    def places(self) -> list[tuple[str, str]]:
        """(module key, activity key) in order."""
        found = []
        for place in (self.order.data or "").split():
            module, _colon, activity = place.rpartition(":")
            found.append((module, activity))
        return found
