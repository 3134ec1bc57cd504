"""Who reads what was shared with the companies of a run."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import Actor, DocumentFacts, documents_about, runs_by_id
from lms_courses.queries.calls import company_in_run
from lms_courses.queries.plans import works_with

SHARED = "courses_share"
"""The kind of subject of documents that were shared in a run; its id is the run's."""


def shared_in(run_id: int) -> Sequence[DocumentFacts]:
    """What was shared with all companies of a run, oldest first."""
    return documents_about(SHARED, [run_id])


def readable_shared(documents: Sequence[DocumentFacts], actor: Actor) -> Sequence[str]:
    """Keys of those of these documents that were shared in runs where the actor's company has a
    place, or which the actor teaches or leads."""
    shared = [one for one in documents if one.subject_kind == SHARED]
    if not shared or not actor.signed_in:
        return ()
    runs = runs_by_id([one.subject_id for one in shared])
    may = {
        run.id
        for run in runs.values()
        if company_in_run(run.id, sorted(actor.organisation_ids)) or works_with(actor, run)
    }
    return [one.key for one in shared if one.subject_id in may]
