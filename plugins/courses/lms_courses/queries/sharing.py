"""Who reads what was shared with the companies of a run."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import Actor, DocumentFacts, documents_about, runs_by_id
from lms_courses.queries.tracks import tracks_of

SHARED = "courses_share"
"""The kind of subject of documents that were shared in a run; its id is the run's."""


def shared_in(run_id: int) -> Sequence[DocumentFacts]:
    """What was shared with all companies of a run, oldest first."""
    return documents_about(SHARED, [run_id])


def readable_shared(documents: Sequence[DocumentFacts], actor: Actor) -> Sequence[str]:
    """Keys of those of these documents that were shared in runs where the actor's company has a
    place, or which the actor teaches or leads. Two queries, none without such documents."""
    shared = [one for one in documents if one.subject_kind == SHARED]
    if not shared or not actor.signed_in:
        return ()
    tracks = tracks_of(list(runs_by_id([one.subject_id for one in shared]).values()), actor)
    may = {id_ for id_, one in tracks.items() if one.reads or one.application_id is not None}
    return [one.key for one in shared if one.subject_id in may]
