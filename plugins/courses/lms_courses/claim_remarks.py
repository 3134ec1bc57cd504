"""Kind words about comparisons in what a company will teach: it tells how its own thing works, and
others are not there to answer. Nobody is stopped; who approves sees the same words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from lms.api import Remark
from lms_courses.words import _

_FOLDER = Path(__file__).with_name("claim_words")
MOST_NAMED = 4
SHORTEST_NAME = 3


@cache
def _lines(name: str) -> Sequence[str]:
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


@cache
def _comparisons() -> re.Pattern[str]:
    parts = [
        re.escape(line[:-1]) + r"\w*" if line.endswith("*") else re.escape(line)
        for line in _lines("comparison")
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


@cache
def _companies() -> re.Pattern[str]:
    """Up to three words that begin large, and what stands behind the name of a company."""
    forms = "|".join(re.escape(line) for line in _lines("company_forms"))
    word = r"[^\W\d_a-zæøåäö][\w&-]*"
    return re.compile(rf"(?<!\w)({word}(?: {word}){{0,2}} (?:{forms}))(?!\w)")


def claim_remarks(texts: Sequence[str], own: str, others: Iterable[str] = ()) -> Sequence[Remark]:
    """What to look at once more in these texts. `own` is the name of the company that writes,
    `others` are names of companies and products that are shown in the same run."""
    whole = " ".join(" ".join(texts).split())
    folded = whole.casefold()
    said = []
    if found := _first(_comparisons().findall(folded)):
        said.append(
            _(
                "This compares: %(words)s. Tell how yours works, and leave others to themselves.",
                words=found,
            )
        )
    mine = own.casefold()
    named = [
        name
        for name in (" ".join(other.split()) for other in others)
        if len(name) >= SHORTEST_NAME
        and name.casefold() != mine
        and re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", folded)
    ]
    named += [name for name in _companies().findall(whole) if not _same(name, mine)]
    if found := _first(named):
        said.append(_("This names others: %(words)s. They are not there to answer.", words=found))
    return [Remark(kind="wait", sentence=sentence) for sentence in said]


def _same(name: str, mine: str) -> bool:
    """A name that ends in one's own is one's own, with the word before it."""
    return bool(mine) and name.casefold().endswith(mine)


def _first(found: Iterable[str]) -> str:
    return ", ".join(f"“{one}”" for one in list(dict.fromkeys(found))[:MOST_NAMED])
