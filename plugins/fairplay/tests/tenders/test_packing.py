"""The file of a pack: what is masked, what its names are, what the PDF says."""

from __future__ import annotations

import io
import subprocess
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from lms.api import DocumentFacts, LocalisedText
from lms_fairplay import packing
from lms_fairplay.masking import CorrectionFacts, PackLine, letters_for, materials_of, shown
from lms_fairplay.packing import PackContent

NOON = datetime(2026, 4, 14, 10, tzinfo=UTC)


def line(number: int = 1, **changes: Any) -> PackLine:
    values: dict[str, Any] = {
        "id": number,
        "at": NOON,
        "kind": "share",
        "category": "moving",
        "company_id": 1,
        "company": "Lift & Løft <ApS>",
        "what": LocalisedText(da="Programmet", sv="Programmet", en="The programme"),
        "documents": (),
        "confidential": False,
        "private": False,
        "people": {},
        "run_id": None,
    }
    return PackLine(**(values | changes))


def document(key: str, **changes: Any) -> DocumentFacts:
    values: dict[str, Any] = {
        "id": 1,
        "key": key,
        "sha256": key,
        "size": 4,
        "media_type": "text/plain",
        "file_name": f"{key}.txt",
        "title": f"Titel {key}",
        "language": "da",
        "licence": "",
        "visibility": "internal",
        "alt_text": "",
        "subject_kind": "x",
        "subject_id": 1,
        "state": "kept",
        "created_at": NOON,
        "created_by_id": None,
    }
    return DocumentFacts(**(values | changes))


def content(*lines: PackLine, kept: tuple[DocumentFacts, ...] = (), **changes: Any) -> PackContent:
    materials = materials_of(lines, kept)
    letters = letters_for(one.company_id for one in lines if one.confidential)
    values: dict[str, Any] = {
        "title": "Loftlifte 2027",
        "authority": "Nordby Kommune",
        "category": LocalisedText(da="Forflytning", sv="Förflyttning", en="Moving"),
        "number": 1,
        "up_to": NOON,
        "language": "da",
        "lines": shown(lines, letters, materials.masked),
        "materials": materials,
        "runs": {},
    }
    return PackContent(**(values | changes))


def packed(made: PackContent) -> tuple[dict[str, bytes], list[str]]:
    steps: list[tuple[int, int]] = []
    data, inside = packing.pack(made, lambda _one: b"text", lambda *step: steps.append(step))
    assert steps[-1][0] == steps[-1][1]
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}, inside


def text_of(pdf: bytes) -> str:
    """What a reader of the PDF reads."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


@pytest.mark.once
def test_letters_go_on_after_z():
    letters = letters_for(range(60))
    assert (letters[0], letters[25], letters[26], letters[52]) == ("A", "Z", "AA", "BA")
    assert len(set(letters.values())) == 60


@pytest.mark.once
def test_a_masked_document_is_masked_on_every_line():
    lines = [line(1, documents=("a", "b")), line(2, confidential=True, documents=("b",))]
    materials = materials_of(lines, [document("a"), document("b")])
    assert [one.key for one in materials.included] == ["a"]
    assert materials.masked == {"b"}
    told = shown(lines, {1: "A"}, materials.masked)
    assert (told[0].documents, told[1].documents) == (("a",), ())
    assert (told[1].company, told[1].letter, told[1].what) == ("", "A", None)


@pytest.mark.once
def test_what_was_withdrawn_is_counted_and_not_named():
    materials = materials_of([line(documents=("a", "gone"))], [document("a")])
    assert materials.withdrawn == {"gone"}


def test_two_files_of_one_name_and_names_that_climb_out(lms_app):
    kept = (document("a", file_name="../../x.txt"), document("b", file_name="x.txt"))
    with lms_app.app_context():
        files, inside = packed(content(line(documents=("a", "b")), kept=kept))
    assert {"materials/001 x.txt", "materials/002 x.txt"} <= set(files)
    assert inside == ["a", "b"]


def test_files_beyond_the_room_are_told_by_title(lms_app, monkeypatch):
    monkeypatch.setattr(packing, "MOST_BYTES", 6)
    kept = (document("a"), document("b"))
    with lms_app.app_context():
        files, inside = packed(content(line(documents=("a", "b")), kept=kept))
    assert inside == ["a"]
    told = text_of(files[packing.PDF_NAME])
    assert "Titel b" in told
    assert "002" not in told


def test_what_looks_like_a_formula_is_text_in_the_table(lms_app):
    with lms_app.app_context():
        rows = packing.table(content(line(company="=1+1")), {}, "en").decode("utf-8-sig")
    assert "'=1+1" in rows


def test_the_pdf_says_every_line_and_no_secret(lms_app):
    said = CorrectionFacts(text="Det var i april", at=NOON, answer="Enig")
    lines = (
        line(1, people={"participant": 12, "manager": 0}, corrections=(said,), documents=("a",)),
        line(2, company="HEMMELIG A/S", confidential=True, company_id=2, corrections=(said,)),
    )
    made = content(*lines, kept=(document("a"),))
    with lms_app.app_context():
        told = text_of(packed(made)[0][packing.PDF_NAME])
    for words in ("Loftlifte 2027", "Lift & Løft <ApS>", "Programmet", "12 deltagere", "Titel a"):
        assert words in told
    assert "Virksomhed A" in told
    assert "ledere" not in told
    assert told.count("Det var i april") == 1
    assert "HEMMELIG" not in told


def test_a_sheet_fetches_nothing(lms_app):
    with lms_app.app_context():
        html = packing.sheet(content(line(company='<img src="http://evil.example/x.png">')), {})
    assert "<img" not in html
