"""Questions about codes on screens, and about who may use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from lms.contracts import Actor, CourseSessionFacts, EnrolmentFacts, RunFacts
from lms.core.catalogue.models import CourseSession
from lms.core.catalogue.queries import runs_by_id, sessions_of
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.models import Attendance, CheckIn
from lms.db import db, is_key

MOST_PLACES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckInFacts:
    """A check-in; `closed_at` is None while the code is on the screen. The secret never leaves
    the server."""

    id: int
    key: str
    course_session_id: int
    secret: str
    late_after: int
    opened_at: datetime
    closed_at: datetime | None


_COLUMNS = tuple(getattr(CheckIn, name) for name in CheckInFacts.__slots__)

Place = tuple[EnrolmentFacts, CheckInFacts, CourseSessionFacts]


def check_in_of(course_session_id: int) -> CheckInFacts | None:
    """The check-in of a course session, open or closed; None before there was one."""
    row = db.session.execute(
        select(*_COLUMNS).where(CheckIn.course_session_id == course_session_id)
    ).first()
    return None if row is None else CheckInFacts(**row._asdict())


def counted_in(course_session_id: int, run_id: int) -> tuple[int, int]:
    """How many have checked in to a session, and how many are in the class."""
    by_code = (
        select(func.count())
        .select_from(Attendance)
        .where(Attendance.course_session_id == course_session_id, Attendance.source == "code")
        .scalar_subquery()
    )
    row = db.session.execute(
        select(by_code, func.count()).where(Enrolment.run_id == run_id, Enrolment.state == "active")
    ).one()
    return int(row[0] or 0), int(row[1])


def place_with_key(key: str, actor: Actor) -> tuple[Place, RunFacts] | None:
    """The check-in with this key, with the actor's own enrolment in its run; None for who is not
    in the class."""
    if actor.person_id is None or not is_key(key):
        return None
    row = db.session.execute(
        select(CourseSession.run_id, CourseSession.id, Enrolment.id.label("enrolment_id"))
        .join(CheckIn, CheckIn.course_session_id == CourseSession.id)
        .join(Enrolment, Enrolment.run_id == CourseSession.run_id)
        .where(
            CheckIn.key == key,
            Enrolment.person_id == actor.person_id,
            Enrolment.state.in_(("seated", "active")),
        )
    ).first()
    if row is None:
        return None
    return _place(row.enrolment_id, row.id, row.run_id), runs_by_id([row.run_id])[row.run_id]


def places_now(actor: Actor, since: datetime, until: datetime) -> Sequence[Place]:
    """Where the actor could check in: sessions with a check-in that last between two moments,
    of runs they take part in."""
    if actor.person_id is None:
        return ()
    rows = db.session.execute(
        select(CourseSession.run_id, CourseSession.id, Enrolment.id.label("enrolment_id"))
        .join(CheckIn, CheckIn.course_session_id == CourseSession.id)
        .join(Enrolment, Enrolment.run_id == CourseSession.run_id)
        .where(
            Enrolment.person_id == actor.person_id,
            Enrolment.state.in_(("seated", "active")),
            CourseSession.state != "cancelled",
            CourseSession.starts_at <= until,
            CourseSession.ends_at >= since,
        )
        .order_by(CourseSession.starts_at, CourseSession.id)
        .limit(MOST_PLACES)
    ).all()
    return [_place(row.enrolment_id, row.id, row.run_id) for row in rows]


def _place(enrolment_id: int, session_id: int, run_id: int) -> Place:
    found = check_in_of(session_id)
    if found is None:
        raise LookupError(f"no check-in of course session {session_id}")
    session = next(s for s in sessions_of([run_id])[run_id] if s.id == session_id)
    return enrolments_by_id([enrolment_id])[enrolment_id], found, session
