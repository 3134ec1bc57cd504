"""Deciding on applications when the call is over."""

from __future__ import annotations

from collections import Counter

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Refused,
    access,
    country_name,
    current_actor,
    local,
    not_found,
    page,
    show_in,
    tell,
    unit_of_work,
    written_number,
)
from lms_courses.forms.calls import SIZES, AnswerForm
from lms_courses.queries.calls import (
    application_to_decide,
    applications_of,
    call_of,
    how_many,
)
from lms_courses.queries.known import company_behind
from lms_courses.services.applications import WITH_PLACE
from lms_courses.services.deciding import TO_ANSWER, answer
from lms_courses.views.base import blueprint
from lms_courses.views.calls import led
from lms_courses.words import _


@blueprint.get("/calls/<key>/decide")
@access()
def decide(key: str) -> Response:
    """All who applied, once the call is over; before that, how many they are."""
    actor = current_actor()
    run = led(key, actor)
    call = call_of(run.id)
    if call is None:
        return redirect(url_for("courses.write_call", key=run.key), 303)
    found = applications_of(run, actor)
    states = Counter(one.state for one in found)
    return page(
        "courses/decide.html",
        run=run,
        call=call,
        found=found,
        sizes=SIZES,
        applied=how_many(run.id),
        taken=sum(states[state] for state in WITH_PLACE),
        open=sum(states[state] for state in ("sent",)),
    )


@blueprint.route("/calls/<key>/decide/<application>", methods=["GET", "POST"])
@access(rate="write")
def decide_one(key: str, application: str) -> Response:
    """One application beside the criteria, and the answer to it."""
    actor = current_actor()
    run = led(key, actor)
    found = application_to_decide(application, run, actor)
    call = call_of(run.id)
    if found is None or call is None:
        not_found()
    known = company_behind(found)
    form = AnswerForm()
    form.offer(found.state, known=known is not None and not known.checked)
    if found.state in TO_ANSWER and form.validate_on_submit():
        try:
            with unit_of_work():
                outcome = answer(
                    found.key,
                    form.to.data,
                    form.reason.data or "",
                    actor,
                    checked="checked" in form and bool(form.checked.data),
                )
            form.form_errors += [local(refusal.message) for refusal in outcome.refusals]
            if not outcome.refusals:
                tell(_("Answered. The company gets a mail with the reason."))
                if outcome.left_out:
                    names = ", ".join(outcome.left_out)
                    words = _("These work elsewhere here and got no seat: %(names)s.", names=names)
                    tell(words, "wait")
                return redirect(url_for("courses.decide", key=run.key), 303)
        except Refused as error:
            show_in(form, error)
    return page(
        "courses/decide_one.html",
        422 if form.submitted else 200,
        run=run,
        call=call,
        application=found,
        form=form,
        known=known,
        known_number=written_number(
            known.organisation.country, known.organisation.registration_number
        )
        if known is not None
        else None,
        country=country_name(found.country),
        number=written_number(found.country, found.registration_number),
        size=local(SIZES[found.size]),
        may_answer=found.state in TO_ANSWER,
    )
