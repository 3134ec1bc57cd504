"""Which words of a problem tell what it is about, in Danish and Swedish alike; and how alike two
problems are. Pure: no database.

A text becomes *stems*: words without endings (Snowball), compounds taken apart where their parts
are known, and words of the field that differ between the languages made one ("lift", "lyft").
Two texts are as alike as the weight of what they share, against what each of them holds; rare
words weigh most. Below `FLOOR` they are not alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from math import log, sqrt
from typing import Protocol

from lms_challenges.wordlists import PAIRS, PARTS, STOP, VAGUE

LONGEST_STEM = 40
TITLE_WEIGHT = 3
TEXT_WEIGHT = 1
MOST_STEMS = 60
"""Of one text: what comes later in a long one says little more about what it is about."""
MOST_LETTERS = 20_000
"""No more of a text is read at all."""
FLOOR = 0.24
"""Measured on the labelled pairs in `plugins/challenges/tests/likeness`."""
LEAST_SHARED = 2
"""One word alone, however rare, does not make two problems alike."""
VAGUE_FACTOR = 0.3
COMMONLY = 60
"""A word whose rarity nobody asked for is taken to stand in one of so many problems."""
UNSEEN = 60
"""Added to the number of problems, so that words weigh by their rarity on a new site too."""

_WORD = re.compile(r"[^\W\d_]+")
_LIKE_SWEDISH = str.maketrans({"æ": "ä", "ø": "ö", "é": "e", "è": "e", "ü": "y"})
_SHORTEST_KNOWN = 3
_SHORTEST_UNKNOWN = 5
_SHORTEST_COMPOUND = 7


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, in one spelling of each letter; no figures. A word
    longer than any is cut, for taking one apart costs the square of its length."""
    text = unicodedata.normalize("NFC", text[:MOST_LETTERS]).casefold()
    return [word[:LONGEST_STEM] for word in _WORD.findall(text)]


def language_of(text: str, said: str) -> str:
    """`da`, `sv` or `en`: what the small words of the text say, else what was said."""
    words = words_of(text)
    counts = {code: sum(word in STOP[code] for word in words) for code in STOP}
    letters = "".join(words)
    counts["da"] += sum(letters.count(letter) for letter in "æø")
    counts["sv"] += sum(letters.count(letter) for letter in "äö")
    best = max(counts, key=lambda code: (counts[code], code == said))
    return best if counts[best] > counts.get(said, 0) + 1 else said


def stems_of(text: str, language: str) -> list[str]:
    """The stems of a text in the order they come, each once, at most `MOST_STEMS`."""
    language = language_of(text, language)
    found: dict[str, None] = {}
    for word in words_of(text):
        for stem in _stems(word, language):
            found.setdefault(stem)
    return list(found)[:MOST_STEMS]


def weighed(title: str, text: str, language: str) -> dict[str, int]:
    """The stems of a problem by where they stand: `TITLE_WEIGHT` or `TEXT_WEIGHT`."""
    language = language_of(f"{title} {text}", language)
    found = dict.fromkeys(stems_of(text, language), TEXT_WEIGHT)
    return found | dict.fromkeys(stems_of(title, language), TITLE_WEIGHT)


def value(stem: str, holding: int, problems: int) -> float:
    """How much a stem says that so many of so many problems hold, about 0 to 10; less for words
    that nearly every problem of the field could hold."""
    rarity = log((problems + UNSEEN) / (holding + 1))
    return rarity * (VAGUE_FACTOR if stem in _vague() else 1.0)


def values_of(
    query: Mapping[str, int], holding: Mapping[str, int], problems: int
) -> Mapping[str, float]:
    """The `value` of each stem of a text; `holding` says how many problems hold it."""
    return {stem: value(stem, holding.get(stem, 0), problems) for stem in query}


