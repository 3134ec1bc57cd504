"""Storing documents and opening them."""

from __future__ import annotations

from typing import Literal

from lms.contracts import Actor
from lms.db import clean_text, db, now
from lms.files import blobs
from lms.files.models import Document
from lms.files.queries import DocumentFacts, document_by_id, document_facts
from lms.work import in_unit_of_work

Visibility = Literal["internal", "shared", "public"]


def store(
    data: bytes,
    *,
    media_type: str,
    file_name: str,
    title: str,
    language: str,
    subject: tuple[str, int],
    actor: Actor,
    visibility: Visibility = "internal",
    licence: str = "",
    alt_text: str = "",
) -> int:
    """Keep a document about `subject` (kind, id), in the open unit of work; returns its id.

    The bytes reach the disk before the row is written, so a row never points at nothing; bytes
    without a row, after a rollback, do no harm. Raises `OSError` when the disk will not have
    them and `RuntimeError` outside a unit of work.
    """
    if not in_unit_of_work():
        raise RuntimeError("a document is stored in the transaction of what it belongs to")
    document = Document(
        sha256=blobs.write(data),
        size=len(data),
        media_type=media_type,
        file_name=clean_text(file_name).replace("/", "-").replace("\\", "-")[:200],
        title=clean_text(title)[:300],
        language=language,
        licence=licence,
        visibility=visibility,
        alt_text=clean_text(alt_text)[:500],
        subject_kind=subject[0],
        subject_id=subject[1],
        created_at=now(),
        created_by_id=actor.person_id,
    )
    db.session.add(document)
    db.session.flush()
    return document.id


def open_document(key: str, *, actor: Actor | None = None) -> tuple[DocumentFacts, bytes] | None:
    """A document and its bytes by key, None when there is none (to this actor).

    See `document_facts` for the actor. Raises `BlobMissingError` and `BlobDamagedError`.
    """
    facts = document_facts(key, actor=actor)
    return None if facts is None else (facts, blobs.read(facts.sha256))


def fetch(document_id: int) -> tuple[DocumentFacts, bytes] | None:
    """A document and its bytes by id, for the room that owns it; see `open_document`."""
    facts = document_by_id(document_id)
    return None if facts is None else (facts, blobs.read(facts.sha256))
