"""Tables people send: CSV in the ways spreadsheet programs write it, pasted cells, XLSX.

Everything becomes text, as it stands in the cell: a formula is never worked out, here or by the
program that opens what `write_csv` made. National identity numbers are not looked for here; who
reads the rows does that, cell by cell.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain
from typing import Any

from lms.files import sheet_words as words
from lms.files.sheet_words import SheetError

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_BLANK_ROWS = 50_000  # a workbook may be "formatted" far below its last row
MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
LONGEST_CELL = 32_767  # what a cell of a workbook can hold

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
MARKUP = ("<!doctype", "<html", "<?xml", "<table", "{\\rtf")
DELIMITERS = "\t;,"  # the first wins when two are as frequent
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")

Row = tuple[int, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A table: its headings as they were written, and (row number in the file, heading -> text).

    The first line of a file is row 1, as spreadsheet programs count. Rows without text are left
    out, and every row has every heading.
    """

    columns: tuple[str, ...]
    rows: Sequence[Row]


def heading_key(text: str) -> str:
    """What two writings of one heading have in common: "E-mail", " e mail" and "EMAIL"."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def column_named(columns: Sequence[str], names: Iterable[str]) -> str | None:
    """The heading that is one of these names, whatever its case, spaces and dashes; or None."""
    wanted = {heading_key(name) for name in names}
    return next((column for column in columns if heading_key(column) in wanted), None)


def read_sheet(data: bytes, file_name: str = "", *, most_rows: int = MOST_ROWS) -> Sheet:
    """Read a file that somebody sent. The bytes tell what it is; the name helps nobody but them.

    `SheetError` with a sentence that says what to do, for everything that is no table of at most
    `most_rows` rows under a heading.
    """
    if len(data) > MOST_BYTES:
        raise words.too_large(MOST_BYTES // 1024 // 1024)
    if not data.strip(b" \t\r\n\x00"):
        raise words.empty()
    if data.startswith(ZIP):
        return _table(_workbook_rows(data, most_rows), most_rows)
    _refuse_other_kinds(data, file_name)
    return read_pasted(_decoded(data), most_rows=most_rows)


def read_pasted(text: str, *, most_rows: int = MOST_ROWS) -> Sheet:
    """Read cells pasted from a spreadsheet (tabs between them), or lines of CSV."""
    if len(text) > MOST_BYTES:
        raise words.too_large(MOST_BYTES // 1024 // 1024)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise words.empty()
    if "\0" in text:
        raise words.nul()
    if text.lstrip()[:9].casefold().startswith(MARKUP):
        raise words.no_table()
    return _table(_text_rows(text), most_rows)


def read_part(
    data: bytes,
    file_name: str,
    is_heading: Callable[[Sequence[str]], bool],
    *,
    most_rows: int = MOST_ROWS,
) -> Sheet | None:
    """Read the one table of a file that begins where `is_heading` knows its heading, and ends at
    an empty line or the next part's title: a report of several parts. None when no line is such
    a heading. `SheetError` as `read_sheet`."""
    if len(data) > MOST_BYTES:
        raise words.too_large(MOST_BYTES // 1024 // 1024)
    if not data.strip(b" \t\r\n\x00"):
        raise words.empty()
    if data.startswith(ZIP):
        lines = [line for _number, line in _workbook_rows(data, most_rows + MOST_BLANK_ROWS)]
        return _part(lines, is_heading, most_rows)
    _refuse_other_kinds(data, file_name)
    text = _decoded(data).removeprefix("\ufeff")
    if "\0" in text:
        raise words.nul()
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            found = _part(list(reader), is_heading, most_rows)
        except csv.Error as error:
            raise words.no_table() from error
        if found is not None:
            return found
    return None


def _part(
    lines: Sequence[Sequence[str]], is_heading: Callable[[Sequence[str]], bool], most_rows: int
) -> Sheet | None:
    first = next((place for place, line in enumerate(lines) if is_heading(line)), None)
    if first is None:
        return None
    part = [(first + 1, list(lines[first]))]
    for number, line in enumerate(lines[first + 1 :], start=first + 2):
        if sum(bool(cell.strip()) for cell in line) < 2:
            break
        part.append((number, list(line)))
    return _table(iter(part), most_rows)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A file that spreadsheet programs in Denmark and Sweden open well: UTF-8 with a mark,
    semicolons. What they would take for a formula gets an apostrophe and is shown as text."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    for row in chain([columns], rows):
        writer.writerow([_harmless("" if cell is None else str(cell)) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell


# --- what is it? --------------------------------------------------------------------------------


def _refuse_other_kinds(data: bytes, file_name: str) -> None:
    if data.startswith(OLD_OFFICE):
        # A workbook with a password is a container of the old kind around the encrypted one.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise words.password()
        raise words.old_workbook()
    if data[:1024].lstrip().startswith(b"%PDF-"):
        raise words.pdf()
    if data.startswith(PICTURES) or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        raise words.picture()
    if file_name.casefold().endswith((".xlsx", ".xlsm")):
        raise words.broken()


def _decoded(data: bytes) -> str:
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise words.nul() from None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise words.no_table() from None


# --- text ---------------------------------------------------------------------------------------


def _text_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    delimiter, skip = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for row in reader:
            number += 1
            if number > skip:
                yield number, row
    except csv.Error as error:
        if "field limit" in str(error):
            raise words.long_cell(number + 1) from error
        raise words.quotes(number + 1) from error


def _delimiter(text: str) -> tuple[str, int]:
    """What stands between the cells of the heading, and how many lines come before it."""
    first, _, rest = text.lstrip("\r\n").partition("\n")
    said = first.strip().casefold()
    if said.startswith("sep=") and len(said) <= 5:  # a line that some spreadsheet programs write
        return (first.strip()[4:] or "\t"), 1 if rest else 0
    counts = dict.fromkeys(DELIMITERS, 0)
    quoted, begun = False, False
    for sign in text:
        if sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign in "\r\n":
            if begun:
                break
        elif sign in counts:
            counts[sign] += 1
        begun = begun or not sign.isspace()
    best = max(DELIMITERS, key=lambda sign: counts[sign])
    return (best if counts[best] else ";"), 0


# --- workbooks ----------------------------------------------------------------------------------


def _workbook_rows(data: bytes, most_rows: int) -> Iterator[tuple[int, list[str]]]:
    _refuse_bad_zip(data)
    from openpyxl import load_workbook  # slow to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and checks that do not concern us
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            if not book.worksheets:
                raise words.no_table()
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # the file's own word about its size may be wrong
            rows = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
            for number, row in enumerate(rows, start=1):
                if number > most_rows + MOST_BLANK_ROWS:
                    raise words.too_many_rows(most_rows)
                yield number, [_as_text(value) for value in row]
        except SheetError:
            raise
        except Exception as error:  # a damaged file breaks the reader in any way it likes
            raise words.broken() from error


def _refuse_bad_zip(data: bytes) -> None:
    """Look at the list of contents only; nothing is unpacked before it is known to be small."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise words.password()
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED:
                raise words.unpacked_too_large()
            if not any(entry.filename.startswith("xl/") for entry in entries):
                raise words.no_table()
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    _refuse_document_type(packed, entry)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise words.broken() from error


