"""Sockets that the web layer fills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lms.contracts import DataPolicy, Finish, JobContext, JobType
from lms.hookspecs import hookimpl
from lms.web.limits import forget_old_counts
from lms.web.once import forget_old_keys


def _forget_counts(_context: JobContext) -> Finish:
    return forget_old_counts


def _forget_keys(_context: JobContext) -> Finish:
    return forget_old_keys


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    hourly = timedelta(hours=1)
    return (
        JobType(name="web.forget_old_counts", run=_forget_counts, every=hourly),
        JobType(name="web.forget_old_keys", run=_forget_keys, every=hourly),
    )


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    return (
        DataPolicy(
            table="web_once_key",
            purpose="The answer to a request, kept a day (API: seven) in case it is sent again.",
            export=False,
            retention_months=1,
        ),
    )
