"""From documents to the HTML of a sheet. Every value is escaped; none is ever read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from lms_certificates.documents import CertificateDocument
from lms_certificates.sheets import naming, qr, words
from lms_certificates.sheets.words import WORDS, Words

# Points of room for the name, and the sizes the sheets allow.
_LANDSCAPE_ROOM, _PORTRAIT_ROOM = 530, 481
_LANDSCAPE_SIZES, _PORTRAIT_SIZES = (44, 40, 36, 33, 30), (36, 33, 30, 28, 26)
_SMALLER = (28, 26, 24, 22)
_LONG_WORD = 34

# How tightly the text is set, tried in this order until it fits; the last runs over more pages.
DENSITIES = ("open", "close", "tight", "long")
# Two places in every sheet: where the text ends, and where the facts below it begin.
TEXT_END, FACTS = "text-end", "facts"


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One language's part of a sheet."""

    document: CertificateDocument
    words: Words
    statement: Markup
    practised_with: str

    @property
    def lang(self) -> str:
        """The language tag of this part."""
        return self.document.language

    @property
    def kind(self) -> str:
        """The kind of certificate in words."""
        return self.words.kinds[self.document.kind]

    @property
    def outcomes_heading(self) -> str:
        """What the list of outcomes is: shown by the holder, or only aimed at by the course."""
        return self.words.aims if self.document.kind == "course" else self.words.outcomes

    @property
    def countries(self) -> str:
        """The names of the issuer's countries."""
        codes = self.document.issuer_countries
        return words.listing(tuple(words.country(code, self.lang) for code in codes), self.lang)

    @property
    def shows_title(self) -> bool:
        """Whether the title needs a line of its own, as the sentence does not name it."""
        return self.document.title not in self.document.statement


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A label and a value, once per language as (language, text); equal values only once."""

    labels: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]


def sheet(documents: tuple[CertificateDocument, ...], density: str) -> str:
    """The HTML of one sheet: landscape for one document, portrait for two.

    `density` is one of `DENSITIES`.
    """
    sides = tuple(_side(document) for document in documents)
    upright = len(sides) > 1
    first = documents[0]
    if upright:
        setting = naming.fit(first.holder_name, _PORTRAIT_ROOM, _PORTRAIT_SIZES, _SMALLER)
    else:
        setting = naming.fit(first.holder_name, _LANDSCAPE_ROOM, _LANDSCAPE_SIZES, _SMALLER)
    template = _templates().get_template("portrait.html" if upright else "landscape.html")
    return template.render(
        sides=sides,
        first=sides[0],
        document=first,
        name=setting,
        density=density,
        countries=_differing((side.lang, side.countries) for side in sides),
        rows=_rows(tuple(_facts(sides))),
        qr=qr.drawing(first.verify_url, " · ".join(side.words.qr_title for side in sides)),
        address=first.verify_address,
        code=first.printed_code,
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _side(document: CertificateDocument) -> Side:
    words_ = WORDS[document.language]
    practised = ""
    if document.practised_with:
        names = words.listing(document.practised_with, document.language)
        practised = words_.practised_with.format(names=names)
    return Side(
        document=document,
        words=words_,
        statement=_with_title(document),
        practised_with=practised,
    )


def _with_title(document: CertificateDocument) -> Markup:
    """The sentence with the title made bold where it stands."""
    before, title, after = document.statement.partition(document.title)
    bold = Markup("<b>{}</b>").format(_breakable(title)) if title else Markup()
    return _breakable(before) + bold + _breakable(after)


def _breakable(text: str) -> Markup:
    """A text whose overlong words may break. A sentence with a bold part cannot use the style
    sheet's `overflow-wrap`: WeasyPrint then breaks ordinary words at the end of the bold part."""
    return escape(text) if max(map(len, text.split()), default=0) <= _LONG_WORD else _cut(text)


def _cut(text: str) -> Markup:
    pieces = (text[at : at + _LONG_WORD] for at in range(0, len(text), _LONG_WORD))
    return Markup("<wbr>").join(pieces)


def _facts(sides: tuple[Side, ...]) -> Iterator[Fact]:
    for name in (
        "assessment_method",
        "assessed_by",
        "issued_on",
        "period",
        "attended",
        "number",
        "mode",
        "workload",
        "level",
        "quality",
    ):
        values = _differing((side.lang, _value(name, side)) for side in sides)
        if all(text for _, text in values):
            labels = _differing((side.lang, getattr(side.words, name)) for side in sides)
            yield Fact(labels=labels, values=values)


def _rows(facts: tuple[Fact, ...]) -> tuple[tuple[Fact, ...], ...]:
    """Facts in rows of three; four in two rows of two, and ten or more in rows of four."""
    columns = 2 if len(facts) == 4 else 4 if len(facts) > 9 else 3
    return tuple(facts[start : start + columns] for start in range(0, len(facts), columns))


def _differing(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The pairs with each text only once."""
    seen: dict[str, str] = {}
    for language, text in pairs:
        seen.setdefault(text, language)
    return tuple((language, text) for text, language in seen.items())


def _value(name: str, side: Side) -> str:
    document, language = side.document, side.lang
    if name == "period":
        if not document.starts_on:
            return ""
        return words.period(document.starts_on, document.ends_on, language)
    if name == "attended":
        return words.attended(document.minutes_attended, document.minutes_total, language)
    if name == "issued_on":
        return words.date(document.issued_on, language)
    text: str = getattr(document, name)
    return text
