"""Writing the records that this plugin keeps."""

from __future__ import annotations

from sqlalchemy import insert

from lms.api import Actor, RecordDraft, db, new_key, now, record
from lms_activities.models import Record


def make_changed_routine(draft: RecordDraft, actor: Actor) -> str:
    """Something is done in another way at work from now on; returns its key."""
    return _make("changed_routine", draft, actor)


def make_learning_note(draft: RecordDraft, actor: Actor) -> str:
    """Something somebody has learnt, in their own words; returns its key."""
    return _make("learning_note", draft, actor)


def _make(kind: str, draft: RecordDraft, actor: Actor) -> str:
    key = new_key()
    (record_id,) = db.session.execute(
        insert(Record)
        .values(
            key=key,
            kind=kind,
            title=draft.title[:200],
            text=draft.text,
            language=draft.language,
            run_id=draft.run_id,
            person_id=draft.person_id,
            organisation_id=draft.organisation_id,
            at=now(),
        )
        .returning(Record.id)
    ).one()
    record("activities.recorded", "record", record_id, actor=actor, data={"kind": kind})
    return key
