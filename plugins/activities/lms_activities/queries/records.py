"""Questions about the records this plugin keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.api import Actor, db, is_key, runs_by_id
from lms_activities.models import Record

TEACH = "learning.teach"


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordFacts:
    """A changed routine or a learning note; see `Record`."""

    id: int
    key: str
    kind: str
    title: str
    text: str
    language: str
    run_id: int
    person_id: int | None
    organisation_id: int | None
    at: datetime


def record_with_key(key: str) -> RecordFacts | None:
    """One record by key, whoever asks: the view asks next what the reader may."""
    if not is_key(key):
        return None
    columns = [getattr(Record, name) for name in RecordFacts.__slots__]
    row = db.session.execute(select(*columns).where(Record.key == key)).first()
    return RecordFacts(**row._mapping) if row else None


def records_seen(keys: Sequence[str], actor: Actor) -> Sequence[RecordFacts]:
    """The records with these keys that are the actor's own, or of runs whose hosts let them teach.
    At most three queries."""
    columns = [getattr(Record, name) for name in RecordFacts.__slots__]
    rows = db.session.execute(select(*columns).where(Record.key.in_(keys)))
    found = [RecordFacts(**row._mapping) for row in rows]
    runs = runs_by_id([one.run_id for one in found])
    return [
        one
        for one in found
        if (actor.signed_in and one.person_id == actor.person_id)
        or (one.run_id in runs and actor.may_in_any(TEACH, runs[one.run_id].host_ids))
    ]
