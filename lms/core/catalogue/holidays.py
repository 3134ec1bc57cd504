"""Public holidays of Denmark and Sweden, and the eves on which hardly anybody works.

Reckoned from the law and the Easter of each year, for they change once in a lifetime: Denmark
gave up the day of prayer after 2023, Sweden made 6 June a holiday in 2005.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from lms.contracts import LocalisedText

SATURDAY = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Holiday:
    """A day off in one country (ISO 3166)."""

    country: str
    name: LocalisedText


_FIXED: Sequence[tuple[str, int, int, LocalisedText]] = (
    ("DK SE", 1, 1, LocalisedText(da="nytårsdag", sv="nyårsdagen", en="New Year's Day")),
    ("SE", 1, 6, LocalisedText(da="helligtrekongersdag", sv="trettondedag jul", en="Epiphany")),
    ("SE", 5, 1, LocalisedText(da="første maj", sv="första maj", en="May Day")),
    ("DK", 6, 5, LocalisedText(da="grundlovsdag", sv="grundlagsdagen", en="Constitution Day")),
    (
        "SE",
        6,
        6,
        LocalisedText(da="Sveriges nationaldag", sv="nationaldagen", en="Sweden's National Day"),
    ),
    ("DK SE", 12, 24, LocalisedText(da="juleaftensdag", sv="julafton", en="Christmas Eve")),
    ("DK SE", 12, 25, LocalisedText(da="juledag", sv="juldagen", en="Christmas Day")),
    ("DK SE", 12, 26, LocalisedText(da="anden juledag", sv="annandag jul", en="Boxing Day")),
    ("DK SE", 12, 31, LocalisedText(da="nytårsaften", sv="nyårsafton", en="New Year's Eve")),
)
"""Countries, month and day."""

_FROM_EASTER: Sequence[tuple[str, int, LocalisedText]] = (
    ("DK", -3, LocalisedText(da="skærtorsdag", sv="skärtorsdagen", en="Maundy Thursday")),
    ("DK SE", -2, LocalisedText(da="langfredag", sv="långfredagen", en="Good Friday")),
    ("DK SE", 0, LocalisedText(da="påskedag", sv="påskdagen", en="Easter Sunday")),
    ("DK SE", 1, LocalisedText(da="anden påskedag", sv="annandag påsk", en="Easter Monday")),
    (
        "DK SE",
        39,
        LocalisedText(da="Kristi himmelfartsdag", sv="Kristi himmelsfärdsdag", en="Ascension Day"),
    ),
    ("DK SE", 49, LocalisedText(da="pinsedag", sv="pingstdagen", en="Whit Sunday")),
    ("DK", 50, LocalisedText(da="anden pinsedag", sv="annandag pingst", en="Whit Monday")),
)
"""Countries, and days after Easter Sunday."""

_PRAYER = LocalisedText(da="store bededag", sv="stora bönsöndagen", en="General Prayer Day")
_PRAYER_UNTIL = 2023
_MIDSUMMER_EVE = LocalisedText(da="midsommeraften", sv="midsommarafton", en="Midsummer Eve")
_MIDSUMMER = LocalisedText(da="midsommerdag", sv="midsommardagen", en="Midsummer Day")
_ALL_SAINTS = LocalisedText(da="allehelgensdag", sv="alla helgons dag", en="All Saints' Day")


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (Butcher's reckoning)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leaps, odd = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leaps - shift + 15) % 30
    quarters, days = divmod(rest, 4)
    weekday = (32 + 2 * odd + 2 * quarters - moon - days) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def holidays_on(day: date) -> Sequence[Holiday]:
    """The holidays of a day, Denmark's first; none on most days."""
    return _of_year(day.year).get(day, ())


@lru_cache(maxsize=32)
def _of_year(year: int) -> Mapping[date, Sequence[Holiday]]:
    found: dict[date, list[Holiday]] = defaultdict(list)
    for countries, day, name in _days(year):
        found[day] += [Holiday(country=country, name=name) for country in countries.split()]
    return {day: sorted(names, key=lambda holiday: holiday.country) for day, names in found.items()}


def _days(year: int) -> Iterator[tuple[str, date, LocalisedText]]:
    for countries, month, number, name in _FIXED:
        yield countries, date(year, month, number), name
    sunday = easter(year)
    for countries, later, name in _FROM_EASTER:
        yield countries, sunday + timedelta(days=later), name
    if year <= _PRAYER_UNTIL:
        yield "DK", sunday + timedelta(days=26), _PRAYER
    midsummer = _saturday_from(date(year, 6, 20))
    yield "SE", midsummer - timedelta(days=1), _MIDSUMMER_EVE
    yield "SE", midsummer, _MIDSUMMER
    yield "SE", _saturday_from(date(year, 10, 31)), _ALL_SAINTS


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)
