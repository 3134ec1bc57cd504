"""Who is slipping, and what in plain words says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.contracts import ActivityFacts
from lms.core.learning.outlines import is_required
from lms.core.learning.queries.desk import BEHIND, Participant

QUIET = timedelta(days=14)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slipping:
    """A participant who is slipping: attendance that the coming sessions alone cannot mend, how
    many required activities are overdue, and whether nothing was heard for long."""

    participant: Participant
    attendance: str
    overdue: int
    quiet: bool


def due_and_open(
    activities: Sequence[ActivityFacts], moment: datetime
) -> tuple[list[int], list[int]]:
    """Ids of the required activities whose day has passed, and of all that are open."""
    open_ones = [
        a for a in activities if is_required(a) and (a.opens_at is None or a.opens_at <= moment)
    ]
    due = [a.id for a in open_ones if a.due_at is not None and a.due_at < moment]
    return due, [a.id for a in open_ones]


def slipping(
    people: Sequence[Participant],
    due: Sequence[int],
    open_ids: Sequence[int],
    begun: datetime | None,
    moment: datetime,
) -> list[Slipping]:
    """Those who are slipping, who is furthest behind first. Quiet is who has something open and
    has done nothing for two weeks, counted from the day the run began."""
    found = []
    for one in people:
        overdue = len(due) - one.due_done
        last = max((at for at in (one.last_at, begun) if at is not None), default=None)
        quiet = (
            last is not None
            and last <= moment
            and moment - last > QUIET
            and one.open_done < len(open_ids)
        )
        attendance = one.outlook if one.outlook in BEHIND else ""
        if attendance or overdue or quiet:
            found.append(
                Slipping(participant=one, attendance=attendance, overdue=overdue, quiet=quiet)
            )
    return sorted(
        found,
        key=lambda s: (
            s.attendance != "lost",
            not s.attendance,
            -s.overdue,
            not s.quiet,
            s.participant.name.casefold(),
        ),
    )