def _refuse_document_type(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """A workbook never declares a document type; entities, near or far, need one."""
    with packed.open(entry) as part:
        start = part.read(4096).replace(b"\0", b"")
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise words.broken()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    # A formula over several cells is an object of its own.
    return str(getattr(value, "text", value))


# --- heading and rows ---------------------------------------------------------------------------


def _table(lines: Iterator[tuple[int, list[str]]], most_rows: int) -> Sheet:
    """Heading and rows; reads no further than the first row too many."""
    heading: list[str] = []
    rows: list[Row] = []
    for number, line in lines:
        cells = [cell.strip() for cell in line]
        if not any(cells):
            continue
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise words.long_cell(number)
        if not heading:
            heading = _heading(cells)
            continue
        if len(rows) == most_rows:
            raise words.too_many_rows(most_rows)
        if any(cell and not name for cell, name in _paired(cells, heading)):
            raise words.too_many_cells(number)
        rows.append((number, {name: cell for cell, name in _paired(cells, heading) if name}))
    if not rows:
        raise words.empty() if not heading else words.no_rows()
    return Sheet(columns=tuple(name for name in heading if name), rows=rows)


def _paired(cells: list[str], heading: list[str]) -> Iterator[tuple[str, str]]:
    for place in range(max(len(cells), len(heading))):
        yield (
            cells[place] if place < len(cells) else "",
            heading[place] if place < len(heading) else "",
        )


def _heading(cells: list[str]) -> list[str]:
    names = [" ".join(cell.split()) for cell in cells]
    if any("@" in name or (heading_key(name).isdigit()) for name in names):
        raise words.no_heading()
    if len(names) > MOST_COLUMNS and any(names[MOST_COLUMNS:]):
        raise words.too_many_columns(MOST_COLUMNS)
    seen: set[str] = set()
    for name in names:
        key = heading_key(name)
        if name and key in seen:
            raise words.twice(name)
        seen.add(key)
    return names
