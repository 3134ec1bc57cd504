"""Asking for a seat: from the page of a run, or by an invitation's link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, Refusal, RunFacts
from lms.core.catalogue.queries import run_by_key, runs_by_id
from lms.core.enrolment import asking, presenting
from lms.core.enrolment.forms import KEY, PAIR, AskForm, answers_in, ask_form
from lms.core.enrolment.queries import (
    Own,
    TermsFacts,
    clashes_with,
    employment_of,
    join_link,
    newest_of,
    number_waiting,
    own_in,
)
from lms.core.enrolment.services import ALREADY, run_refusals, time_to_answer
from lms.core.enrolment.states import LIVE
from lms.core.enrolment.views.base import ASK, blueprint, say_why
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _

TOLD = {
    "requested": _(
        "Your request is kept. All requests are answered together when the time for asking is over."
    ),
    "awaiting_approval": _(
        "We have asked those who must say yes. You get a mail when there is an answer. "
        "You need not do anything now."
    ),
    "by_manager": _(
        "We have asked your manager. You get a mail when there is an answer. "
        "You need not do anything now."
    ),
    "seated": _("You have a seat. A mail with the days is on its way."),
    "waitlisted": _(
        "It is full, so you are on the waiting list. You get a mail as soon as a seat is free."
    ),
    "in_the_draw": _("You are in the draw. You get a mail when lots have been drawn."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Door:
    """Where somebody asks: the run, under which terms, by which link if any, and where to post."""

    run: RunFacts
    terms: TermsFacts
    token: str
    action: str


@blueprint.route("/catalogue/<key>/ask", methods=["GET", "POST"])
@access(ASK, rate="write")
def ask(key: str) -> Response:
    """The request form of a run; what is refused stands on the form with everything typed."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None or actor.person_id is None:
        not_found()
    terms = presenting.terms_once([run.id])[run.id]
    elsewhere = asking.entry_page(run, terms)
    if elsewhere is not None and request.method == "GET":
        return redirect(url_for(elsewhere, key=run.key), 303)
    action = url_for("enrolment.ask", key=run.key)
    own = own_in(run.id, actor.person_id)
    return _ask(_Door(run=run, terms=terms, token="", action=action), actor, actor.person_id, own)


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@access(known="link", rate="write")
def join(token: str) -> Response:
    """An invitation: what it is for, for whoever has the link; signed in, the form to ask."""
    link, actor = join_link(token), current_actor()
    if link is None:
        return page("enrolment/join_over.html", 410)
    run = runs_by_id([link.run_id])[link.run_id]
    own = None
    if actor.person_id is not None:
        own = own_in(run.id, actor.person_id)
        if own is not None and own.state in LIVE:
            # A link that is used up still leads those who used it to their seat.
            Confirm().validate_on_submit()
            return _to(own)
    terms = presenting.terms_once([run.id])[run.id]
    if not link.good or not {"link", "open"} & set(terms.ways):
        return page("enrolment/join_over.html", 410)
    action = url_for("enrolment.join", token=token)
    if actor.person_id is None:
        closed = [local(reason.message) for reason in run_refusals(run)]
        sign_in = url_for("users.sign_in", next=action)
        status = 401 if request.method == "POST" else 200
        return page("enrolment/join.html", status, run=run, closed=closed, sign_in=sign_in)
    if not actor.may_anywhere(ASK):
        not_found()
    door = _Door(run=run, terms=terms, token=token, action=action)
    return _ask(door, actor, actor.person_id, own)


def _ask(door: _Door, actor: Actor, person_id: int, newest: Own | None) -> Response:
    run, terms = door.run, door.terms
    job = employment_of(person_id)
    by_link = bool(door.token)
    by_manager = asking.manager_decides(terms)
    form, asked = ask_form(
        asking.questions(run, terms),
        manager_decides=by_manager,
        wants_key=asking.wants_key(terms, job, person_id, by_link=by_link),
        in_pairs=terms.in_pairs,
    )
    good = form.validate_on_submit()
    if newest is not None and newest.state in LIVE:
        return _to(newest)
    if good:
        wanted = asking.Wanted(
            goal=form.goal.data or "",
            answers=answers_in(form, asked),
            token=door.token,
            entry_key=_typed(form, KEY),
            pair_with=_typed(form, PAIR),
        )
        made, reasons = asking.ask(actor, run, terms, job, wanted)
        if made is not None:
            tell(gettext(_told(made, terms)))
            return _to(made)
        if {reason.code for reason in reasons} == {ALREADY}:
            made = own_in(run.id, person_id)
            assert made is not None  # noqa: S101 - it stands in the way
            return _to(made)
        put_in(form, reasons)
    closed = run_refusals(run)
    if not closed:
        closed = list(asking.closed_ways(terms, job, person_id, by_link=by_link))
    before = newest_of([person_id], [run.id]).get((person_id, run.id)) if newest else None
    return page(
        "enrolment/ask.html",
        422 if form.submitted else 200,
        run=run,
        terms=terms,
        action=door.action,
        form=form,
        asked=asked,
        job=job,
        manager_decides=by_manager,
        approvers=presenting.approvers_in_words(terms, job),
        closed=[] if form.submitted else [local(reason.message) for reason in closed],
        days_to_answer=time_to_answer().days,
        clashes=clashes_with(run.id, person_id),
        waiting=0 if run.free else number_waiting(run.id),
        rule=presenting.rule_in_words(terms, run.zone),
        before=before,
        before_badge=presenting.row_badge(before, own=True) if before else None,
    )


def _typed(form: AskForm, name: str) -> str:
    return str(form[name].data or "") if name in form else ""


def _told(made: Own, terms: TermsFacts) -> str:
    state = made.state
    if state == "waitlisted" and terms.waits_for_draw:
        return TOLD["in_the_draw"]
    if state == "awaiting_approval" and terms.approvers == ("line_manager",):
        return TOLD["by_manager"]
    return TOLD.get(state, TOLD["awaiting_approval"])


def put_in(form: AskForm, reasons: Sequence[Refusal]) -> None:
    """Reasons at the field they speak of, the others on top of the form."""
    rest = []
    for reason in reasons:
        name = reason.code.partition(".")[0]
        if name in (KEY, PAIR) and name in form:
            field = form[name]
            field.errors = [*field.errors, local(reason.message)]
        else:
            rest.append(reason)
    say_why(form, rest)


def _to(own: Own) -> Response:
    return redirect(url_for("enrolment.show", key=own.key), 303)
