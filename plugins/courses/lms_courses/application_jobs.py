"""Forgetting, by itself, whom companies named that did not come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lms.api import Finish, JobContext, JobType
from lms_courses.services.forgetting import forget_people

FORGET = "courses.forget_applications"


def forget_job(context: JobContext) -> Finish:
    """The job, once a day; one transaction."""

    def finish() -> None:
        context.log(f"{forget_people()} applications without names now")

    return finish


JOBS: Sequence[JobType] = (JobType(name=FORGET, run=forget_job, every=timedelta(days=1)),)
