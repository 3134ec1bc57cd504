"""Applying to a call, and what who applied sees of it: by a form and a receipt, without account."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Confirm,
    Refused,
    RunFacts,
    access,
    count_and_check,
    current_actor,
    done,
    is_key,
    language,
    local,
    marked,
    not_found,
    page,
    runs_by_id,
    show_in,
    tell,
    unit_of_work,
    written_number,
)
from lms_courses.forms.calls import SIZES, ApplyForm, TakeBackForm
from lms_courses.queries.calls import ApplicationFacts, call_of, own_application
from lms_courses.queries.panels import told_by_application
from lms_courses.services import applications
from lms_courses.services.deciding import ANSWERED, hold_up
from lms_courses.services.deciding import accept_place as accept
from lms_courses.views.base import blueprint
from lms_courses.views.calls import called
from lms_courses.words import _

LIMIT = "public_form:address"
TOO_OFTEN = marked("Many applications came from where you are. Wait a quarter of an hour.")
HELD_UP = marked(
    "Your yes has come, and the place is kept. Something is missing with us first: whoever leads "
    "the run knows of it, and writes to you."
)

SAID: Mapping[str, tuple[str, str, str]] = {
    "sent": (
        "info",
        marked("Your application is here"),
        marked("Nobody reads it before the last day is over. Then you get an answer by mail."),
    ),
    "confirmed": (
        "ok",
        marked("You have a place"),
        marked("Those you named have got a mail each. The days stand on the page of the run."),
    ),
    "waiting": (
        "wait",
        marked("You are on the waiting list"),
        marked("When a place is free, it is offered to you by mail."),
    ),
    "offered": (
        "wait",
        marked("A place is free for you"),
        marked("Say yes, and it is yours. Say no, and it goes on to the next."),
    ),
    "refused": ("", marked("Not this time"), marked("The reason stands below.")),
    "withdrawn": ("", marked("You have taken your application back"), ""),
}
"""State -> (kind, heading, sentence)."""


@blueprint.route("/calls/<key>/apply", methods=["GET", "POST"])
@access(known="public", cache="none", rate="write")
def apply(key: str) -> Response:
    """A company applies."""
    run, call = called(key, current_actor())
    form = ApplyForm()
    form.offer(call.people)
    if call.phase != "open":
        return page("courses/call_closed.html", 422 if form.submitted else 200, run=run, call=call)
    if form.validate_on_submit():
        if not count_and_check(LIMIT, request.remote_addr or ""):
            form.form_errors.append(_(TOO_OFTEN))
        elif (receipt := _sent(form, run)) is not None:
            return redirect(url_for("courses.application", key=receipt), 303)
    return page("courses/apply.html", 422 if form.submitted else 200, run=run, call=call, form=form)


def _sent(form: ApplyForm, run: RunFacts) -> str | None:
    """The key of the receipt; None with the reasons in the form."""
    call = call_of(run.id)
    if call is None:
        not_found()
    try:
        with unit_of_work():
            return applications.apply(run, call, form.values(language()))
    except Refused as error:
        show_in(form, error)
        return None


@blueprint.get("/applications/<key>")
@access(known="link", cache="none")
def application(key: str) -> Response:
    """The receipt: what was sent, and how it stands."""
    found, run = _own(key)
    call = call_of(run.id)
    return page(
        "courses/application.html",
        run=run,
        call=call,
        application=found,
        said=SAID[found.state],
        number=written_number(found.country, found.registration_number),
        size=local(SIZES[found.size]),
        may_leave=applications.may_leave(found, run),
        feedback=told_by_application(found.id),
        of_the_company=found.organisation_id in current_actor().organisation_ids,
    )


@blueprint.route("/applications/<key>/take-back", methods=["GET", "POST"])
@access(known="link", cache="none", rate="write")
def take_back(key: str) -> Response:
    """Take the application back, or give up the place."""
    found, run = _own(key)
    form = TakeBackForm()
    if form.validate_on_submit() and done(
        form, lambda: applications.take_back(key, form.reason.data or "")
    ):
        tell(_("Done. Thank you for telling us."))
        return redirect(url_for("courses.application", key=key), 303)
    return page(
        "courses/take_back.html",
        422 if form.submitted else 200,
        run=run,
        application=found,
        form=form,
        may_leave=applications.may_leave(found, run),
    )


@blueprint.post("/applications/<key>/accept")
@access(known="link", cache="none", rate="write")
def accept_place(key: str) -> Response:
    """Say yes to the place that was offered."""
    _own(key)
    form = Confirm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                reasons = accept(key).refusals
        except Refused as error:
            reasons = error.refusals
        if not reasons:
            tell(_("The place is yours. Welcome."))
        elif ANSWERED in reasons:
            tell(local(ANSWERED.message), "stop")
        else:  # what is missing is between those who lead the run
            with unit_of_work():
                hold_up(key)
            tell(_(HELD_UP), "wait")
    for sentence in form.form_errors:
        tell(str(sentence), "stop")
    return redirect(url_for("courses.application", key=key), 303)


def _own(key: str) -> tuple[ApplicationFacts, RunFacts]:
    found = own_application(key) if is_key(key) else None
    if found is None:
        not_found()
    return found, runs_by_id([found.run_id])[found.run_id]
