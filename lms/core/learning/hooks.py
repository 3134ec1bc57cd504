"""Sockets that the learning room fills."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import DataPolicy
from lms.hookspecs import hookimpl


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    return (
        DataPolicy(
            table="learning_attendance",
            purpose="minutes attended, for completion and certificates",
            person_columns=("set_by_id",),
            erase="anonymise",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_declaration",
            purpose="the teacher's word on the work",
            person_columns=("by_id",),
            erase="blank",
            retention_months=60,
        ),
        DataPolicy(
            table="learning_completion",
            purpose="the outcome and its reasons, for certificates",
            person_columns=("decided_by_id",),
            erase="keep",
        ),
    )
