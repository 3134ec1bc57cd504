"""What changed from one version of a case to another, piece by piece, to be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from lms.api import LANGUAGES
from lms_courses.queries.cases import PLAIN, TEXTS

Kind = Literal["same", "gone", "new"]
_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
MOST_PIECES = 4_000
"""Of one text; longer ones are shown as a whole, before and after."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """One field that changed: its name, the language of a text ("" for a value), and the pieces
    in order."""

    name: str
    language: str
    pieces: Sequence[tuple[Kind, str]]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Sequence[Changed]:
    """What differs between the contents of two versions, in the order of the sheet."""
    found = []
    for name in TEXTS:
        for code in LANGUAGES:
            before, after = old[name].get(code, ""), new[name].get(code, "")
            if before != after:
                found.append(Changed(name=name, language=code, pieces=pieces(before, after)))
    for name in PLAIN:
        if old[name] != new[name]:
            both: list[tuple[Kind, str]] = [("gone", str(old[name])), ("new", str(new[name]))]
            found.append(Changed(name=name, language="", pieces=[one for one in both if one[1]]))
    return found


def pieces(before: str, after: str) -> Sequence[tuple[Kind, str]]:
    """Stretches of words that stayed, went and came. Joined without those that came it is the one
    text, without those that went the other."""
    first, second = _PIECES.findall(before), _PIECES.findall(after)
    if max(len(first), len(second)) > MOST_PIECES:
        whole: list[tuple[Kind, str]] = [("gone", before), ("new", after)]
        return [one for one in whole if one[1]]
    found: list[tuple[Kind, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(first[a:b])))
            continue
        if a < b:
            found.append(("gone", "".join(first[a:b])))
        if c < d:
            found.append(("new", "".join(second[c:d])))
    return found
