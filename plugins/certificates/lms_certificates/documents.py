"""What a certificate says, frozen: primitives only, checked once, the same bytes for ever.

A `CertificateDocument` is what is stored beside the PDF. It holds every word the sheet prints, so
that a certificate can be drawn again and verified when the course, its plugin or its institution
is gone. The elements asked of kind `micro` are those of Annex I to the Council Recommendation of
16 June 2022 on a European approach to micro-credentials.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final
from urllib.parse import urlsplit

from lms_certificates import verification_code

FORMAT: Final = 1
KINDS: Final = ("attendance", "course", "competence", "micro")
LANGUAGES: Final = ("da", "sv", "en")

NAME_LENGTH: Final = 120
LINE_LENGTH: Final = 200
TEXT_LENGTH: Final = 600
OUTCOMES: Final = 12

_LONG = frozenset({"statement", "not_line"})
_REQUIRED = ("holder_name", "title", "statement", "issuer_name", "number", "not_line")
# What only an assessed certificate may say.
_ASSESSMENT = ("outcomes", "assessment_method", "assessed_by", "level", "workload")
_ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "attendance": (),
    "course": (),
    "competence": ("outcomes", "assessment_method", "assessed_by"),
    "micro": (
        "issuer_countries",
        "outcomes",
        "workload",
        "level",
        "assessment_method",
        "assessed_by",
        "mode",
        "quality",
    ),
}
_SPACES = re.compile(r"(?:[^\S\u00a0]|\u00a0(?=\s))+")
# Made by the programme, not typed by a person: never taken for somebody's identity number.
_MADE = frozenset({"kind", "language", "issued_on", "starts_on", "ends_on", "number", "code"})


class DocumentError(ValueError):
    """A certificate that may not be issued. `reasons` names each fault as "field: what"."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateDocument:
    """One certificate in one language.

    Texts are normalised (NFC, white space collapsed) when the document is made. Dates are ISO
    dates, amounts of time whole minutes, countries ISO 3166 alpha-2 codes, `code` the canonical
    verification code. `statement` is the sentence that follows the holder's name; `workload` is
    text ("21½ timer", "1 ECTS"). Raises `DocumentError` with all faults at once.
    """

    kind: str
    language: str
    holder_name: str
    title: str
    statement: str
    not_line: str
    minutes_attended: int
    minutes_total: int
    issuer_name: str
    issuer_countries: tuple[str, ...]
    issued_on: str
    number: str
    code: str
    verify_url: str
    rule_version: str
    issuer_line: str = ""
    starts_on: str = ""
    ends_on: str = ""
    outcomes: tuple[str, ...] = ()
    assessment_method: str = ""
    assessed_by: str = ""
    mode: str = ""
    workload: str = ""
    level: str = ""
    quality: str = ""
    practised_with: tuple[str, ...] = ()
    programme_line: str = ""

    def __post_init__(self) -> None:
        reasons = tuple(_wrong_types(self))
        if reasons:
            raise DocumentError(reasons)
        for name, value in _values(self):
            if isinstance(value, str):
                object.__setattr__(self, name, _normal(value))
            elif isinstance(value, tuple):
                object.__setattr__(self, name, tuple(map(_normal, value)))
        reasons = tuple(_faults(self))
        if reasons:
            raise DocumentError(reasons)

    @property
    def printed_code(self) -> str:
        """The code as the sheet and the verify page show it, in groups of four."""
        return verification_code.grouped(self.code)

    @property
    def verify_address(self) -> str:
        """The address to type by hand: without scheme, and without the code at its end."""
        parts = urlsplit(self.verify_url)
        head, _, tail = parts.path.rpartition("/")
        path = head if verification_code.parse(tail) == self.code else parts.path
        return parts.netloc + path.rstrip("/")

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that a person may have typed, as (field, text)."""
        for name, value in _values(self):
            if name in _MADE or name == "verify_url":
                continue
            if isinstance(value, str):
                yield name, value
            elif isinstance(value, tuple):
                yield from ((name, item) for item in value)

    def refuse_texts(self, refused: Callable[[str], bool], reason: str) -> None:
        """Raise `DocumentError` when `refused` holds for any typed text.

        The caller brings the test (national identity numbers are the core's to recognise).
        """
        found = dict.fromkeys(name for name, text in self.texts() if refused(text))
        if found:
            raise DocumentError(tuple(f"{name}: {reason}" for name in found))

    def to_json(self) -> str:
        """The document as canonical JSON: sorted keys, no white space, UTF-8 kept as it is."""
        content: dict[str, Any] = {"format": FORMAT} | dict(_values(self))
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def to_bytes(self) -> bytes:
        """The canonical JSON as UTF-8."""
        return self.to_json().encode()

    def digest(self) -> str:
        """SHA-256 of the canonical bytes, 64 lower-case hexadecimal digits."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @classmethod
    def from_json(cls, text: str | bytes) -> CertificateDocument:
        """The document written by `to_json`. Raises `DocumentError` for anything else."""
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DocumentError(("document: not JSON",)) from error
        if not isinstance(content, dict):
            raise DocumentError(("document: not an object",))
        version = content.pop("format", None)
        if version != FORMAT or isinstance(version, bool):
            raise DocumentError((f"format: {version!r} is not known",))
        known = {field.name for field in fields(cls)}
        stray = known.symmetric_difference(content)
        if stray:
            raise DocumentError(tuple(f"{name}: unknown or missing" for name in sorted(stray)))
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in content.items()
        }
        return cls(**values)


