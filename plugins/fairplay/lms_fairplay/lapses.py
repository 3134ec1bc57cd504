"""What the clock brings: declarations that end in the middle of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from lms.api import Finish, JobContext, JobType, runs_by_id
from lms_fairplay.days import today
from lms_fairplay.letters import tell_of_lapsing
from lms_fairplay.queries.lapsing import lapsing

LAPSES = "fairplay.lapses"
EVERY = timedelta(hours=6)
GOING = frozenset({"announced", "open", "closed", "running", "interrupted"})
"""States of runs in which a company may still have something to do."""


def lapses_job(context: JobContext) -> Finish:
    """The job, four times a day; one transaction. Each letter goes once."""

    def finish() -> None:
        context.log(f"{tell_of_lapses()} letters about declarations that end")

    return finish


def tell_of_lapses() -> int:
    """Letters about declarations that end within 30 days, and about those that have ended, of
    companies that are in a run that is going on. How many letters."""
    day = today()
    found = lapsing(day)
    runs = runs_by_id(sorted({run for one in found for run in one.authorities}))
    going = {id_ for id_, run in runs.items() if run.state in GOING}
    telling = []
    for one in found:
        authorities = {run: those for run, those in one.authorities.items() if run in going}
        if authorities:
            telling.append(replace(one, authorities=authorities))
    soon = [one for one in telling if one.last_day >= day]
    over = [one for one in telling if one.last_day < day]
    return tell_of_lapsing(soon, over=False) + tell_of_lapsing(over, over=True)


LAPSES_JOB = JobType(name=LAPSES, run=lapses_job, every=EVERY)
