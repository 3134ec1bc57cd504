"""Sockets that the enrolment room fills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from lms.contracts import (
    SYSTEM,
    DataPolicy,
    Finish,
    JobContext,
    JobType,
    RunStateChange,
)
from lms.core.enrolment import services
from lms.hookspecs import hookimpl


@hookimpl
def lms_after_run_states(changes: Sequence[RunStateChange]) -> None:
    for change in changes:
        if change.new == "closed":
            services.answer_requests(change.run, SYSTEM)
        elif change.new == "running" and change.old != "interrupted":
            services.start_run(change.run, SYSTEM)
        elif change.new == "cancelled":
            services.cancel_run(change.run, SYSTEM)


def _lapse(context: JobContext) -> Finish:
    def finish() -> None:
        context.log(f"{services.lapse_overdue(SYSTEM)} lapsed")

    return finish


@hookimpl
def lms_jobs() -> Sequence[JobType]:
    return (JobType(name="enrolment.lapse_overdue", run=_lapse, every=timedelta(minutes=15)),)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    return (
        DataPolicy(
            table="enrolment_enrolment",
            purpose="who has a seat, and how it came about",
            person_columns=("person_id", "manager_id"),
            erase="anonymise",
            retention_months=60,
        ),
        DataPolicy(
            table="enrolment_transition",
            purpose="the steps of an enrolment, with reasons",
            person_columns=("by_id",),
            erase="blank",
            retention_months=60,
        ),
    )
