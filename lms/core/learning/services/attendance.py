"""Verbs on attendance: the register, what a catch-up task gives, a session that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import Actor, LocalisedText, Refusal
from lms.core.catalogue.models import CourseSession
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Activity, Attendance, Declaration, Work
from lms.core.learning.queries.attendance import (
    Mark,
    catch_up_pools,
    days_of,
    length_of,
    marks_of,
)
from lms.core.learning.services.refusals import changed
from lms.core.learning.services.standing import reassess
from lms.core.refused import Refused
from lms.db import db, now
from lms.journal import record
from lms.work import Conflict

MODES = ("present", "partial", "absent", "excused", "caught_up")
REASONS = ("agreed", "work", "other_course", "private")
"""Why somebody is excused: a few words, so that nobody writes about anybody's health."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Presence:
    """One line of the register. `minutes` counts for "partial", and for "caught_up", where it is
    what was caught up; the other modes are plain. `reason` is for "excused"."""

    enrolment_id: int
    mode: str
    minutes: int = 0
    reason: str = ""


class RegisterChanged(Exception):
    """Somebody else marked the same people otherwise; `current` is how they stand, by enrolment
    id. Nothing was written."""

    def __init__(self, current: Mapping[int, Mark | None]) -> None:
        super().__init__("the register was written by somebody else meanwhile")
        self.current = current


def set_attendance(
    course_session_id: int,
    lines: Sequence[Presence],
    actor: Actor,
    *,
    source: str = "teacher",
    seen: Mapping[int, Mark | None] | None = None,
) -> int:
    """Write lines of the register of one course session, which thereby counts as held; returns
    how many lines changed. What waited for a look has had it.

    With `seen` (what the page showed, by enrolment id) a line that only repeats it leaves what
    somebody else wrote since, and one that differs from both raises `RegisterChanged`. Raises
    `Refused` for a session that is cancelled or has not begun, for minutes beyond its length, and
    for enrolments that are not active in its run.
    """
    row = held_session(course_session_id)
    if row.state == "cancelled" or row.starts_at > now():
        raise Refused(_not_yet())
    length = length_of(row)
    _refuse_bad(lines, row.run_id, length)
    before = marks_at(course_session_id, [line.enrolment_id for line in lines])
    wanted = {line.enrolment_id: _mark(line, row.id, length, before, source) for line in lines}
    if seen is not None:
        wanted = _without_echoes(wanted, before, seen)
    changes = {id_: mark for id_, mark in wanted.items() if before.get(id_) != mark}
    write_marks(changes, before, actor)
    first = row.state != "held"
    row.state = "held"
    db.session.flush()
    if first:
        record(
            "learning.attendance_set",
            "course_session",
            course_session_id,
            actor=actor,
            data={"lines": len(lines), "source": source},
        )
    elif changes:
        record(
            "learning.attendance_corrected",
            "course_session",
            course_session_id,
            actor=actor,
            data={"lines": len(changes), "source": source},
            payload={"changes": [change_of(id_, before, changes) for id_ in sorted(changes)]},
        )
    concerned = in_class(row.run_id) if first else list(changes)
    fill_from_tasks(row.run_id, concerned, actor)
    reassess(concerned, actor)
    return len(changes)


def held_session(course_session_id: int) -> CourseSession:
    """The session, held for this transaction, so that two registers come one after the other."""
    return db.session.get_one(
        CourseSession, course_session_id, with_for_update=True, populate_existing=True
    )


def _refuse_bad(lines: Sequence[Presence], run_id: int, length: int) -> None:
    ids = {line.enrolment_id for line in lines}
    allowed = set(
        db.session.scalars(
            select(Enrolment.id).where(
                Enrolment.id.in_(ids), Enrolment.run_id == run_id, Enrolment.state == "active"
            )
        )
    )
    if ids - allowed or any(line.mode not in MODES for line in lines):
        raise Refused(changed())
    if any(line.reason and line.reason not in REASONS for line in lines):
        raise Refused(changed())
    timed = [line for line in lines if line.mode in ("partial", "caught_up")]
    if any(not 0 <= line.minutes <= length for line in timed):
        raise Refused(_too_long(length))


def marks_at(course_session_id: int, enrolment_ids: Sequence[int]) -> dict[int, Mark]:
    """Attendance in one session, by enrolment id."""
    found = marks_of(enrolment_ids)
    return {id_: own[course_session_id] for id_, own in found.items() if course_session_id in own}


def _mark(
    line: Presence, session_id: int, length: int, before: Mapping[int, Mark], source: str
) -> Mark:
    """What the line makes of it. Where it repeats how somebody was marked, the mark keeps where
    it came from."""
    old = before.get(line.enrolment_id)
    minutes = {"present": length, "partial": line.minutes}.get(line.mode, 0)
    caught_up = 0 if old is None or old.mode == "caught_up" else old.catch_up
    if line.mode == "caught_up":
        minutes = 0 if old is None else min(old.minutes, length)
        caught_up = line.minutes
    same = old is not None and (old.mode, old.minutes) == (line.mode, minutes)
    return Mark(
        course_session_id=session_id,
        minutes=minutes,
        mode=line.mode,
        catch_up=min(caught_up, length - minutes),
        reason=line.reason if line.mode == "excused" else "",
        source=old.source if old is not None and same else source,
    )


