"""A manager's yes or no, signed in or by a link from a mail; answers to offers by mail.

A link shows what is asked and changes nothing until a button is pressed. It is bound to one
purpose, one person and one enrolment, and is spent in the transaction of the answer.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.catalogue.queries import sessions_of
from lms.core.enrolment import presenting, services
from lms.core.enrolment.forms import DecisionForm, OfferForm
from lms.core.enrolment.queries import Row, row_by_id
from lms.core.enrolment.views.base import (
    Said,
    blueprint,
    may_decide,
    row_or_404,
    say_why,
    was_asked,
)
from lms.core.enrolment.views.own import answer_offer
from lms.core.refused import Refused
from lms.core.users.queries import actor_for_person
from lms.core.users.services import LinkFacts, peek, spend
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.work import unit_of_work

DECIDE = "enrolment.decide"
OFFER = "enrolment.offer"


class _Spent(Exception):
    """Somebody was faster: the link was used between looking and pressing."""


@blueprint.route("/enrolments/<key>/answer", methods=["GET", "POST"])
@access(rate="write")
def decide(key: str) -> Response:
    """The question on a page of its own, for whoever may decide. Whoever was asked and is too
    late reads what became of it."""
    actor = current_actor()
    row = row_or_404(key, actor)
    form = _decision_form(row)
    if _over(row):
        if not was_asked(row, actor):
            not_found()
        return _page(row, form, by_link=False)
    if not may_decide(row, actor):
        not_found()
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
    return _page(row, form, by_link=False)


@blueprint.route("/answer/<token>", methods=["GET", "POST"])
@access(known="link", rate="write")
def answer(token: str) -> Response:
    """What the link from a mail asks. Looking changes nothing, pressing a button answers."""
    if (link := peek(token, DECIDE)) is not None:
        return _answer_request(token, link)
    if (link := peek(token, OFFER)) is not None:
        return _answer_offer(token, link)
    return _no_link()


def _answer_request(token: str, link: LinkFacts) -> Response:
    row = _row_of(link)
    try:
        actor = actor_for_person(link.person_id)
    except LookupError:
        return _no_link()
    if row is None or not (was_asked(row, actor) if _over(row) else may_decide(row, actor)):
        return _no_link()
    form = _decision_form(row)
    if not _over(row) and form.validate_on_submit():
        return _with_link(
            token, DECIDE, link, form, lambda actor: _decide(row, form, actor)
        ) or _page(row, form, by_link=True)
    return _page(row, form, by_link=True)


def _answer_offer(token: str, link: LinkFacts) -> Response:
    row = _row_of(link)
    if row is None or row.enrolment.person_id != link.person_id:
        return _no_link()
    form = OfferForm()
    if row.enrolment.state == "offered" and form.validate_on_submit():
        done = _with_link(token, OFFER, link, form, lambda actor: answer_offer(row, form, actor))
        if done is not None:
            return done
    return page(
        "enrolment/offer.html",
        422 if form.submitted else 200,
        row=row,
        form=form,
        over=row.enrolment.state != "offered",
        badge=presenting.row_badge(row, own=True),
    )


def _with_link(
    token: str,
    purpose: str,
    link: LinkFacts,
    form: DecisionForm | OfferForm,
    act: Callable[[Actor], Said],
) -> Response | None:
    """Spend the link and act in one unit of work; None when the form has the reasons against."""
    try:
        actor = actor_for_person(link.person_id)
    except LookupError:
        return _no_link()
    try:
        with unit_of_work():
            if spend(token, purpose) is None:
                raise _Spent
            said = act(actor)
    except _Spent:
        return _no_link()
    except Refused as refused:
        say_why(form, refused.refusals)
        return None
    tell(*said)
    return redirect(url_for("enrolment.answered"), 303)


def _row_of(link: LinkFacts) -> Row | None:
    return row_by_id(link.subject_id) if link.subject_id is not None else None


def _no_link() -> Response:
    """One page for links that are used, over, for something else or made up."""
    return page("enrolment/link_over.html", 410)


@blueprint.route("/answered")
@access(known="public")
def answered() -> Response:
    """The page after an answer by link; what came of it was told when it was given."""
    return page("enrolment/answered.html")


def _over(row: Row) -> bool:
    return row.enrolment.state != "awaiting_approval"


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
    state = services.say_yes(row.enrolment.id, actor, goal=form.goal.data or None)
    if state == "seated":
        return gettext(_("Thank you. %(who)s has a seat."), who=who), "ok"
    if state == "awaiting_approval":
        words = _("Thank you. Your yes is noted; another one is still needed for %(who)s.")
        return gettext(words, who=who), "ok"
    words = _("Thank you. It is full, so %(who)s is on the waiting list.")
    return gettext(words, who=who), "ok"


def _page(row: Row, form: DecisionForm, *, by_link: bool) -> Response:
    sessions = sessions_of([row.enrolment.run_id])[row.enrolment.run_id]
    return page(
        "enrolment/answer.html",
        422 if form.submitted else 200,
        row=row,
        form=form,
        by_link=by_link,
        over=_over(row),
        badge=presenting.row_badge(row),
        who=presenting.person_in_words(row),
        sessions=sessions,
    )
