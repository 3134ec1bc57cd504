"""The open calls: what everybody may read, and writing the call of a run."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Actor,
    RunFacts,
    access,
    current_actor,
    done,
    local,
    not_found,
    page,
    run_by_key,
    sessions_of,
    technology_categories,
    tell,
)
from lms_courses.forms.calls import CallForm
from lms_courses.queries.calls import CallFacts, call_of, how_many, may_decide, public_calls
from lms_courses.services.calls import write_call as write
from lms_courses.types import COMPANY
from lms_courses.views.base import blueprint
from lms_courses.words import _


@blueprint.get("/calls")
@access(known="public", cache="public")
def calls() -> Response:
    """Calls that are open, and those that open soon."""
    return page("courses/calls.html", found=public_calls(), categories=technology_categories())


@blueprint.get("/calls/<key>")
@access(known="public", cache="public")
def call(key: str) -> Response:
    """The call of one run: criteria, dates, and how it is decided."""
    actor = current_actor()
    run, found = called(key, actor)
    leads = may_decide(actor, run)
    return page(
        "courses/call.html",
        run=run,
        call=found,
        kind=category_word(found.category),
        sessions=sessions_of([run.id])[run.id],
        leads=leads,
        applied=how_many(run.id) if leads else 0,
    )


@blueprint.route("/calls/<key>/write", methods=["GET", "POST"])
@access(rate="write")
def write_call(key: str) -> Response:
    """Write the call of a run, while nobody can have applied."""
    actor = current_actor()
    run = led(key, actor)
    found = call_of(run.id)
    form = CallForm()
    if not form.submitted:
        form.revision.data = "0"
        if found is not None:
            form.fill(found, run.zone)
    fixed = found is not None and found.phase != "coming"
    if not fixed and form.validate_on_submit():
        values, revision = form.values(run.zone), form.seen_revision
        if done(form, lambda: write(run, values, actor, revision=revision)):
            tell(_("Saved. The call is shown when the run is announced."))
            return redirect(url_for("courses.call", key=run.key), 303)
    return page(
        "courses/call_write.html",
        422 if form.submitted else 200,
        run=run,
        call=found,
        form=form,
        fixed=fixed,
    )


def called(key: str, actor: Actor) -> tuple[RunFacts, CallFacts]:
    """A run that the actor may see, with its call; else 404."""
    run = run_by_key(key, actor)
    found = call_of(run.id) if run is not None and run.course_type == COMPANY else None
    if run is None or found is None:
        not_found()
    return run, found


def led(key: str, actor: Actor) -> RunFacts:
    """A company track whose call the actor writes and decides on; else 404."""
    run = run_by_key(key, actor)
    if run is None or run.course_type != COMPANY or not may_decide(actor, run):
        not_found()
    return run


def category_word(key: str) -> str:
    """A kind of technology in the reader's language; empty for any."""
    title = technology_categories().get(key)
    return local(title) if title is not None else key
