"""`activities`: the required activities are accepted.

Options: none for all of them; `{"of": 4}` for any four; `{"per_module": 1}` for at least one in
each module that has some; both together ask for both. One that was taken out of the run is asked
of nobody, and still counts for who had it accepted. While sessions are to come, what is missing is
undecided; after the last one it is not met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from lms.contracts import ConditionResult, LocalisedText
from lms.core.learning.conditions.words import joined, tasks_in_words, text_in_all
from lms.core.learning.queries.standing import OwnSide, RunSide, Task

NAME = "activities"

TO_DO = {"da": "Mangler", "sv": "Kvar att göra", "en": "Still to do"}
AGAIN = {"da": "Skal laves om", "sv": "Ska göras om", "en": "To be done again"}
LOOKED_AT = {
    "da": "Venter på underviseren",
    "sv": "Väntar på läraren",
    "en": "Waits for the teacher",
}


def judge(options: Mapping[str, Any], run: RunSide, own: OwnSide) -> ConditionResult:
    """Undecided while the teacher has something to look at or sessions are to come."""
    tasks = [task for task in run.required if task.shown or own.works.get(task.id) == "accepted"]
    if not tasks:
        return ConditionResult(name=NAME, met=None, reason=_none_yet())
    groups = _groups(options, tasks)
    accepted = {task.id for task in tasks if own.works.get(task.id) == "accepted"}
    waiting = {task.id for task in tasks if own.works.get(task.id) == "submitted"}
    met: bool | None
    if all(_count(group, accepted) >= needed for needed, group in groups):
        met = True
    elif run.coming or all(_count(group, accepted | waiting) >= needed for needed, group in groups):
        met = None
    else:
        met = False
    sentences = [_how_many(options, len(accepted), len(tasks))]
    if not met:
        short = {
            task.id
            for needed, group in groups
            if _count(group, accepted) < needed
            for task in group
        }
        left = [task for task in tasks if task.id in short and task.id not in accepted]
        sentences += _what_is_left(left, run.zone, own)
    return ConditionResult(name=NAME, met=met, reason=joined(*sentences))


def progress(run: RunSide, own: OwnSide) -> tuple[int, int]:
    """How many of the required activities are accepted, and how many there are."""
    shown = [task for task in run.required if task.shown]
    return sum(own.works.get(task.id) == "accepted" for task in shown), len(shown)


def _groups(options: Mapping[str, Any], tasks: Sequence[Task]) -> list[tuple[int, Sequence[Task]]]:
    """(how many are needed, of which): never more than there are."""
    groups: list[tuple[int, Sequence[Task]]] = []
    if "of" in options or "per_module" not in options:
        groups.append((min(int(options.get("of", len(tasks))), len(tasks)), tasks))
    if "per_module" in options:
        modules: dict[str, list[Task]] = defaultdict(list)
        for task in tasks:
            modules[task.module].append(task)
        needed = int(options["per_module"])
        groups += [(min(needed, len(group)), group) for group in modules.values()]
    return groups


def _count(group: Sequence[Task], ids: set[int]) -> int:
    return sum(task.id in ids for task in group)


def _what_is_left(left: Sequence[Task], zone: str, own: OwnSide) -> list[LocalisedText]:
    kinds = (
        (TO_DO, (None, "started")),
        (AGAIN, ("returned",)),
        (LOOKED_AT, ("submitted",)),
    )
    sentences = []
    for heading, states in kinds:
        tasks = [task for task in left if own.works.get(task.id) in states]
        if tasks:
            sentences.append(_sentence(heading, tasks, zone))
    return sentences


def _sentence(heading: Mapping[str, str], tasks: Sequence[Task], zone: str) -> LocalisedText:
    return text_in_all(lambda code: f"{heading[code]}: {tasks_in_words(tasks, zone, code)}.")


def _none_yet() -> LocalisedText:
    return LocalisedText(
        da="Der er ikke lagt nogen aktiviteter ind endnu, som skal godkendes.",
        sv="Det finns inga aktiviteter än som ska godkännas.",
        en="There are no activities yet that have to be accepted.",
    )


def _how_many(options: Mapping[str, Any], accepted: int, total: int) -> LocalisedText:
    text = LocalisedText(
        da=f"{accepted} af {total} krævede aktiviteter er godkendt.",
        sv=f"{accepted} av {total} aktiviteter som krävs är godkända.",
        en=f"{accepted} of {total} required activities are accepted.",
    )
    if "of" in options:
        needed = min(int(options["of"]), total)
        text = joined(
            text,
            LocalisedText(
                da=f"Der skal {needed} til.", sv=f"Det krävs {needed}.", en=f"{needed} are needed."
            ),
        )
    if "per_module" in options:
        needed = int(options["per_module"])
        text = joined(
            text,
            LocalisedText(
                da=f"Der skal mindst {needed} til i hvert modul.",
                sv=f"Det krävs minst {needed} i varje modul.",
                en=f"At least {needed} in each module must be.",
            ),
        )
    return text
