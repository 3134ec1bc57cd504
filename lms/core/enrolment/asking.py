"""What stands between a wish for a seat and the request: plugins' questions and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms.contracts import Actor, EnrolmentRequest, Refusal, RunFacts
from lms.core.enrolment.forms import Asked
from lms.core.enrolment.queries import Employment, TermsFacts, terms_of
from lms.core.enrolment.services import Entry, ask_for_seat, ranks_of, refusals
from lms.core.refused import Refused
from lms.host import current_host
from lms.work import unit_of_work

RUN = "run"
"""Under which name the answers to the run's own questions are kept."""


def manager_decides(run: RunFacts) -> bool:
    """Does a seat in this run want a manager's yes?"""
    return "line_manager" in terms_of([run.id])[run.id].approvers


def questions(run: RunFacts, terms: TermsFacts | None = None) -> list[Asked]:
    """What the run itself and all active plugins ask of somebody who wants a seat in it."""
    terms = terms or terms_of([run.id])[run.id]
    return [Asked(plugin=RUN, question=question) for question in terms.questions] + [
        Asked(plugin=answer.plugin, question=question)
        for answer in current_host().gather("lms_enrolment_questions", runs=(run,))
        for question in answer.value.get(run.id, ())
    ]


def ask(
    actor: Actor,
    run: RunFacts,
    job: Employment,
    goal: str,
    answers: Mapping[str, str],
    entry: Entry | None = None,
) -> Sequence[Refusal]:
    """Ask for the actor's own seat: checks first, then one unit of work; the reasons against it."""
    if actor.person_id is None:
        raise ValueError("a guest cannot ask for a seat")
    request = EnrolmentRequest(
        person_id=actor.person_id,
        run=run,
        employer_id=job.organisation_id,
        goal=goal,
        answers=answers,
    )
    if reasons := refusals([request]):
        return reasons
    try:
        (rank,) = ranks_of(terms_of([run.id])[run.id], [request])
        entry = replace(entry or Entry(), rank=rank)
        with unit_of_work():
            ask_for_seat(actor.person_id, run.id, actor, goal=goal, answers=answers, entry=entry)
    except Refused as refused:
        return refused.refusals
    return ()
