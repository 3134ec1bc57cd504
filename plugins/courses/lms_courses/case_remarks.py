"""Kind words for who proposes a case that reads as an advertisement, or that asks for a ready
solution only. Nobody is stopped: a case may be meant well and told badly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from lms.api import Remark
from lms_courses.words import _

_FOLDER = Path(__file__).with_name("case_words")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
OFTEN = 3
"""So many times a product is named in an advertisement."""
MOST_NAMED = 4


@cache
def _lines(name: str) -> Sequence[str]:
    text = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def _pattern(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole words, and beginnings of words."""
    lines = _lines(name)
    return (
        frozenset(line for line in lines if not line.endswith("*")),
        tuple(line[:-1] for line in lines if line.endswith("*")),
    )


def remarks(texts: Sequence[str], question: str, product: str) -> Sequence[Remark]:
    """What is to be said of a proposal: `texts` are all that was written, `question` is what the
    students are asked, `product` is what is named, or ""."""
    whole = " \n".join(texts).casefold()
    words = _WORD.findall(whole)
    found = []
    if praise := _listed(words, "praise"):
        found.append(_("This reads as praise: %(words)s. Tell what happens instead.", words=praise))
    if price := _listed(words, "price"):
        found.append(_("This is about buying: %(words)s. Students work on a problem.", words=price))
    times = _times(product, whole)
    if times >= OFTEN:
        found.append(
            _(
                "“%(product)s” stands here %(n)d times. Once is enough.",
                product=product,
                n=times,
            )
        )
    if _wants_ready_solution(question):
        found.append(
            _("You ask for a ready solution. What is it that you do not know yet? Ask about that.")
        )
    return [Remark(kind="wait", sentence=sentence) for sentence in found]


def _listed(words: Sequence[str], name: str) -> str:
    whole, beginnings = _pattern(name)
    found = [word for word in words if word in whole or word.startswith(beginnings)]
    return ", ".join(dict.fromkeys(found[: MOST_NAMED * 3]).keys()) if found else ""


def _times(product: str, whole: str) -> int:
    name = " ".join(product.casefold().split())
    if len(name) < 2:
        return 0
    return len(re.findall(rf"(?<!\w){re.escape(name)}", whole))


def _wants_ready_solution(question: str) -> bool:
    said = " ".join(question.casefold().split())
    asks = any(turn in said for turn in _lines("ready"))
    is_open = any(re.search(rf"(?<!\w){re.escape(turn)}", said) for turn in _lines("open"))
    return asks and not is_open
