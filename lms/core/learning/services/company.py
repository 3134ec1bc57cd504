"""What is written down when a company looks at names."""

from __future__ import annotations

from collections.abc import Sequence

from lms.contracts import Actor
from lms.journal import record


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
