"""What people send is taken, refused with advice, or contained; never believed."""

from __future__ import annotations

import contextlib
import io
import time
import unicodedata

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lms.files import apart, names
from lms.files.kinds import ENDINGS, KINDS, SHOWN_TYPES
from lms.files.uploads import MOST_BYTES, UploadRefused, accept
from tests.core.files import hostile
from tests.core.files.hostile import DOCX, docx, located, odt, packed, pdf, picture

pytestmark = pytest.mark.once

LONGEST = 5.0
"""Seconds for the worst of them, on a busy machine."""

TAKEN = {
    "PNG and HTML at once",
    "JPEG and a folder at once",
    "photo with a place",
    "PDF with a script",
    "many elements",
    *(f"name: {what}" for what in hostile.NAMES),
}
"""Those of the corpus that may be taken, for what is dangerous in them is gone or asleep: pictures
are written anew, a PDF is only ever a download, names are cleaned."""


def test_the_corpus_is_as_large_as_it_should_be():
    whats = hostile.whats()
    assert len(whats) == len(set(whats)) >= 60


@pytest.mark.parametrize("what", hostile.whats())
def test_a_hostile_file_does_nothing(what):
    _what, name, declared, data = hostile.file(what)
    began = time.monotonic()
    try:
        taken = accept(data, name, declared)
    except UploadRefused:
        taken = None
    assert time.monotonic() - began < LONGEST
    if taken is None:
        return
    assert what in TAKEN
    kind = KINDS[taken.kind]
    assert b"<script" not in taken.data or kind.key == "pdf"
    assert not taken.media_type.startswith(
        ("text/html", "text/xml", "application/xml", "image/svg")
    )
    assert names.clean(taken.file_name) == taken.file_name
    assert ENDINGS[names.endings(taken.file_name)[-1]].family == kind.family


REASONS = {
    "empty": "empty",
    "half a PDF": "broken",
    "half a PNG": "broken",
    "half a document": "broken",
    "HTML as PDF": "not_what_it_says",
    "HTML as text": "not_what_it_says",
    "PNG as JPEG": "not_what_it_says",
    "EICAR": "virus",
    "EICAR in a document": "virus",
    "EICAR behind a chunk": "virus",
    "SVG with a script": "svg",
    "SVG as PNG": "svg",
    "900 megapixels": "too_many_pixels",
    "41 megapixels": "too_many_pixels",
    "GIF that moves": "moving",
    "PNG that moves": "moving",
    "WebP that moves": "moving",
    "HEIC": "heic",
    "HEIC as JPEG": "heic",
    "200 MB of nothing": "unpacks_too_large",
    "the same as a folder": "archive",
    "2,500 entries": "odd_entries",
    "30,000 entries, said to be 3": "odd_entries",
    "out of its folder": "odd_entries",
    "absolute": "odd_entries",
    "a link": "odd_entries",
    "something in front": "odd_entries",
    "something behind": "odd_entries",
    "locked": "password",
    "old and locked": "old_office",
    "macros": "macros",
    "macros by name": "macros",
    "macros by type": "macros",
    "template": "fetches",
    "template, hidden": "fetches",
    "template in UTF-16": "fetches",
    "a picture elsewhere": "fetches",
    "a million laughs": "odd_entries",
    "ODT with Basic": "macros",
    "ODT that fetches": "fetches",
    "name: two endings": "two_endings",
    "name: program behind": "other_kind",
    "name: only an ending": "other_kind",
    "name: dots": "no_name",
}


@pytest.mark.parametrize(("what", "code"), REASONS.items())
def test_the_refusal_says_what_to_do(what, code):
    file = hostile.file(what)
    with pytest.raises(UploadRefused) as refused:
        accept(file[3], file[1], file[2])
    assert refused.value.code == code
    assert all(refused.value.message.as_dict().values())


