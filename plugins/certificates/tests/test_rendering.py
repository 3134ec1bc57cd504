"""The printed sheet: what stands on it, its tags, the same bytes each time, nothing read."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from typing import Any

import pikepdf
import pytest
import segno

from lms_certificates import rendering
from lms_certificates.documents import KINDS, LANGUAGES, CertificateDocument
from lms_certificates.sheets import guilloche, markup, naming, press, qr, words

pytestmark = pytest.mark.once

CODE = "4KQ7M2XD9RTEW0BVH3NPYC8A5F"
URL = f"https://samspil.example/certificates/verify/{CODE}"
PRINTED = "4KQ7-M2XD-9RTE-W0BV-H3NP-YC8A-5F"
TITLES = {
    "da": "Fra problem til beslutning",
    "sv": "Från problem till beslut",
    "en": "From problem to decision",
}
LONG_NAME = "Anne-Margrethe Kirstine Bjørnskov-Østergaard Christoffersen"


def document(kind: str = "competence", language: str = "da", **changes: Any) -> CertificateDocument:
    values: dict[str, Any] = {
        "kind": kind,
        "language": language,
        "holder_name": "Navn Navnesen",
        "title": TITLES[language],
        "not_line": words.default_not_line(kind, language),
        "minutes_attended": 960,
        "minutes_total": 1050,
        "issuer_name": "Fjordby Kommune",
        "issuer_countries": ("DK", "SE"),
        "issuer_line": "Velfærdsteknologi",
        "issued_on": "2026-07-10",
        "number": "2026-00417",
        "code": CODE,
        "verify_url": URL,
        "rule_version": "3",
        "starts_on": "2026-04-14",
        "ends_on": "2026-06-30",
        "programme_line": "CareWare Nordic 2",
        "practised_with": ("Solution A", "Solution B"),
    }
    if kind != "attendance":
        values["outcomes"] = ("veje muligheder mod aftalte mål", "lære en kollega op")
    if kind in {"competence", "micro"}:
        values |= {"assessment_method": "Fremlæggelse", "assessed_by": "Forløbsansvarlig"}
    if kind == "micro":
        values |= {"workload": "1 ECTS", "level": "EQF 5", "mode": "Fremmøde", "quality": "ESG"}
    values |= changes
    values.setdefault(
        "statement",
        words.default_statement(
            kind, language, title=values["title"], minutes_attended=960, minutes_total=1050
        ),
    )
    return CertificateDocument(**values)


def poppler(tool: str, pdf: bytes, *options: str) -> str:
    program = shutil.which(tool)
    assert program, f"{tool} is missing: install poppler-utils"
    done = subprocess.run(
        [program, *options, "-", *(["-"] if tool == "pdftotext" else [])],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", poppler("pdftotext", pdf))


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """Each page's breadth and height in whole points."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        boxes = [[float(number) for number in page.mediabox.as_list()] for page in opened.pages]
    return [(round(right), round(top)) for _, _, right, top in boxes]


def python(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))} | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_every_language_says_what_it_is(kind: str, language: str) -> None:
    made = document(kind, language)
    pdf = rendering.render(made)
    assert pages_of(pdf) == [(842, 595)]
    text = text_of(pdf)
    for wanted in (
        words.WORDS[language].kinds[kind],
        "Navn Navnesen",
        TITLES[language],
        "2026-00417",
        PRINTED,
        "samspil.example/certificates/verify",
        words.default_not_line(kind, language),
        "Fjordby Kommune",
        words.country("SE", language),
        "CareWare Nordic 2",
        "Solution A",
    ):
        assert wanted in text, wanted
    assert ("lære en kollega op" in text) == (kind != "attendance")
    assert ("Forløbsansvarlig" in text) == (kind in {"competence", "micro"})
    assert (words.WORDS[language].outcomes in text) == (kind in {"competence", "micro"})


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_tagged_and_has_language_and_title(kind: str) -> None:
    pdf = rendering.render(document(kind, "sv"))
    information = poppler("pdfinfo", pdf)
    assert re.search(r"Tagged:\s+yes", information)
    assert re.search(r"Title:\s+.*Från problem till beslut", information)
    assert re.search(r"Author:\s+Fjordby Kommune", information)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "sv"
        assert bool(opened.Root.MarkInfo.Marked)
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["xmp:CreateDate"] == "2026-07-10"
    structure = poppler("pdfinfo", pdf, "-struct-text")
    assert "H1" in structure
    assert "Figure" in structure


