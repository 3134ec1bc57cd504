"""Gathering problems that are the same one, and taking them apart again.

Voices, words and senders stay with their own problem: a merge only says what it was gathered
into, so nothing can be lost and everything can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from lms.api import Actor, Conflict, LocalisedText, db, now, record, refused
from lms_challenges.models import Problem, Step
from lms_challenges.queries.merging import CLOSED_TO_OTHERS
from lms_challenges.queries.seeing import may_triage, readable
from lms_challenges.services.heat import count_anew, count_nothing
from lms_challenges.states import PROBLEM_MOVES

GATHERED = "clustered"
_TAKEN_BACK = LocalisedText(
    da="Det andet problem er trukket tilbage af den, der fortalte om det. Dit står ved magt.",
    sv="Det andra problemet har återtagits av den som berättade om det. Ditt står kvar.",
    en="Whoever told of the other problem has taken it back. Yours stands.",
)


def merge(problem_id: int, into_id: int, actor: Actor, reason: str) -> None:
    """Gather a problem (with all that is gathered under it) with another one.

    `reason` is what its sender reads. The journal tells it as `challenges.merged` with
    `problem_id`, `into_id`, `root_id` (of what it is part of now), `problem_ids` (all whose
    senders this concerns) and `step_id` (which holds the reason). Raises `Refused`, and `Conflict`
    when others changed it meanwhile.
    """
    problem, into = _both(problem_id, into_id)
    _check_merge(problem, into, actor, reason)
    root_id = into.root_id or into.id
    under = _subtree(problem.id)
    moment = now()
    problem.state_before, problem.state = problem.state, GATHERED
    problem.merged_into_id = into.id
    problem.reason = reason.strip()
    problem.answered_at = problem.answered_at or moment
    for row in under:
        row.root_id = root_id
        row.revision += 1
    into.revision += 1
    step = _step(problem, "merge", problem.state_before, reason, actor, {"into": into.id})
    _step(into, "merge", into.state, "", actor, {"from": problem.id})
    db.session.flush()
    count_nothing(row.id for row in under)
    count_anew([root_id])
    concerned = [*(row.id for row in under), into.id, root_id]
    _tell("challenges.merged", step, into.id, root_id, concerned, actor)


def unmerge(problem_id: int, actor: Actor, reason: str) -> None:
    """Take a problem, with what is gathered under it, out of what it was gathered with.

    It gets back the state it had. The journal tells it as `challenges.unmerged` with the data
    of a merge; it concerns the senders of what was taken out. Raises `Refused`, and `Conflict`
    when others changed it meanwhile.
    """
    problem = _locked([problem_id])[problem_id]
    into_id = _gathered_into(problem, actor, reason)
    _take_out(problem, into_id, actor, reason)


def let_go(problem_id: int, actor: Actor) -> None:
    """What is gathered under a problem that its sender takes back stands by itself again: somebody
    else's need does not go with it. Journals `challenges.unmerged` for each."""
    for row in db.session.scalars(
        select(Problem).where(Problem.merged_into_id == problem_id).order_by(Problem.id)
    ).all():
        reason = _TAKEN_BACK.in_language(row.language)
        _take_out(_locked([row.id])[row.id], problem_id, actor, reason)


def _take_out(problem: Problem, into_id: int, actor: Actor, reason: str) -> None:
    old_root = problem.root_id or into_id
    under = _subtree(problem.id)
    problem.state, problem.state_before = problem.state_before or "received", ""
    problem.merged_into_id = None
    problem.reason = ""
    for row in under:
        row.root_id = problem.id
        row.revision += 1
    into = db.session.get_one(Problem, into_id)
    into.revision += 1
    step = _step(problem, "unmerge", GATHERED, reason, actor, {"from": into_id})
    _step(into, "unmerge", into.state, "", actor, {"without": problem.id})
    db.session.flush()
    count_anew([problem.id, old_root])
    concerned = [row.id for row in under]
    _tell("challenges.unmerged", step, into_id, old_root, concerned, actor)


def _both(problem_id: int, into_id: int) -> tuple[Problem, Problem]:
    rows = _locked([problem_id, into_id])
    return rows[problem_id], rows[into_id]


