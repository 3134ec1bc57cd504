"""Sessions that changed after attendance was taken: nobody has more minutes than they last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from lms.contracts import Actor
from lms.core.learning.models import Attendance
from lms.core.learning.queries.attendance import Mark, length_of
from lms.core.learning.services.attendance import (
    change_of,
    fill_from_tasks,
    held_session,
    in_class,
    marks_at,
    write_marks,
)
from lms.core.learning.services.standing import reassess
from lms.core.refused import refused
from lms.db import db, now
from lms.journal import record


def fit_to_moved(course_session_ids: Sequence[int], actor: Actor) -> None:
    """Sessions were moved after attendance was taken: nobody has more minutes than they last, and
    the teacher is asked to look. Once they are held it is too late to ask."""
    for session_id in course_session_ids:
        row = held_session(session_id)
        if row.state != "moved":
            continue
        before, length = _at(session_id), length_of(row)
        after = {id_: _fitted(mark, length, unsure=True) for id_, mark in before.items()}
        if after:
            write_marks(after, before, actor)
            _record_fitted(session_id, before, after, actor)


def change_end(course_session_id: int, ends_at: datetime, actor: Actor) -> int:
    """A session that was held ended at another time than planned: its length follows, and so do
    the minutes of those who were there; returns how many people's minutes changed. Raises
    `Refused` for one that was not held, and for an end before its beginning or still to come."""
    row = held_session(course_session_id)
    if row.state != "held" or not row.starts_at < ends_at <= now():
        raise refused(
            "ends.not_possible",
            da="Skriv et tidspunkt efter begyndelsen, og som har været.",
            sv="Skriv en tid efter början, och som har varit.",
            en="Write a time after the beginning, and one that has been.",
        )
    row.ends_at = ends_at
    db.session.flush()
    before = _at(course_session_id)
    after = {id_: _fitted(mark, length_of(row), unsure=None) for id_, mark in before.items()}
    after = {id_: mark for id_, mark in after.items() if before[id_] != mark}
    write_marks(after, before, actor)
    _record_fitted(course_session_id, before, after, actor)
    concerned = in_class(row.run_id)
    fill_from_tasks(row.run_id, concerned, actor)
    reassess(concerned, actor)
    return len(after)


def _at(course_session_id: int) -> dict[int, Mark]:
    ids = db.session.scalars(
        select(Attendance.enrolment_id).where(Attendance.course_session_id == course_session_id)
    ).all()
    return marks_at(course_session_id, ids)


def _fitted(mark: Mark, length: int, *, unsure: bool | None) -> Mark:
    minutes = length if mark.mode == "present" else min(mark.minutes, length)
    return Mark(
        course_session_id=mark.course_session_id,
        minutes=minutes,
        mode=mark.mode,
        catch_up=min(mark.catch_up, length - minutes),
        reason=mark.reason,
        source=mark.source,
        unsure=mark.unsure if unsure is None else unsure,
    )


def _record_fitted(
    session_id: int, before: Mapping[int, Mark], after: Mapping[int, Mark], actor: Actor
) -> None:
    record(
        "learning.attendance_fitted",
        "course_session",
        session_id,
        actor=actor,
        data={"lines": len(after)},
        payload={"changes": [change_of(id_, before, after) for id_ in sorted(after)]},
    )
