"""Words of the care field, from the files in `field_words`: small words that say nothing, pairs of
Danish and Swedish words for the same thing, parts that compounds are made of. For `similar`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

_FOLDER = Path(__file__).with_name("field_words")


def _lines(name: str) -> list[str]:
    """The lines of a file; those that begin with # are remarks."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in _lines(name) for word in line.split())


STOP: Mapping[str, frozenset[str]] = {
    code: _words(f"stop.{code}.txt") for code in ("da", "sv", "en")
}
PARTS: Mapping[str, frozenset[str]] = {
    "da": _words("parts.da.txt"),
    "sv": _words("parts.sv.txt"),
    "en": frozenset(),
}
VAGUE = _words("vague.txt")
PAIRS: Sequence[tuple[Sequence[str], Sequence[str]]] = [
    (danish.split(), swedish.split())
    for danish, _, swedish in (line.partition("|") for line in _lines("pairs.txt"))
]
