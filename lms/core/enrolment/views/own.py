"""One enrolment, and what the one it is about can do with it."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.catalogue.queries import may_in_run
from lms.core.enrolment import presenting, services
from lms.core.enrolment.forms import OfferForm, WithdrawForm
from lms.core.enrolment.queries import Row, timeline
from lms.core.enrolment.states import LIVE
from lms.core.enrolment.views.base import (
    MANAGE,
    Said,
    blueprint,
    may_decide,
    row_or_404,
    run_of,
    say_why,
)
from lms.core.refused import Refused
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.web.pages import panels_for
from lms.work import unit_of_work


@blueprint.route("/enrolments/<key>")
@access()
def show(key: str) -> Response:
    """The enrolment with its timeline."""
    actor = current_actor()
    return _show(row_or_404(key, actor), actor, OfferForm(), 200)


def _show(row: Row, actor: Actor, offer: OfferForm, status: int) -> Response:
    facts = row.enrolment
    own = facts.person_id == actor.person_id
    return page(
        "enrolment/show.html",
        status,
        row=row,
        own=own,
        badge=presenting.row_badge(row, own=own),
        who=presenting.person_in_words(row),
        knots=[
            *presenting.past(timeline(facts.id), row, actor.person_id),
            *presenting.ahead(row, own=own),
        ],
        offer=offer,
        may_withdraw=own and facts.state in LIVE,
        may_answer=facts.state == "awaiting_approval" and may_decide(row, actor),
        drawn=panels_for("lms_enrolment_panels", facts.id, enrolments=(facts,)),
    )


@blueprint.route("/enrolments/<key>/offer", methods=["POST"])
@access(rate="write")
def offer(key: str) -> Response:
    """Take the offered seat, or let it go."""
    actor = current_actor()
    row = row_or_404(key, actor)
    if row.enrolment.person_id != actor.person_id:
        not_found()
    form = OfferForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                said = answer_offer(row, form, actor)
        except Refused as refused:
            say_why(form, refused.refusals)
            return _show(row_or_404(key, actor), actor, form, 422)
        tell(*said)
        return redirect(url_for("enrolment.show", key=key), 303)
    return _show(row, actor, form, 422)


def answer_offer(row: Row, form: OfferForm, actor: Actor) -> Said:
    """Do what the form says, inside a unit of work; what came of it, to be told after it."""
    if form.answer.data == "yes":
        services.accept_offer(row.enrolment.id, actor)
        return gettext(_("The seat is yours. A mail with the days is on its way.")), "ok"
    if services.decline_offer(row.enrolment.id, actor) == "waitlisted":
        return gettext(_("You let the seat go, and wait at the end of the queue.")), "info"
    return gettext(_("You let the seat go. It is offered to the next.")), "info"


@blueprint.route("/enrolments/<key>/withdraw", methods=["GET", "POST"])
@access(rate="write")
def withdraw(key: str) -> Response:
    """Leaving, on a page of its own that says what it means."""
    actor = current_actor()
    row = row_or_404(key, actor)
    own = row.enrolment.person_id == actor.person_id
    if not own and not may_in_run(actor, run_of(row), MANAGE):
        not_found()
    form = WithdrawForm()
    if not own:
        form.speak_of_another()
    if row.enrolment.state not in LIVE:
        form.form_errors.append(gettext(_("This is over already. There is nothing to leave.")))
    elif form.validate_on_submit():
        try:
            with unit_of_work():
                services.withdraw(row.enrolment.id, actor, form.reason.data or "")
        except Refused as refused:
            say_why(form, refused.refusals)
        else:
            words = _("You have withdrawn.") if own else _("The enrolment is withdrawn.")
            tell(gettext(words), "info")
            return redirect(url_for("enrolment.show", key=key), 303)
    return page(
        "enrolment/withdraw.html",
        422 if form.submitted else 200,
        row=row,
        form=form,
        own=own,
        over=row.enrolment.state not in LIVE,
        badge=presenting.row_badge(row, own=own),
        who=presenting.person_in_words(row),
    )
