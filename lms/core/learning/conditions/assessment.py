"""`assessment`: every learning outcome is assessed at the needed level.

Options: `level`, 2 ("shown") when it is not said, and `assessors`, how many must have assessed
and agree, one when it is not said. What is not assessed is undecided, for it is not the
participant's turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lms.contracts import ConditionResult, LocalisedText
from lms.core.learning.conditions.words import joined, text_in_all, titles_in_words
from lms.core.learning.queries.standing import OwnSide, RunSide

NAME = "assessment"
LEVEL = 2

MISSING = {"da": "Ikke vurderet endnu", "sv": "Inte bedömt än", "en": "Not assessed yet"}
SETTLING = {
    "da": "Vurderes af en mere",
    "sv": "Bedöms av en till",
    "en": "Somebody else assesses it as well",
}
BELOW = {"da": "Mangler at blive vist", "sv": "Återstår att visa", "en": "Still to be shown"}


def level_needed(options: Mapping[str, Any]) -> int:
    """The level that the rule asks for."""
    return int(options.get("level", LEVEL))


def assessors_needed(options: Mapping[str, Any]) -> int:
    """How many must assess each outcome and agree."""
    return max(1, int(options.get("assessors", 1)))


def judge(options: Mapping[str, Any], run: RunSide, own: OwnSide) -> ConditionResult:
    """Not met once an outcome is found below the level; undecided while one is not settled."""
    if not run.outcomes:
        return ConditionResult(name=NAME, met=None, reason=_no_outcomes())
    level, assessors = level_needed(options), assessors_needed(options)
    missing, settling, below = [], [], []
    for place, title in enumerate(run.outcomes):
        found = own.assessed.get(place)
        if found is None:
            missing.append(title)
        elif found.level is None or found.assessors < assessors:
            settling.append(title)
        elif found.level < level:
            below.append(title)
    shown = len(run.outcomes) - len(missing) - len(settling) - len(below)
    sentences = [
        LocalisedText(
            da=f"{shown} af {len(run.outcomes)} læringsmål er vist.",
            sv=f"{shown} av {len(run.outcomes)} lärandemål är visade.",
            en=f"{shown} of {len(run.outcomes)} learning outcomes are shown.",
        )
    ]
    sentences += [
        _sentence(heading, titles)
        for heading, titles in ((BELOW, below), (MISSING, missing), (SETTLING, settling))
        if titles
    ]
    met = False if below else None if missing or settling else True
    return ConditionResult(name=NAME, met=met, reason=joined(*sentences))


def _sentence(heading: Mapping[str, str], titles: Sequence[LocalisedText]) -> LocalisedText:
    return text_in_all(lambda code: f"{heading[code]}: {titles_in_words(titles, code)}.")


def _no_outcomes() -> LocalisedText:
    return LocalisedText(
        da="Forløbet har ingen læringsmål, der kan vurderes.",
        sv="Kursen har inga lärandemål som kan bedömas.",
        en="The course has no learning outcomes that could be assessed.",
    )
