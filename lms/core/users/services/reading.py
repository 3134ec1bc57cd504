"""One row of a list, read by itself: what it says, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from lms.contracts import LANGUAGES
from lms.core.users.addresses import clean_email
from lms.core.users.people_lists import REFUSED, Row
from lms.core.users.queries.employment import Register, folded
from lms.db import clean_text

LEAVES = frozenset(
    {"leave", "leaves", "left", "leaver", "fratrådt", "fratræder", "stopper", "stoppet", "slutar"}
    | {"slutat", "holder op", "holdt op"}
)
STAYS = frozenset(
    {"", "active", "aktiv", "employed", "ansat", "anställd", "come", "move", "change"}
)
Mails = Mapping[str, tuple[str, str]]
"""What was written -> (the address as it is kept, its key); both empty for no address."""

_LANGUAGES: Mapping[str, str] = {
    **{code: code for code in LANGUAGES},
    "dansk": "da",
    "danish": "da",
    "danska": "da",
    "svensk": "sv",
    "swedish": "sv",
    "svenska": "sv",
    "engelsk": "en",
    "english": "en",
    "engelska": "en",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a row says; empty or None where it says nothing. `number_key` is how numbers are
    compared. `to_day` is only meant when `says_to_day`."""

    row: int
    number: str
    number_key: str
    name: str
    email: str
    email_key: str
    language: str
    function_id: int | None
    unit_id: int | None
    manager: str
    from_day: date | None
    to_day: date | None
    says_to_day: bool
    leaves: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrong:
    """A row of which nothing is done. `number_key` is empty when nobody knows whose it is."""

    row: int
    reason: str
    values: Mapping[str, str]
    number: str = ""
    number_key: str = ""
    name: str = ""


class _Stop(Exception):
    def __init__(self, reason: str, **values: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


def number_key(text: str) -> str:
    """How employee numbers are compared: without case and outer space, zeros in front kept."""
    return clean_text(text).casefold()


def mails_in(rows: Iterable[Row]) -> Mails:
    """Every address that rows name, their people's and their managers', looked at once."""
    texts = {row.get("email", "") for row in rows} | {
        text for row in rows if "@" in (text := row.get("manager", ""))
    }
    return {text: _mail(text) for text in texts if text}


def read_row(row: Row, known: Register, mails: Mails, today: date) -> Said | Wrong:
    """What the row says; everything that needs no other row is checked here."""
    number = clean_text(row.get("employee_number", ""))
    name = clean_text(row.get("name", ""))
    place = int(row["row"])
    try:
        if REFUSED in row:
            raise _Stop(row[REFUSED])
        if not number:
            raise _Stop("no_number")
        return _read(row, place, number, name, known, mails, today)
    except _Stop as stop:
        return Wrong(
            row=place,
            reason=stop.reason,
            values=stop.values,
            number=number,
            number_key=number_key(number),
            name=name,
        )


def _read(
    row: Row, place: int, number: str, name: str, known: Register, mails: Mails, today: date
) -> Said:
    from_day, to_day = _day(row.get("from_day", "")), _day(row.get("to_day", ""))
    status = folded(row.get("status", ""))
    if status not in LEAVES | STAYS:
        raise _Stop("status_unknown")
    leaves = (status in LEAVES and (to_day is None or to_day <= today)) or (
        to_day is not None and to_day < today
    )
    email, email_key = mails.get(row.get("email", ""), ("", ""))
    language, function_id, unit_id = "", None, None
    if not leaves:
        if from_day and to_day and to_day < from_day:
            raise _Stop("days_order")
        if row.get("email", "").strip() and not email:
            raise _Stop("email_wrong")
        language = _language(row.get("language", ""))
        function_id = _found(known.functions, row.get("function", ""), "function_unknown")
        unit_id = _found(known.units, row.get("unit", ""), "unit_unknown")
    return Said(
        row=place,
        number=number,
        number_key=number_key(number),
        name=name,
        email=email,
        email_key=email_key,
        language=language,
        function_id=function_id,
        unit_id=unit_id,
        manager="" if leaves else clean_text(row.get("manager", "")),
        from_day=from_day,
        to_day=to_day,
        says_to_day="to_day" in row,
        leaves=leaves,
    )


def _mail(text: str) -> tuple[str, str]:
    if not text.strip():
        return "", ""
    try:
        email = clean_email(text)
    except ValueError:
        return "", ""
    return email, email.casefold()


def _day(text: str) -> date | None:
    """ISO days, also with a time after them (as workbooks have), and 14.04.2026 or 14-04-2026."""
    text = text.strip()
    if not text:
        return None
    plain = text.split()[0].partition("T")[0]
    parts = plain.replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 3 and all(part.isdecimal() and part.isascii() for part in parts):
        if len(parts[0]) != 4:
            parts.reverse()
        year, month, day = (int(part) for part in parts)
        with suppress(ValueError):
            return date(year if len(parts[0]) == 4 else 0, month, day)
    raise _Stop("day_wrong", text=text[:40])


def _language(text: str) -> str:
    if not text.strip():
        return ""
    code = _LANGUAGES.get(folded(text))
    if code is None:
        raise _Stop("language_unknown")
    return code


def _found(known: Mapping[str, int], text: str, reason: str) -> int | None:
    if not text.strip():
        return None
    found = known.get(folded(clean_text(text)))
    if found is None:
        raise _Stop(reason, text=clean_text(text)[:80])
    return found
