"""What the desk is reminded of, and what wakes up by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from lms.api import (
    Finish,
    JobContext,
    JobType,
    now,
    people_who_may,
)
from lms_challenges.letters import remind
from lms_challenges.queries.desk import DeskFacts, waiting_for_a_first_answer
from lms_challenges.queries.seeing import TRIAGE
from lms_challenges.services.desk import note_reminded, wake_up
from lms_challenges.services.maturing import wake_challenges

REMIND, WAKE = "challenges.remind", "challenges.wake"
EVERY = timedelta(hours=1)
SOON_DAYS = 2
"""Working days before an answer is due that the desk hears of it."""
LONGEST_WAY = timedelta(days=14)
"""Two working days are never further away than this, whatever holidays lie in between."""
AGAIN_AFTER = timedelta(days=7)


def remind_job(context: JobContext) -> Finish:
    """The job, once an hour; one transaction."""

    def finish() -> None:
        context.log(f"{remind_desks()} letters to the desk")

    return finish


def wake_job(context: JobContext) -> Finish:
    """The job, once an hour; one transaction."""

    def finish() -> None:
        context.log(f"{wake_up()} problems and {wake_challenges()} challenges woken up")

    return finish


JOBS: Sequence[JobType] = (
    JobType(name=REMIND, run=remind_job, every=EVERY),
    JobType(name=WAKE, run=wake_job, every=EVERY),
)


def remind_desks() -> int:
    """Letters to those who answer problems: one about what is due within two working days, one
    about what is late, each problem told once before and then once a week. How many letters."""
    moment = now()
    waiting = waiting_for_a_first_answer(moment + LONGEST_WAY)
    soon = [one for one in waiting if _is_soon(one, moment)]
    late = [one for one in waiting if _is_late(one, moment)]
    letters = 0
    for problems, is_late in ((soon, False), (late, True)):
        if not problems:
            continue
        for person_id, theirs in _by_person(problems).items():
            first = theirs[0].problem.id
            effect = f"{REMIND}:{int(moment.timestamp())}:{is_late}:{first}:{person_id}"
            letters += remind(person_id, theirs, late=is_late, effect=effect)
        note_reminded([one.problem.id for one in problems])
    return letters


def _is_soon(one: DeskFacts, moment: datetime) -> bool:
    if one.problem.reminded_at is not None or moment > one.problem.answer_due:
        return False
    return one.days_left(moment) <= SOON_DAYS


def _is_late(one: DeskFacts, moment: datetime) -> bool:
    due, last = one.problem.answer_due, one.problem.reminded_at
    return moment > due and (last is None or last <= due or last <= moment - AGAIN_AFTER)


def _by_person(problems: Sequence[DeskFacts]) -> dict[int, list[DeskFacts]]:
    """The problems by who is to hear of them: those at the organisation's own desk, and where it
    has none, those who answer for the whole site."""
    may = people_who_may(TRIAGE)
    found: dict[int, list[DeskFacts]] = defaultdict(list)
    for one in problems:
        for person_id in may.get(one.problem.organisation_id) or may.get(None, ()):
            found[person_id].append(one)
    return found
