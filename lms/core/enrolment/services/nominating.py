"""Nominating several people for one run: all that can be are, and each outcome is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lms.contracts import Actor, Refusal
from lms.core.catalogue.services import hold_run
from lms.core.enrolment.queries import approvals_of, newest_of, terms_of
from lms.core.enrolment.services.asking import Entry, Wish, ask_for_seat, ask_together
from lms.core.enrolment.services.reasons import NO_WAY_IN, core_refusals
from lms.core.refused import Refused


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a nomination came to. `state` is that of the enrolment, or "refused" with `reasons`;
    `place` is the place on the waiting list (None before lots are drawn), `asked` are names of
    those whose yes is still missing (empty for whoever leads the run), `answers_first` that they
    are asked the run's questions before anything else happens."""

    person_id: int
    state: str
    place: int | None = None
    asked: tuple[str, ...] = ()
    answers_first: bool = False
    reasons: tuple[Refusal, ...] = ()


def nominate(
    run_id: int,
    wishes: Sequence[Wish],
    actor: Actor,
    *,
    refused: Mapping[int, Sequence[Refusal]],
    ranks: Mapping[int, int],
    together: bool = False,
    answers_first: bool = False,
) -> Sequence[Outcome]:
    """Ask for seats for these people, in their order; what each came to.

    `refused` are reasons of plugins, `ranks` those of a waiting rule, both by person and asked
    before any lock. Two who go `together` both get in or neither. With `answers_first` each is
    asked the run's questions, and their request rests until then. Raises `Refused` when the run
    takes no nominations.
    """
    run, terms = hold_run(run_id), terms_of([run_id])[run_id]
    if "nomination" not in terms.ways:
        raise Refused(next(NO_WAY_IN[way] for way in (*terms.ways, "link") if way in NO_WAY_IN))
    reasons = {
        wish.person_id: (
            *core_refusals(run, wish.person_id, "nomination"),
            *refused.get(wish.person_id, ()),
        )
        for wish in wishes
    }
    good = [wish for wish in wishes if not reasons[wish.person_id]]
    if together and len(wishes) == 2:
        if len(good) == 2:
            entry = Entry(
                source="nomination",
                rank=min(ranks[wish.person_id] for wish in good),
                answers_first=answers_first,
            )
            ask_together(good, run_id, actor, entry=entry)
        good_ids = {wish.person_id for wish in good} if len(good) == 2 else set()
    else:
        for wish in good:
            entry = Entry(
                source="nomination", rank=ranks[wish.person_id], answers_first=answers_first
            )
            ask_for_seat(wish.person_id, run_id, actor, goal=wish.goal, entry=entry)
        good_ids = {wish.person_id for wish in good}
    found = _outcomes(run_id, [wish.person_id for wish in wishes], good_ids, reasons)
    if terms.waits_for_draw:
        return [replace(outcome, place=None) for outcome in found]
    return found


def _outcomes(
    run_id: int,
    person_ids: Sequence[int],
    nominated: set[int],
    reasons: Mapping[int, tuple[Refusal, ...]],
) -> Sequence[Outcome]:
    rows = newest_of([one for one in person_ids if one in nominated], [run_id])
    approvals = approvals_of([row.enrolment.id for row in rows.values()])
    found = []
    for person_id in person_ids:
        row = rows.get((person_id, run_id))
        if row is None:
            refused = Outcome(person_id=person_id, state="refused", reasons=reasons[person_id])
            found.append(refused)
            continue
        missing = approvals.get(row.enrolment.id, ())
        found.append(
            Outcome(
                person_id=person_id,
                state=row.enrolment.state,
                place=row.place,
                asked=tuple(one.approver or "" for one in missing if one.state == "open"),
                answers_first=row.enrolment.state == "requested" and row.answer_due is not None,
            )
        )
    return found
