"""The information pack as a file: a ZIP with a PDF of every line, the same as tables in three
languages, and the materials.

WeasyPrint is imported when a pack is drawn and not before, so that web workers, which import this
module but draw nothing, stay small. The press takes nothing from the outside: every address in the
sheet is refused.
"""

from __future__ import annotations

import gc
import io
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lms.api import LANGUAGES, DocumentFacts, LocalisedText, marked, write_csv
from lms_fairplay.days import ZONE
from lms_fairplay.kinds import KINDS, people_in_words
from lms_fairplay.masking import Materials, ShownLine
from lms_fairplay.words import domain

PDF_NAME = "information-pack.pdf"
MOST_BYTES = 200 * 1024 * 1024
"""Files of all materials together that go into a pack; the rest is told by title."""

_SHEETS = Path(__file__).parent / "sheets"


@dataclass(frozen=True, kw_only=True, slots=True)
class PackContent:
    """All that a pack says. `runs` are titles by run id, `language` is the PDF's."""

    title: str
    authority: str
    category: LocalisedText
    number: int
    up_to: datetime
    language: str
    lines: Sequence[ShownLine]
    materials: Materials
    runs: Mapping[int, LocalisedText]


Bytes = Callable[[DocumentFacts], bytes | None]
"""The contents of a document; None where they are gone."""


def pack(
    content: PackContent, contents_of: Bytes, tell: Callable[[int, int], None]
) -> tuple[bytes, list[str]]:
    """The ZIP, and the keys of the documents whose files lie in it. `tell` is told how many of how
    many steps are done."""
    names = names_of(content.materials)
    steps = len(names) + 2
    written = io.BytesIO()
    moment = content.up_to.astimezone(ZONE).timetuple()[:6]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as files:

        def put(name: str, data: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = how
            entry.external_attr = 0o644 << 16
            files.writestr(entry, data)

        missing: set[str] = set()
        room = MOST_BYTES
        for done, document in enumerate(content.materials.included):
            data = contents_of(document) if document.size <= room else None
            if data is None:
                missing.add(document.key)
            else:
                room -= len(data)
                # Pictures, PDFs and office files are pressed together already.
                put(names[document.key], data, zipfile.ZIP_STORED)
            tell(done + 1, steps)
        there = {key: name for key, name in names.items() if key not in missing}
        for language in LANGUAGES:
            put(f"lines-{language}.csv", table(content, there, language))
        tell(steps - 1, steps)
        put(PDF_NAME, press(sheet(content, there), content.title))
        tell(steps, steps)
    return written.getvalue(), list(there)


def names_of(materials: Materials) -> Mapping[str, str]:
    """Where each document lies in the ZIP, by its key: numbered, so that no two are one."""
    found = {}
    for number, document in enumerate(materials.included, start=1):
        name = PurePosixPath(document.file_name.replace("\\", "/")).name or "file"
        found[document.key] = f"materials/{number:03d} {name}"
    return found


# --- words --------------------------------------------------------------------------------------


def _say(message: str, language: str, **values: object) -> str:
    return domain.localised(message).in_language(language) % values


def _day(moment: datetime) -> str:
    return moment.astimezone(ZONE).date().isoformat()


def company_of(line: ShownLine, language: str) -> str:
    """The company's name, or what it is called where it is masked."""
    if line.masked:
        return _say(marked("Company %(letter)s"), language, letter=line.letter)
    return line.company


def what_of(line: ShownLine, language: str) -> str:
    """What was shared, or that it is masked."""
    if line.what is None:
        return _say(marked("Masked: it is the company's own."), language)
    return line.what.in_language(language)


def corrections_of(line: ShownLine, language: str) -> Iterator[str]:
    """What was said beside the line; of a masked one only that something was."""
    if line.masked:
        if line.corrected:
            yield _say(marked("Corrections, masked: %(n)d"), language, n=line.corrected)
        return
    for one in line.corrections:
        said = _say(marked("The company says: %(text)s"), language, text=one.text)
        if one.answer:
            answer = _say(marked("The authority answers: %(text)s"), language, text=one.answer)
            said = f"{said} {answer}"
        yield said


# --- the table ----------------------------------------------------------------------------------

COLUMNS = (
    marked("Day"),
    marked("What happened"),
    marked("Company"),
    marked("What was shared"),
    marked("Who took part"),
    marked("With this company alone"),
    marked("Run"),
    marked("Material"),
    marked("Masked"),
    marked("Corrections"),
)


def table(content: PackContent, names: Mapping[str, str], language: str) -> bytes:
    """Every line as a row, in one language."""
    yes, no = _say(marked("yes"), language), _say(marked("no"), language)
    rows = []
    for line in content.lines:
        run = content.runs.get(line.run_id) if line.run_id else None
        rows.append(
            (
                _day(line.at),
                _kind(line.kind, language),
                company_of(line, language),
                what_of(line, language),
                people_in_words(line.people, language),
                yes if line.private else no,
                run.in_language(language) if run else "",
                ", ".join(names[key] for key in line.documents if key in names),
                yes if line.masked else no,
                " / ".join(corrections_of(line, language)),
            )
        )
    return write_csv([_say(heading, language) for heading in COLUMNS], rows)


def _kind(kind: str, language: str) -> str:
    return KINDS[kind].in_language(language) if kind in KINDS else kind


# --- the sheet ----------------------------------------------------------------------------------


def sheet(content: PackContent, names: Mapping[str, str]) -> str:
    """The PDF as HTML: what it is, every line by day, the materials."""
    language, told = content.language, content.materials
    numbers = {
        key: name.removeprefix("materials/").partition(" ")[0] for key, name in names.items()
    }
    kinds = {line.kind: _kind(line.kind, language) for line in content.lines}
    inside = [one for one in told.included if one.key in names]
    sections = (
        (
            marked("Material in this pack"),
            [f"{names[one.key].removeprefix('materials/')}: {one.title}" for one in inside],
        ),
        (
            marked("Files that are not here, to be had from the authority"),
            [one.title for one in told.included if one.key not in names],
        ),
        (
            marked("The companies' own material, to be had from them"),
            [one.title for one in told.elsewhere],
        ),
    )
    counts = (
        (marked("Documents that were withdrawn since: %(n)d"), len(told.withdrawn)),
        (marked("Documents that are masked: %(n)d"), len(told.masked)),
    )
    return (
        _templates()
        .get_template("pack.html")
        .render(
            content=content,
            opening=_opening(content),
            contacts=_say(marked("Contacts"), language),
            lines=[
                (_words(line, kinds, content, numbers), list(corrections_of(line, language)))
                for line in content.lines
            ],
            sections=[(_say(heading, language), titles) for heading, titles in sections],
            counts=[_say(message, language, n=number) for message, number in counts if number],
        )
    )


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_SHEETS), autoescape=True, undefined=StrictUndefined)


