"""Questions of who looks at what was handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, select

from lms.api import Actor, db
from lms_activities.models import HandIn, Link, Marking, Share
from lms_activities.queries.seen import SEEN


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingFacts:
    """A try that waits, without its text. `mine` when it counts for the reader; `said` is the
    reader's own outcome, "" before; `others_said` when another marker has written; `seen` when
    somebody at work has."""

    id: int
    key: str
    number: int
    at: datetime
    group_name: str
    mine: bool
    said: str
    others_said: bool
    seen: bool

    def ready(self, *, at_work: bool) -> bool:
        """Is it the reader's turn to say something of it?"""
        differs = bool(self.said) and self.others_said
        return not self.mine and (self.seen or not at_work) and (not self.said or differs)


def waiting_on(activity_id: int, actor: Actor) -> Sequence[WaitingFacts]:
    """Tries at an activity that wait to be marked, first handed in first. One query."""
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
            HandIn.decided_at.is_(None),
        )
        .order_by(HandIn.at, HandIn.id)
    )
    return [
        WaitingFacts(
            **{
                **row._mapping,
                "mine": bool(row.mine),
                "others_said": bool(row.others_said),
                "seen": bool(row.seen),
            }
        )
        for row in rows
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedFacts:
    """A try that is decided, without its text."""

    id: int
    key: str
    number: int
    at: datetime
    group_name: str
    outcome: str
    decided_at: datetime


def decided_on(activity_id: int, *, limit: int) -> Sequence[DecidedFacts]:
    """Tries at an activity that are decided, the last first."""
    columns = [getattr(HandIn, name) for name in DecidedFacts.__slots__]
    rows = db.session.execute(
        select(*columns)
        .where(and_(HandIn.activity_id == activity_id, HandIn.decided_at.is_not(None)))
        .order_by(HandIn.decided_at.desc(), HandIn.id.desc())
        .limit(limit)
    )
    return [DecidedFacts(**row._mapping) for row in rows]


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
