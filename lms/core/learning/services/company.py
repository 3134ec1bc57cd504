"""What is written down when a company looks at who takes part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from lms.contracts import Actor
from lms.db import now
from lms.journal import record
from lms.journal.queries import is_noted

CLASS_SEEN = "learning.class_seen"


def note_look(run_id: int, slot_ids: Sequence[int], number: int, actor: Actor) -> None:
    """Somebody who teaches for a company has seen the names of a class: by which slots, how
    many."""
    record(
        "learning.names_seen",
        "run",
        run_id,
        actor=actor,
        data={"slots": list(slot_ids), "number": number},
    )


def note_class(run_id: int, level: str, number: int, actor: Actor) -> None:
    """Somebody who teaches for a company has seen how many take part, or what they are at work:
    written down once a day."""
    today = datetime.combine(now().date(), time(), UTC)
    if not is_noted(CLASS_SEEN, "run", run_id, actor.person_id, since=today):
        record(CLASS_SEEN, "run", run_id, actor=actor, data={"level": level, "number": number})
