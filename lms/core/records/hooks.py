"""What the records room contributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from lms.contracts import Actor, DataPolicy, Panel, RunFacts
from lms.core.records.panels import way_to_thread
from lms.core.records.queries import keys_with_links
from lms.hookspecs import hookimpl

COURSE: Final = "course"
"""The kind under which the catalogue keeps its runs on the thread."""


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


@hookimpl
def lms_run_panels(runs: Sequence[RunFacts], actor: Actor) -> Mapping[int, Sequence[Panel]]:
    """Where a course hangs on a thread, the way there; and for those who may put it on one."""
    linked = keys_with_links(COURSE, [run.key for run in runs])
    return {
        run.id: (way_to_thread(COURSE, run.key),)
        for run in runs
        if run.key in linked or actor.may_in_any("catalogue.manage", run.host_ids)
    }
