"""Questions of the teacher's desk: what waits, and who is slipping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select

from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Activity, Standing, Work
from lms.core.organisations.models import Organisation
from lms.core.users.models import Person
from lms.db import db

BEHIND = ("lost", "needs_catch_up")
"""Forecasts of attendance under which coming to all the rest is not enough."""
IN_RUN = ("seated", "active")


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Works on one activity that wait to be looked at, since when the first one does."""

    activity_id: int
    number: int
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Participant:
    """How far one participant is: the forecast of their attendance ("" before there is one),
    required activities accepted, how many of those that are due and of those that are open they
    have handed in, and when they last did something."""

    enrolment_id: int
    enrolment_key: str
    name: str
    employer: str | None
    outlook: str
    done: int
    required: int
    due_done: int
    open_done: int
    last_at: datetime | None


def waiting_works(run_ids: Sequence[int]) -> Mapping[int, Sequence[Waiting]]:
    """Works that wait to be looked at, by run id, what waits longest first."""
    found: dict[int, list[Waiting]] = defaultdict(list)
    since = func.min(Work.submitted_at)
    rows = db.session.execute(
        select(Activity.run_id, Activity.id, func.count().label("number"), since.label("since"))
        .join(Work, Work.activity_id == Activity.id)
        .where(Activity.run_id.in_(run_ids), Work.state == "submitted")
        .group_by(Activity.run_id, Activity.id)
        .order_by(since, Activity.id)
    )
    for row in rows:
        if row.run_id is not None:
            found[row.run_id].append(
                Waiting(activity_id=row.id, number=row.number, since=row.since)
            )
    return found


def participants(
    run_id: int, due_ids: Sequence[int], open_ids: Sequence[int]
) -> Sequence[Participant]:
    """Everybody in the class, by name; one query. `due_ids` are required activities whose day has
    passed, `open_ids` all that are open."""
    handed = Work.state.in_(("submitted", "accepted"))
    works = (
        select(
            Work.enrolment_id,
            func.max(func.coalesce(Work.submitted_at, Work.started_at)).label("last_at"),
            func.sum(case((and_(handed, Work.activity_id.in_(due_ids)), 1), else_=0)).label("due"),
            func.sum(case((and_(handed, Work.activity_id.in_(open_ids)), 1), else_=0)).label(
                "open"
            ),
        )
        .join(Activity, Activity.id == Work.activity_id)
        .where(Activity.run_id == run_id)
        .group_by(Work.enrolment_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Enrolment.id.label("enrolment_id"),
            Enrolment.key.label("enrolment_key"),
            Person.name,
            Organisation.name.label("employer"),
            func.coalesce(Standing.outlook, "").label("outlook"),
            func.coalesce(Standing.done, 0).label("done"),
            func.coalesce(Standing.required, 0).label("required"),
            func.coalesce(works.c.due, 0).label("due_done"),
            func.coalesce(works.c.open, 0).label("open_done"),
            works.c.last_at,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Organisation, Organisation.id == Enrolment.employer_id)
        .outerjoin(Standing, Standing.enrolment_id == Enrolment.id)
        .outerjoin(works, works.c.enrolment_id == Enrolment.id)
        .where(Enrolment.run_id == run_id, Enrolment.state.in_(IN_RUN))
        .order_by(Person.search_text, Enrolment.id)
    )
    return [Participant(**row._asdict()) for row in rows]
