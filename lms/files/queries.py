"""Questions about documents."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, ColumnExpressionArgument, func, or_, select, true

from lms.contracts import Actor, DocumentFacts
from lms.db import db
from lms.files.models import Document

__all__ = [
    "DocumentFacts",
    "bytes_sent_by",
    "document_by_id",
    "document_facts",
    "documents_about",
    "documents_with_keys",
    "visible",
]


def visible(actor: Actor) -> ColumnElement[bool]:
    """What a person may see by the document alone: public ones, and those they stored.

    The room that owns the subject knows who else may; it asks with `documents_about` after its
    own question.
    """
    if actor.may("site.admin"):
        return true()
    conditions: list[ColumnElement[bool]] = [Document.visibility == "public"]
    if actor.person_id is not None:
        conditions.append(Document.created_by_id == actor.person_id)
    return or_(*conditions)


def document_facts(key: str, *, actor: Actor | None = None) -> DocumentFacts | None:
    """One kept document by key. With an actor: only if `visible` to them; without, the caller
    has already asked whether the reader may see its subject."""
    conditions: list[ColumnElement[bool]] = [Document.key == key]
    if actor is not None:
        conditions.append(visible(actor))
    found = _documents(*conditions)
    return found[0] if found else None


def document_by_id(document_id: int) -> DocumentFacts | None:
    """One kept document by id, for rooms that hold the id of a document of theirs."""
    found = _documents(Document.id == document_id)
    return found[0] if found else None


def documents_with_keys(keys: Sequence[str]) -> list[DocumentFacts]:
    """Kept documents by key, oldest first; the caller knows what the reader may see."""
    return _documents(Document.key.in_(keys)) if keys else []


def documents_about(
    subject_kind: str, subject_ids: Sequence[int], *, visibilities: Sequence[str] = ()
) -> list[DocumentFacts]:
    """Kept documents of these subjects, oldest first; of the given visibilities, or all."""
    conditions: list[ColumnElement[bool]] = [
        Document.subject_kind == subject_kind,
        Document.subject_id.in_(subject_ids),
    ]
    if visibilities:
        conditions.append(Document.visibility.in_(visibilities))
    return _documents(*conditions)


def bytes_sent_by(person_id: int) -> int:
    """How many bytes all documents have together that a person has sent."""
    total = select(func.coalesce(func.sum(Document.size), 0)).where(
        Document.created_by_id == person_id, Document.state == "kept"
    )
    return int(db.session.scalar(total) or 0)


def _documents(*conditions: ColumnExpressionArgument[bool]) -> list[DocumentFacts]:
    columns = [getattr(Document, name) for name in DocumentFacts.__slots__]
    rows = db.session.execute(
        select(*columns).where(Document.state == "kept", *conditions).order_by(Document.id)
    )
    return [DocumentFacts(**row._mapping) for row in rows]
