"""Verbs on notes."""

from __future__ import annotations

from sqlalchemy import select

from lms.api import Actor, EnrolmentFacts, db, now, reassess, record
from lms_shadowing.models import Note


def write_note(enrolment: EnrolmentFacts, text: str, actor: Actor) -> None:
    """Write the note of an enrolment, or write it anew. Belongs inside a unit of work."""
    note = db.session.scalar(select(Note).where(Note.enrolment_id == enrolment.id))
    if note is None:
        note = Note(enrolment_id=enrolment.id, person_id=enrolment.person_id)
        db.session.add(note)
    note.text, note.written_at = text, now()
    db.session.flush()
    record("shadowing.note_written", "enrolment", enrolment.id, actor=actor)
    reassess([enrolment.id], actor)