def _without_echoes(
    wanted: Mapping[int, Mark], before: Mapping[int, Mark], seen: Mapping[int, Mark | None]
) -> dict[int, Mark]:
    """The marks somebody made themselves. Raises `RegisterChanged` where another made them too."""
    own, met = {}, {}
    for id_, mark in wanted.items():
        current, shown = before.get(id_), seen.get(id_)
        if said(current) == said(shown) or said(current) == said(mark):
            own[id_] = mark
        elif said(mark) != said(shown):
            met[id_] = current
    if met:
        raise RegisterChanged(met)
    return own


def said(mark: Mark | None) -> tuple[Any, ...] | None:
    """What a register shows of a mark, to see whether two are the same."""
    if mark is None:
        return None
    shown = mark.catch_up if mark.mode == "caught_up" else mark.minutes
    return (mark.mode, shown, mark.reason)


def write_marks(
    changes: Mapping[int, Mark], before: Mapping[int, Mark], actor: Actor, *, person: bool = True
) -> None:
    """Write marks by enrolment id: those there were before are changed, others added."""
    moment = now()
    new = []
    for enrolment_id, mark in changes.items():
        values = {name: getattr(mark, name) for name in Mark.__slots__} | {
            "set_by_id": actor.person_id if person else None,
            "set_at": moment,
        }
        if enrolment_id not in before:
            new.append({"enrolment_id": enrolment_id, **values})
            continue
        db.session.execute(
            update(Attendance)
            .where(
                Attendance.enrolment_id == enrolment_id,
                Attendance.course_session_id == mark.course_session_id,
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )
    if new:
        insert_rows(Attendance, new)


def insert_rows(table: type[Attendance | Declaration], rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises `Conflict` when somebody else wrote the same rows at the same time."""
    try:
        db.session.execute(insert(table), rows)
    except IntegrityError as error:
        raise Conflict("two people wrote the same register at once") from error


def change_of(
    enrolment_id: int, before: Mapping[int, Mark], after: Mapping[int, Mark]
) -> Mapping[str, Any]:
    """One changed mark for the journal."""
    old, new = before.get(enrolment_id), after[enrolment_id]
    return {
        "enrolment": enrolment_id,
        "before": None if old is None else [old.mode, old.minutes, old.catch_up],
        "after": [new.mode, new.minutes, new.catch_up],
    }


def in_class(run_id: int) -> list[int]:
    """The enrolments that take part in a run just now."""
    return list(
        db.session.scalars(
            select(Enrolment.id).where(Enrolment.run_id == run_id, Enrolment.state == "active")
        )
    )


# --- catching up --------------------------------------------------------------------------------


def credit_catch_up(work_id: int, actor: Actor) -> None:
    """Let the minutes of a catch-up task count for the sessions of its module that somebody
    missed, or no longer count once the work is not accepted. Nothing for other activities."""
    row = db.session.execute(
        select(Work.enrolment_id, Activity.run_id)
        .join(Activity, Activity.id == Work.activity_id)
        .where(Work.id == work_id, Activity.catch_up, Activity.run_id.is_not(None))
    ).first()
    if row is not None:
        fill_from_tasks(row.run_id, [row.enrolment_id], actor)


def fill_from_tasks(run_id: int, enrolment_ids: Sequence[int], actor: Actor) -> None:
    """Lay the minutes of accepted catch-up tasks over what was missed of the held sessions of
    their module, the first session first. Always reckoned from nothing, so that the order in
    which things happened does not matter. What a teacher wrote as caught up stays as it is."""
    pools = catch_up_pools(enrolment_ids, accepted=True)
    marks = marks_of(enrolment_ids)
    given = {id_ for id_, own in marks.items() if any(mark.catch_up for mark in own.values())}
    concerned = [id_ for id_ in enrolment_ids if id_ in pools or id_ in given]
    if not concerned:
        return
    held = [day for day in days_of([run_id])[run_id] if day.state == "held"]
    for enrolment_id in sorted(concerned):
        left, credited = dict(pools.get(enrolment_id, {})), 0
        for day in held:
            mark = marks.get(enrolment_id, {}).get(day.id)
            if mark is not None and mark.mode == "caught_up":
                continue
            missing = day.minutes - (mark.minutes if mark else 0)
            minutes = max(0, min(left.get(day.module, 0), missing))
            left[day.module] = left.get(day.module, 0) - minutes
            credited += minutes - (mark.catch_up if mark else 0)
            _give(enrolment_id, day.id, mark, minutes)
        if credited:
            record(
                "learning.caught_up",
                "enrolment",
                enrolment_id,
                actor=actor,
                data={"run": run_id, "minutes": credited},
            )


def _give(enrolment_id: int, session_id: int, mark: Mark | None, minutes: int) -> None:
    if mark is None and minutes:
        new = {"course_session_id": session_id, "mode": "absent", "source": "task"}
        more = {"enrolment_id": enrolment_id, "minutes": 0, "catch_up": minutes, "set_at": now()}
        insert_rows(Attendance, [new | more])
    elif mark is not None and mark.catch_up != minutes:
        db.session.execute(
            update(Attendance)
            .where(
                Attendance.enrolment_id == enrolment_id,
                Attendance.course_session_id == session_id,
            )
            .values(catch_up=minutes)
            .execution_options(synchronize_session=False)
        )


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