# --- honest files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "declared", "data", "media_type"),
    [
        ("Vejledning.PDF", "application/pdf", pdf(), "application/pdf"),
        ("brev.docx", DOCX, docx(), DOCX),
        ("brev.docx", "application/octet-stream", docx(), DOCX),
        ("tekst.odt", "", odt(), "application/vnd.oasis.opendocument.text"),
        ("noter.txt", "text/plain", "Blåbærgrød\n".encode(), "text/plain"),
        ("noter.md", "application/octet-stream", b"# Hej", "text/markdown"),
        ("liste.csv", "application/vnd.ms-excel", b"a;b\n1;2\n", "text/csv"),
        ("foto.jpeg", "image/jpeg", picture("JPEG"), "image/jpeg"),
        ("skaerm.png", "image/png", picture(), "image/png"),
        ("foto.webp", "image/webp", picture("WEBP"), "image/webp"),
        ("ikon.gif", "image/gif", picture("GIF"), "image/png"),
        ("tale.mp3", "audio/mpeg", b"ID3\x04" + bytes(400), "audio/mpeg"),
        ("tale.m4a", "audio/x-m4a", b"\0\0\0\x20ftypM4A " + bytes(400), "audio/mp4"),
        ("film.mp4", "video/mp4", b"\0\0\0\x20ftypisom" + bytes(400), "video/mp4"),
        (
            "film.webm",
            "video/webm",
            b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm" + bytes(400),
            "video/webm",
        ),
    ],
)
def test_an_honest_file_is_taken(name, declared, data, media_type):
    taken = accept(data, name, declared)
    assert taken.media_type == media_type
    assert taken.file_name.rpartition(".")[0] == name.rpartition(".")[0]


def test_a_workbook_as_programs_write_it_is_taken():
    book = openpyxl.Workbook()
    book.active.append(["navn", 1, "=A1"])
    book.active["A1"].hyperlink = "https://example.org"
    written = io.BytesIO()
    book.save(written)
    assert accept(written.getvalue(), "ark.xlsx", f"{hostile.OPEN_XML}spreadsheetml.sheet")


def test_a_link_in_a_document_is_no_harm():
    link = hostile.RELATIONS % ("hyperlink", "https://example.org/", "External")
    assert accept(docx({"word/_rels/document.xml.rels": link.encode()}), "a.docx", DOCX)


def test_an_old_table_becomes_one_that_programs_read():
    taken = accept("navn;øre\n".encode("cp1252"), "liste.csv", "text/csv")
    assert taken.data == "\ufeffnavn;øre\n".encode()


def test_a_photo_forgets_where_it_was_taken_and_stands_upright():
    taken = accept(located(), "foto.jpg", "image/jpeg")
    assert b"Exif" in located()
    assert b"Exif" not in taken.data
    assert b"Karen" not in taken.data
    found = Image.open(io.BytesIO(taken.data))
    assert found.size == (taken.width, taken.height) == (20, 40)
    assert not found.getexif()


def test_what_hangs_on_a_picture_falls_off():
    taken = accept(picture() + hostile.HTML, "billede.png", "image/png")
    assert b"script" not in taken.data


def test_a_large_picture_is_made_smaller_where_that_is_asked():
    data = picture("JPEG", (3000, 2000))
    taken = accept(data, "foto.jpg", "image/jpeg", longest_side=1600)
    assert (taken.width, taken.height) == (1600, 1067)
    assert accept(data, "foto.jpg", "image/jpeg").width == 3000


def test_a_clear_picture_stays_clear():
    written = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, "PNG")
    taken = accept(written.getvalue(), "logo.png", "image/png")
    assert Image.open(io.BytesIO(taken.data)).mode == "RGBA"


def test_colours_of_a_printer_become_those_of_a_screen():
    written = io.BytesIO()
    Image.new("CMYK", (10, 10), (0, 200, 200, 0)).save(written, "JPEG")
    taken = accept(written.getvalue(), "tryk.jpg", "image/jpeg")
    assert Image.open(io.BytesIO(taken.data)).mode == "RGB"


def test_one_file_has_at_most_fifty_megabytes():
    with pytest.raises(UploadRefused) as refused:
        accept(b"a" * (MOST_BYTES + 1), "a.txt", "text/plain")
    assert refused.value.code == "too_large"
    assert "50" in refused.value.message.da


