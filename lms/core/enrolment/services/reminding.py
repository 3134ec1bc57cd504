"""Reminding those who have been asked for a yes and have not answered."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from lms.contracts import SYSTEM
from lms.core.catalogue.services import hold_run
from lms.core.enrolment.models import Approval, Enrolment
from lms.core.enrolment.services.approving import SETTINGS, whom_to_tell
from lms.core.enrolment.services.moving import facts_of
from lms.core.settings.queries import all_for
from lms.db import db, now
from lms.journal import record


def time_to_remind() -> timedelta:
    """After how long somebody who has not answered is reminded."""
    return timedelta(days=int(all_for(SETTINGS)["days_to_remind"]))


def remind(*, limit: int = 200) -> int:
    """Remind those who have not answered for a while, each once; how many."""
    waiting = (
        Approval.state == "open",
        Approval.reminded_at.is_(None),
        Approval.opened_at < now() - time_to_remind(),
    )
    rows = db.session.execute(
        select(Approval.id, Enrolment.run_id)
        .join(Enrolment, Enrolment.id == Approval.enrolment_id)
        .where(*waiting, Enrolment.state == "awaiting_approval")
        .order_by(Enrolment.run_id, Approval.id)
        .limit(limit)
    ).all()
    reminded = 0
    for row in rows:
        # Whoever writes approvals holds their run, and takes several in the order of their ids.
        hold_run(row.run_id)
        still = db.session.execute(
            update(Approval)
            .where(Approval.id == row.id, *waiting)
            .values(reminded_at=now())
            .returning(Approval.enrolment_id, Approval.kind, Approval.approver_id, Approval.due)
            .execution_options(synchronize_session=False)
        ).first()
        if still is None:
            continue
        reminded += 1
        record(
            "enrolment.approval_reminder",
            "enrolment",
            still.enrolment_id,
            actor=SYSTEM,
            data={
                "run": row.run_id,
                "approval": row.id,
                "kind": still.kind,
                "approvers": whom_to_tell(facts_of(still.enrolment_id), still.approver_id),
                "due": still.due.isoformat() if still.due else None,
            },
        )
    return reminded
