"""Who may fetch the file of an information pack: everybody once it is public, before that those
who follow the authority's procurement."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import Actor, DocumentFacts
from lms_fairplay.permissions import PROCURE
from lms_fairplay.queries.packs import files_of_packs
from lms_fairplay.queries.seeing import looks_after
from lms_fairplay.services.packs import SUBJECT


def readable_packs(documents: Sequence[DocumentFacts], actor: Actor) -> Sequence[str]:
    """Keys of those of these documents that are packs the actor may fetch."""
    files = [one.key for one in documents if one.subject_kind == SUBJECT]
    if not files:
        return ()
    return [
        key
        for key, (authority_id, state) in files_of_packs(files).items()
        if state == "public" or looks_after(actor, authority_id, PROCURE)
    ]
