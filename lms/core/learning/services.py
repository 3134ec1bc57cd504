"""Verbs on attendance and completion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import (
    Actor,
    CompletionFacts,
    CourseSessionFacts,
    LocalisedText,
    Refusal,
)
from lms.core.catalogue.models import CourseSession
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.enrolment.services import finish
from lms.core.learning.conditions import standings
from lms.core.learning.models import Attendance, Completion, Declaration
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
        raise Refused(_changed())
    if any(line.mode == "partial" and not 0 <= line.minutes <= length for line in lines):
        raise Refused(_too_long(length))
    db.session.execute(
        delete(Attendance).where(
            Attendance.course_session_id == course_session_id, Attendance.enrolment_id.in_(ids)
        )
    )
    moment = now()
    if lines:
        _insert(
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


def _insert(table: type[Attendance | Declaration], rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises `Conflict` when somebody else wrote the same rows at the same time."""
    try:
        db.session.execute(insert(table), rows)
    except IntegrityError as error:
        raise Conflict("two people wrote the same register at once") from error


def declare(enrolment_id: int, accepted: bool, note: str, actor: Actor) -> None:
    """The teacher's word on the work of one enrolment; a later word replaces it. Raises `Refused`
    once the enrolment is no longer active: what is decided stays decided."""
    enrolment = enrolments_by_id([enrolment_id])[enrolment_id]
    if enrolment.state != "active":
        raise Refused(_changed())
    db.session.execute(delete(Declaration).where(Declaration.enrolment_id == enrolment_id))
    _insert(
        Declaration,
        [
            {
                "enrolment_id": enrolment_id,
                "accepted": accepted,
                "note": note,
                "by_id": actor.person_id,
                "at": now(),
            }
        ],
    )
    record(
        "learning.declared",
        "enrolment",
        enrolment_id,
        actor=actor,
        data={"accepted": accepted},
        payload={"note": note} if note else None,
    )


def declare_all(words: Sequence[tuple[int, bool, str]], actor: Actor) -> None:
    """`declare` for each (enrolment id, accepted, note)."""
    for enrolment_id, accepted, note in words:
        declare(enrolment_id, accepted, note, actor)


def decide_completions(enrolment_ids: Sequence[int], actor: Actor) -> Mapping[int, CompletionFacts]:
    """Decide active enrolments under the rule of their run: met is completed, not met is not.

    What is undecided stays as it is. Returns the standings of all, decided or not. Raises
    `Refused` when one is no longer active.
    """
    enrolments = enrolments_by_id(enrolment_ids)
    if any(enrolment.state != "active" for enrolment in enrolments.values()):
        raise Refused(_changed())
    found = standings([enrolments[id_] for id_ in sorted(enrolments)])
    moment = now()
    for enrolment_id, standing in found.items():
        if standing.result == "undecided":
            continue
        # First the guarded step: of two people deciding at once, one is refused here.
        finish(enrolment_id, "completed" if standing.result == "met" else "not_completed", actor)
        db.session.execute(
            insert(Completion).values(
                enrolment_id=enrolment_id,
                result=standing.result,
                rule_version=standing.rule_version,
                minutes_attended=standing.minutes_attended,
                minutes_held=standing.minutes_held,
                reasons=[
                    {"name": r.name, "met": r.met, "reason": r.reason.as_dict()}
                    for r in standing.reasons
                ],
                decided_at=moment,
                decided_by_id=actor.person_id,
            )
        )
        record(
            "learning.completion_" + standing.result,
            "enrolment",
            enrolment_id,
            actor=actor,
            data={"run": standing.run_id, "rule": standing.rule_version},
        )
    return found


def completion_refusals(sessions: Sequence[CourseSessionFacts]) -> list[Refusal]:
    """Why the completions of a run cannot be decided yet: a register is missing."""
    missing = sum(session.state not in ("held", "cancelled") for session in sessions)
    if not missing:
        return []
    text = LocalisedText(
        da=f"Fremmødet mangler for {missing} af {len(sessions)} mødegange. Skriv det først.",
        sv=f"Närvaron saknas för {missing} av {len(sessions)} kurstillfällen. Skriv in den först.",
        en=f"The register is missing for {missing} of {len(sessions)} sessions. Write it first.",
    )
    return [Refusal(code="register_missing", message=text)]


def _changed() -> Refusal:
    text = LocalisedText(
        da="Deltagerlisten er ændret imens. Se siden igen, og gem på ny.",
        sv="Deltagarlistan har ändrats under tiden. Läs om sidan och spara på nytt.",
        en="The list of participants changed in the meantime. Look again and save anew.",
    )
    return Refusal(code="changed", message=text)


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