def test_only_the_kinds_of_the_place_are_taken():
    with pytest.raises(UploadRefused) as refused:
        accept(pdf(), "a.pdf", "application/pdf", kinds=("png", "jpeg"))
    assert refused.value.code == "other_kind"
    assert ".jpg" in refused.value.message.sv
    assert ".pdf" not in refused.value.message.sv


def test_a_heavy_look_is_ended(monkeypatch):
    monkeypatch.setattr(apart, "MEMORY", 96 * 1024 * 1024)
    with pytest.raises(UploadRefused) as refused:
        accept(picture("PNG", (6000, 6000)), "stor.png", "image/png")
    assert refused.value.code == "too_heavy"


def test_the_look_knows_nothing_of_ours(monkeypatch, tmp_path):
    """Its environment has no secret, and it starts without our packages."""
    monkeypatch.setenv("LMS_SECRET_KEY", "a secret that nobody may see")
    seen = {}

    def run(command, **how):
        seen.update(how, command=command)
        raise apart.subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(apart.subprocess, "run", run)
    with pytest.raises(apart.TooHeavy):
        apart.look("picture", b"", {})
    assert set(seen["env"]) == {"LANG"}
    assert "-I" in seen["command"]


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Blåbærgrød og æbler.pdf", "Blåbærgrød og æbler.pdf"),
        ("Отчёт за май.pdf", "Отчёт за май.pdf"),
        ("报告.pdf", "报告.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("รายงาน.pdf", "รายงาน.pdf"),
        ("Plan v1.2.PDF", "Plan v1.2.pdf"),
        ("C:\\fakepath\\noter.txt", "noter.txt"),
        ("../../etc/passwd", "passwd"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("CON.pdf", "_CON.pdf"),
        ("  a   b .pdf", "a b.pdf"),
        ('a"b<c>|d?*.pdf', "a-b-c--d--.pdf"),
        ("😀 glad.png", "😀 glad.png"),
        (".pdf", "pdf"),
        ("...", ""),
        ("\u202e.-", ""),
    ],
)
def test_a_name_is_kept_in_any_script_and_cleaned(written, kept):
    assert names.clean(written) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_one_that_harms_nobody(written):
    name = names.clean(written)
    assert names.clean(name) == name
    assert len(name) <= names.LONGEST
    assert len(name.encode()) <= names.LONGEST_BYTES
    assert not set(name) & set('/\\<>:"|?*\0\r\n')
    assert not any(unicodedata.bidirectional(sign) in ("RLO", "LRO", "RLE") for sign in name)
    assert not name.startswith(".")


@given(st.binary(max_size=400), st.sampled_from(sorted(ENDINGS)), st.booleans())
def test_any_bytes_are_taken_or_refused(data, ending, honest):
    """With and without the first bytes of the kind they say they are."""
    heads = {"pdf": b"%PDF-1.7\n", "docx": b"PK\x03\x04", "png": b"\x89PNG\r\n\x1a\n"}
    head = heads.get(ending, b"") if honest else b""
    if ENDINGS[ending].family == "picture" and not (honest and ending == "png"):
        head = b"\0"  # a picture's own bytes cost a process each: a few are enough
    try:
        taken = accept(head + data, f"fil.{ending}")
    except UploadRefused:
        return
    assert taken.media_type not in SHOWN_TYPES


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.binary(max_size=60), max_size=5))
def test_any_packed_folder_is_taken_or_refused(parts):
    data = packed({"[Content_Types].xml": (hostile.TYPES % (DOCX, "")).encode(), **parts})
    with pytest.raises(UploadRefused):
        accept(data, "a.docx", DOCX)


@given(st.integers(0, 3000), st.integers(0, 255))
def test_a_document_with_one_wrong_byte_is_taken_or_refused(place, value):
    data = bytearray(docx())
    data[place % len(data)] = value
    with contextlib.suppress(UploadRefused):
        assert accept(bytes(data), "a.docx", DOCX).media_type == DOCX
