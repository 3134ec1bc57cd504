"""`attendance`: at least so many percent of the minutes held, caught-up minutes included.

Options: `percent`, 80 when it is not said. While sessions are to come it is decided only when
nothing that may still happen can change it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from lms.contracts import ConditionResult, LocalisedText
from lms.core.learning.conditions.words import (
    days_in_words,
    joined,
    tasks_in_words,
    text_in_all,
)
from lms.core.learning.forecast import Outlook, outlook
from lms.core.learning.queries.standing import COMING, Day, OwnSide, RunSide, Task

NAME = "attendance"
PERCENT = 80


def judge(options: Mapping[str, Any], run: RunSide, own: OwnSide) -> ConditionResult:
    """Undecided before anything was held, and while it may still go either way."""
    needed = int(options.get("percent", PERCENT))
    held, coming = run.held, run.coming
    if held == 0 and coming == 0:
        return ConditionResult(name=NAME, met=None, reason=_nothing_held())
    found = _outlook(needed, run, own)
    if found.name == "safe":
        met: bool | None = True
    elif found.name == "lost" or coming == 0:
        met = False
    else:
        met = None
    so_far = _nothing_held() if held == 0 else _share(attended(own), held, needed)
    if met is not None and coming == 0 and found.name != "needs_catch_up":
        return ConditionResult(name=NAME, met=met, reason=so_far)
    return ConditionResult(
        name=NAME, met=met, reason=joined(so_far, found.sentence, *_what_to_do(found, run, own))
    )


def attended(own: OwnSide) -> int:
    """Minutes attended in held sessions, caught up included."""
    return sum(own.minutes.values())


def outlook_name(run: RunSide, own: OwnSide) -> str:
    """The forecast in a name of `lms.core.learning.forecast`; "" where no share is asked for."""
    options = run.rule.conditions.get(NAME)
    if options is None:
        return ""
    return _outlook(int(options.get("percent", PERCENT)), run, own).name


def _outlook(needed: int, run: RunSide, own: OwnSide) -> Outlook:
    coming = [day.minutes for day in run.days if day.state in COMING]
    return outlook(needed, attended(own), run.held, coming, _catch_up_open(run, own))


def _catch_up_open(run: RunSide, own: OwnSide) -> int:
    """Minutes that open catch-up tasks can still give, at most what was missed in their module."""
    if not run.catch_ups:
        return 0
    offered: dict[str, int] = defaultdict(int)
    for task in _open_tasks(run, own):
        offered[task.module] += task.minutes
    missed: dict[str, int] = defaultdict(int)
    for day in _missed(run, own):
        missed[day.module] += day.minutes - own.minutes.get(day.id, 0)
    return sum(min(minutes, missed[module]) for module, minutes in offered.items())


def _missed(run: RunSide, own: OwnSide) -> list[Day]:
    """Held days with minutes that a task can still give; what a teacher wrote as caught up stays
    as it is."""
    return [
        day
        for day in run.days
        if day.state == "held"
        and day.id not in own.caught_up
        and own.minutes.get(day.id, 0) < day.minutes
    ]


def _open_tasks(run: RunSide, own: OwnSide) -> list[Task]:
    return [task for task in run.catch_ups if task.shown and own.works.get(task.id) != "accepted"]


def _what_to_do(found: Outlook, run: RunSide, own: OwnSide) -> list[LocalisedText]:
    """Which days to come to, or which tasks catch up."""
    if found.name == "must_attend":
        days = [day for day in run.days if day.state in COMING][: found.must_next]
        return [text_in_all(lambda code: days_in_words(days, run.zone, code) + ".")]
    if found.name == "needs_catch_up":
        missed = {day.module for day in _missed(run, own)}
        tasks = [task for task in _open_tasks(run, own) if task.module in missed]
        return [text_in_all(lambda code: tasks_in_words(tasks, run.zone, code) + ".")]
    return []


def _nothing_held() -> LocalisedText:
    return LocalisedText(
        da="Der er ikke holdt nogen mødegange endnu.",
        sv="Inga kurstillfällen har hållits än.",
        en="No sessions have been held yet.",
    )


def _share(attended: int, held: int, needed: int) -> LocalisedText:
    percent = attended * 100 // held
    return LocalisedText(
        da=f"Til stede {attended} af {held} minutter ({percent} %). "
        f"Der skal mindst {needed} % til.",
        sv=f"Närvarande {attended} av {held} minuter ({percent} %). Det krävs minst {needed} %.",
        en=f"Present {attended} of {held} minutes ({percent}%). At least {needed}% is needed.",
    )
