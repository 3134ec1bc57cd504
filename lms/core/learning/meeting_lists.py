"""Lists of participants that meeting programmes write: who joined, and for how long.

Known are the reports of Teams (several parts in one file) and Zoom, with headings in Danish,
Swedish and English; the headings are looked for by what they mean, for they change now and then.
Nothing of a list is kept but the minutes of those who are in the class.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lms.contracts import LocalisedText
from lms.core.learning.queries.attendance import Mark, Present
from lms.db import search_key
from lms.files.sheet_words import SheetError
from lms.files.sheets import heading_key, read_part

MOST_ROWS = 5_000
DAY = 24 * 3600

NAMES = frozenset(
    heading_key(name)
    for name in (
        *("name", "full name", "user name", "name (original name)", "participant name"),
        *("navn", "fulde navn", "fuldt navn", "navn (oprindeligt navn)", "deltagernavn"),
        *("namn", "fullständigt namn", "namn (ursprungligt namn)", "deltagarnamn"),
    )
)
LASTED = ("duration", "varighed", "varaktighet", "tidimødet", "tidimötet", "minutter", "minuter")
MAIL = ("email", "mail", "epost", "upn")
JOINED = ("join", "tilslut", "deltog", "deltagelse", "ankomst", "anslut", "anslöt", "gickmed")
LEFT = ("leave", "forlod", "forlad", "afgang", "afgik", "lämna", "avgång", "gickur")

_PART = re.compile(
    r"(\d+)\s*(h|hr|hrs|hour|t|tim|time|m|min|minut|minute|s|sec|sek|second)[a-zåäö]*"
)
_UNITS = {"h": 3600, "t": 3600, "m": 60, "s": 1}
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([ap])?\.?\s?m?", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*")

Outcome = Literal["matched", "kept", "unknown", "twice"]


@dataclass(kw_only=True, slots=True)
class Listed:
    """Somebody on a list: all their joins together. `rows` are the numbers of their rows."""

    name: str
    email: str
    seconds: int = 0
    rows: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """Whole minutes in the meeting; two devices at the same time count once."""
        seconds = self.seconds
        if len(self.spans) == len(self.rows) > 1:
            seconds = min(seconds, _covered(self.spans))
        return seconds // 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What would come of somebody on a list. `mode` and `minutes` are as in the register."""

    listed: Listed
    outcome: Outcome
    person: Present | None = None
    mode: str = ""
    minutes: int = 0


def read_list(data: bytes, file_name: str) -> Sequence[Listed]:
    """The people on a list, each once. Raises `SheetError` for what is no such list."""
    sheet = read_part(data, file_name, is_heading, most_rows=MOST_ROWS)
    if sheet is None:
        raise no_list()
    name = _column(sheet.columns, lambda key: key in NAMES)
    lasted, mail = _column(sheet.columns, _means(LASTED)), _column(sheet.columns, _means(MAIL))
    joined, left = _column(sheet.columns, _means(JOINED)), _column(sheet.columns, _means(LEFT))
    people: dict[str, Listed] = {}
    for number, row in sheet.rows:
        said, email = row.get(name, ""), row.get(mail, "").casefold()
        if not said and not email:
            continue
        key = f"@{email}" if "@" in email else search_key(said)
        one = people.setdefault(key, Listed(name=said, email=email if "@" in email else ""))
        span = _span(row.get(joined, ""), row.get(left, ""))
        seconds = seconds_in(row.get(lasted, "")) if lasted else None
        if seconds is None and span is None:
            raise no_time(number)
        one.seconds += seconds if seconds is not None else _covered([span] if span else [])
        one.rows.append(number)
        if span is not None:
            one.spans.append(span)
    return list(people.values())


def is_heading(cells: Sequence[str]) -> bool:
    """Is this line the heading of a list of people with the time they were there?"""
    keys = [heading_key(cell) for cell in cells]
    there = [any(map(_means(words), keys)) for words in (LASTED, JOINED, LEFT)]
    return any(key in NAMES for key in keys) and (there[0] or (there[1] and there[2]))


def seconds_in(text: str) -> int | None:
    """How long a cell says: "1h 3m 20s", "1 t. 3 min.", "01:03:20", or a number of minutes; None
    when it says nothing of the kind."""
    text = text.strip().casefold()
    if text.isascii() and text.isdecimal() and len(text) < 6:
        return int(text) * 60
    parts = text.split(":")
    if len(parts) in (2, 3) and all(p.isascii() and p.isdecimal() and len(p) < 4 for p in parts):
        hours, minutes, seconds = (*map(int, parts), 0)[:3]
        return hours * 3600 + minutes * 60 + seconds
    found = _PART.findall(text)
    return sum(int(n[:5]) * _UNITS[unit[0]] for n, unit in found) if found else None


