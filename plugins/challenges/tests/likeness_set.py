"""The labelled set: problems of sixty matters of the field, invented, in Danish and Swedish.

Two problems of one matter are alike. Two of neighbouring matters (`neighbours.tsv`) share a place,
a thing or a word, and are not alike. What was found wrong was looked at for every other matter
only (`tuned_on`); the rest is held out. One hand wrote the problems and the word tables, so what
people really write will come out lower than either half.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

from lms_challenges.similar import FLOOR, likeness, values_of, weighed

FOLDER = Path(__file__).parent / "likeness"


@dataclass(frozen=True)
class Text:
    number: int
    matter: str
    language: str
    title: str
    what: str


@dataclass(frozen=True)
class Pair:
    one: Text
    other: Text
    alike: bool

    @property
    def languages(self) -> str:
        return "-".join(sorted((self.one.language, self.other.language)))


@dataclass(frozen=True)
class Verdict:
    pair: Pair
    score: float

    @property
    def said(self) -> bool:
        return self.score >= FLOOR


def texts() -> list[Text]:
    lines = (FOLDER / "problems.tsv").read_text(encoding="utf-8").splitlines()
    return [Text(number, *line.split("\t")) for number, line in enumerate(lines)]


def matters() -> list[str]:
    return list(dict.fromkeys(text.matter for text in texts()))


def tuned_on() -> frozenset[str]:
    return frozenset(matters()[::2])


def pairs() -> list[Pair]:
    of: dict[str, list[Text]] = {}
    for text in texts():
        of.setdefault(text.matter, []).append(text)
    found = [
        Pair(one, other, True) for group in of.values() for one, other in combinations(group, 2)
    ]
    for line in (FOLDER / "neighbours.tsv").read_text(encoding="utf-8").splitlines():
        near, by = line.split("\t")
        found += [Pair(one, other, False) for one, other in product(of[near][:3], of[by][:3])]
    return found


def judged(among: list[Pair]) -> list[Verdict]:
    stems = {text.number: weighed(text.title, text.what, text.language) for text in texts()}
    holding = Counter(stem for found in stems.values() for stem in found)
    found = []
    for pair in among:
        query, other = stems[pair.one.number], stems[pair.other.number]
        values = values_of(query, holding, len(stems))
        found.append(Verdict(pair, likeness(query, other, values, len(stems))))
    return found


def precision_and_recall(verdicts: list[Verdict]) -> tuple[float, float]:
    right = sum(v.said and v.pair.alike for v in verdicts)
    said = sum(v.said for v in verdicts)
    alike = sum(v.pair.alike for v in verdicts)
    return right / said if said else 1.0, right / alike if alike else 1.0
