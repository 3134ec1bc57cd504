"""Who may open the pictures of problems."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import Actor, DocumentFacts
from lms_challenges.queries.problems import PICTURES, readable_ids


def readable_pictures(documents: Sequence[DocumentFacts], actor: Actor) -> Sequence[str]:
    """Keys of those of these documents that show problems which the actor may read."""
    pictures = [one for one in documents if one.subject_kind == PICTURES]
    may = readable_ids([one.subject_id for one in pictures], actor)
    return [one.key for one in pictures if one.subject_id in may]
