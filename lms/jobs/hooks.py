"""Sockets that the jobs room fills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lms.contracts import DoctorFinding, Finish, JobContext, JobType
from lms.db import now
from lms.hookspecs import hookimpl
from lms.jobs.queries import queue_state, types_due
from lms.jobs.services import known_type, tidy

LATE = timedelta(minutes=5)


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    """The queue cleans up after itself once a day."""
    return [JobType(name="jobs.tidy", run=_run_tidy, every=timedelta(days=1))]


@hookimpl
def lms_doctor() -> Sequence[DoctorFinding]:
    """Is somebody working on the queue, and did anything fail for good?"""
    state, findings = queue_state(), []
    unknown = [name for name in types_due() if known_type(name) is None]
    if unknown:
        findings.append(
            DoctorFinding(
                ok=False,
                warning=True,
                name="jobs",
                sentence=f"Jobs wait for plugins that are not here: {', '.join(unknown)}.",
            )
        )
    elif state.waiting_since is not None and now() - state.waiting_since > LATE:
        findings.append(
            DoctorFinding(
                ok=False,
                name="jobs",
                sentence=f"Jobs have waited since {state.waiting_since:%Y-%m-%d %H:%M} UTC: "
                "no worker is running. Start one with lms serve or lms worker.",
            )
        )
    if state.failed:
        findings.append(
            DoctorFinding(
                ok=False,
                warning=True,
                name="jobs",
                sentence=f"{state.failed} jobs failed for good. See the jobs page.",
            )
        )
    return findings or [DoctorFinding(ok=True, name="jobs", sentence="The queue is worked on.")]


def _run_tidy(_context: JobContext) -> Finish:
    def finish() -> None:
        tidy()

    return finish
