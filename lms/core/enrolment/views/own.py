"""One enrolment, and what the one it is about can do with it."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.catalogue.queries import may_in_run
from lms.core.enrolment import presenting, services, threads
from lms.core.enrolment.forms import OfferForm, WithdrawForm
from lms.core.enrolment.queries import Row, approvals_of, earlier_of, story_of, timeline
from lms.core.enrolment.queries.leading import leads
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
from lms.db import now
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.web.pages import panels_for
from lms.work import unit_of_work

LATE = "reason.late"
CALENDAR = "messages.calendar"


@blueprint.route("/enrolments/<key>")
@access()
def show(key: str) -> Response:
    """The enrolment with its timeline."""
    actor = current_actor()
    return _show(row_or_404(key, actor), actor, OfferForm(), 200)


def _show(row: Row, actor: Actor, offer: OfferForm, status: int) -> Response:
    facts = row.enrolment
    own = facts.person_id == actor.person_id
    over = facts.state not in LIVE
    # Who waits reads by which rule.
    waits = facts.state in ("requested", "awaiting_approval", "waitlisted")
    terms = presenting.terms_once([facts.run_id])[facts.run_id] if waits else None
    approvals = approvals_of([facts.id]).get(facts.id, ())
    story = story_of(facts.id)
    told = threads.Told(
        row=row,
        steps=timeline(facts.id),
        approvals=approvals,
        story=story,
        reader_id=actor.person_id,
    )
    knots = [
        *threads.past(told),
        *threads.ahead(row, terms, own=own, approvals=approvals, partner=story.partner),
    ]
    return page(
        "enrolment/show.html",
        status,
        row=row,
        own=own,
        badge=presenting.row_badge(row, own=own, approvals=approvals),
        who=presenting.person_in_words(row),
        knots=knots,
        offer=offer,
        left=presenting.time_left(row.answer_due, now()) if row.answer_due else "",
        pair_asked=presenting.is_pair_request(row) and own,
        questions_asked=presenting.is_asked_questions(row) and own,
        may_withdraw=own and not over,
        withdrawing=_withdraw_rule(row, story.withdraw_until),
        may_answer=may_decide(row, actor, approvals),
        terms=terms,
        story=story,
        agreement=presenting.agreement(row, story, reader_id=actor.person_id),
        earlier=[
            (one, presenting.state_badge(one.state, own=own))
            for one in earlier_of(facts.person_id, facts.run_id, but=facts.id)
        ]
        if own
        else [],
        may_ask_again=own and over and row.run_state == "open",
        calendar_url=url_for(CALENDAR)
        if own and facts.state in ("seated", "active") and CALENDAR in current_app.view_functions
        else None,
        drawn=panels_for("lms_enrolment_panels", facts.id, enrolments=(facts,)),
    )


def _withdraw_rule(row: Row, until: datetime | None) -> str:
    """Until when one may withdraw without saying why; empty where no day is set."""
    if until is None or row.enrolment.state not in LIVE:
        return ""
    return presenting.withdrawing_in_words(until, now(), row.run_zone)


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
    if not (own or may_in_run(actor, run_of(row), MANAGE) or leads(actor, row.enrolment.person_id)):
        not_found()
    over = row.enrolment.state not in LIVE
    until = presenting.terms_once([row.enrolment.run_id])[row.enrolment.run_id].withdraw_until
    late = until is not None and until < now() and row.enrolment.state in ("seated", "active")
    form = WithdrawForm()
    if not own:
        form.speak_of_another()
    if late:
        form.ask_why()
    if over:
        form.form_errors.append(gettext(_("This is over already. There is nothing to leave.")))
    elif form.validate_on_submit():
        try:
            with unit_of_work():
                services.withdraw(row.enrolment.id, actor, form.reason.data or "")
        except Refused as refused:
            _put_in(form, refused)
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
        over=over,
        late=late,
        rule=_withdraw_rule(row, until) if row.enrolment.state in ("seated", "active") else "",
        badge=presenting.row_badge(row, own=own),
        who=presenting.person_in_words(row),
    )


def _put_in(form: WithdrawForm, refused: Refused) -> None:
    """A missing reason is said at its field."""
    missing = [reason for reason in refused.refusals if reason.code == LATE]
    form.reason.errors = [*form.reason.errors, *(local(reason.message) for reason in missing)]
    say_why(form, [reason for reason in refused.refusals if reason.code != LATE])
