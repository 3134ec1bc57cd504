"""What a staff track asks for beyond being there: an idea sheet, a try-out, a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from lms.api import (
    Condition,
    ConditionResult,
    EnrolmentFacts,
    LocalisedText,
    RunFacts,
    now,
    runs_by_id,
)
from lms_courses.queries.born import Stood, stood
from lms_courses.queries.staff import AT_WORK
from lms_courses.staff_states import OUTCOME
from lms_courses.types import STAFF

IDEA_SHEET = "courses.idea_sheet"
TRYOUT = "courses.tryout"
DECISION = "courses.decision"
TIME_AFTER = timedelta(weeks=4)
"""So long after the last day the try-out and the decision are still on their way."""
OVER = frozenset({"completed", "evaluated", "archived", "cancelled"})

CONDITIONS = (
    Condition(
        key=IDEA_SHEET,
        title=LocalisedText(
            da="Skrevet et idéark", sv="Skrivit ett idéblad", en="Written an idea sheet"
        ),
    ),
    Condition(
        key=TRYOUT,
        title=LocalisedText(
            da="Prøvet noget småt på arbejdet",
            sv="Prövat något litet på jobbet",
            en="Tried something small at work",
        ),
    ),
    Condition(
        key=DECISION,
        title=LocalisedText(da="Fået en beslutning", sv="Fått ett beslut", en="Got a decision"),
    ),
)


def conditions(enrolments: Sequence[EnrolmentFacts]) -> Mapping[int, Sequence[ConditionResult]]:
    """How the three stand for participants of staff tracks, by enrolment id, in three queries at
    most. What can still be done is undecided and not "not met"."""
    own = [enrolment for enrolment in enrolments if enrolment.course_type == STAFF]
    if not own:
        return {}
    found = stood([enrolment.id for enrolment in own])
    runs = runs_by_id(sorted({enrolment.run_id for enrolment in own}), hosts=False)
    return {
        enrolment.id: results(
            found[enrolment.id], still=_has_time(enrolment, runs[enrolment.run_id])
        )
        for enrolment in own
    }


def _has_time(enrolment: EnrolmentFacts, run: RunFacts) -> bool:
    """Can it still be done?"""
    if enrolment.state not in AT_WORK or run.state in OVER:
        return False
    return run.ends_at is None or now() < run.ends_at + TIME_AFTER


def results(one: Stood, *, still: bool) -> Sequence[ConditionResult]:
    """The three conditions for one participant."""
    open_ = None if still else False
    return (
        ConditionResult(
            name=IDEA_SHEET, met=True if one.idea else open_, reason=_IDEA[bool(one.idea)]
        ),
        ConditionResult(
            name=TRYOUT,
            met=True if one.tryout_state == "confirmed" else open_,
            reason=tryout_in_words(one),
        ),
        ConditionResult(
            name=DECISION,
            met=True if one.signed_at is not None else open_,
            reason=_decision(one),
        ),
    )


def tryout_in_words(one: Stood) -> LocalisedText:
    """How far the try-out of one participant has come."""
    return _TRYOUT.get(one.tryout_state, _NOT_TRIED)


_IDEA = {
    True: LocalisedText(
        da="Har skrevet et idéark.", sv="Har skrivit ett idéblad.", en="Has written an idea sheet."
    ),
    False: LocalisedText(
        da="Idéarket er ikke skrevet og set endnu.",
        sv="Idébladet är inte skrivet och sett än.",
        en="The idea sheet is not written and seen yet.",
    ),
}
_NOT_TRIED = LocalisedText(
    da="Har ikke planlagt en afprøvning endnu.",
    sv="Har inte planerat något prov än.",
    en="Has not planned a try-out yet.",
)
_TRYOUT = {
    "planned": LocalisedText(
        da="Har planlagt en afprøvning. Lederen er ikke spurgt endnu.",
        sv="Har planerat ett prov. Chefen är inte tillfrågad än.",
        en="Has planned a try-out. The manager is not asked yet.",
    ),
    "asked": LocalisedText(
        da="Afprøvningen venter på lederens ja.",
        sv="Provet väntar på chefens ja.",
        en="The try-out waits for the manager's yes.",
    ),
    "allowed": LocalisedText(
        da="Lederen har sagt ja. Noten om før og efter mangler.",
        sv="Chefen har sagt ja. Anteckningen om före och efter saknas.",
        en="The manager said yes. The note on before and after is missing.",
    ),
    "refused": LocalisedText(
        da="Lederen har sagt nej til afprøvningen.",
        sv="Chefen har sagt nej till provet.",
        en="The manager said no to the try-out.",
    ),
    "tried": LocalisedText(
        da="Noten venter på den andens ja.",
        sv="Anteckningen väntar på den andras ja.",
        en="The note waits for the other's yes.",
    ),
    "confirmed": LocalisedText(
        da="Har prøvet noget småt på arbejdet.",
        sv="Har prövat något litet på jobbet.",
        en="Has tried something small at work.",
    ),
}


def _decision(one: Stood) -> LocalisedText:
    if not one.decision:
        return LocalisedText(
            da="Der er ikke truffet en beslutning endnu.",
            sv="Det har inte fattats något beslut än.",
            en="No decision is made yet.",
        )
    if one.signed_at is None:
        return LocalisedText(
            da="Beslutningen venter på lederens underskrift.",
            sv="Beslutet väntar på chefens underskrift.",
            en="The decision waits for the manager's signature.",
        )
    word = OUTCOME[one.outcome]
    return LocalisedText(
        da=f"Beslutning: {word.da}.", sv=f"Beslut: {word.sv}.", en=f"Decision: {word.en}."
    )
