"""How much de minimis aid a company has had, against the ceiling of each country.

De minimis aid is counted for each member state by itself, over three years that end today, for the
company with all that became part of it. Only what is written down here is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lms_fairplay.aid_words import DE_MINIMIS
from lms_fairplay.queries.aid import AidFacts

YEARS = 3
HUNDRED = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates:
    """The ceiling in euros and what a hundred euros are worth, with where both come from."""

    ceiling: int
    ceiling_source: str
    dkk: int
    sek: int
    source: str

    def in_euros(self, value: int, currency: str) -> int:
        """A value in whole euros, rounded up, so that a meter never shows too little."""
        per_hundred = {"DKK": self.dkk, "SEK": self.sek, "EUR": HUNDRED}[currency]
        return -(-value * HUNDRED // per_hundred)

    def in_kroner(self, euros: int) -> int:
        """Whole euros in whole Danish kroner."""
        return euros * self.dkk // HUNDRED


@dataclass(frozen=True, kw_only=True, slots=True)
class Meter:
    """One country's meter. Values are whole euros; `foreseen` is what begins after today. `left` is
    below 0 when the ceiling is passed, or will be."""

    country: str
    granted: int
    estimated: int
    foreseen: int
    ceiling: int
    first: date

    @property
    def whole(self) -> int:
        """What was granted and what may be, until today."""
        return self.granted + self.estimated

    @property
    def left(self) -> int:
        """What is left below the ceiling."""
        return self.ceiling - self.whole - self.foreseen


def rates_from(settings: Mapping[str, str | int | bool]) -> Rates:
    """The rates as the site has set them."""
    return Rates(
        ceiling=int(settings["ceiling_eur"]),
        ceiling_source=str(settings["ceiling_source"]),
        dkk=int(settings["dkk_per_100_eur"]),
        sek=int(settings["sek_per_100_eur"]),
        source=str(settings["rates_source"]),
    )


def first_day(today: date) -> date:
    """The first day of the three years that end with `today`."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return today.replace(year=today.year - YEARS, day=day)


def de_minimis(lines: Iterable[AidFacts], today: date) -> Sequence[AidFacts]:
    """Those of these lines that count against a ceiling today."""
    first = first_day(today)
    return [one for one in lines if one.ground == DE_MINIMIS and first < one.day <= today]


def meters(lines: Iterable[AidFacts], rates: Rates, today: date) -> Sequence[Meter]:
    """A meter for each country whose authorities gave aid, in the order of the countries."""
    granted, estimated, foreseen = Counter[str](), Counter[str](), Counter[str]()
    lines = list(lines)
    for one in de_minimis(lines, today):
        sums = estimated if one.state == "estimated" else granted
        sums[one.country] += rates.in_euros(one.value, one.currency)
    for one in lines:
        if one.ground == DE_MINIMIS and one.day > today:
            foreseen[one.country] += rates.in_euros(one.value, one.currency)
    return [
        Meter(
            country=country,
            granted=granted[country],
            estimated=estimated[country],
            foreseen=foreseen[country],
            ceiling=rates.ceiling,
            first=first_day(today),
        )
        for country in sorted({*granted, *estimated, *foreseen})
    ]
