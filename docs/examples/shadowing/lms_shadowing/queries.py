"""Questions about notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.api import db
from lms_shadowing.models import Note


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteFacts:
    """A note as it stands."""

    enrolment_id: int
    text: str
    written_at: datetime


def notes_of(enrolment_ids: Sequence[int]) -> Mapping[int, NoteFacts]:
    """Notes by enrolment id, in one query for all of them."""
    rows = db.session.execute(
        select(Note.enrolment_id, Note.text, Note.written_at).where(
            Note.enrolment_id.in_(enrolment_ids)
        )
    )
    return {row.enrolment_id: NoteFacts(**row._asdict()) for row in rows}
