"""Lists of people from an employer's own system: which columns they have, and what is kept of them.

A row is a mapping of column -> text with the row's number in the file as "row". Columns nobody
asked for are not kept, and of a row with a national identity number nothing is kept but where it
stood (and the employee number, where that is not it).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.files.sheets import Sheet, heading_key
from lms.web.identity_numbers import contains_identity_number

Row = Mapping[str, str]

MOST_ROWS = 20_000
AT_ONCE = 200
"""Lists of at most so many rows are carried out while the reader waits; longer ones by a job."""

IDENTITY_NUMBER = "identity_number"
CHARACTERS = "characters"
LONG = "too_long"
REFUSED = "refused"
"""The key under which a row says why nothing else of it is kept."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "employee_number": (
        "employee number",
        "employee no",
        "employee id",
        "medarbejdernummer",
        "medarbejdernr",
        "lønnummer",
        "tjenestenummer",
        "anställningsnummer",
        "anställningsnr",
        "personalnummer",
    ),
    "email": ("e-mail", "mail", "email address", "mailadresse", "e-post", "mejl", "mejladress"),
    "name": ("name", "full name", "navn", "fulde navn", "namn"),
    "language": ("language", "sprog", "språk"),
    "function": ("function", "title", "job title", "stilling", "funktion", "befattning", "titel"),
    "unit": ("unit", "department", "enhed", "afdeling", "enhet", "avdelning"),
    "manager": ("manager", "line manager", "leder", "nærmeste leder", "chef", "närmaste chef"),
    "from_day": ("from day", "from", "first day", "start", "fra", "første dag", "från"),
    "to_day": ("to day", "to", "last day", "end", "til", "sidste dag", "till", "sista dag"),
    "status": ("status", "state", "tilstand"),
}
"""Column -> how it may be called in a file, whatever the case, spaces and dashes."""

LONGEST: Mapping[str, int] = {"employee_number": 40, "email": 254, "name": 200}
LONGEST_CELL = 500

_BY_HEADING = {
    heading_key(name): column for column, names in COLUMNS.items() for name in (column, *names)
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PeopleList:
    """What is kept of a list: its rows, and the headings that meant nothing to us."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...] = ()


def from_sheet(sheet: Sheet) -> PeopleList:
    """The rows of a file or of pasted cells. A second column of the same meaning is left out."""
    columns: dict[str, str] = {}
    for heading in sheet.columns:
        column = _BY_HEADING.get(heading_key(heading))
        if column and column not in columns:
            columns[column] = heading
    known = set(columns.values())
    rows = tuple(
        _kept(number, {column: cells[heading] for column, heading in columns.items()}, cells)
        for number, cells in sheet.rows
    )
    ignored = tuple(heading for heading in sheet.columns if heading not in known)
    return PeopleList(rows=rows, ignored=ignored)


def from_json(items: Any) -> PeopleList | None:
    """The rows of the API, counted from 1: objects of text (or null) by column; None for
    anything else."""
    if not isinstance(items, list):
        return None
    rows = []
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict) or not set(item) <= set(COLUMNS):
            return None
        if not all(text is None or isinstance(text, str) for text in item.values()):
            return None
        cells = {column: (text or "").strip() for column, text in item.items()}
        rows.append(_kept(number, cells, cells))
    return PeopleList(rows=tuple(rows))


def _kept(number: int, cells: Mapping[str, str], everything: Mapping[str, str]) -> Row:
    kept = {"row": str(number)}
    why = _problem(cells, everything)
    if not why:
        return kept | {column: text for column, text in cells.items() if text or column == "to_day"}
    kept[REFUSED] = why
    employee_number = cells.get("employee_number", "")
    if employee_number and not _problem(
        {"employee_number": employee_number}, {"": employee_number}
    ):
        kept["employee_number"] = employee_number
    return kept


def _problem(cells: Mapping[str, str], everything: Mapping[str, str]) -> str:
    if any(contains_identity_number(text) for text in everything.values() if _has_figures(text)):
        return IDENTITY_NUMBER
    if any(_cannot_be_kept(text) for text in cells.values()):
        return CHARACTERS
    if any(len(text) > LONGEST.get(column, LONGEST_CELL) for column, text in cells.items()):
        return LONG
    return ""


def _has_figures(text: str) -> bool:
    """Ten of them at least: what is shorter is no identity number and need not be looked into."""
    return len(text) >= 10 and sum(sign.isdigit() for sign in text) >= 10


def _cannot_be_kept(text: str) -> bool:
    return not text.isprintable() and any(
        unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\r\n\t" for sign in text
    )
