"""A thread that a run is on, and a link on it."""

from __future__ import annotations

from lms.core.catalogue.models import Run
from lms.core.records.models import RecordLink
from lms.db import now
from tests.access.world import Arguments, Side, World


def threads(world: World, side: Side, later: Run) -> dict[str, Arguments]:
    """The run's thread: it led to a later one."""
    link = RecordLink(
        from_kind="course",
        from_key=side.run.key,
        to_kind="course",
        to_key=later.key,
        created_at=now(),
    )
    world.make.write(link)
    return {
        "thread": {"kind": "course", "key": side.run.key},
        "thread and what is offered for it": {
            "kind": "course",
            "key": side.run.key,
            "what": "course",
            "q": "Hold",
        },
        "record link": {"key": link.key},
    }
