"""The open question behind an enrolment that waits for a yes."""

from __future__ import annotations

from lms.core.enrolment.models import Approval, Enrolment


def asked(enrolment: Enrolment) -> Approval:
    """The line manager (or nobody by name) is asked since the enrolment was made."""
    return Approval(
        enrolment_id=enrolment.id,
        position=1,
        kind="line_manager",
        approver_id=enrolment.manager_id,
        state="open",
        opened_at=enrolment.created_at,
        due=enrolment.answer_due,
    )