def missing_elements(kind: str, values: Mapping[str, object]) -> tuple[str, ...]:
    """The fields a certificate of this kind must fill and `values` leaves empty.

    For a list of what is missing before a document is made; an unknown kind has no elements.
    """
    return tuple(name for name in _ELEMENTS.get(kind, ()) if not values.get(name))


def _values(document: CertificateDocument) -> Iterator[tuple[str, Any]]:
    for field in fields(document):
        yield field.name, getattr(document, field.name)


def _normal(text: str) -> str:
    # A no-break space stays: it keeps a number and its unit on one line.
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _wrong_types(document: CertificateDocument) -> Iterator[str]:
    for field in fields(document):
        value = getattr(document, field.name)
        if field.type == "int":
            if not isinstance(value, int) or isinstance(value, bool):
                yield f"{field.name}: not a whole number"
        elif field.type == "str":
            if not isinstance(value, str):
                yield f"{field.name}: not a text"
        elif not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
            yield f"{field.name}: not a tuple of texts"


def _faults(document: CertificateDocument) -> Iterator[str]:
    if document.kind not in KINDS:
        yield "kind: unknown"
    if document.language not in LANGUAGES:
        yield "language: unknown"
    for name in _REQUIRED:
        if not getattr(document, name):
            yield f"{name}: empty"
    yield from _unprintable(document)
    yield from _kind_faults(document)
    yield from _number_faults(document)
    yield from _date_faults(document)
    yield from _address_faults(document)


def _unprintable(document: CertificateDocument) -> Iterator[str]:
    for name, value in _values(document):
        texts = value if isinstance(value, tuple) else (value,)
        for text in texts:
            if not isinstance(text, str):
                continue
            limit = NAME_LENGTH if name == "holder_name" else LINE_LENGTH
            if len(text) > (TEXT_LENGTH if name in _LONG else limit):
                yield f"{name}: too long"
            if any(_hidden(sign) for sign in text):
                yield f"{name}: holds signs that cannot be printed"
        if isinstance(value, tuple) and not all(value):
            yield f"{name}: holds an empty text"
    if len(document.outcomes) > OUTCOMES:
        yield "outcomes: too many"
    if len(document.practised_with) > OUTCOMES:
        yield "practised_with: too many"


def _hidden(sign: str) -> bool:
    """Control signs, and those that turn the reading direction and so can disguise a name."""
    category = unicodedata.category(sign)
    if category == "Cf":
        # The soft hyphen and the joiners that some scripts are written with do no harm.
        return sign not in "\u00ad\u200c\u200d"
    return category in {"Cc", "Cs", "Co", "Cn"}


def _kind_faults(document: CertificateDocument) -> Iterator[str]:
    if document.kind == "attendance":
        for name in _ASSESSMENT:
            if getattr(document, name):
                yield f"{name}: attendance is not assessed"
    for name in missing_elements(document.kind, dict(_values(document))):
        yield f"{name}: missing for kind {document.kind}"


def _number_faults(document: CertificateDocument) -> Iterator[str]:
    if not 0 <= document.minutes_attended <= document.minutes_total:
        yield "minutes_attended: not between none and all"
    if document.minutes_total <= 0:
        yield "minutes_total: none"
    if not document.rule_version:
        yield "rule_version: not a version"
    for code in document.issuer_countries:
        if len(code) != 2 or not (code.isascii() and code.isalpha() and code.isupper()):
            yield "issuer_countries: not a country code"


def _date_faults(document: CertificateDocument) -> Iterator[str]:
    dates = [("issued_on", document.issued_on)]
    if document.starts_on or document.ends_on:
        dates += [("starts_on", document.starts_on), ("ends_on", document.ends_on)]
    for name, text in dates:
        try:
            written = dt.date.fromisoformat(text).isoformat()
        except ValueError:
            written = ""
        if not text or written != text:
            yield f"{name}: not an ISO date"
    if document.starts_on > document.ends_on:
        yield "ends_on: before it began"


def _address_faults(document: CertificateDocument) -> Iterator[str]:
    if verification_code.parse(document.code) != document.code:
        yield "code: not a verification code"
    url = document.verify_url
    try:
        parts = urlsplit(url)
        whole = parts.scheme in {"https", "http"} and bool(parts.hostname)
    except ValueError:
        whole = False
    if not whole or not url.isascii() or any(sign in url for sign in " \"'<>\\`{}"):
        yield "verify_url: not a web address"