def _locked(problem_ids: Sequence[int]) -> dict[int, Problem]:
    """These problems and all others under the same roots, held until the end of the unit of work.

    Two people who gather A into B and B into A at once would make a ring: each holds all it may
    change, in one order, and begins anew when the roots moved before it had them.
    """
    roots = _roots(problem_ids)
    rows = db.session.scalars(
        select(Problem)
        .where(or_(Problem.root_id.in_(roots), Problem.id.in_([*roots, *problem_ids])))
        .order_by(Problem.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if _roots(problem_ids) != roots:
        raise Conflict("the problems were gathered otherwise meanwhile")
    return {row.id: row for row in rows}


def _roots(problem_ids: Sequence[int]) -> set[int]:
    rows = db.session.execute(
        select(Problem.id, Problem.root_id).where(Problem.id.in_(problem_ids))
    )
    return {root_id or own_id for own_id, root_id in rows}


def _subtree(problem_id: int) -> list[Problem]:
    """A problem and all that is gathered under it; each stands under exactly one other."""
    found = [db.session.get_one(Problem, problem_id)]
    latest = [problem_id]
    while latest:
        below = db.session.scalars(
            select(Problem).where(Problem.merged_into_id.in_(latest)).order_by(Problem.id)
        ).all()
        found += below
        latest = [row.id for row in below]
    return found


def _check_merge(problem: Problem, into: Problem, actor: Actor, reason: str) -> None:
    _check_actor(problem, actor, reason)
    if problem.id == into.id:
        raise refused(
            "into.itself",
            da="Et problem kan ikke samles med sig selv. Vælg et andet.",
            sv="Ett problem kan inte samlas med sig självt. Välj ett annat.",
            en="A problem cannot be gathered with itself. Choose another.",
        )
    if (into.root_id or into.id) == problem.id:
        raise refused(
            "into.loop",
            da="Det problem er allerede samlet under dette. Skil dem ad først.",
            sv="Det problemet är redan samlat under detta. Sära på dem först.",
            en="That problem is already gathered under this one. Take them apart first.",
        )
    if problem.merged_into_id is not None:
        raise refused(
            "already",
            da="Problemet er allerede samlet med et andet. Skil dem ad først.",
            sv="Problemet är redan samlat med ett annat. Sära på dem först.",
            en="The problem is already gathered with another. Take them apart first.",
        )
    if GATHERED not in PROBLEM_MOVES[problem.state]:
        raise refused(
            "state",
            da="Kun et problem, der er modtaget og venter på svar, kan samles med et andet.",
            sv="Bara ett problem som är mottaget och väntar på svar kan samlas med ett annat.",
            en="Only a problem that was received and waits for an answer can be gathered.",
        )
    seen = db.session.scalar(select(Problem.id).where(Problem.id == into.id, readable(actor)))
    if seen is None or into.state in CLOSED_TO_OTHERS:
        raise refused(
            "into.closed",
            da="Det problem kan ikke tage andre til sig. Vælg et andet.",
            sv="Det problemet kan inte ta emot andra. Välj ett annat.",
            en="That problem cannot take others in. Choose another.",
        )


def _gathered_into(problem: Problem, actor: Actor, reason: str) -> int:
    _check_actor(problem, actor, reason)
    if problem.merged_into_id is None:
        raise refused(
            "apart",
            da="Problemet er ikke samlet med et andet.",
            sv="Problemet är inte samlat med något annat.",
            en="The problem is not gathered with another.",
        )
    return problem.merged_into_id


def _check_actor(problem: Problem, actor: Actor, reason: str) -> None:
    if not may_triage(actor, problem.organisation_id):
        raise refused(
            "not_yours",
            da="Kun de, der svarer på problemet, kan samle det med andre.",
            sv="Bara de som svarar på problemet kan samla det med andra.",
            en="Only those who answer the problem can gather it with others.",
        )
    if not reason.strip():
        raise refused(
            "reason.missing",
            da="Skriv hvorfor, så den, der skrev, kan forstå det.",
            sv="Skriv varför, så att den som skrev kan förstå det.",
            en="Say why, so that whoever wrote it can follow.",
        )


def _step(
    problem: Problem, kind: str, old: str, text: str, actor: Actor, data: dict[str, int]
) -> Step:
    step = Step(
        problem_id=problem.id,
        kind=kind,
        old=old,
        new=problem.state,
        text=text.strip(),
        data=data,
        at=now(),
        by_id=actor.person_id,
    )
    db.session.add(step)
    return step


def _tell(
    verb: str, step: Step, into_id: int, root_id: int, concerned: Sequence[int], actor: Actor
) -> None:
    record(
        verb,
        "challenges.problem",
        step.problem_id,
        actor=actor,
        data={
            "problem_id": step.problem_id,
            "into_id": into_id,
            "root_id": root_id,
            "problem_ids": list(dict.fromkeys(concerned)),
            "step_id": step.id,
        },
    )