def match(
    people: Sequence[Listed],
    in_class: Sequence[Present],
    marks: Mapping[int, Mark],
    length: int,
    *,
    grace: int = 10,
) -> Sequence[Found]:
    """What would come of each, by e-mail first and by name then. Who misses at most `grace`
    minutes of the session's `length` was there all of it. What a teacher or a code says of
    somebody already is kept."""
    by_mail = {one.email.casefold(): one for one in in_class if one.email}
    by_name: dict[str, list[Present]] = defaultdict(list)
    for one in in_class:
        by_name[search_key(one.name)].append(one)
    found: list[Found] = []
    together: dict[int, Listed] = {}
    for listed in people:
        fits = [by_mail[listed.email]] if listed.email in by_mail else _named(listed.name, by_name)
        if len(fits) != 1:
            found.append(Found(listed=listed, outcome="twice" if fits else "unknown"))
            continue
        (person,) = fits
        if person.enrolment_id in together:  # once signed in, once as a guest
            _join(together[person.enrolment_id], listed)
            continue
        together[person.enrolment_id] = listed
        found.append(Found(listed=listed, outcome="matched", person=person))
    return [_weighed(one, marks, length, grace) for one in found]


def _weighed(one: Found, marks: Mapping[int, Mark], length: int, grace: int) -> Found:
    if one.person is None:
        return one
    minutes = min(one.listed.minutes, length)
    whole = minutes >= length - grace
    mark = marks.get(one.person.enrolment_id)
    return Found(
        listed=one.listed,
        outcome="kept" if mark is not None and mark.source not in ("list", "task") else "matched",
        person=one.person,
        mode="present" if whole else "partial",
        minutes=length if whole else minutes,
    )


def _named(name: str, by_name: Mapping[str, Sequence[Present]]) -> Sequence[Present]:
    """Who is called so. Programmes add a word in brackets, such as "(Guest)", or a second name."""
    plain = _BRACKETS.sub(" ", name)
    for said in (name, plain, *_BRACKETS.findall(name)):
        if fits := by_name.get(search_key(said), ()):
            return fits
        first, comma, last = (part.strip() for part in said.rpartition(","))
        if comma and (fits := by_name.get(search_key(f"{last} {first}"), ())):
            return fits
    return ()


def _join(one: Listed, other: Listed) -> None:
    one.seconds += other.seconds
    one.rows += other.rows
    one.spans += other.spans


def _means(words: Sequence[str]) -> Callable[[str], bool]:
    return lambda key: any(word in key for word in words)


def _column(columns: Sequence[str], fits: Callable[[str], bool]) -> str:
    return next((column for column in columns if fits(heading_key(column))), "")


def _span(joined: str, left: str) -> tuple[int, int] | None:
    """From when to when, in seconds of a day; a night goes on past its end."""
    begin, end = _clock(joined), _clock(left)
    if begin is None or end is None:
        return None
    return begin, end if end >= begin else end + DAY


def _clock(text: str) -> int | None:
    """The time of day that stands last in a cell: dates come before it."""
    found = list(_CLOCK.finditer(text))
    if not found:
        return None
    hour, minute, second, half = found[-1].groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.casefold() == "p" else 0)
    if hours > 23 or int(minute) > 59:
        return None
    return hours * 3600 + int(minute) * 60 + int(second or 0)


def _covered(spans: Sequence[tuple[int, int]]) -> int:
    """Seconds that are in at least one span."""
    total, until = 0, -1
    for begin, end in sorted(spans):
        total += max(0, end - max(begin, until))
        until = max(until, end)
    return total


def no_list() -> SheetError:
    """A file without such a heading."""
    return SheetError(
        "no_list",
        LocalisedText(
            da="Filen har ingen liste med navne og tid. Hent deltagerlisten fra mødet, og send "
            "filen, som den er.",
            sv="Filen har ingen lista med namn och tid. Hämta deltagarlistan från mötet och skicka "
            "filen som den är.",
            en="The file has no list with names and time. Get the participant list from the "
            "meeting, and send the file as it is.",
        ),
    )


def no_time(row: int) -> SheetError:
    """A row that does not say how long."""
    return SheetError(
        "no_time",
        LocalisedText(
            da=f"Række {row} siger ikke, hvor længe personen var med. Ret den, eller slet den.",
            sv=f"Rad {row} säger inte hur länge personen var med. Rätta den eller ta bort den.",
            en=f"Row {row} does not say how long the person was there. Correct or delete it.",
        ),
    )
