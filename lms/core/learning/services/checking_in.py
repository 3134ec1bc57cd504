"""Checking in with the code on the screen of a course session.

The code changes every half minute by the server's clock: it is a keyed digest of the session and
the number of the half minute, made with a secret that only the server has. A code tells when it
was shown, and that is when somebody came, however late it arrives; no other clock is asked.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import Actor, CourseSessionFacts, EnrolmentFacts
from lms.core.learning.models import CheckIn
from lms.core.learning.queries.attendance import Mark
from lms.core.learning.queries.checking_in import CheckInFacts, Place, check_in_of
from lms.core.learning.services.attendance import held_session, marks_at, write_marks
from lms.core.learning.services.standing import reassess
from lms.core.refused import Refused, refused
from lms.db import db, new_key, now
from lms.journal import record
from lms.work import Conflict

STEP = 30
"""Seconds for which one code is shown."""
OPENS_BEFORE = timedelta(minutes=30)
TRUSTED_FOR = timedelta(minutes=15)
"""A code that comes later than this after it was shown waits for the teacher's look."""
TYPED_LATER = timedelta(hours=12)
"""How long after a session its code may still be typed in, by somebody who had no network."""
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no two that look alike
CODE_LENGTH = 6

Outcome = Literal["here", "partly", "already", "waits"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """What came of a code: `minutes` count, unless it `waits` for the teacher's look."""

    outcome: Outcome
    minutes: int


def step_at(moment: datetime) -> int:
    """The number of the half minute that a moment falls in."""
    return int(moment.timestamp()) // STEP


def begin_of(step: int) -> datetime:
    """When a half minute begins."""
    return datetime.fromtimestamp(step * STEP, tz=UTC)


def code_at(check_in: CheckInFacts, step: int) -> str:
    """The code that is shown in one half minute."""
    said = f"{check_in.key}:{check_in.course_session_id}:{step}".encode()
    number = int.from_bytes(hmac.digest(bytes.fromhex(check_in.secret), said, hashlib.sha256))
    letters = []
    for _place in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def step_of(
    check_in: CheckInFacts, session: CourseSessionFacts, code: str, moment: datetime
) -> int | None:
    """The half minute in which this code was on the screen, the latest if there are two; None
    when it never was: not while the session lasts, nor while the check-in was open, nor yet."""
    begin, end = session.starts_at - OPENS_BEFORE, session.ends_at - timedelta(microseconds=1)
    first = step_at(max(begin, check_in.opened_at))
    last = step_at(min(end, moment, check_in.closed_at or moment))
    given = "".join(code.casefold().split()).replace("-", "")
    if len(given) != CODE_LENGTH or not given.isascii():
        return None
    return next(
        (
            step
            for step in range(last, first - 1, -1)
            if hmac.compare_digest(code_at(check_in, step), given)
        ),
        None,
    )


def may_open(session: CourseSessionFacts, moment: datetime) -> bool:
    """May a code be on the screen now: from half an hour before the session to its end?"""
    return (
        session.state != "cancelled"
        and session.starts_at - OPENS_BEFORE <= moment < session.ends_at
    )


def open_check_in(
    session: CourseSessionFacts, actor: Actor, *, late_after: int = 10
) -> CheckInFacts:
    """Put the code on the screen; once more where it was closed. Who comes more than `late_after`
    minutes after the beginning is there partly. Raises `Refused` outside the session's time."""
    if not may_open(session, now()):
        raise refused(
            "not_open",
            da="Indtjekning er åben fra en halv time før mødegangen, til den slutter.",
            sv="Incheckningen är öppen från en halvtimme före kurstillfället tills det slutar.",
            en="Check-in is open from half an hour before the session until it ends.",
        )
    found = check_in_of(session.id)
    if found is None:
        try:
            db.session.execute(
                insert(CheckIn).values(
                    key=new_key(),
                    course_session_id=session.id,
                    secret=secrets.token_hex(32),
                    late_after=late_after,
                    opened_at=now(),
                    opened_by_id=actor.person_id,
                )
            )
        except IntegrityError as error:
            raise Conflict("two people opened the same check-in at once") from error
    else:
        _change(found.id, closed_at=None, late_after=late_after)
    record("learning.check_in_opened", "course_session", session.id, actor=actor)
    opened = check_in_of(session.id)
    if opened is None:
        raise Conflict("the check-in went away while it was opened")
    return opened


def close_check_in(check_in: CheckInFacts, actor: Actor) -> None:
    """Take the code off the screen. What was shown until now still counts when it comes later."""
    if check_in.closed_at is None:
        _change(check_in.id, closed_at=now())
        record(
            "learning.check_in_closed", "course_session", check_in.course_session_id, actor=actor
        )


def _change(check_in_id: int, **values: object) -> None:
    db.session.execute(
        update(CheckIn)
        .where(CheckIn.id == check_in_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def check_in(
    enrolment: EnrolmentFacts,
    check_in: CheckInFacts,
    session: CourseSessionFacts,
    code: str,
    actor: Actor,
) -> Arrival:
    """Somebody says that they are here, with a code they read from the screen.

    They were there from when the code was shown. What a teacher wrote stands, except that a code
    speaks against "missing": then the teacher is asked to look. Raises `Refused` for a code that
    was not shown, a session that is cancelled, and somebody who does not take part just now.
    """
    moment = now()
    row = held_session(session.id)
    if enrolment.state != "active":
        raise _not_taking_part()
    step = None if row.state == "cancelled" else step_of(check_in, session, code, moment)
    if step is None:
        raise not_shown()
    before = marks_at(session.id, [enrolment.id])
    old = before.get(enrolment.id)
    if old is not None and (old.mode != "absent" or old.source == "code"):
        return Arrival(outcome="waits" if old.unsure else "already", minutes=old.counted)
    late = max(0, int((begin_of(step) - session.starts_at).total_seconds() // 60))
    in_time = late <= check_in.late_after
    unsure = moment - begin_of(step) > TRUSTED_FOR or (old is not None and old.source != "task")
    minutes = session.minutes if in_time else max(0, session.minutes - late)
    mark = Mark(
        course_session_id=session.id,
        minutes=minutes,
        mode="present" if in_time else "partial",
        catch_up=min(old.catch_up, session.minutes - minutes) if old else 0,
        source="code",
        unsure=unsure,
    )
    write_marks({enrolment.id: mark}, before, actor)
    record(
        "learning.checked_in",
        "enrolment",
        enrolment.id,
        actor=actor,
        data={"session": session.id, "shown": begin_of(step).isoformat(), "unsure": unsure},
    )
    if row.state == "held":
        reassess([enrolment.id], actor)
    if unsure:
        return Arrival(outcome="waits", minutes=0)
    return Arrival(outcome="here" if in_time else "partly", minutes=minutes)


def find_by_code(places: Sequence[Place], code: str) -> Place | None:
    """Which of these places shows, or has shown, this code."""
    moment = now()
    return next(
        (place for place in places if step_of(place[1], place[2], code, moment) is not None), None
    )


def not_shown() -> Refused:
    """What somebody hears whose code is no code of theirs."""
    return refused(
        "code.not_shown",
        da="Den kode står ikke på skærmen. Skriv den, der står der nu.",
        sv="Den koden står inte på skärmen. Skriv den som står där nu.",
        en="That code is not on the screen. Write the one that is there now.",
    )


def _not_taking_part() -> Refused:
    return refused(
        "not_taking_part",
        da="Du er ikke med på holdet lige nu. Sig det til din underviser.",
        sv="Du är inte med i omgången just nu. Säg det till din lärare.",
        en="You do not take part in the run just now. Tell your teacher.",
    )
