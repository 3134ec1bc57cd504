"""What two texts have in common and where they differ, word by word, for people to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_PIECES = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 3000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both have, or only one of them."""

    kind: Literal["both", "theirs", "yours"]
    text: str


def difference(theirs: str, yours: str) -> Sequence[Piece]:
    """The two texts as pieces in order. Joined without "yours" they are `theirs`, joined without
    "theirs" they are `yours`. Long texts are compared line by line."""
    old, new = _PIECES.findall(theirs), _PIECES.findall(yours)
    if len(old) + len(new) > MOST_WORDS:
        old, new = theirs.splitlines(keepends=True), yours.splitlines(keepends=True)
    found: list[Piece] = []
    for _tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if old[a:b] == new[c:d]:
            found.append(Piece("both", "".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece("theirs", "".join(old[a:b])))
        if d > c:
            found.append(Piece("yours", "".join(new[c:d])))
    return found
