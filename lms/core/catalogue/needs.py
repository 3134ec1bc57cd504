"""What must be there before a run goes to a state, from everybody who asks for something."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from lms.contracts import LocalisedText, Refusal, RunFacts, RunFunction, RunNeed
from lms.core.catalogue.queries.courses import course_plan
from lms.core.catalogue.queries.team import roles_filled
from lms.host import current_host

ORDER = ("planned", "announced", "open", "closed", "running", "completed")
"""The states on the way of a run; one that skips some needs what they need."""

CANNOT_BE_SEEN = LocalisedText(
    da="Vi kan ikke se lige nu, om alt er på plads. Prøv igen om lidt.",
    sv="Vi kan inte se just nu om allt är på plats. Försök igen om en stund.",
    en="We cannot see right now whether everything is in place. Try again in a while.",
)
NAMED_BY = LocalisedText(
    da="Den ansvarlige for holdet sætter et navn på.",
    sv="Den som ansvarar för omgången sätter ett namn.",
    en="Whoever is responsible for the run names somebody.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist:
    """The needs of one run in the order of states; `unseen` when somebody who asks for something
    cannot be asked just now."""

    needs: Sequence[RunNeed]
    unseen: bool


def needs_of(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[RunNeed]]:
    """The needs of these runs, by run id, in the order of states; those of a plugin that fails
    are left out."""
    filled = roles_filled([run.id for run in runs])
    found = {run.id: function_needs(run, filled[run.id]) for run in runs}
    for answer in current_host().gather("lms_run_needs", runs=tuple(runs)):
        for run_id, needs in answer.value.items():
            found.setdefault(run_id, []).extend(needs)
    return {run_id: sorted(needs, key=_place) for run_id, needs in found.items()}


def checklist(run: RunFacts, roles: Collection[str]) -> Checklist:
    """What the run needs, for whoever leads it; `roles` are those its team has."""
    needs = function_needs(run, roles)
    unseen = False
    for answer in current_host().draw("lms_run_needs", runs=(run,)):
        if answer.value is None:
            unseen = True
        else:
            needs += answer.value.get(run.id, ())
    return Checklist(needs=sorted(needs, key=_place), unseen=unseen)


def function_needs(run: RunFacts, roles: Collection[str]) -> list[RunNeed]:
    """The functions that the run's type requires, and whether somebody on the team has them."""
    return [
        RunNeed(
            key=f"function_{function.key}",
            state=function.by,
            title=function.title,
            met=function.key in roles,
            who=NAMED_BY,
            url=url_for("catalogue.team", key=run.key, role=function.key),
        )
        for function in functions_of(run.course_type)
        if function.required
    ]


def functions_of(course_type: str) -> tuple[RunFunction, ...]:
    """The functions a course type has; none while nobody answers for the type."""
    plan = course_plan(course_type)
    return plan.functions if plan is not None else ()


def need_refusals(run: RunFacts, new: str) -> list[Refusal]:
    """What is missing before the run may go on to `new`; a plugin that fails refuses."""
    if run.state not in ORDER or new not in ORDER:
        return []
    passed = ORDER[ORDER.index(run.state) + 1 : ORDER.index(new) + 1]
    if not passed:
        return []
    found = checklist(run, roles_filled([run.id])[run.id])
    refusals = [
        Refusal(code=f"needs.{need.key}", message=_missing(need))
        for need in found.needs
        if not need.met and (need.state in passed or need.state not in ORDER)
    ]
    if found.unseen:
        refusals.append(Refusal(code="needs_unknown", message=CANNOT_BE_SEEN))
    return refusals


def _place(need: RunNeed) -> int:
    return ORDER.index(need.state) if need.state in ORDER else 0


def _missing(need: RunNeed) -> LocalisedText:
    return LocalisedText(
        da=f"Mangler: {need.title.in_language('da')}. {need.who.in_language('da')}",
        sv=f"Saknas: {need.title.in_language('sv')}. {need.who.in_language('sv')}",
        en=f"Missing: {need.title.in_language('en')}. {need.who.in_language('en')}",
    )