def test_the_qr_code_has_an_alternative_text_and_nothing_else_is_a_figure() -> None:
    with pikepdf.open(io.BytesIO(rendering.render(document()))) as opened:
        figures = [
            str(item.get("/Alt", ""))
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
    assert figures == [words.WORDS["da"].qr_title]


@pytest.mark.parametrize("kind", KINDS)
def test_two_languages_stand_on_one_upright_page(kind: str) -> None:
    pdf = rendering.render(document(kind, "da"), document(kind, "en"))
    assert pages_of(pdf) == [(595, 842)]
    text = text_of(pdf)
    for language in ("da", "en"):
        assert words.WORDS[language].kinds[kind] in text
        assert TITLES[language] in text
        assert words.country("DK", language) in text
    assert text.count("Navn Navnesen") == 1
    assert text.count(PRINTED) == 1
    assert "2026-00417" in text


def test_two_languages_must_be_one_certificate() -> None:
    with pytest.raises(ValueError, match="same language"):
        rendering.render(document(), document())
    with pytest.raises(ValueError, match="number"):
        rendering.render(document(), document(language="en", number="2026-00418"))


@pytest.mark.parametrize("second", [None, "en"])
@pytest.mark.parametrize(
    "name",
    [
        LONG_NAME,
        "Åse Öberg-Ääkkönen Élise Næss",
        "Łukasz Wójcik Ștefănescu",
        "Ξένια Παπαδοπούλου",
        "W" * 60,
    ],
)
def test_names_stand_whole_on_one_page(name: str, second: str | None) -> None:
    other = document(language=second, holder_name=name) if second else None
    pdf = rendering.render(document(holder_name=name), other)
    assert len(pages_of(pdf)) == 1
    text = text_of(pdf)
    assert name.replace(" ", "").replace("-", "") in text.replace(" ", "").replace("-", "")


def test_greek_comes_from_the_fallback_typeface() -> None:
    fonts = poppler("pdffonts", rendering.render(document(holder_name="Ξένια Παπαδοπούλου")))
    assert "DejaVu-Sans" in fonts
    others = poppler("pdffonts", rendering.render(document(holder_name="Łukasz Åkesson")))
    assert "DejaVu" not in others
    assert "Schibsted-Ext" in others


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "{{ 7*7 }} {% include 'sheet.css' %}",
        "<img src=file:///etc/hostname>",
        "<link rel=attachment href=file:///etc/passwd>",
        "</title></head><style>*{display:none}</style>",
        "&lt;b&gt; &amp; \"'>",
        "url(file:///etc/passwd)",
        "{title} {0} %s %(name)s",
    ],
)
def test_hostile_text_is_printed_and_nothing_more(
    hostile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fetch = press.SheetFetcher.fetch

    def watched(self: press.SheetFetcher, url: str, headers: Any = None) -> object:
        asked.append(url)
        return fetch(self, url, headers)

    monkeypatch.setattr(press.SheetFetcher, "fetch", watched)
    made = document(
        holder_name=hostile,
        title=hostile,
        outcomes=(hostile,),
        issuer_name=hostile,
        issuer_line=hostile,
        assessed_by=hostile,
        programme_line=hostile,
        not_line=hostile,
        practised_with=(hostile,),
    )
    pdf = rendering.render(made)
    assert all(url.startswith("sheet:") for url in asked)
    text = text_of(pdf).replace(" ", "")
    assert text.count(hostile.replace(" ", "")) >= 6
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert not opened.attachments
        assert opened.docinfo["/Author"] == hostile


def test_the_fetcher_knows_the_bundled_files_only() -> None:
    fetcher = press.fetcher()
    assert fetcher.fetch("sheet:mark.svg").read().startswith(b"<svg")
    assert fetcher.fetch("data:text/plain,hi").read() == b"hi"
    for url in (
        "sheet:sheet.css",
        "sheet:../fonts/OFL.txt",
        "sheet:/etc/passwd",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "http://127.0.0.1:9/",
        "https://samspil.example/",
        "ftp://127.0.0.1/",
        "//samspil.example/x",
        "",
    ):
        with pytest.raises(press.RefusedAddress):
            fetcher.fetch(url)


def test_a_sheet_that_asks_for_more_is_not_printed() -> None:
    with pytest.raises(press.RefusedAddress, match="file:///etc/hostname"):
        press.lay_out('<html lang="da"><title>x</title><img alt="" src="file:///etc/hostname">')


def test_the_same_document_gives_the_same_bytes_in_every_process() -> None:
    made, second = document(), document(language="en")
    code = (
        "import sys, hashlib\n"
        "from lms_certificates.documents import CertificateDocument as D\n"
        "from lms_certificates.rendering import render\n"
        "a, b = D.from_json(sys.argv[1]), D.from_json(sys.argv[2])\n"
        "print(hashlib.sha256(render(a) + render(a, b)).hexdigest())\n"
    )
    arguments = f"import sys; sys.argv = ['', {made.to_json()!r}, {second.to_json()!r}]\n"
    one = python(arguments + code, PYTHONHASHSEED="1", TZ="UTC")
    two = python(arguments + code, PYTHONHASHSEED="2", TZ="Asia/Tokyo", LC_ALL="C")
    assert one == two
    assert rendering.render(made) == rendering.render(made)
    assert rendering.render(made) != rendering.render(document(number="2026-00418"))


def test_importing_the_module_does_not_import_weasyprint() -> None:
    loaded = python(
        "import sys, lms_certificates.rendering, lms_certificates.documents\n"
        "import lms_certificates.sheets.words, lms_certificates.sheets.markup\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in ('weasyprint', 'fontTools')))"
    )
    assert loaded == "[]"


def test_it_prints_without_the_optional_subset_library() -> None:
    made = document()
    pages = python(
        "import cffi\n"
        "real = cffi.FFI.dlopen\n"
        "def dlopen(self, name, flags=0):\n"
        "    if name and 'harfbuzz-subset' in name: raise OSError(name)\n"
        "    return real(self, name, flags)\n"
        "cffi.FFI.dlopen = dlopen\n"
        "from lms_certificates.documents import CertificateDocument as D\n"
        "from lms_certificates.rendering import render\n"
        f"pdf = render(D.from_json({made.to_json()!r}))\n"
        "from weasyprint.text import ffi\n"
        "assert ffi.harfbuzz_subset is None\n"
        "print(len(pdf))"
    )
    assert 20_000 < int(pages) < 120_000


def test_much_text_is_set_closer_and_never_cut_off() -> None:
    outcomes = tuple(f"{'veje muligheder mod aftalte mål ' * 5}nr {n:02d}" for n in range(12))
    made = document("micro", outcomes=outcomes, holder_name=LONG_NAME)
    for pdf in (
        rendering.render(made),
        rendering.render(made, document("micro", "en", outcomes=outcomes, holder_name=LONG_NAME)),
    ):
        text = text_of(pdf)
        assert all(f"nr {n:02d}" in text for n in range(12))
        assert PRINTED in text
        assert "EQF 5" in text
        assert 1 <= len(pages_of(pdf)) <= 3


@pytest.mark.parametrize("languages", [("da",), ("da", "sv")])
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_facts_do_not_overlap(kind: str, languages: tuple[str, ...]) -> None:
    """The first density that is said to fit really leaves the facts free."""
    documents = tuple(document(kind, language) for language in languages)
    for density in markup.DENSITIES:
        pages = press.lay_out(markup.sheet(documents, density)).pages
        places = pages[0].anchors
        if len(pages) == 1 and places[markup.TEXT_END][1] <= places[markup.FACTS][1]:
            return
    pytest.fail("an ordinary certificate needs more than one page")


def test_the_qr_drawing_is_the_code_of_the_address() -> None:
    drawn = qr.drawing(URL, 'Title <&"')
    assert "Title &lt;&amp;" in drawn
    path = re.search(r'\bd="([^"]+)"', drawn)
    assert path
    size = len(segno.make(URL, error="m", boost_error=False, micro=False).matrix)
    cells: set[tuple[int, int]] = set()
    x, y = 0.0, 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)[ ,]?(-?[\d.]+)?", path[1]):
        if command == "h":
            cells |= {(int(x) + step, int(y)) for step in range(int(first))}
            x += float(first)
        else:
            x, y = (
                (float(first), float(second))
                if command == "M"
                else (x + float(first), y + float(second))
            )
    expected = segno.make(URL, error="m", boost_error=False, micro=False).matrix
    matrix = [bytearray(1 if (c, r) in cells else 0 for c in range(size)) for r in range(size)]
    assert matrix == [bytearray(row) for row in expected]


def test_names_are_set_as_large_as_they_fit() -> None:
    sizes, small = (44, 40, 36, 33, 30), (28, 24)
    assert naming.fit("Navn Navnesen", 530, sizes, small).size == 44
    chosen = [naming.fit("Navn" * n, 530, sizes, small).size for n in range(1, 8)]
    assert chosen == sorted(chosen, reverse=True)
    long = naming.fit(LONG_NAME, 530, sizes, small)
    assert len(LONG_NAME) == 59
    assert (long.size, len(long.lines)) == (28, 2)
    assert naming.fit(LONG_NAME[4:], 530, sizes, small).size == 30
    assert "".join(long.lines).replace(" ", "") == LONG_NAME.replace(" ", "")
    assert naming.fit("W" * 60, 530, sizes, small) == naming.Setting(size=24, lines=("W" * 60,))
    assert naming.extent("Ω") > naming.extent("O")


def test_the_band_is_the_same_drawing_each_time_and_has_no_stray_numbers() -> None:
    drawings = guilloche.drawings()
    assert drawings == guilloche.drawings()
    for content in drawings.values():
        assert content.count(b"<path") == 2 * guilloche.LINES
        assert not re.search(rb"nan|inf|j[\s\"C]", content)
