"""Questions of those who teach, and of those who come next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, select

from lms.contracts import (
    Actor,
    LocalisedText,
)
from lms.core.catalogue.models import CourseSession, Run, TeamMember
from lms.core.catalogue.queries import TEAM_RIGHTS
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Activity, Work
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
    still open in the run."""

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


def taught_by(
    actor: Actor, since: datetime, until: datetime, *, limit: int = 200
) -> tuple[list[Teaching], bool]:
    """Course sessions of runs under way on whose team the actor may teach, in order of time; and
    whether something was handed in and waits in any of these runs. One query."""
    roles = [role for role, rights in TEAM_RIGHTS.items() if "learning.teach" in rights]
    to_decide = exists().where(Enrolment.run_id == Run.id, Enrolment.state == "active")
    waits = exists().where(
        Activity.run_id == Run.id, Work.activity_id == Activity.id, Work.state == "submitted"
    )
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
            waits.label("waits"),
        )
        .outerjoin(
            CourseSession,
            and_(
                CourseSession.run_id == Run.id,
                CourseSession.state != "cancelled",
                CourseSession.starts_at >= since,
                CourseSession.starts_at < until,
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Next:
    """The next course session of somebody who takes part."""

    enrolment_key: str
    run_title: LocalisedText
    title: LocalisedText
    starts_at: datetime
    venue: str
    zone: str


def next_session_of(actor: Actor, since: datetime, until: datetime) -> Next | None:
    """The actor's own next course session between two moments."""
    row = db.session.execute(
        select(
            Enrolment.key.label("enrolment_key"),
            Run.title.label("run_title"),
            CourseSession.title,
            CourseSession.starts_at,
            CourseSession.venue,
            Run.zone,
        )
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseSession, CourseSession.run_id == Run.id)
        .where(
            Enrolment.person_id == actor.person_id,
            Enrolment.state.in_(("seated", "active")),
            CourseSession.state != "cancelled",
            CourseSession.ends_at >= since,
            CourseSession.starts_at < until,
        )
        .order_by(CourseSession.starts_at)
        .limit(1)
    ).first()
    return Next(**row._asdict()) if row else None