def _opening(content: PackContent) -> Sequence[str]:
    language = content.language
    return (
        _say(
            marked("Information pack %(number)d of %(authority)s: %(category)s."),
            language,
            number=content.number,
            authority=content.authority,
            category=content.category.in_language(language),
        ),
        _say(
            marked(
                "Everything that was shared with any company until %(day)s, so that all who bid "
                "know the same."
            ),
            language,
            day=_day(content.up_to),
        ),
        _say(
            marked(
                "What is a company's own is masked: %(masked)d of %(lines)d lines. A letter "
                "stands for one company throughout."
            ),
            language,
            masked=sum(line.masked for line in content.lines),
            lines=len(content.lines),
        ),
    )


def _words(
    line: ShownLine, kinds: Mapping[str, str], content: PackContent, numbers: Mapping[str, str]
) -> str:
    """A line as one paragraph without a bold word: so many boxes more are a second more to set."""
    language = content.language
    run = content.runs.get(line.run_id) if line.run_id else None
    shared = ", ".join(numbers[key] for key in line.documents if key in numbers)
    told = (
        _day(line.at),
        kinds[line.kind],
        company_of(line, language),
        what_of(line, language),
        people_in_words(line.people, language),
        _say(marked("With this company alone."), language) if line.private else "",
        run.in_language(language) if run else "",
        _say(marked("Material %(numbers)s"), language, numbers=shared) if shared else "",
    )
    return " · ".join(part for part in told if part)


def press(html: str, title: str) -> bytes:
    """The sheet as PDF. Importing WeasyPrint happens here, in the worker."""
    with warnings.catch_warnings():
        # Without Debian's libharfbuzz-subset0 fontTools cuts the fonts: as small, but slower.
        warnings.filterwarnings("ignore", "HarfBuzz-Subset", DeprecationWarning)
        import weasyprint
        from weasyprint.urls import URLFetcher

    class Nothing(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            raise ValueError(f"a pack of {title!r} asks for {url}")

    document = weasyprint.HTML(string=html, url_fetcher=Nothing())
    style = weasyprint.CSS(string=(_SHEETS / "pack.css").read_text(), url_fetcher=Nothing())
    with _no_collecting():
        content: bytes = document.write_pdf(stylesheets=[style], pdf_tags=True)
    return content


@contextmanager
def _no_collecting() -> Iterator[None]:
    """The boxes of a hundred pages all live until the last: looking among them for what may go
    takes a sixth of the time and finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
