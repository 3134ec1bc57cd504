"""From a manager's ticks to nominations: what plugins say first, then one unit of work.

Trying it first does the same thing in the same way and takes it back, so that what was said holds
as long as nobody else acts in between.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lms.contracts import Actor, EnrolmentRequest, Refusal, RunFacts
from lms.core.enrolment.asking import questions
from lms.core.enrolment.queries import terms_of
from lms.core.enrolment.queries.people import employments_of
from lms.core.enrolment.services import Outcome, Wish, nominate, ranks_of
from lms.host import current_host
from lms.work import unit_of_work


class _TakenBack(Exception):
    """It was tried only."""


def nominate_all(
    run: RunFacts, wishes: Sequence[Wish], actor: Actor, *, together: bool, only_try: bool
) -> Sequence[Outcome]:
    """Nominate these people for a run, or see what it would come to. Where the run or a plugin has
    a question that must be answered, each answers it themselves. Raises `Refused`."""
    jobs = employments_of([wish.person_id for wish in wishes])
    requests = [
        EnrolmentRequest(
            person_id=wish.person_id,
            run=run,
            employer_id=jobs[wish.person_id].organisation_id,
            goal=wish.goal,
            source="nomination",
            nominated_by_id=actor.person_id,
        )
        for wish in wishes
    ]
    refused: dict[int, list[Refusal]] = defaultdict(list)
    for reason in current_host().check("lms_check_enrolments", requests=tuple(requests)):
        refused[wishes[reason.index].person_id].append(reason)
    terms = terms_of([run.id])[run.id]
    answers_first = any(asked.question.required for asked in questions(run, terms))
    ranks = {
        request.person_id: rank
        for request, rank in zip(requests, ranks_of(terms, requests), strict=True)
    }
    outcomes: Sequence[Outcome] = ()
    try:
        with unit_of_work(harmless=only_try):
            outcomes = nominate(
                run.id,
                wishes,
                actor,
                refused=refused,
                ranks=ranks,
                together=together,
                answers_first=answers_first,
            )
            if only_try:
                raise _TakenBack
    except _TakenBack:
        return outcomes
    return outcomes
