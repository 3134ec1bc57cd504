"""The frozen document: what it refuses, and that it stays the same."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_certificates.documents import (
    KINDS,
    LANGUAGES,
    CertificateDocument,
    DocumentError,
    missing_elements,
)
from lms_certificates.sheets import words

pytestmark = pytest.mark.once

CODE = "4KQ7M2XD9RTEW0BVH3NPYC8A5F"


def document(kind: str = "attendance", language: str = "da", **changes: Any) -> CertificateDocument:
    values: dict[str, Any] = {
        "kind": kind,
        "language": language,
        "holder_name": "Navn Navnesen",
        "title": "Fra problem til beslutning",
        "statement": "har deltaget i »Fra problem til beslutning«.",
        "not_line": "Ingen har bedømt deltageren.",
        "minutes_attended": 960,
        "minutes_total": 1050,
        "issuer_name": "Fjordby Kommune",
        "issuer_countries": ("DK",),
        "issued_on": "2026-07-10",
        "number": "2026-00417",
        "code": CODE,
        "verify_url": f"https://samspil.example/certificates/verify/{CODE}",
        "rule_version": "3",
    }
    if kind != "attendance":
        values["outcomes"] = ("veje muligheder mod aftalte mål",)
    if kind in {"competence", "micro"}:
        values |= {"assessment_method": "Fremlæggelse", "assessed_by": "Forløbsansvarlig"}
    if kind == "micro":
        values |= {"workload": "1 ECTS", "level": "EQF 5", "mode": "Fremmøde", "quality": "ESG"}
    return CertificateDocument(**values | changes)


def reasons(kind: str = "attendance", **changes: Any) -> tuple[str, ...]:
    with pytest.raises(DocumentError) as caught:
        document(kind, **changes)
    return caught.value.reasons


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_language_survives_the_round_trip(kind: str, language: str) -> None:
    made = document(kind, language)
    again = CertificateDocument.from_json(made.to_json())
    assert again == made
    assert again.to_bytes() == made.to_bytes()
    assert made.digest() == hashlib.sha256(made.to_bytes()).hexdigest()


def test_the_bytes_are_canonical_and_any_change_changes_the_digest() -> None:
    made = document(holder_name="Ånna Öberg")
    content = json.loads(made.to_bytes())
    assert content["format"] == 1
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical == made.to_json()
    assert "Ånna Öberg" in made.to_json()
    assert dataclasses.replace(made, rule_version="4").digest() != made.digest()


def test_it_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        document().holder_name = "Another"  # type: ignore[misc]


def test_texts_are_normalised_so_that_equal_names_have_equal_digests() -> None:
    decomposed = document(holder_name="  A\u030ase \n Næss ")
    assert decomposed.holder_name == "Åse Næss"
    assert decomposed.digest() == document(holder_name="Åse Næss").digest()
    kept = document(statement="har deltaget i 17½\u00a0time")
    assert kept.statement == "har deltaget i 17½\u00a0time"


@pytest.mark.parametrize(
    "field", ["outcomes", "assessment_method", "assessed_by", "level", "workload"]
)
def test_attendance_never_looks_like_competence(field: str) -> None:
    value: object = ("kan noget",) if field == "outcomes" else "noget"
    assert reasons(**{field: value}) == (f"{field}: attendance is not assessed",)


def test_a_micro_credential_without_its_elements_is_refused_with_all_of_them() -> None:
    empty = dict.fromkeys(("workload", "level", "assessment_method", "assessed_by", "mode"), "")
    found = reasons("micro", outcomes=(), issuer_countries=(), quality="", **empty)
    assert {reason.split(":")[0] for reason in found} == {
        "issuer_countries",
        "outcomes",
        "workload",
        "level",
        "assessment_method",
        "assessed_by",
        "mode",
        "quality",
    }
    assert missing_elements("micro", {"outcomes": ("x",)}) == tuple(
        name
        for name in (
            "issuer_countries",
            "workload",
            "level",
            "assessment_method",
            "assessed_by",
            "mode",
            "quality",
        )
    )
    assert missing_elements("competence", {}) == ("outcomes", "assessment_method", "assessed_by")
    assert missing_elements("attendance", {}) == missing_elements("nonsense", {}) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "diploma"}, "kind"),
        ({"language": "nn"}, "language"),
        ({"holder_name": "  "}, "holder_name"),
        ({"holder_name": "N" * 121}, "holder_name"),
        ({"holder_name": "Navn\u202enesvaN"}, "holder_name"),
        ({"holder_name": "Navn\x00"}, "holder_name"),
        ({"holder_name": "\ud800"}, "holder_name"),
        ({"holder_name": 7}, "holder_name"),
        ({"holder_name": None}, "holder_name"),
        ({"title": ""}, "title"),
        ({"statement": "x" * 601}, "statement"),
        ({"minutes_attended": -1}, "minutes_attended"),
        ({"minutes_attended": 1051}, "minutes_attended"),
        ({"minutes_total": 17.5}, "minutes_total"),
        ({"minutes_attended": 0, "minutes_total": 0}, "minutes_total"),
        ({"rule_version": True}, "rule_version"),
        ({"rule_version": ""}, "rule_version"),
        ({"issued_on": "10. juli 2026"}, "issued_on"),
        ({"issued_on": "20260710"}, "issued_on"),
        ({"starts_on": "2026-04-14"}, "ends_on"),
        ({"starts_on": "2026-04-14", "ends_on": "2026-04-13"}, "ends_on"),
        ({"issuer_countries": ("Danmark",)}, "issuer_countries"),
        ({"issuer_countries": ["DK"]}, "issuer_countries"),
        ({"practised_with": ("A", "")}, "practised_with"),
        ({"code": CODE.lower()}, "code"),
        ({"code": "8" + CODE[1:]}, "code"),
        ({"verify_url": "javascript:alert(1)"}, "verify_url"),
        ({"verify_url": "file:///etc/passwd"}, "verify_url"),
        ({"verify_url": 'https://a.example/"><script>'}, "verify_url"),
        ({"verify_url": "https://[bad"}, "verify_url"),
        ({"verify_url": "/b/1"}, "verify_url"),
    ],
)
def test_what_may_not_be_issued_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    assert field in {reason.split(":")[0] for reason in reasons(**changes)}


def test_all_faults_are_told_at_once() -> None:
    assert len(reasons(holder_name="", title="", code="x")) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        '{"format":1}',
        '{"format":2}',
        '{"format":true}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_document_is_refused(text: str | bytes) -> None:
    with pytest.raises(DocumentError):
        CertificateDocument.from_json(text)


def test_stray_missing_and_wrongly_typed_fields_are_refused() -> None:
    content = json.loads(document().to_json())
    for change in ({"surprise": 1}, {"holder_name": ["x"]}, {"outcomes": "abc"}, {"title": None}):
        with pytest.raises(DocumentError):
            CertificateDocument.from_json(json.dumps(content | change))
    del content["number"]
    with pytest.raises(DocumentError, match="number: unknown or missing"):
        CertificateDocument.from_json(json.dumps(content))


def test_identity_numbers_are_refused_by_the_callers_test() -> None:
    def looks_like_one(text: str) -> bool:
        return re.search(r"\d{6}-\d{4}", text) is not None

    document(number="010203-1234").refuse_texts(looks_like_one, "identity number")
    made = document("competence", outcomes=("fint", "kendes på 010203-1234"))
    with pytest.raises(DocumentError) as caught:
        made.refuse_texts(looks_like_one, "identity number")
    assert caught.value.reasons == ("outcomes: identity number",)


def test_the_address_to_type_leaves_out_scheme_and_code() -> None:
    assert document().verify_address == "samspil.example/certificates/verify"
    assert document(verify_url="https://a.example/b?c=1").verify_address == "a.example/b"
    assert document(verify_url="http://localhost:8000/b/").verify_address == "localhost:8000/b"
    assert document().printed_code == "4KQ7-M2XD-9RTE-W0BV-H3NP-YC8A-5F"


@given(st.text(max_size=80))
def test_any_name_is_either_refused_or_kept_through_json(name: str) -> None:
    try:
        made = document(holder_name=name)
    except DocumentError:
        return
    assert CertificateDocument.from_json(made.to_bytes()) == made


@pytest.mark.parametrize(
    ("minutes", "da", "sv", "en"),
    [
        (60, "1 time", "1 timme", "1 hour"),
        (1050, "17½ time", "17½ timme", "17½ hours"),
        (240, "4 timer", "4 timmar", "4 hours"),
        (15, "¼ time", "¼ timme", "¼ hours"),
        (100, "1 t. 40 min.", "1 tim 40 min", "1 h 40 min"),
        (20, "20 min.", "20 min", "20 min"),
    ],
)
def test_hours_are_written_as_people_say_them(minutes: int, da: str, sv: str, en: str) -> None:
    spoken = [words.duration(minutes, language) for language in LANGUAGES]
    assert [text.replace(words.NBSP, " ") for text in spoken] == [da, sv, en]


def test_attendance_and_periods_in_words() -> None:
    def plain(text: str) -> str:
        return text.replace(words.NBSP, " ")

    assert plain(words.attended(960, 1050, "da")) == "16 af 17½ time"
    assert plain(words.attended(100, 1050, "en")) == "1 h 40 min of 17½ hours"
    assert plain(words.attended(0, 30, "sv")) == "0 av ½ timme"
    assert plain(words.period("2026-04-14", "2026-06-30", "da")) == "14. april – 30. juni 2026"
    assert plain(words.period("2026-06-14", "2026-06-30", "da")) == "14.–30. juni 2026"
    assert plain(words.period("2025-12-14", "2026-01-30", "sv")) == (
        "14 december 2025 – 30 januari 2026"
    )
    assert plain(words.period("2026-06-14", "2026-06-14", "en")) == "14 June 2026"
    assert words.listing(("A", "B", "C"), "da") == "A, B og C"
    assert words.country("SE", "en") == "Sweden"
    assert words.country("XX", "en") == "XX"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_own_words(kind: str, language: str) -> None:
    statement = words.default_statement(
        kind, language, title="{T} <b>", minutes_attended=60, minutes_total=120
    )
    assert "{T} <b>" in statement
    assert words.default_not_line(kind, language)
    kinds = words.WORDS[language].kinds
    assert len(set(kinds.values())) == len(KINDS)


def test_the_languages_fill_the_same_words() -> None:
    for field in dataclasses.fields(words.Words):
        values = [getattr(words.WORDS[language], field.name) for language in LANGUAGES]
        assert all(values), field.name
        if isinstance(values[0], str):
            holes = [sorted(re.findall(r"\{\w*\}", value)) for value in values]
            assert holes[0] == holes[1] == holes[2], field.name
