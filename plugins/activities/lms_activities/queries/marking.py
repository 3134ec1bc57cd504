"""Questions of who looks at what was handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, true

from lms.api import Actor, db
from lms_activities.models import HandIn, Link, Marking, Share
from lms_activities.queries.seen import SEEN


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedIn:
    """A try that counts, without its text. `mine` when it counts for the reader; `said` is the
    reader's own outcome, "" before; `others_said` when another marker has written; `seen` when
    somebody at work has; `outcome` "" while it waits."""

    id: int
    key: str
    number: int
    at: datetime
    group_name: str
    outcome: str
    decided_at: datetime | None
    mine: bool
    said: str
    others_said: bool
    seen: bool

    def ready(self, *, at_work: bool) -> bool:
        """Is it the reader's turn to say something of it?"""
        if self.decided_at is not None:
            return False
        differs = bool(self.said) and self.others_said
        return not self.mine and (self.seen or not at_work) and (not self.said or differs)


def handed_in(activity_id: int, actor: Actor, *, decided: bool = False) -> Sequence[HandedIn]:
    """Tries at an activity that wait to be marked, first handed in first; with `decided` those
    that are answered as well. One query."""
    shared = Share.hand_in_id == HandIn.id
    seen = (
        exists()
        .where(shared, Link.work_id == Share.work_id)
        .where(Link.purpose == SEEN, Link.answered_at.is_not(None))
    )
    said = Marking.hand_in_id == HandIn.id
    rows = db.session.execute(
        select(
            HandIn.id,
            HandIn.key,
            HandIn.number,
            HandIn.at,
            HandIn.group_name,
            HandIn.outcome,
            HandIn.decided_at,
            exists().where(shared, Share.person_id == actor.person_id).label("mine"),
            func.coalesce(
                select(Marking.outcome)
                .where(said, Marking.marker_id == actor.person_id)
                .scalar_subquery(),
                "",
            ).label("said"),
            exists().where(said, Marking.marker_id != actor.person_id).label("others_said"),
            seen.label("seen"),
        )
        .where(
            HandIn.activity_id == activity_id,
            HandIn.agreed_at.is_not(None),
            true() if decided else HandIn.decided_at.is_(None),
        )
        .order_by(HandIn.at, HandIn.id)
    )
    return [
        HandedIn(
            **{
                **row._mapping,
                "mine": bool(row.mine),
                "others_said": bool(row.others_said),
                "seen": bool(row.seen),
            }
        )
        for row in rows
    ]


def numbers_waiting(activity_ids: Sequence[int]) -> Mapping[int, int]:
    """How many tries wait to be marked, by activity id."""
    rows = db.session.execute(
        select(HandIn.activity_id, func.count())
        .where(
            HandIn.activity_id.in_(activity_ids),
            HandIn.decided_at.is_(None),
            HandIn.agreed_at.is_not(None),
        )
        .group_by(HandIn.activity_id)
    ).all()
    return {row[0]: row[1] for row in rows}
