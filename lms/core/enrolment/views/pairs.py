"""Going together: the colleague who was named says yes or no, signed in or by a mail's link."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, Refusal, RunFacts
from lms.core.enrolment import asking, presenting, services
from lms.core.enrolment.forms import Asked, TogetherForm, answers_in, together_form
from lms.core.enrolment.queries import Row, story_of
from lms.core.enrolment.views.base import Said, blueprint, row_or_404, run_of, say_why
from lms.core.refused import Refused
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.work import unit_of_work


@blueprint.route("/enrolments/<key>/together", methods=["GET", "POST"])
@access(rate="write")
def together(key: str) -> Response:
    """Say whether one goes with the colleague who asked for both."""
    actor = current_actor()
    row = row_or_404(key, actor)
    if row.enrolment.person_id != actor.person_id:
        not_found()
    run = run_of(row)
    form, asked = pair_form(row, run)
    good = form.validate_on_submit()
    if not presenting.is_pair_request(row):
        return redirect(url_for("enrolment.show", key=key), 303)
    if good:
        reasons = checks(row, run, form, asked)
        if not reasons:
            try:
                with unit_of_work():
                    said = answer_pair(row, form, asked, actor)
            except Refused as refused:
                reasons = refused.refusals
            else:
                tell(*said)
                return redirect(url_for("enrolment.show", key=key), 303)
        say_why(form, reasons)
    return pair_page(row, run, form, asked, by_link=False)


def pair_form(row: Row, run: RunFacts) -> tuple[TogetherForm, Sequence[Asked]]:
    """The form, with the questions that everybody is asked who wants a seat in the run."""
    terms = presenting.terms_once([run.id])[run.id]
    return together_form(
        asking.questions(run, terms), manager_decides=asking.manager_decides(terms)
    )


def checks(
    row: Row, run: RunFacts, form: TogetherForm, asked: Sequence[Asked]
) -> Sequence[Refusal]:
    """What stands against a yes, before any lock."""
    if form.answer.data == "no":
        return ()
    return asking.confirming_refusals(
        row.enrolment, run, form.goal.data or "", answers_in(form, asked)
    )


def answer_pair(row: Row, form: TogetherForm, asked: Sequence[Asked], actor: Actor) -> Said:
    """Do what the form says, inside a unit of work; what came of it, to be told after it."""
    if form.answer.data == "no":
        services.withdraw(row.enrolment.id, actor)
        words = _("You go your own ways. Your colleague's request goes on without you.")
        return gettext(words), "info"
    services.fill_in(row.enrolment.id, actor, form.goal.data or "", answers_in(form, asked))
    state = services.confirm_pair(row.enrolment.id, actor)
    if state == "seated":
        return gettext(_("You both have a seat. A mail with the days is on its way.")), "ok"
    if state == "waitlisted":
        return gettext(_("You stand on the waiting list together.")), "ok"
    return gettext(_("Thank you. You go together, and hear as soon as there is an answer.")), "ok"


def pair_page(
    row: Row, run: RunFacts, form: TogetherForm, asked: Sequence[Asked], *, by_link: bool
) -> Response:
    """What is asked, by whom, and for what."""
    terms = presenting.terms_once([run.id])[run.id]
    return page(
        "enrolment/together.html",
        422 if form.submitted else 200,
        row=row,
        run=run,
        form=form,
        asked=asked,
        by_link=by_link,
        over=not presenting.is_pair_request(row),
        story=story_of(row.enrolment.id),
        manager_decides=asking.manager_decides(terms),
        badge=presenting.row_badge(row, own=True),
    )
