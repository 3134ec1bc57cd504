"""Verbs on attendance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import (
    Actor,
    LocalisedText,
    Refusal,
)
from lms.core.catalogue.models import CourseSession
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Attendance, Declaration
from lms.core.learning.services.refusals import changed
from lms.core.refused import Refused
from lms.db import db, now
from lms.journal import record
from lms.work import Conflict

MODES = ("present", "partial", "absent", "excused")


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """One line of the register. `minutes` counts for "partial" only; the others are plain."""

    enrolment_id: int
    mode: str
    minutes: int = 0


def set_attendance(course_session_id: int, lines: Sequence[Presence], actor: Actor) -> None:
    """Write the register of one course session, which thereby counts as held.

    Raises `Refused` for a session that is cancelled or has not begun, for minutes beyond the
    session's length, and for enrolments that are not active in its run.
    """
    row = db.session.get_one(CourseSession, course_session_id)
    length = int((row.ends_at - row.starts_at).total_seconds() // 60)
    if row.state == "cancelled" or row.starts_at > now():
        raise Refused(_not_yet())
    ids = [line.enrolment_id for line in lines]
    allowed = set(
        db.session.scalars(
            select(Enrolment.id).where(
                Enrolment.id.in_(ids),
                Enrolment.run_id == row.run_id,
                Enrolment.state == "active",
            )
        )
    )
    if set(ids) - allowed or any(line.mode not in MODES for line in lines):
        raise Refused(changed())
    if any(line.mode == "partial" and not 0 <= line.minutes <= length for line in lines):
        raise Refused(_too_long(length))
    db.session.execute(
        delete(Attendance).where(
            Attendance.course_session_id == course_session_id, Attendance.enrolment_id.in_(ids)
        )
    )
    moment = now()
    if lines:
        insert_rows(
            Attendance,
            [
                {
                    "enrolment_id": line.enrolment_id,
                    "course_session_id": course_session_id,
                    "mode": line.mode,
                    "minutes": _minutes(line, length),
                    "set_by_id": actor.person_id,
                    "set_at": moment,
                }
                for line in lines
            ],
        )
    db.session.execute(
        update(CourseSession)
        .where(CourseSession.id == course_session_id, CourseSession.state != "held")
        .values(state="held")
    )
    record(
        "learning.attendance_set",
        "course_session",
        course_session_id,
        actor=actor,
        data={"lines": len(lines)},
    )


def _minutes(line: Presence, length: int) -> int:
    return {"present": length, "partial": line.minutes}.get(line.mode, 0)


def insert_rows(table: type[Attendance | Declaration], rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises `Conflict` when somebody else wrote the same rows at the same time."""
    try:
        db.session.execute(insert(table), rows)
    except IntegrityError as error:
        raise Conflict("two people wrote the same register at once") from error


def _not_yet() -> Refusal:
    text = LocalisedText(
        da="Mødegangen er ikke begyndt, eller den er aflyst. Vent, til den er i gang.",
        sv="Kurstillfället har inte börjat, eller så är det inställt. Vänta tills det börjat.",
        en="The session has not begun, or it is cancelled. Wait until it is under way.",
    )
    return Refusal(code="not_yet", message=text)


def _too_long(length: int) -> Refusal:
    text = LocalisedText(
        da=f"Skriv minutter fra 0 til {length}: så længe varede mødegangen.",
        sv=f"Skriv minuter från 0 till {length}: så länge varade kurstillfället.",
        en=f"Write minutes from 0 to {length}: that is how long the session lasted.",
    )
    return Refusal(code="too_long", message=text)
