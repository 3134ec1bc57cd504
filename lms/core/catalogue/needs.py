"""What must be there before a run goes to a state, from everybody who asks for something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.contracts import LocalisedText, Refusal, RunFacts, RunNeed
from lms.host import current_host

ORDER = ("planned", "announced", "open", "closed", "running", "completed")
"""The states on the way of a run; one that skips some needs what they need."""

CANNOT_BE_SEEN = LocalisedText(
    da="Vi kan ikke se lige nu, om alt er på plads. Prøv igen om lidt.",
    sv="Vi kan inte se just nu om allt är på plats. Försök igen om en stund.",
    en="We cannot see right now whether everything is in place. Try again in a while.",
)


def needs_of(runs: Sequence[RunFacts]) -> Mapping[int, Sequence[RunNeed]]:
    """The needs of these runs, by run id, in the order of states; those of a plugin that fails
    are left out."""
    found: dict[int, list[RunNeed]] = {run.id: [] for run in runs}
    for answer in current_host().gather("lms_run_needs", runs=tuple(runs)):
        for run_id, needs in answer.value.items():
            found.setdefault(run_id, []).extend(needs)
    return {
        run_id: sorted(needs, key=lambda need: ORDER.index(need.state))
        for run_id, needs in found.items()
    }


def need_refusals(run: RunFacts, new: str) -> list[Refusal]:
    """What is missing before the run may go on to `new`; a plugin that fails refuses."""
    if run.state not in ORDER or new not in ORDER:
        return []
    passed = ORDER[ORDER.index(run.state) + 1 : ORDER.index(new) + 1]
    refusals = []
    for answer in current_host().draw("lms_run_needs", runs=(run,)):
        if answer.value is None:
            refusals.append(Refusal(code="needs_unknown", message=CANNOT_BE_SEEN))
            continue
        refusals += [
            Refusal(code=f"needs.{need.key}", message=_missing(need))
            for need in answer.value.get(run.id, ())
            if need.state in passed and not need.met
        ]
    return refusals


def _missing(need: RunNeed) -> LocalisedText:
    return LocalisedText(
        da=f"Mangler: {need.title.in_language('da')}. {need.who.in_language('da')}",
        sv=f"Saknas: {need.title.in_language('sv')}. {need.who.in_language('sv')}",
        en=f"Missing: {need.title.in_language('en')}. {need.who.in_language('en')}",
    )
