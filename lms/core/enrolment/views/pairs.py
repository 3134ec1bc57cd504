"""What somebody else has asked for one, a colleague who goes along or whoever nominated one: yes or
no, with answers to the run's questions, signed in or by a mail's link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, Refusal, RunFacts
from lms.core.enrolment import asking, presenting, services
from lms.core.enrolment.forms import Asked, OwnWordForm
from lms.core.enrolment.queries import Row, story_of
from lms.core.enrolment.views.base import Said, blueprint, row_or_404, run_of, say_why
from lms.core.refused import Refused
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.work import unit_of_work

THANKS = _("Thank you. You hear as soon as there is an answer.")
NOMINATED: Mapping[str, str] = {
    "seated": _("Thank you. You have a seat, and a mail with the days is on its way."),
    "waitlisted": _("Thank you. You stand on the waiting list."),
}
"""What a yes to a nomination came to, by state."""


@blueprint.route("/enrolments/<key>/together", methods=["GET", "POST"])
@access(rate="write")
def together(key: str) -> Response:
    """Say whether one goes with the colleague who asked for both."""
    return _own_word(key, presenting.is_pair_request)


@blueprint.route("/enrolments/<key>/questions", methods=["GET", "POST"])
@access(rate="write")
def questions(key: str) -> Response:
    """Answer the questions of a run that one was nominated for, or say no to it."""
    return _own_word(key, presenting.is_asked_questions)


def _own_word(key: str, waits: Callable[[Row], bool]) -> Response:
    actor = current_actor()
    row = row_or_404(key, actor)
    if row.enrolment.person_id != actor.person_id:
        not_found()
    run = run_of(row)
    form, asked = own_word_form(row, run)
    good = form.validate_on_submit()
    if not waits(row):
        return redirect(url_for("enrolment.show", key=key), 303)
    if good:
        reasons = checks(row, run, form, asked)
        if not reasons:
            try:
                with unit_of_work():
                    said = say_own_word(row, form, asked, actor)
            except Refused as refused:
                reasons = refused.refusals
            else:
                tell(*said)
                return redirect(url_for("enrolment.show", key=key), 303)
        say_why(form, reasons)
    return own_word_page(row, run, form, asked, by_link=False)


def own_word_form(row: Row, run: RunFacts) -> tuple[OwnWordForm, Sequence[Asked]]:
    """The form, with the questions that everybody is asked who wants a seat in the run."""
    return asking.own_word_form(row.enrolment, run, presenting.terms_once([run.id])[run.id])


def checks(row: Row, run: RunFacts, form: OwnWordForm, asked: Sequence[Asked]) -> Sequence[Refusal]:
    """What stands against a yes, before any lock."""
    if form.answer.data == "no":
        return ()
    goal, answers = asking.own_words(row.enrolment, form, asked)
    return asking.confirming_refusals(row.enrolment, run, goal, answers)


def say_own_word(row: Row, form: OwnWordForm, asked: Sequence[Asked], actor: Actor) -> Said:
    """Do what the form says, inside a unit of work; what came of it, to be told after it."""
    nominated = row.enrolment.source == "nomination"
    if form.answer.data == "no":
        services.withdraw(row.enrolment.id, actor)
        if nominated:
            return gettext(_("You said no. Whoever nominated you hears of it.")), "info"
        words = _("You go your own ways. Your colleague's request goes on without you.")
        return gettext(words), "info"
    services.fill_in(row.enrolment.id, actor, *asking.own_words(row.enrolment, form, asked))
    state = services.confirm(row.enrolment.id, actor)
    if nominated:
        return gettext(NOMINATED.get(state, THANKS)), "ok"
    if state == "seated":
        return gettext(_("You both have a seat. A mail with the days is on its way.")), "ok"
    if state == "waitlisted":
        return gettext(_("You stand on the waiting list together.")), "ok"
    return gettext(_("Thank you. You go together, and hear as soon as there is an answer.")), "ok"


def own_word_page(
    row: Row, run: RunFacts, form: OwnWordForm, asked: Sequence[Asked], *, by_link: bool
) -> Response:
    """What is asked, by whom, and for what."""
    terms = presenting.terms_once([run.id])[run.id]
    return page(
        "enrolment/questions.html"
        if row.enrolment.source == "nomination"
        else "enrolment/together.html",
        422 if form.submitted else 200,
        row=row,
        run=run,
        form=form,
        asked=asked,
        by_link=by_link,
        over=not presenting.waits_for_own_word(row),
        story=story_of(row.enrolment.id),
        manager_decides=asking.manager_decides(terms),
        badge=presenting.row_badge(row, own=True),
    )
