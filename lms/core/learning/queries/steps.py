"""What waits for somebody on their page: activities of their courses, hand-ins of their runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from lms.contracts import ActivityFacts, Actor, LocalisedText, WorkFacts
from lms.core.catalogue.models import CourseSession, Run, TeamMember
from lms.core.catalogue.queries import TEAM_RIGHTS
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Activity, Work
from lms.db import db

_ACTIVITY = tuple(name for name in ActivityFacts.__slots__ if name != "content")
_WORK = tuple(name for name in WorkFacts.__slots__ if name != "content")


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnCourse:
    """A course somebody is in: their enrolment, the next course session, its activities in order,
    and their works by activity id."""

    enrolment_key: str
    state: str
    run_title: LocalisedText
    next_title: LocalisedText | None
    next_at: datetime | None
    activities: list[ActivityFacts]
    works: dict[int, WorkFacts]


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedIn:
    """Works on an activity that wait for the team of its run."""

    activity_key: str
    activity_type: str
    title: LocalisedText
    run_title: LocalisedText
    number: int


def own_courses(actor: Actor, since: datetime, until: datetime) -> list[OwnCourse]:
    """The courses the actor is in, with the next session between two moments, their activities and
    works, all without content. One query."""
    coming = (
        select(CourseSession.id)
        .where(
            CourseSession.run_id == Run.id,
            CourseSession.state != "cancelled",
            CourseSession.ends_at >= since,
            CourseSession.starts_at < until,
        )
        .order_by(CourseSession.starts_at, CourseSession.id)
        .limit(1)
        .correlate(Run)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.key.label("enrolment_key"),
            CourseSession.title.label("next_title"),
            CourseSession.starts_at.label("next_at"),
            Enrolment.state.label("enrolment_state"),
            Run.title.label("run_title"),
            *(getattr(Activity, name).label(f"a_{name}") for name in _ACTIVITY),
            *(getattr(Work, name).label(f"w_{name}") for name in _WORK),
        )
        .join(Run, Run.id == Enrolment.run_id)
        .outerjoin(CourseSession, CourseSession.id == coming)
        .outerjoin(Activity, and_(Activity.run_id == Run.id, Activity.state == "shown"))
        .outerjoin(Work, and_(Work.activity_id == Activity.id, Work.enrolment_id == Enrolment.id))
        .where(Enrolment.person_id == actor.person_id, Enrolment.state.in_(("seated", "active")))
        .order_by(Enrolment.id, Activity.position, Activity.id)
    )
    found: dict[int, OwnCourse] = {}
    for row in rows:
        course = found.setdefault(
            row.enrolment_id,
            OwnCourse(
                enrolment_key=row.enrolment_key,
                state=row.enrolment_state,
                run_title=row.run_title,
                next_title=row.next_title,
                next_at=row.next_at,
                activities=[],
                works={},
            ),
        )
        if row.a_id is not None:
            values = {name: getattr(row, f"a_{name}") for name in _ACTIVITY}
            values["outcomes"] = tuple(values["outcomes"])
            course.activities.append(ActivityFacts(**values, content={}))
        if row.w_id is not None:
            values = {name: getattr(row, f"w_{name}") for name in _WORK}
            course.works[row.a_id] = WorkFacts(**values, content={})
    return list(found.values())


def handed_in(actor: Actor, *, limit: int = 5) -> list[HandedIn]:
    """Activities of runs on whose team the actor teaches, where works wait; what waits longest
    first. One query."""
    roles = [role for role, rights in TEAM_RIGHTS.items() if "learning.teach" in rights]
    rows = db.session.execute(
        select(
            Activity.key.label("activity_key"),
            Activity.activity_type,
            Activity.title,
            Run.title.label("run_title"),
            func.count().label("number"),
        )
        .join(Work, Work.activity_id == Activity.id)
        .join(Run, Run.id == Activity.run_id)
        .where(
            Run.id.in_(
                select(TeamMember.run_id).where(
                    TeamMember.person_id == actor.person_id, TeamMember.role.in_(roles)
                )
            ),
            Work.state == "submitted",
        )
        .group_by(Activity.id, Run.id)
        .order_by(func.min(Work.submitted_at), Activity.id)
        .limit(limit)
    )
    return [HandedIn(**row._asdict()) for row in rows]
