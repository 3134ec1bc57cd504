"""Whom companies named that were refused or went: kept for a year after the call, then blanked."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from lms.api import SYSTEM, db, now, record
from lms_courses.models import Application, Call

MONTHS = 12
OVER = ("refused", "withdrawn")


def forget_people() -> int:
    """Blank names and addresses in applications that came to nothing; how many. What the company
    wrote stays, and so does the answer with its reason."""
    long_ago = now() - timedelta(days=365 * MONTHS // 12)
    ids = db.session.scalars(
        select(Application.id)
        .join(Call, Call.run_id == Application.run_id)
        .where(
            Application.state.in_(OVER),
            Application.contact_email != "",
            Call.closes_at < long_ago,
        )
        .order_by(Application.id)
    ).all()
    if not ids:
        return 0
    db.session.execute(
        update(Application)
        .where(Application.id.in_(ids))
        .values(contact_name="", contact_email="", contact_id=None, people=[], left_because="")
        .execution_options(synchronize_session=False)
    )
    for id_ in ids:
        record("courses.application_forgotten", "application", id_, actor=SYSTEM)
    return len(ids)
