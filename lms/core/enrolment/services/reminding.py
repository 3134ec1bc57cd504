"""Reminding those who have been asked for a yes, or for answers, and have said nothing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from lms.contracts import SYSTEM
from lms.core.catalogue.services import hold_run
from lms.core.enrolment.models import Approval, Enrolment
from lms.core.enrolment.queries.deciding import asked_questions
from lms.core.enrolment.services.approving import SETTINGS, whom_to_tell
from lms.core.enrolment.services.moving import facts_of
from lms.core.settings.queries import all_for
from lms.db import db, now
from lms.journal import record
from lms.journal.models import JournalEntry

ANSWERS_REMINDER = "enrolment.answers_reminder"


def time_to_remind() -> timedelta:
    """After how long somebody who has not answered is reminded."""
    return timedelta(days=int(all_for(SETTINGS)["days_to_remind"]))


def remind(*, limit: int = 200) -> int:
    """Remind those who have not answered for a while, each once; how many: who is asked for a yes,
    and who was nominated and is asked the run's questions."""
    return _remind_approvers(limit) + _remind_nominated(limit)


def _remind_approvers(limit: int) -> int:
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


def _remind_nominated(limit: int) -> int:
    reminded = select(JournalEntry.id).where(
        JournalEntry.subject_kind == "enrolment",
        JournalEntry.subject_id == Enrolment.id,
        JournalEntry.verb == ANSWERS_REMINDER,
    )
    waiting = (
        asked_questions(),
        Enrolment.created_at < now() - time_to_remind(),
        ~reminded.exists(),
    )
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.run_id)
        .where(*waiting)
        .order_by(Enrolment.run_id, Enrolment.id)
        .limit(limit)
    ).all()
    told = 0
    for row in rows:
        hold_run(row.run_id)
        due = db.session.scalar(
            select(Enrolment.answer_due).where(Enrolment.id == row.id, *waiting)
        )
        if due is None:  # answered, or reminded, while the run was waited for
            continue
        told += 1
        data = {"run": row.run_id, "due": due.isoformat()}
        record(ANSWERS_REMINDER, "enrolment", row.id, actor=SYSTEM, data=data)
    return told
