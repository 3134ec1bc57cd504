"""The first pages of a PDF as pictures, drawn in a process of its own, so that a reader need not
open a stranger's document to see what it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lms.contracts import SYSTEM, DocumentFacts, Finish, JobContext
from lms.files import apart, blobs
from lms.files.queries import document_by_id, documents_about
from lms.files.services import store

PREVIEW = "document"
"""The subject of a page's picture is the document it is a page of."""
PAGES = 3
SIDE = 1200
"""Pixels of the longer side."""
_NUMBERED = re.compile(r"page-(\d+)-of-(\d+)\.png")


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What can be shown of a document: the pages it has in all, and pictures of the first ones."""

    pages: int = 0
    pictures: Sequence[DocumentFacts] = field(default=())


def draw(context: JobContext) -> Finish | None:
    """The job `files.preview`. A document that cannot be drawn stays without pictures."""
    document = document_by_id(int(context.args["document"]))
    if document is None or previews_of([document.id]).get(document.id):
        return None
    try:
        drawn = apart.look("pdf", blobs.read(document.sha256), {"pages": PAGES, "side": SIDE})
    except (apart.TooHeavy, apart.Unreadable) as error:
        context.log(f"no pages drawn: {type(error).__name__}")
        return None

    def keep() -> None:
        for number, (facts, picture) in enumerate(drawn, start=1):
            store(
                picture,
                media_type="image/png",
                file_name=f"page-{number}-of-{facts['pages']}.png",
                title=document.title,
                language=document.language,
                subject=(PREVIEW, document.id),
                actor=SYSTEM,
            )

    return keep


def previews_of(document_ids: Sequence[int]) -> Mapping[int, Preview]:
    """What was drawn of these documents, by id; those without pictures are left out."""
    found: dict[int, list[DocumentFacts]] = {}
    pages: dict[int, int] = {}
    for picture in documents_about(PREVIEW, document_ids):
        numbered = _NUMBERED.fullmatch(picture.file_name)
        if numbered is not None:
            found.setdefault(picture.subject_id, []).append(picture)
            pages[picture.subject_id] = int(numbered[2])
    return {
        document_id: Preview(pages=pages[document_id], pictures=tuple(pictures))
        for document_id, pictures in found.items()
    }
