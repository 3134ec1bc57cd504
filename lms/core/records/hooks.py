"""What the records room contributes."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import DataPolicy
from lms.hookspecs import hookimpl


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """The thread names records, and who linked them."""
    return (
        DataPolicy(
            table="records_link",
            purpose="which record led to which, so that a result can be traced to its need",
            person_columns=("created_by_id",),
            erase="blank",
        ),
    )
