"""Asking for a seat."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.core.catalogue.queries import run_by_key
from lms.core.enrolment import asking, presenting
from lms.core.enrolment.forms import answers_in, ask_form
from lms.core.enrolment.queries import Row, employment_of, newest_of
from lms.core.enrolment.services import ALREADY, run_refusals, time_to_answer
from lms.core.enrolment.states import LIVE
from lms.core.enrolment.views.base import blueprint, say_why
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _

TOLD = {
    "awaiting_approval": _(
        "We have asked your manager. You get a mail when there is an answer. "
        "You need not do anything now."
    ),
    "seated": _("You have a seat. A mail with the days is on its way."),
    "waitlisted": _(
        "It is full, so you are on the waiting list. You get a mail as soon as a seat is free."
    ),
}


@blueprint.route("/catalogue/<key>/ask", methods=["GET", "POST"])
@access("enrolment.request", rate="write")
def ask(key: str) -> Response:
    """The request form of a run; what is refused stands on the form with everything typed."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None or actor.person_id is None:
        not_found()
    newest = newest_of([actor.person_id], [run.id]).get((actor.person_id, run.id))
    job = employment_of(actor.person_id)
    decided_by_manager = asking.manager_decides(run)
    form, asked = ask_form(asking.questions(run), manager_decides=decided_by_manager)
    good = form.validate_on_submit()
    if newest is not None and newest.enrolment.state in LIVE:
        return _to(newest)
    if good:
        reasons = asking.ask(actor, run, job, form.goal.data or "", answers_in(form, asked))
        codes = {reason.code for reason in reasons}
        if not reasons or codes == {ALREADY}:
            made = newest_of([actor.person_id], [run.id])[actor.person_id, run.id]
            if not reasons:
                tell(gettext(TOLD.get(made.enrolment.state, TOLD["awaiting_approval"])))
            return _to(made)
        say_why(form, reasons)
    closed = [] if form.submitted else [local(reason.message) for reason in run_refusals(run)]
    return page(
        "enrolment/ask.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        asked=asked,
        job=job,
        manager_decides=decided_by_manager,
        closed=closed,
        days_to_answer=time_to_answer().days,
        before=newest,
        before_badge=presenting.row_badge(newest, own=True) if newest else None,
    )


def _to(row: Row) -> Response:
    return redirect(url_for("enrolment.show", key=row.enrolment.key), 303)
