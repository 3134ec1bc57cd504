"""Passages of a text that look as if they tell who somebody is: to be looked at by a human.

Rules of thumb for Danish and Swedish, which point and decide nothing. A name is a word with a
capital letter where the language asks for none; what stands at the beginning of a sentence counts
only when it is a common given name or follows a form of address. Pure, without I/O after import.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["name", "address", "phone", "mail", "number", "room", "date"]


def _words(name: str) -> list[str]:
    """The words of a file beside this one; lines that begin with # are remarks."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [word for line in text.splitlines() if line[:1] != "#" for word in line.split()]


_NAMES = _words("given_names.txt")
GIVEN_NAMES = frozenset(name.removesuffix("*") for name in _NAMES)
WORDS_TOO = frozenset(name.removesuffix("*") for name in _NAMES if name.endswith("*"))
"""Given names that are other words, or begin sentences as such."""
NO_NAMES = frozenset(_words("no_names.txt"))
"""Words with a capital letter that name nobody."""

_WORD = r"[^\W\d_]+(?:[-'’][^\W\d_]+)*"
_STREET = (
    r"(?:vej|vejen|gade|gaden|stræde|allé|allé|alle|plads|torv|vænge|vænget|parken|boulevard"
    r"|gata|gatan|väg|vägen|gränd|stigen|torget|platsen|backen)"
)
_PATTERNS: Sequence[tuple[Kind, re.Pattern[str]]] = (
    ("mail", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("number", re.compile(r"(?<!\d)(?:\d{6}|\d{8})[-+ ]?[\dxX*]{4}(?!\d)")),
    (
        "date",
        re.compile(
            r"(?<!\d)(?:født|fødselsdag|född|födelsedag|f\.)\s*(?:den\s*)?\d{1,2}[./ -]\s?"
            r"(?:\d{1,2}|[a-zæøåä]+)[./ -]?\s?(?:\d{4}|\d{2})?(?!\d)",
            re.IGNORECASE,
        ),
    ),
    ("date", re.compile(r"(?<![\d.])\d{1,2}[./-]\d{1,2}[./-](?:18|19|20)\d\d(?!\d)")),
    ("phone", re.compile(r"(?<![\d+])(?:\+|00)\d{1,3}[ -]?(?:\(0\))?\d(?:[ -]?\d){6,11}(?!\d)")),
    ("phone", re.compile(r"(?<![\d.,])\d\d[ -]?\d\d[ -]?\d\d[ -]?\d\d(?![\d.,]*\d)")),
    ("phone", re.compile(r"(?<![\d.,])0\d{1,3}[ -/]{0,3}\d{2,3}[ -]?\d\d[ -]?\d\d(?!\d)")),
    (
        "address",
        re.compile(
            rf"(?:\b[A-ZÆØÅÄÖ][\w.]*\s)?\b(?i:[^\W\d_]+{_STREET}|{_STREET})\s+\d+\s?[a-zA-Z]?\b"
            r"(?i:,?\s*(?:st|kld|\d{1,2})\.?\s*(?:tv|th|mf)\b\.?)?",
        ),
    ),
    ("address", re.compile(rf"(?<!\d)(?:\d{{4}}|\d{{3}} \d\d)\s+(?=[A-ZÆØÅÄÖ]){_WORD}")),
    (
        "room",
        re.compile(
            r"\b(?:stue|stuen|værelse|lejlighed|bolig|seng|sengeplads|rum|rummet|lägenhet|sal|sängplats"
            r"|säng|bostad|plads|dør|dörr|nr)\.?\s?(?:nr\.?\s?|nummer\s)?\d+\s?[a-zA-Z]?\b",
            re.IGNORECASE,
        ),
    ),
)
_ADDRESSED = re.compile(
    r"\b(?i:fru|frøken|hr|herr|fröken|frk|tant|farbror|onkel|moster|borger|beboer|brukare(?:n)?"
    r"|patient(?:en)?)\b\.?\s+"
    rf"((?=[A-ZÆØÅÄÖÉ]){_WORD}(?:(?:\.?\s+|\.)(?=[A-ZÆØÅÄÖÉ]){_WORD})*)",
)
_CAPITAL = re.compile(rf"(?<!\w)(?=[A-ZÆØÅÄÖÉ]){_WORD}")
_NEXT_NAME = re.compile(rf"\s+(?=[A-ZÆØÅÄÖÉ]){_WORD}")
_AFTER_INITIAL = re.compile(rf"\.\s?(?=[A-ZÆØÅÄÖÉ]){_WORD}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A stretch of a text, `text[start:end]`, and what it looks like."""

    start: int
    end: int
    kind: Kind
    text: str


def passages(text: str, known: Collection[str] = ()) -> Sequence[Passage]:
    """What of a text looks like a name, an address, a telephone number and such, in its order and
    never one over another. `known` are words that may stand: names of organisations and units."""
    taken: list[Passage] = []
    for kind, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            _add(taken, kind, text, found.start(), found.end())
    for found in _ADDRESSED.finditer(text):
        _add(taken, "name", text, found.start(1), found.end(1))
    fine = {word.casefold() for name in known for word in name.split()} | NO_NAMES
    for start, end in _names(text, fine):
        _add(taken, "name", text, start, end)
    return sorted(taken, key=lambda passage: passage.start)


def _add(taken: list[Passage], kind: Kind, text: str, start: int, end: int) -> None:
    if any(start < one.end and one.start < end for one in taken):
        return
    words = text[start:end]
    end -= len(words) - len(words.rstrip())
    taken.append(Passage(start=start, end=end, kind=kind, text=text[start:end]))


def _names(text: str, fine: Collection[str]) -> Iterator[tuple[int, int]]:
    """Stretches of words with capital letters that may be somebody's name."""
    reached = 0
    for found in _CAPITAL.finditer(text):
        if found.start() < reached:
            continue
        start, end = found.span()
        while following := _next(text, start, end):
            end = following.end()
        reached = end
        word = found[0].casefold().removesuffix("s")
        several = end > found.end()
        if not several and (found[0].isupper() and len(found[0]) > 1):
            continue  # an abbreviation
        given = {word, found[0].casefold()} & GIVEN_NAMES
        if _begins(text, start):
            if not given or (given & WORDS_TOO and not several):
                if several:
                    inner = _CAPITAL.search(text, found.end(), end)
                    if inner and inner[0].casefold() not in fine and not inner[0].isupper():
                        yield inner.start(), end
                continue
        elif all(word.casefold() in fine for word in text[start:end].split()):
            continue
        yield start, end


def _next(text: str, start: int, end: int) -> re.Match[str] | None:
    """One more word of a name that reaches so far; a point may follow a single letter."""
    initial = end - start == 1 or not text[end - 2].isalpha()
    return _NEXT_NAME.match(text, end) or (_AFTER_INITIAL.match(text, end) if initial else None)


def _begins(text: str, start: int) -> bool:
    """Does a sentence, a line, a quotation or an item of a list begin here?"""
    before = text[:start].rstrip(" \t\"'»“”„(-–•*")
    return not before or before[-1] in ".!?:\n…"


def without(text: str, taken: Collection[str], mark: str) -> str:
    """The text with every one of these passages replaced by `mark`, the longest first. A passage
    is found as whole words, whatever its letters' size."""
    wanted = sorted({words.strip() for words in taken if words.strip()}, key=len, reverse=True)
    for words in wanted:
        body = r"\s+".join(re.escape(part) for part in words.split())
        found = re.compile(rf"(?<!\w){body}(?:['’]?s)?(?!\w)", re.IGNORECASE)
        text = found.sub(lambda _match: mark, text)
    return text