def likeness(
    query: Mapping[str, int], other: Mapping[str, int], values: Mapping[str, float], problems: int
) -> float:
    """How alike two weighed texts are, 0 to 1. `values` are those of the query's stems; what only
    the other one holds is taken to be as rare as words commonly are."""
    shared = query.keys() & other.keys()
    if len(shared) < LEAST_SHARED:
        return 0.0
    common = sum(pull(query[s]) * pull(other[s]) * values[s] ** 2 for s in shared)
    asked = sum((pull(weight) * values[stem]) ** 2 for stem, weight in query.items())
    usual = {stem: value(stem, problems // COMMONLY, problems) for stem in other.keys() - shared}
    held = sum(
        (pull(weight) * (values.get(s) or usual.get(s, 0.0))) ** 2 for s, weight in other.items()
    )
    return common / sqrt(asked * held) if asked and held else 0.0


def pull(weight: int) -> float:
    """How much more a word of the title says than one of the text."""
    return 1.4 if weight >= TITLE_WEIGHT else 1.0


# --- one word -----------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def _stems(word: str, language: str) -> tuple[str, ...]:
    if len(word) < 2 or word in STOP[language]:
        return ()
    known = _known(language)
    whole = _stem(word, language)
    if word in known or whole in known:
        return (known.get(word) or known[whole],)
    parts = _parts(word, language) if len(word) >= _SHORTEST_COMPOUND else ()
    return tuple(part[:LONGEST_STEM] for part in parts or (whole,))


def _parts(word: str, language: str) -> tuple[str, ...]:
    """A compound's parts: best where both are known, else where the last or first one is."""
    best: tuple[int, int, tuple[str, str]] | None = None
    for at in range(_SHORTEST_KNOWN, len(word) - _SHORTEST_KNOWN + 1):
        first, last = _joined(word[:at], language), _part(word[at:], language)
        sure = (first is not None) + (last is not None)
        if not _may_part(word[:at], word[at:], first, last):
            continue
        pair = (
            first or _stem(word[:at], language),
            last or _stem(word[at:], language),
        )
        rank = (sure, at if last is None else len(word) - at)
        if best is None or rank > best[:2]:
            best = (*rank, pair)
    return () if best is None else best[2]


def _may_part(before: str, after: str, first: str | None, last: str | None) -> bool:
    if first is None and last is None:
        return False
    if first is not None and last is not None:
        return True
    known, other = (before, after) if first is not None else (after, before)
    return len(known) > _SHORTEST_KNOWN and len(other) >= _SHORTEST_UNKNOWN


def _part(piece: str, language: str) -> str | None:
    known = _known(language)
    stem = _stem(piece, language)
    return known.get(piece) or known.get(stem)


def _joined(piece: str, language: str) -> str | None:
    """The first part of a compound, also with the letter that joins it to the next."""
    found = _part(piece, language)
    if found is None and len(piece) > _SHORTEST_KNOWN and piece[-1] in "seo":
        found = _part(piece[:-1], language)
    return found


@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    if language == "sv" and word.endswith(("eln", "ern")) and len(word) > 4:
        word = word[:-1]  # the definite form that Snowball leaves as it is
    stem = _stemmer(language).stemWord(word).translate(_LIKE_SWEDISH)
    for ending in ("ning", "ing", "els"):
        if stem.endswith(ending) and len(stem) - len(ending) >= 4:
            stem = stem.removesuffix(ending)
            break
    if len(stem) > 3 and stem[-1] == stem[-2]:
        stem = stem[:-1]
    return stem[:LONGEST_STEM]


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - Snowball's name


@cache
def _stemmer(language: str) -> _Stemmer:
    # Imported where it is used: the package loads the stemmers of all its languages at once.
    from snowballstemmer.danish_stemmer import DanishStemmer
    from snowballstemmer.english_stemmer import EnglishStemmer
    from snowballstemmer.swedish_stemmer import SwedishStemmer

    stemmers: dict[str, type[_Stemmer]] = {
        "da": DanishStemmer,
        "sv": SwedishStemmer,
        "en": EnglishStemmer,
    }
    return stemmers[language]()


# --- the tables, stemmed ------------------------------------------------------------------------


@cache
def _known(language: str) -> Mapping[str, str]:
    """Words and stems of the field in one language -> the stem that stands for them in both."""
    known: dict[str, str] = {}
    for danish, swedish in PAIRS:
        stands = _stem(danish[0], "da")
        for word in {"da": danish, "sv": swedish}.get(language, ()):
            known.setdefault(word, stands)
            known.setdefault(_stem(word, language), stands)
    for word in sorted(PARTS[language]):
        known.setdefault(_stem(word, language), _stem(word, language))
    return known


@cache
def _vague() -> frozenset[str]:
    return frozenset(stem for word in VAGUE for stem in _stems(word, "da"))
