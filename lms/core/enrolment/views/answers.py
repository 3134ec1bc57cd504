"""Yes or no, signed in or by a link from a mail: to a request, to an offer, to going together, to
being nominated.

A link shows what is asked and changes nothing until a button is pressed. It is bound to one
purpose, one person and one enrolment, and is spent in the transaction of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.catalogue.queries import sessions_of
from lms.core.enrolment import answering, presenting, services
from lms.core.enrolment.forms import DecisionForm, OfferForm, OwnWordForm
from lms.core.enrolment.queries import ApprovalFacts, Row, approvals_of, row_by_id
from lms.core.enrolment.views.base import (
    Said,
    blueprint,
    may_decide,
    row_or_404,
    run_of,
    say_why,
    was_asked,
)
from lms.core.enrolment.views.own import answer_offer
from lms.core.enrolment.views.pairs import (
    checks,
    own_word_form,
    own_word_page,
    say_own_word,
)
from lms.core.refused import Refused
from lms.core.users.queries import actor_for_person
from lms.core.users.services.links import FoundLink, look, spend
from lms.db import now
from lms.web import Form, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.work import unit_of_work

DECIDE = "enrolment.decide"
OFFER = "enrolment.offer"
PAIR = "enrolment.pair"
QUESTIONS = "enrolment.questions"
PURPOSES = frozenset({DECIDE, OFFER, PAIR, QUESTIONS})


class _Spent(Exception):
    """Somebody was faster: the link was used between looking and pressing."""


@blueprint.route("/enrolments/<key>/answer", methods=["GET", "POST"])
@access(rate="write")
def decide(key: str) -> Response:
    """The question on a page of its own, for whoever may decide. Whoever was asked and is too
    late reads what became of it."""
    actor = current_actor()
    row = row_or_404(key, actor)
    approvals = _approvals(row)
    form = _decision_form(row)
    if not may_decide(row, actor, approvals):
        if not was_asked(row, actor, approvals):
            not_found()
        return _page(row, form, actor, approvals, by_link=False, over=True)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                said = _decide(row, form, actor)
        except Refused as refused:
            say_why(form, refused.refusals)
        else:
            tell(*said)
            if actor.may_anywhere("enrolment.decide"):
                return redirect(url_for("enrolment.team"), 303)
            return redirect(url_for("home.mine"), 303)
    return _page(row, form, actor, approvals, by_link=False, over=False)


@blueprint.route("/answer/<token>", methods=["GET", "POST"])
@access(known="link", rate="write")
def answer(token: str) -> Response:
    """What the link from a mail asks. Looking changes nothing, pressing a button answers."""
    link = look(token)
    if link is None or link.purpose not in PURPOSES:
        return _link_over("unknown")
    if not link.good:
        return _no_link(token)
    row = row_by_id(link.subject_id) if link.subject_id is not None else None
    try:
        actor = actor_for_person(link.person_id)
    except LookupError:
        return _link_over("left")
    if row is None:
        return _link_over("unknown")
    answered_by = {DECIDE: _answer_request, OFFER: _answer_offer}
    try:
        return answered_by.get(link.purpose, _answer_for_oneself)(token, link, row, actor)
    except _Spent:
        return _no_link(token)


def _answer_request(token: str, link: FoundLink, row: Row, actor: Actor) -> Response:
    if row.enrolment.person_id == actor.person_id:
        return _link_over("own")
    approvals = _approvals(row)
    form = _decision_form(row)
    if not may_decide(row, actor, approvals):
        if not was_asked(row, actor, approvals):
            return _link_over("other")
        _insist(token, form)
        return _page(row, form, actor, approvals, by_link=True, over=True)
    if form.validate_on_submit():
        done = _with_link(token, DECIDE, link, form, lambda actor: _decide(row, form, actor))
        if done is not None:
            return done
    _insist(token, form)
    return _page(row, form, actor, approvals, by_link=True, over=False)


def _answer_offer(token: str, link: FoundLink, row: Row, actor: Actor) -> Response:
    if row.enrolment.person_id != actor.person_id:
        return _link_over("other")
    form = OfferForm()
    over = row.enrolment.state != "offered"
    if not over and form.validate_on_submit():
        done = _with_link(token, OFFER, link, form, lambda actor: answer_offer(row, form, actor))
        if done is not None:
            return done
    _insist(token, form)
    return page(
        "enrolment/offer.html",
        422 if form.submitted else 200,
        row=row,
        form=form,
        over=answering.offer_over(row) if over else "",
        left=presenting.time_left(row.answer_due, now()) if row.answer_due else "",
        badge=presenting.row_badge(row, own=True),
    )


def _answer_for_oneself(token: str, link: FoundLink, row: Row, actor: Actor) -> Response:
    if row.enrolment.person_id != actor.person_id:
        return _link_over("other")
    run = run_of(row)
    form, asked = own_word_form(row, run)
    if presenting.waits_for_own_word(row) and form.validate_on_submit():
        reasons = checks(row, run, form, asked)
        if not reasons:
            done = _with_link(
                token, link.purpose, link, form, lambda actor: say_own_word(row, form, asked, actor)
            )
            if done is not None:
                return done
        say_why(form, reasons)
    _insist(token, form)
    return own_word_page(row, run, form, asked, by_link=True)


def _with_link(
    token: str,
    purpose: str,
    link: FoundLink,
    form: DecisionForm | OfferForm | OwnWordForm,
    act: Callable[[Actor], Said],
) -> Response | None:
    """Spend the link and act in one unit of work; None when the form has the reasons against."""
    try:
        with unit_of_work():
            if spend(token, purpose) is None:
                raise _Spent
            said = act(actor_for_person(link.person_id))
    except (_Spent, LookupError):
        return _no_link(token)
    except Refused as refused:
        say_why(form, refused.refusals)
        return None
    tell(*said)
    return redirect(url_for("enrolment.answered"), 303)


def _insist(token: str, form: Form) -> None:
    """Before a page says what stands against an answer: was it the same link, used meanwhile?

    What was read after the link may be newer than it (READ COMMITTED), so the link is read again.
    """
    if form.submitted:
        found = look(token)
        if found is None or not found.good:
            raise _Spent


def _no_link(token: str) -> Response:
    """Why a link does nothing any more, as far as its holder may know."""
    found = look(token)
    if found is None or found.purpose not in PURPOSES:
        return _link_over("unknown")
    try:
        actor_for_person(found.person_id)
    except LookupError:
        return _link_over("left")
    return _link_over("used" if found.used_at is not None else "late")


def _link_over(why: str) -> Response:
    """One page for links that are used, late, somebody else's or made up, with its sentence."""
    heading, sentence = answering.LINK_OVER[why]
    return page("enrolment/link_over.html", 410, heading=gettext(heading), text=gettext(sentence))


