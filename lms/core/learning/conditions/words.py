"""Words that conditions share: days, lists of things to do, and what is said without an answer.

Reasons are kept with a verdict for years, so they are written in all languages at once and name
days instead of "tomorrow".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from lms.contracts import LANGUAGES, ConditionResult, LocalisedText
from lms.core.learning.queries.standing import Day, Task
from lms.web.i18n import LOCALES

MOST_NAMED = 4
"""More things than this are counted and not named."""

DAY = {"da": "EEEE d. MMMM", "sv": "EEEE d MMMM", "en": "EEEE d MMMM"}
BY = {"da": "senest", "sv": "senast", "en": "by"}
AND = {"da": "og", "sv": "och", "en": "and"}
MORE = {"da": "{n} mere", "sv": "{n} till", "en": "{n} more"}

LET_OFF: Mapping[str, LocalisedText] = {
    "attendance": LocalisedText(
        da="Du er fritaget for kravet om fremmøde.",
        sv="Du är befriad från kravet på närvaro.",
        en="You are let off the attendance that is asked for.",
    ),
    "declared": LocalisedText(
        da="Du kan gennemføre uden underviserens ord.",
        sv="Du kan bli klar utan lärarens ord.",
        en="You can complete without the teacher's word.",
    ),
    "activities": LocalisedText(
        da="Du er fritaget for de aktiviteter, der mangler.",
        sv="Du är befriad från de aktiviteter som saknas.",
        en="You are let off the activities that are missing.",
    ),
    "assessment": LocalisedText(
        da="Du kan gennemføre uden vurderingen.",
        sv="Du kan bli klar utan bedömningen.",
        en="You can complete without the assessment.",
    ),
    "agreement": LocalisedText(
        da="Du kan gennemføre uden en læringsaftale.",
        sv="Du kan bli klar utan ett lärandeavtal.",
        en="You can complete without a learning agreement.",
    ),
}
LET_OFF_OTHER = LocalisedText(
    da="Du er fritaget for dette.", sv="Du är befriad från detta.", en="You are let off this."
)


def let_off(result: ConditionResult) -> ConditionResult:
    """The condition of somebody who need not fulfil it. What they have fulfilled is said as it
    is."""
    if result.met:
        text = result.reason
    elif result.name in LET_OFF:
        text = LET_OFF[result.name]
    else:
        text = joined(LET_OFF_OTHER, result.reason)
    return replace(result, met=True, waived=True, reason=text)


def text_in_all(write: Callable[[str], str]) -> LocalisedText:
    """A text from what is written in each language."""
    return LocalisedText(**{code: write(code) for code in LANGUAGES})


def joined(*sentences: LocalisedText) -> LocalisedText:
    """Sentences after each other."""
    return text_in_all(lambda code: " ".join(getattr(one, code) for one in sentences))


@lru_cache(maxsize=4096)
def day_in_words(moment: datetime, zone: str, code: str) -> str:
    """ "tirsdag 14. april", where the run is held."""
    there = ZoneInfo(zone)
    return format_datetime(moment, DAY[code], tzinfo=there, locale=LOCALES[code])


def tasks_in_words(tasks: Sequence[Task], zone: str, code: str) -> str:
    """ "Plan (by Tuesday 14 April), Log and 2 more"."""
    return _listed([_task(task, zone, code) for task in tasks[:MOST_NAMED]], len(tasks), code)


def days_in_words(days: Sequence[Day], zone: str, code: str) -> str:
    """ "Second day (Tuesday 14 April) and Third day (Tuesday 21 April)"."""
    named = [
        f"{day.title.in_language(code)} ({day_in_words(day.starts_at, zone, code)})"
        for day in days[:MOST_NAMED]
    ]
    return _listed(named, len(days), code)


def titles_in_words(titles: Sequence[LocalisedText], code: str) -> str:
    """Titles after each other; they may be sentences, so that commas would not part them."""
    named = [title.in_language(code) for title in titles[:MOST_NAMED]]
    if len(titles) > len(named):
        named.append(MORE[code].format(n=len(titles) - len(named)))
    return "; ".join(named)


def _task(task: Task, zone: str, code: str) -> str:
    title = task.title.in_language(code)
    if task.due_at is None:
        return title
    return f"{title} ({BY[code]} {day_in_words(task.due_at, zone, code)})"


def _listed(named: list[str], total: int, code: str) -> str:
    if total > len(named):
        named = [*named, MORE[code].format(n=total - len(named))]
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} {AND[code]} {named[-1]}"


def no_answer(name: str) -> ConditionResult:
    """Nobody answers for this condition just now, so it is not decided."""
    text = LocalisedText(
        da="En af betingelserne kan ikke afgøres lige nu.",
        sv="Ett av villkoren kan inte avgöras just nu.",
        en="One of the conditions cannot be decided just now.",
    )
    return ConditionResult(name=name, met=None, reason=text)
