"""The rules of idea development: its conditions of completion, and when a run may open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import (
    Condition,
    ConditionResult,
    EnrolmentFacts,
    LocalisedText,
    Refusal,
    RunFacts,
    RunStateChange,
    SettingField,
    runs_by_id,
)
from lms_challenges.course_type import (
    FEWEST,
    IDEAS,
    IDEAS_NEEDED,
    MOST,
    SCORED,
    SCORED_NEEDED,
)
from lms_challenges.course_type import KEY as IDEA_DEVELOPMENT
from lms_challenges.queries.scores import ideas_by_person, number_to_score, scored_by
from lms_challenges.queries.workroom import number_of_challenges, rooms_of

CONDITIONS = (
    Condition(
        key=IDEAS,
        title=LocalisedText(
            da="Skrevet idéer i arbejdsrummet",
            sv="Skrivit idéer i arbetsrummet",
            en="Written ideas in the workroom",
        ),
        fields=(
            SettingField(
                key="ideas",
                kind="number",
                label=LocalisedText(
                    da="Mindst så mange idéer", sv="Minst så många idéer", en="At least so many"
                ),
                default=IDEAS_NEEDED,
                minimum=1,
                maximum=50,
            ),
        ),
    ),
    Condition(
        key=SCORED,
        title=LocalisedText(
            da="Givet point til gruppens idéer",
            sv="Gett poäng till gruppens idéer",
            en="Given points to the group's ideas",
        ),
        fields=(
            SettingField(
                key="ideas",
                kind="number",
                label=LocalisedText(
                    da="Mindst så mange idéer, eller alle når der er færre",
                    sv="Minst så många idéer, eller alla om de är färre",
                    en="At least so many ideas, or all when there are fewer",
                ),
                default=SCORED_NEEDED,
                minimum=1,
                maximum=200,
            ),
        ),
    ),
)


def conditions(enrolments: Sequence[EnrolmentFacts]) -> Mapping[int, Sequence[ConditionResult]]:
    """How ideas and points stand, by enrolment id; six queries whatever their number. What can
    still be done is undecided and not "not met"."""
    run_ids = sorted({enrolment.run_id for enrolment in enrolments})
    runs = runs_by_id(run_ids, hosts=False)
    rooms = rooms_of(run_ids)
    written, scored, all_ideas = (
        ideas_by_person(run_ids),
        scored_by(run_ids),
        number_to_score(run_ids),
    )
    found: dict[int, Sequence[ConditionResult]] = {}
    for enrolment in enrolments:
        room, run = rooms[enrolment.run_id], runs[enrolment.run_id]
        who = (enrolment.run_id, enrolment.person_id)
        to_score = min(_needed(run, SCORED, SCORED_NEEDED), all_ideas.get(enrolment.run_id, 0))
        found[enrolment.id] = (
            _ideas(written.get(who, 0), _needed(run, IDEAS, IDEAS_NEEDED), still=room.writing),
            _scored(len(scored.get(who, ())), to_score, still=not room.shown),
        )
    return found


def _needed(run: RunFacts, condition: str, default: int) -> int:
    options = (run.rule.conditions if run.rule else {}).get(condition, {})
    return int(options.get("ideas", default))


def _ideas(number: int, needed: int, *, still: bool) -> ConditionResult:
    if number >= needed:
        return ConditionResult(
            name=IDEAS,
            met=True,
            reason=LocalisedText(
                da=f"Har skrevet {number} af mindst {needed} idéer.",
                sv=f"Har skrivit {number} av minst {needed} idéer.",
                en=f"Has written {number} of at least {needed} ideas.",
            ),
        )
    return ConditionResult(
        name=IDEAS,
        met=None if still else False,
        reason=LocalisedText(
            da=f"Har skrevet {number} af {needed} idéer.",
            sv=f"Har skrivit {number} av {needed} idéer.",
            en=f"Has written {number} of {needed} ideas.",
        ),
    )


def _scored(number: int, needed: int, *, still: bool) -> ConditionResult:
    if needed == 0:
        return ConditionResult(
            name=SCORED,
            met=None,
            reason=LocalisedText(
                da="Gruppen er ikke nået til at give point endnu.",
                sv="Gruppen har inte kommit till poängen än.",
                en="The group has not come to giving points yet.",
            ),
        )
    if number >= needed:
        text = LocalisedText(
            da=f"Har givet point til {number} idéer. Der skulle mindst {needed} til.",
            sv=f"Har gett poäng till {number} idéer. Det krävdes minst {needed}.",
            en=f"Has given points to {number} ideas. At least {needed} were needed.",
        )
        return ConditionResult(name=SCORED, met=True, reason=text)
    text = LocalisedText(
        da=f"Har givet point til {number} af {needed} idéer.",
        sv=f"Har gett poäng till {number} av {needed} idéer.",
        en=f"Has given points to {number} of {needed} ideas.",
    )
    return ConditionResult(name=SCORED, met=None if still else False, reason=text)


# --- opening a run --------------------------------------------------------------------------------


def refusals(changes: Sequence[RunStateChange]) -> list[Refusal]:
    """What is missing before runs of idea development may open. One query."""
    opening = [
        (index, change.run)
        for index, change in enumerate(changes)
        if change.new == "open" and change.run.course_type == IDEA_DEVELOPMENT
    ]
    if not opening:
        return []
    known = number_of_challenges([run.id for _index, run in opening])
    found = []
    for index, run in opening:
        if not known.get(run.id):
            found.append(Refusal(code="challenges.none", message=_NO_CHALLENGE, index=index))
        if not FEWEST <= run.capacity <= MOST:
            found.append(Refusal(code="challenges.seats", message=_seats(run), index=index))
    return found


_NO_CHALLENGE = LocalisedText(
    da="Holdet arbejder ikke med nogen udfordring endnu. Vælg mindst én under »Forbered« i holdets "
    "arbejdsrum.",
    sv="Omgången arbetar inte med någon utmaning än. Välj minst en under ”Förbered” i omgångens "
    "arbetsrum.",
    en="The run works on no challenge yet. Choose at least one under “Prepare” in the workroom of "
    "the run.",
)


def _seats(run: RunFacts) -> LocalisedText:
    return LocalisedText(
        da=f"Holdet har {run.capacity} pladser. Idéudvikling er for {FEWEST} til {MOST}, så alle "
        "bliver hørt.",
        sv=f"Omgången har {run.capacity} platser. Idéutveckling är för {FEWEST} till {MOST}, så "
        "att alla blir hörda.",
        en=f"The run has {run.capacity} seats. Idea development is for {FEWEST} to {MOST}, so that "
        "everybody is heard.",
    )