@blueprint.route("/answered")
@access(known="public")
def answered() -> Response:
    """The page after an answer by link; what came of it was told when it was given."""
    return page("enrolment/answered.html")


def _approvals(row: Row) -> Sequence[ApprovalFacts]:
    return approvals_of([row.enrolment.id]).get(row.enrolment.id, ())


def _decision_form(row: Row) -> DecisionForm:
    form = DecisionForm(goal=row.enrolment.goal)
    form.goal_asked = bool(row.enrolment.goal)
    return form


def _decide(row: Row, form: DecisionForm, actor: Actor) -> Said:
    """Do what the form says, inside a unit of work; what came of it, to be told after it."""
    who = row.person_name
    if form.answer.data == "no":
        services.say_no(row.enrolment.id, actor, form.reason.data or "")
        return gettext(_("Your no is on its way to %(who)s."), who=who), "info"
    # A goal left as it was is signed by the line manager only; who changes it signs it.
    typed = form.goal.data or ""
    goal = typed if typed and typed != row.enrolment.goal else None
    state = services.say_yes(row.enrolment.id, actor, goal=goal)
    if state == "seated":
        return gettext(_("Thank you. %(who)s has a seat."), who=who), "ok"
    if state == "awaiting_approval":
        words = _("Thank you. Your yes is noted; another one is still needed for %(who)s.")
        return gettext(words, who=who), "ok"
    terms = presenting.terms_once([row.enrolment.run_id])[row.enrolment.run_id]
    if terms.waits_for_draw:
        return gettext(_("Thank you. %(who)s is in the draw."), who=who), "ok"
    words = _("Thank you. It is full, so %(who)s is on the waiting list.")
    return gettext(words, who=who), "ok"


def _page(
    row: Row,
    form: DecisionForm,
    actor: Actor,
    approvals: Sequence[ApprovalFacts],
    *,
    by_link: bool,
    over: bool,
) -> Response:
    sessions = [
        session
        for session in sessions_of([row.enrolment.run_id])[row.enrolment.run_id]
        if session.state != "cancelled"
    ]
    sessions.sort(key=lambda session: session.starts_at)
    return page(
        "enrolment/answer.html",
        422 if form.submitted else 200,
        row=row,
        form=form,
        by_link=by_link,
        mine=row.enrolment.manager_id is not None and row.enrolment.manager_id == actor.person_id,
        over=answering.decision_over(row, approvals, actor) if over else "",
        badge=presenting.row_badge(row, approvals=approvals),
        who=presenting.person_in_words(row),
        approvals=answering.approval_lines(approvals, row, actor) if len(approvals) > 1 else [],
        sessions=sessions,
        minutes_away=sum(session.minutes for session in sessions),
    )
