"""What the pages of the room share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Blueprint

from lms.contracts import Actor, Refusal, RunFacts
from lms.core.catalogue.queries import may_in_run, runs_by_id
from lms.core.enrolment.queries import ApprovalFacts, Row, approvals_of, row_by_key, stands_in
from lms.core.enrolment.services import approval_to_answer
from lms.web import Form, not_found
from lms.web.i18n import local

MANAGE = "enrolment.manage"
ASK = "enrolment.request"

Said = tuple[str, str]
"""A sentence for the top of the next page, and its kind."""

blueprint = Blueprint("enrolment", __name__)


def row_or_404(key: str, actor: Actor) -> Row:
    """The enrolment, if the actor may see it."""
    row = row_by_key(key, actor)
    if row is None:
        not_found()
    return row


def run_of(row: Row) -> RunFacts:
    """The run of an enrolment that the actor was allowed to see."""
    return runs_by_id([row.enrolment.run_id])[row.enrolment.run_id]


def may_decide(row: Row, actor: Actor, approvals: Sequence[ApprovalFacts] | None = None) -> bool:
    """Is a yes asked of the actor, or of somebody they may answer for? `approvals` where the page
    has read them already."""
    facts = row.enrolment
    if facts.state != "awaiting_approval":
        return False
    if approvals is None:
        approvals = approvals_of([facts.id]).get(facts.id, ())
    return approval_to_answer(facts, approvals, actor) is not None


def was_asked(row: Row, actor: Actor, approvals: Sequence[ApprovalFacts]) -> bool:
    """Was a yes asked of the actor, or of somebody they may answer for?"""
    facts = row.enrolment
    if actor.person_id is None or actor.person_id == facts.person_id:
        return False
    if any(actor.person_id in (a.approver_id, a.decided_by_id) for a in approvals):
        return True
    if any(a.approver_id is not None and stands_in(actor, a.approver_id) for a in approvals):
        return True
    waits = facts.state == "awaiting_approval"
    if not waits and facts.manager_id == actor.person_id:
        return True
    of_the_run = not waits or any(a.approver_id is None for a in approvals)
    return of_the_run and may_in_run(actor, run_of(row), MANAGE)


def say_why(form: Form, refusals: Iterable[Refusal]) -> None:
    """Put the reasons on top of the form, each once."""
    for refusal in refusals:
        sentence = local(refusal.message)
        if sentence not in form.form_errors:
            form.form_errors.append(sentence)
