"""What it means that somebody is elsewhere while a run's sessions are on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from lms.core.catalogue.models import CourseSession, Run
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.states import LIVE
from lms.db import now

Wanted = aliased(CourseSession)
"""A session of the run that is asked about."""

SURE = ("offered", "seated", "active")
"""States in which somebody has a seat, or need only take it."""


def overlapping(run_id: int, person_ids: Sequence[int], *columns: Any) -> Select[*tuple[Any, ...]]:
    """Sessions still to come of these people's other live enrolments that overlap with sessions of
    the run, in order of time: columns of `CourseSession`, `Run`, `Enrolment` and `Wanted`."""
    return (
        select(*columns)
        .select_from(Enrolment)
        .join(Run, Run.id == Enrolment.run_id)
        .join(CourseSession, CourseSession.run_id == Run.id)
        .join(
            Wanted,
            (Wanted.starts_at < CourseSession.ends_at) & (Wanted.ends_at > CourseSession.starts_at),
        )
        .where(
            Enrolment.person_id.in_(person_ids),
            Enrolment.state.in_(sorted(LIVE)),
            Enrolment.run_id != run_id,
            Wanted.run_id == run_id,
            Wanted.state != "cancelled",
            CourseSession.state != "cancelled",
            CourseSession.ends_at > now(),
        )
        .order_by(CourseSession.starts_at, CourseSession.id)
    )
