"""What stands between a wish for a seat and the request: plugins' questions and refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.contracts import Actor, EnrolmentRequest, Refusal, RunFacts
from lms.core.enrolment.forms import Asked
from lms.core.enrolment.queries import Employment
from lms.core.enrolment.services import ask_for_seat, refusals
from lms.core.refused import Refused
from lms.host import current_host
from lms.work import unit_of_work


def manager_decides(run: RunFacts) -> bool:
    """Does this kind of course want a manager's yes?"""
    owned = current_host().course_types().get(run.course_type)
    return owned is None or owned.item.manager_decides


def questions(run: RunFacts) -> list[Asked]:
    """What all active plugins ask of somebody who wants a seat in this run."""
    return [
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
        with unit_of_work():
            ask_for_seat(actor.person_id, run.id, actor, goal=goal, answers=answers)
    except Refused as refused:
        return refused.refusals
    return ()
