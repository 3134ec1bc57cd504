"""Tables people send: every way a spreadsheet writes them, and every way they can be wrong."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from lms.files import sheets
from lms.files.sheets import (
    SheetError,
    column_named,
    heading_key,
    read_pasted,
    read_sheet,
    write_csv,
)

pytestmark = pytest.mark.once

NAMES = ("Åse Østergård", "Łukasz", "Нина", "李小龍", "محمد", "Zoë “Z” O’Neill")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook(*rows: list[object], more: dict[str, bytes] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    if more:
        with zipfile.ZipFile(written, "a") as packed:
            for name, content in more.items():
                packed.writestr(name, content)
    return written.getvalue()


def refused(data: bytes | str, file_name: str = "", **limits: int) -> SheetError:
    with pytest.raises(SheetError) as caught:
        read_pasted(data, **limits) if isinstance(data, str) else read_sheet(
            data, file_name, **limits
        )
    message = caught.value.message
    assert all((message.da, message.sv, message.en))
    return caught.value


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom", "cp1252"]
)
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    text = delimiter.join(["Navn", "Enhed"]) + "\r\n" + delimiter.join(["Åse Øst", "Hjemmepleje"])
    data = {
        "utf-16-le-bom": lambda: b"\xff\xfe" + text.encode("utf-16-le"),
        "utf-16-be-bom": lambda: b"\xfe\xff" + text.encode("utf-16-be"),
    }.get(encoding, lambda: text.encode(encoding))()
    sheet = read_sheet(data, "liste.csv")
    assert sheet.columns == ("Navn", "Enhed")
    assert list(sheet.rows) == [(2, {"Navn": "Åse Øst", "Enhed": "Hjemmepleje"})]


def test_delimiters_within_quotes_do_not_count() -> None:
    sheet = read_pasted('"Navn, fornavn, titel";Enhed\n"Øst, Åse, fru";"a;b"\n')
    assert sheet.columns == ("Navn, fornavn, titel", "Enhed")
    assert sheet.rows[0][1] == {"Navn, fornavn, titel": "Øst, Åse, fru", "Enhed": "a;b"}


def test_a_line_that_names_the_delimiter_is_believed() -> None:
    sheet = read_pasted("sep=,\nNavn,Enhed;x\nBo,A\n")
    assert sheet.columns == ("Navn", "Enhed;x")
    assert sheet.rows[0][0] == 3


def test_newlines_in_quotes_blank_lines_and_row_numbers() -> None:
    sheet = read_sheet(b'\r\nName;Note\r\n"Bo";"two\r\nlines"\r\n\r\n;\r\nIb;x;\r\n')
    assert [number for number, _row in sheet.rows] == [3, 6]
    assert sheet.rows[0][1]["Note"] == "two\r\nlines"


def test_names_of_any_script_and_one_column() -> None:
    sheet = read_sheet(("Navn\n" + "\n".join(f'"{name}"' for name in NAMES)).encode())
    assert tuple(row["Navn"] for _number, row in sheet.rows) == NAMES


def test_short_rows_are_filled_and_formulas_stay_text() -> None:
    sheet = read_pasted("Name,Unit,Mail\nBo\n=HYPERLINK(1),+45,@x")
    assert sheet.rows[0][1] == {"Name": "Bo", "Unit": "", "Mail": ""}
    assert tuple(sheet.rows[1][1].values()) == ("=HYPERLINK(1)", "+45", "@x")


def test_headings_are_found_whatever_their_writing() -> None:
    assert heading_key(" E-mail ") == heading_key("EMAIL") == heading_key("e mail")
    assert column_named(("Medarbejder nr.", "NAVN"), ["medarbejdernr"]) == "Medarbejder nr."
    assert column_named(("NAVN",), ["mail"]) is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "empty"),
        (b"Name;Mail\n;;\n", "no_rows"),
        (b"Bo;bo@work.example\nIb;ib@work.example\n", "no_heading"),
        (b"Name;1234\nBo;1\n", "no_heading"),
        (b"Name;name \nBo;1\n", "heading_twice"),
        (b"Name;Mail\nBo;1\nIb;2;3\n", "too_many_cells"),
        (b"Name;\nBo;1\n", "too_many_cells"),
        (b"Name\nB\0o\n", "nul"),
        ("Name\nBo\n".encode("utf-16-le"), "nul"),
        (b'Name\n"Bo\nIb\n', "quotes"),
        (b'Name\n"Bo"b\nIb\n', "quotes"),
        (b"Name\n" + b"x" * 40_000, "long_cell"),
        (b"Name\n" + b"x" * 200_000, "long_cell"),
        (b";".join(b"c%d" % n for n in range(201)) + b"\nx\n", "too_many_columns"),
        (b"x" * (10 * 1024 * 1024 + 1), "too_large"),
        (b"%PDF-1.7\n...", "pdf"),
        (b"\x89PNG\r\n\x1a\n0000", "picture"),
        (b"\xff\xd8\xff\xe0 jpeg", "picture"),
        (b"RIFF0000WEBPVP8 ", "picture"),
        (OLD + b"Workbook", "old_workbook"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"<html><table><tr><td>x", "no_table"),
        (b"Navn\n\x81\x8d", "no_table"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(data: bytes, code: str) -> None:
    assert refused(data).code == code


def test_the_row_is_named() -> None:
    assert "3" in refused("Name;Mail\nBo;1\nIb;2;3\n").message.da


def test_a_million_rows_are_refused_without_being_read() -> None:
    data = b"Name\n" + b"Bo\n" * 1_000_000
    begun = time.perf_counter()
    assert refused(data).code == "too_many_rows"
    assert time.perf_counter() - begun < 2
    assert len(read_sheet(b"Name\n" + b"Bo\n" * 20_000).rows) == 20_000
    assert refused("Name\na\nb\nc\n", most_rows=2).code == "too_many_rows"


@given(st.binary(max_size=200))
def test_any_bytes_give_a_table_or_a_sentence(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xff\xfe", b"Navn;Mail\n"):
        try:
            sheet = read_sheet(start + data)
        except SheetError:
            continue
        assert all(set(row) == set(sheet.columns) for _number, row in sheet.rows)


# --- workbooks ----------------------------------------------------------------------------------


def test_a_workbook_is_read_as_it_stands() -> None:
    at = datetime.fromisoformat("2026-03-01T08:30")  # workbooks know no zones
    sheet = read_sheet(
        workbook(
            ["Name", "Number", "From", "At", "Sum", "Yes"],
            ["Åse", 1042.0, date(2026, 3, 1), at, 1.5, True],
            [],
            ['=HYPERLINK("http://x.example")', "007", None, None, ArrayFormula("E1", "=A1"), ""],
        ),
        "list.xlsx",
    )
    assert tuple(sheet.rows[0][1].values()) == (
        "Åse",
        "1042",
        "2026-03-01",
        "2026-03-01 08:30:00",
        "1.5",
        "TRUE",
    )
    number, row = sheet.rows[1]
    assert number == 4
    assert row["Name"] == '=HYPERLINK("http://x.example")'
    assert (row["Number"], row["From"], row["Sum"]) == ("007", "", "=A1")


def test_only_the_first_page_is_read() -> None:
    book = Workbook()
    book.active.append(["Name"])
    book.active.append(["Bo"])
    book.create_sheet("Second").append(["Other"])
    written = io.BytesIO()
    book.save(written)
    assert read_sheet(written.getvalue()).columns == ("Name",)


def test_a_workbook_with_too_many_rows() -> None:
    data = workbook(["Name"], *([f"p{n}"] for n in range(12)))
    assert refused(data, most_rows=10).code == "too_many_rows"
    assert len(read_sheet(data, most_rows=12).rows) == 12


def test_a_lonely_cell_at_the_far_end_is_not_walked_to() -> None:
    book = Workbook()
    book.active["A1"], book.active["A2"] = "Name", "Bo"
    book.active["A1048576"] = "far"
    written = io.BytesIO()
    book.save(written)
    begun = time.perf_counter()
    assert refused(written.getvalue()).code == "too_many_rows"
    assert time.perf_counter() - begun < 5


def test_a_zip_that_swells_is_not_opened() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (101 * 1024 * 1024))
    assert len(written.getvalue()) < 200_000
    begun = time.perf_counter()
    assert refused(written.getvalue()).code == "unpacked_too_large"
    assert time.perf_counter() - begun < 1


def test_a_zip_of_many_entries_is_not_opened() -> None:
    many = {f"xl/x{n}": b"" for n in range(2_000)}
    assert refused(workbook(["Name"], ["Bo"], more=many)).code == "unpacked_too_large"


def test_other_zips_broken_ones_and_locked_ones() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    assert refused(other.getvalue()).code == "no_table"
    good = workbook(["Name"], ["Bo"])
    assert refused(good[: len(good) // 2]).code == "broken"
    assert refused(b"PK\x03\x04 and nothing else").code == "broken"
    assert refused(b"Name\nBo", "list.xlsx").code == "broken"
    locked = bytearray(good)
    place = locked.index(b"PK\x01\x02")
    locked[place + 8] |= 1
    assert refused(bytes(locked)).code == "password"


def test_entities_are_never_followed() -> None:
    good = io.BytesIO(workbook(["Name"], ["Bo"]))
    evil = io.BytesIO()
    with zipfile.ZipFile(good) as packed, zipfile.ZipFile(evil, "w") as out:
        for entry in packed.infolist():
            content = packed.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                content = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + content
            out.writestr(entry, content)
    assert refused(evil.getvalue()).code == "broken"


# --- writing ------------------------------------------------------------------------------------


def test_what_is_written_opens_as_text_and_is_read_again() -> None:
    data = write_csv(["Row", "Why"], [[2, "=1+1"], [3, 'a;b\n"c"'], [4, None], [5, "-x"]])
    assert data.startswith(b"\xef\xbb\xbfRow;Why\r\n")
    sheet = read_sheet(data)
    assert [row["Why"] for _number, row in sheet.rows] == ["'=1+1", 'a;b\n"c"', "", "'-x"]


@given(st.lists(st.text(max_size=8), min_size=1, max_size=5))
def test_no_cell_is_written_as_a_formula(cells: list[str]) -> None:
    text = write_csv(["x"], ([cell] for cell in cells)).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        assert not any(cell.startswith(sheets.BEGINS_A_FORMULA) for cell in row)
