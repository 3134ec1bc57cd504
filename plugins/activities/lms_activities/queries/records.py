"""Questions about the records this plugin keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lms.api import db
from lms_activities.models import Record

_KEY = re.compile(r"[a-z2-7]{16}")


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
    if not _KEY.fullmatch(key):
        return None
    columns = [getattr(Record, name) for name in RecordFacts.__slots__]
    row = db.session.execute(select(*columns).where(Record.key == key)).first()
    return RecordFacts(**row._mapping) if row else None
