"""What else is on when a run's sessions are laid out: in the same place, or for who makes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, or_, select

from lms.contracts import LocalisedText
from lms.core.catalogue.models import CourseSession, Run, RunHost, TeamMember
from lms.db import db

OVER = ("cancelled", "archived")
MOST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A session of another run. `own`: who asks is on that run's team."""

    title: LocalisedText
    starts_at: datetime
    ends_at: datetime
    zone: str
    venue: str
    own: bool


def taken_between(
    first: datetime, last: datetime, host_ids: Collection[int], person_id: int | None
) -> Sequence[Taken]:
    """Sessions between two moments in runs that these organisations host, or on whose team this
    person is, in order. One query."""
    own = Run.id.in_(select(TeamMember.run_id).where(TeamMember.person_id == person_id))
    hosted = Run.id.in_(
        select(RunHost.run_id).where(
            RunHost.role == "host", RunHost.organisation_id.in_(sorted(host_ids))
        )
    )
    rows = db.session.execute(
        select(
            Run.title,
            Run.zone,
            CourseSession.starts_at,
            CourseSession.ends_at,
            case((CourseSession.venue != "", CourseSession.venue), else_=Run.venue).label("venue"),
            case((own, 1), else_=0).label("own"),
        )
        .join(Run, Run.id == CourseSession.run_id)
        .where(
            and_(CourseSession.starts_at < last, CourseSession.ends_at > first),
            CourseSession.state != "cancelled",
            Run.state.not_in(OVER),
            or_(own, hosted),
        )
        .order_by(CourseSession.starts_at, CourseSession.id)
        .limit(MOST)
    )
    return [Taken(**{**row._asdict(), "own": bool(row.own)}) for row in rows]
