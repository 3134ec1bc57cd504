"""Verbs on the sessions of a run that people count on: move one, cancel one.

The run is held first, as by every verb that others act upon. Who has a seat is told by the
messages room, with an entry for their calendar.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from lms.contracts import Actor, CourseSessionFacts
from lms.core.catalogue.models import CourseSession, Run
from lms.core.catalogue.services import lock_run
from lms.core.refused import Refused, refused
from lms.db import clean_text, db, now
from lms.journal import record

RUN_IS_OVER = frozenset({"completed", "evaluated", "archived", "cancelled"})
CHANGEABLE = frozenset({"planned", "moved"})


def move_session(
    session_id: int,
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    *,
    venue: str | None = None,
) -> None:
    """Give a course session another time (aware) and, unless `venue` is None, another place.

    Raises `Refused` for a session that was held or cancelled, for a run that is over, and for a
    time that has been or ends before it begins. A local time comes through
    `lms.core.local_times.moment_at`.
    """
    session = _held(session_id)
    if not now() < starts_at < ends_at:
        raise refused(
            "starts_at.not_ahead",
            da="Vælg et tidspunkt, der ligger forude, og som slutter, efter det er begyndt.",
            sv="Välj en tid som ligger framåt och som slutar efter att den har börjat.",
            en="Choose a time that is still to come, and that ends after it begins.",
        )
    before = {"before": session.starts_at.isoformat(), "before_end": session.ends_at.isoformat()}
    values = {"starts_at": starts_at, "ends_at": ends_at, "state": "moved"}
    if venue is not None:
        values["venue"] = clean_text(venue)
    _write(session, values)
    record(
        "catalogue.session_moved",
        "course_session",
        session_id,
        actor=actor,
        data={"run": session.run_id, **before},
    )


def cancel_session(session_id: int, actor: Actor, reason: str) -> None:
    """A course session does not take place; everybody reads why. Raises `Refused` as
    `move_session` does, and without a reason."""
    session = _held(session_id)
    if not reason.strip():
        raise refused(
            "reason.needed",
            da="Skriv en grund, så alle får den at vide.",
            sv="Skriv ett skäl, så att alla får veta det.",
            en="Write a reason, so that everybody hears it.",
        )
    _write(session, {"state": "cancelled"})
    record(
        "catalogue.session_cancelled",
        "course_session",
        session_id,
        actor=actor,
        data={"run": session.run_id},
        payload={"reason": reason},
    )


def _held(session_id: int) -> CourseSession:
    """The session as it is while its run is held. Raises `Refused` when it cannot change."""
    run_id = select(CourseSession.run_id).where(CourseSession.id == session_id).scalar_subquery()
    state = lock_run(run_id)
    session = db.session.get_one(CourseSession, session_id, populate_existing=True)
    if state in RUN_IS_OVER or session.state not in CHANGEABLE:
        raise _too_late()
    return session


def _too_late() -> Refused:
    return refused(
        "too_late",
        da="Mødet er holdt eller aflyst, så det kan ikke ændres mere.",
        sv="Träffen är hållen eller inställd, så den kan inte ändras mer.",
        en="The session was held or cancelled, so it cannot be changed any more.",
    )


def _write(session: CourseSession, values: dict[str, object]) -> None:
    """Change the session, and let the run's first and last day follow what takes place."""
    run_id = session.run_id
    for name, value in values.items():
        setattr(session, name, value)
    db.session.flush()
    first, last = db.session.execute(
        select(func.min(CourseSession.starts_at), func.max(CourseSession.ends_at)).where(
            CourseSession.run_id == run_id, CourseSession.state != "cancelled"
        )
    ).one()
    if first is not None:
        db.session.execute(
            update(Run)
            .where(Run.id == run_id)
            .values(starts_at=first, ends_at=last)
            .execution_options(synchronize_session=False)
        )


def may_change(session: CourseSessionFacts, run_state: str) -> bool:
    """Can this session still be moved or cancelled? For pages that show the button."""
    return run_state not in RUN_IS_OVER and session.state in CHANGEABLE
