"""Questions of those who teach, and of those who come next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, or_, select

from lms.contracts import (
    Actor,
    LocalisedText,
)
from lms.core.catalogue.models import CourseSession, Run, TeamMember
from lms.core.catalogue.queries import TEAM_RIGHTS
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Activity, Attendance, Work
from lms.db import db


def roles_on_teams(actor: Actor) -> Mapping[int, frozenset[str]]:
    """The actor's roles on the teams of runs, by run id."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = db.session.execute(
        select(TeamMember.run_id, TeamMember.role).where(TeamMember.person_id == actor.person_id)
    )
    for row in rows:
        found[row.run_id].add(row.role)
    return {run_id: frozenset(roles) for run_id, roles in found.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Teaching:
    """A course session of a run that the actor teaches. `to_decide` when somebody's completion is
    still open in the run; `unsure` is how many rows of its register wait for a look."""

    run_id: int
    run_key: str
    run_title: LocalisedText
    run_ends_at: datetime | None
    zone: str
    session_key: str
    title: LocalisedText
    starts_at: datetime
    state: str
    to_decide: bool
    unsure: int


def taught_by(
    actor: Actor, since: datetime, until: datetime, *, limit: int = 200
) -> tuple[list[Teaching], bool]:
    """Course sessions of runs under way on whose team the actor may teach, in order of time: those
    between two moments, and those whose register waits for a look; and whether something was
    handed in and waits in any of these runs. One query."""
    roles = [role for role, rights in TEAM_RIGHTS.items() if "learning.teach" in rights]
    to_decide = exists().where(Enrolment.run_id == Run.id, Enrolment.state == "active")
    waits = exists().where(
        Activity.run_id == Run.id, Work.activity_id == Activity.id, Work.state == "submitted"
    )
    # Rows that came late, or that were taken before the session was moved.
    of_session = Attendance.course_session_id == CourseSession.id
    unsure = select(func.count()).where(of_session, Attendance.unsure).scalar_subquery()
    # From the runs, so that one without a session just now can say that something waits as well.
    rows = db.session.execute(
        select(
            Run.id.label("run_id"),
            Run.key.label("run_key"),
            Run.title.label("run_title"),
            Run.ends_at.label("run_ends_at"),
            Run.zone,
            CourseSession.key.label("session_key"),
            CourseSession.title,
            CourseSession.starts_at,
            CourseSession.state,
            to_decide.label("to_decide"),
            unsure.label("unsure"),
            waits.label("waits"),
        )
        .outerjoin(
            CourseSession,
            and_(
                CourseSession.run_id == Run.id,
                CourseSession.state != "cancelled",
                or_(
                    and_(CourseSession.starts_at >= since, CourseSession.starts_at < until),
                    exists().where(of_session, Attendance.unsure),
                ),
            ),
        )
        .where(
            Run.id.in_(
                select(TeamMember.run_id).where(
                    TeamMember.person_id == actor.person_id, TeamMember.role.in_(roles)
                )
            ),
            Run.state == "running",
        )
        .order_by(CourseSession.starts_at, CourseSession.id)
        .limit(limit)
    ).all()
    found = []
    for row in rows:
        values = {**row._asdict(), "to_decide": bool(row.to_decide)}
        del values["waits"]
        if row.session_key is not None:
            found.append(Teaching(**values))
    return found, any(row.waits for row in rows)
