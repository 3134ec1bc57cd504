"""Reminding those who lead panels, by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lms.api import Finish, JobContext, JobType
from lms_courses.panel_letters import remind_leads

REMIND = "courses.remind_panels"


def remind_job(context: JobContext) -> Finish:
    """The job, once an hour; one transaction."""

    def finish() -> None:
        context.log(f"{remind_leads()} letters about feedback that is due")

    return finish


JOBS: Sequence[JobType] = (JobType(name=REMIND, run=remind_job, every=timedelta(hours=1)),)
