"""Sockets that the web layer fills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lms.contracts import Finish, JobContext, JobType
from lms.hookspecs import hookimpl
from lms.web.limits import forget_old_counts


def _forget(_context: JobContext) -> Finish:
    return forget_old_counts


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    return (JobType(name="web.forget_old_counts", run=_forget, every=timedelta(hours=1)),)
