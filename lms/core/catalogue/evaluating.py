"""The days that are kept for asking what came of a run. Who asks, and what, is a plugin's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lms.contracts import CourseSessionFacts, EvaluationDate, RunFacts
from lms.core.catalogue.queries.courses import course_plan


def evaluation_dates(
    run: RunFacts, sessions: Sequence[CourseSessionFacts]
) -> Sequence[EvaluationDate]:
    """The days that the run's course type asks for, in order; none while the run has no days or
    nobody answers for its type. Days are counted by the calendar where the run is."""
    plan = course_plan(run.course_type)
    if plan is None or run.state == "cancelled":
        return ()
    live = [session for session in sessions if session.state != "cancelled"]
    if not live:
        return ()

    def day(moment: datetime, later: int) -> date:
        return moment.astimezone(ZoneInfo(run.zone)).date() + timedelta(days=later)

    found = []
    for moment in plan.moments:
        days: list[tuple[date, int | None]]
        if moment.anchor == "session":
            days = [(day(session.ends_at, moment.days), session.id) for session in live]
        elif moment.anchor == "begins":
            days = [(day(min(s.starts_at for s in live), moment.days), None)]
        else:
            days = [(day(max(s.ends_at for s in live), moment.days), None)]
        found += [
            EvaluationDate(
                key=moment.key,
                title=moment.title,
                day=when,
                asked=moment.asked,
                session_id=session_id,
            )
            for when, session_id in days
        ]
    return sorted(found, key=lambda one: one.day)
