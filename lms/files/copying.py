"""Documents come to stand about another thing, instead or as well: the bytes are kept once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select, update

from lms.db import db, new_key, now
from lms.files.models import Document

KEPT = (
    "sha256",
    "size",
    "media_type",
    "file_name",
    "title",
    "language",
    "licence",
    "visibility",
    "alt_text",
    "created_by_id",
)


def move_documents(subject_kind: str, subject_ids: Sequence[int], to: tuple[str, int]) -> None:
    """The kept documents about these subjects are about `to` (kind, id) from now on."""
    db.session.execute(
        update(Document)
        .where(
            Document.subject_kind == subject_kind,
            Document.subject_id.in_(subject_ids),
            Document.state == "kept",
        )
        .values(subject_kind=to[0], subject_id=to[1])
        .execution_options(synchronize_session=False)
    )


def copy_documents(
    subject_kind: str, subject_ids: Sequence[int], to: tuple[str, int]
) -> Sequence[int]:
    """Documents about `to` (kind, id) with the bytes and words of the kept ones about these
    subjects, in the open unit of work; returns their ids in order."""
    columns = [getattr(Document, name) for name in KEPT]
    rows = db.session.execute(
        select(*columns)
        .where(
            Document.subject_kind == subject_kind,
            Document.subject_id.in_(subject_ids),
            Document.state == "kept",
        )
        .order_by(Document.id)
    ).all()
    if not rows:
        return ()
    moment = now()
    values = [
        {
            **row._mapping,
            "key": new_key(),
            "state": "kept",
            "subject_kind": to[0],
            "subject_id": to[1],
            "created_at": moment,
        }
        for row in rows
    ]
    return list(db.session.scalars(insert(Document).returning(Document.id), values))


def withdraw_document(document_id: int) -> None:
    """Take a document away: it is shown and read no more."""
    db.session.execute(
        update(Document)
        .where(Document.id == document_id)
        .values(state="withdrawn")
        .execution_options(synchronize_session=False)
    )
