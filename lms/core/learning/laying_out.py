"""A run's days laid out from its first one, and what is odd about a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lms.contracts import CourseSessionFacts, LocalisedText
from lms.core.catalogue.holidays import holidays_on
from lms.core.learning.queries.clashing import Taken
from lms.db import now, search_key
from lms.web.i18n import gettext, local, time_span
from lms.web.i18n import marked as _

LATEST = time(23, 59)

COUNTRY_WORDS: Mapping[str, str] = {"DK": _("Denmark"), "SE": _("Sweden")}
WEEKDAY_WORDS: Sequence[str] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """How the days follow each other: `every` so many days, or on these weekdays (Monday is 0)
    one after the other. `begins` is the time of day where the run is."""

    begins: time
    every: int = 7
    weekdays: Collection[int] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitting:
    """A session to be laid out, made of a module or copied from a run's session."""

    module: str
    title: LocalisedText
    content: LocalisedText
    minutes: int
    between: LocalisedText
    between_minutes: int = 0
    session_id: int | None = None
    venue: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A proposal: a day with a beginning and an end by the clocks there."""

    day: date
    begins: time
    ends: time
    venue: str = ""


def sittings_of_modules(modules: Sequence[Mapping[str, object]]) -> list[Sitting]:
    """One session for each module of a version."""
    return [
        Sitting(
            module=str(module["key"]),
            title=LocalisedText.from_dict(module["title"]),  # type: ignore[arg-type]
            content=LocalisedText.from_dict(module["content"]),  # type: ignore[arg-type]
            minutes=int(module["minutes"] or 0),  # type: ignore[call-overload]
            between=LocalisedText.from_dict(module.get("between") or {}),  # type: ignore[arg-type]
            between_minutes=int(module.get("between_minutes") or 0),  # type: ignore[call-overload]
        )
        for module in modules
    ]


def sittings_of_sessions(sessions: Sequence[CourseSessionFacts]) -> list[Sitting]:
    """One session for each that a run has, without those that were cancelled."""
    return [
        Sitting(
            module=session.module,
            title=session.title,
            content=session.content,
            minutes=session.minutes,
            between=session.between,
            between_minutes=session.between_minutes,
            session_id=session.id,
            venue=session.venue,
        )
        for session in sessions
        if session.state != "cancelled"
    ]


def laid_out(sittings: Sequence[Sitting], first: date, rhythm: Rhythm) -> list[Slot]:
    """A day for each sitting, the first on or after `first`."""
    days = _days(first, rhythm, len(sittings))
    return [
        Slot(
            day=day,
            begins=rhythm.begins,
            ends=_ends(rhythm.begins, sitting.minutes),
            venue=sitting.venue,
        )
        for day, sitting in zip(days, sittings, strict=True)
    ]


def moved(sessions: Sequence[CourseSessionFacts], first: date, zone: str) -> list[Slot]:
    """The days of a run's sessions, moved so that the first is on `first`: the same distances and
    the same times by the clock."""
    there = [session for session in sessions if session.state != "cancelled"]
    if not there:
        return []
    place = ZoneInfo(zone)
    days = (first - min(s.starts_at for s in there).astimezone(place).date()).days
    slots = []
    for session in there:
        begins, ends = session.starts_at.astimezone(place), session.ends_at.astimezone(place)
        slots.append(
            Slot(
                day=begins.date() + timedelta(days=days),
                begins=begins.time().replace(tzinfo=None),
                ends=ends.time().replace(tzinfo=None) if ends.date() == begins.date() else LATEST,
                venue=session.venue,
            )
        )
    return slots


def odd(day: date, zone: str) -> list[str]:
    """What to look at once more about a day: holidays by name, the weekend, a day that is over."""
    found = []
    by_name: dict[str, list[str]] = {}
    for holiday in holidays_on(day):
        by_name.setdefault(local(holiday.name), []).append(gettext(COUNTRY_WORDS[holiday.country]))
    for name, countries in by_name.items():
        found.append(
            gettext(
                _("A holiday: %(name)s (%(countries)s)."),
                name=name,
                countries=", ".join(countries),
            )
        )
    if day.weekday() >= 5:
        found.append(gettext(_("This is a %(weekday)s."), weekday=in_weekday(day.weekday())))
    if day < now().astimezone(ZoneInfo(zone)).date():
        found.append(gettext(_("This day is over already.")))
    return found


def clashing(taken: Sequence[Taken], begins: datetime, ends: datetime, venue: str) -> list[str]:
    """What else is on then: in the same place, or for who makes the run."""
    found = []
    for other in taken:
        if other.starts_at >= ends or other.ends_at <= begins:
            continue
        said = {
            "title": local(other.title),
            "time": time_span(other.starts_at, other.ends_at, other.zone),
        }
        if venue and search_key(venue) == search_key(other.venue):
            found.append(gettext(_("The place is in use then: %(title)s, %(time)s."), **said))
        elif other.own:
            found.append(
                gettext(_("You are on the team of another run then: %(title)s, %(time)s."), **said)
            )
    return found


def in_weekday(number: int) -> str:
    """A weekday within a sentence; only English writes it with a capital."""
    word, name = WEEKDAY_WORDS[number], gettext(WEEKDAY_WORDS[number])
    return name if name == word else name.lower()


def _days(first: date, rhythm: Rhythm, number: int) -> list[date]:
    if not rhythm.weekdays:
        return [first + timedelta(days=place * rhythm.every) for place in range(number)]
    days: list[date] = []
    day = first
    while len(days) < number:
        if day.weekday() in rhythm.weekdays:
            days.append(day)
        day += timedelta(days=1)
    return days


def _ends(begins: time, minutes: int) -> time:
    ends = datetime.combine(date(2000, 1, 1), begins) + timedelta(minutes=minutes)
    return ends.time() if ends.date() == date(2000, 1, 1) else LATEST
