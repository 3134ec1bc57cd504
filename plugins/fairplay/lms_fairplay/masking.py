"""What of a line anybody may read: all of an open one; of a confidential one that it was, when, of
what kind and with how many people.

Who is masked is called by a letter, in the order of their first masked line, so that a reader can
tell that two lines are of one company and not of which. A document that stands on a confidential
line anywhere is masked on every line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms.api import DocumentFacts, LocalisedText

HANDED_OVER = frozenset({"place", "feedback", "share", "meet"})
"""Kinds of contacts whose documents the authority gave away, and may give to everybody. Those of
the others are the company's own: they go along where they are public."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionFacts:
    """What a company said about a line, and what was answered ("" where nothing was)."""

    text: str
    at: datetime
    answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PackLine:
    """A line of the log as a pack is made of it."""

    id: int
    at: datetime
    kind: str
    category: str
    company_id: int
    company: str
    what: LocalisedText
    documents: tuple[str, ...]
    confidential: bool
    private: bool
    people: Mapping[str, int]
    run_id: int | None
    corrections: tuple[CorrectionFacts, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownLine:
    """A line as everybody reads it. `letter` is the company's where it is masked; then `company`,
    `what`, `run_id`, `documents` and the words of corrections are empty. `corrected` counts
    them."""

    at: datetime
    kind: str
    category: str
    company: str
    letter: str
    what: LocalisedText | None
    private: bool
    people: Mapping[str, int]
    run_id: int | None
    documents: tuple[str, ...]
    corrections: tuple[CorrectionFacts, ...]
    corrected: int

    @property
    def masked(self) -> bool:
        """Is it a confidential one?"""
        return bool(self.letter)


def letters_for(company_ids: Iterable[int]) -> Mapping[int, str]:
    """A, B, ... Z, AA, AB for these companies in their order."""
    found: dict[int, str] = {}
    for company_id in company_ids:
        if company_id not in found:
            found[company_id] = _letter(len(found))
    return found


def _letter(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def shown(
    lines: Sequence[PackLine], letters: Mapping[int, str], masked_documents: frozenset[str]
) -> list[ShownLine]:
    """The lines as everybody may read them."""
    return [
        _masked(line, letters[line.company_id])
        if line.confidential
        else _open(line, masked_documents)
        for line in lines
    ]


def _masked(line: PackLine, letter: str) -> ShownLine:
    return ShownLine(
        at=line.at,
        kind=line.kind,
        category=line.category,
        company="",
        letter=letter,
        what=None,
        private=line.private,
        people=line.people,
        run_id=None,
        documents=(),
        corrections=(),
        corrected=len(line.corrections),
    )


def _open(line: PackLine, masked_documents: frozenset[str]) -> ShownLine:
    return ShownLine(
        at=line.at,
        kind=line.kind,
        category=line.category,
        company=line.company,
        letter="",
        what=line.what,
        private=line.private,
        people=line.people,
        run_id=line.run_id,
        documents=tuple(key for key in line.documents if key not in masked_documents),
        corrections=line.corrections,
        corrected=len(line.corrections),
    )


# --- materials ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Materials:
    """Documents by what becomes of them: `included` lie in the pack, `elsewhere` are the company's
    own and told by title, `withdrawn` are kept by nobody any more. `masked` are not even told by
    title."""

    included: tuple[DocumentFacts, ...]
    elsewhere: tuple[DocumentFacts, ...]
    withdrawn: frozenset[str]
    masked: frozenset[str]


def materials_of(lines: Sequence[PackLine], kept: Iterable[DocumentFacts]) -> Materials:
    """What becomes of the documents of these lines; `kept` are those that are not withdrawn."""
    masked = frozenset(key for line in lines if line.confidential for key in line.documents)
    told = dict.fromkeys(key for line in lines for key in line.documents if key not in masked)
    given = {key for line in lines if line.kind in HANDED_OVER for key in line.documents}
    known = {document.key: document for document in kept}
    there = [known[key] for key in told if key in known]
    included = [one for one in there if one.key in given or one.visibility == "public"]
    inside = {one.key for one in included}
    return Materials(
        included=tuple(included),
        elsewhere=tuple(one for one in there if one.key not in inside),
        withdrawn=frozenset(told) - frozenset(known),
        masked=masked,
    )
