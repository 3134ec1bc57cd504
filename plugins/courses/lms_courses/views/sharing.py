"""Sharing a document with the companies of a run: with all of them, at the same moment."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import access, current_actor, done, language, not_found, page, run_by_key, tell
from lms_courses.forms.plans import ShareForm
from lms_courses.queries.calls import confirmed_in
from lms_courses.queries.plans import works_with
from lms_courses.queries.sharing import shared_in
from lms_courses.services import sharing
from lms_courses.types import COMPANY
from lms_courses.views.base import blueprint
from lms_courses.words import _


@blueprint.route("/runs/<key>/share", methods=["GET", "POST"])
@access(rate="write", uploads=True)
def share(key: str) -> Response:
    """Choose a document and share it with every company that has a place."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None or run.course_type != COMPANY or not works_with(actor, run):
        not_found()
    form = ShareForm()
    if form.validate_on_submit() and done(
        form,
        lambda: sharing.share(
            run, form.document.data[0], form.title.data or "", actor, language=language()
        ),
    ):
        tell(_("Shared with all companies of the run."))
        return redirect(url_for("courses.share", key=run.key), 303)
    return page(
        "courses/share.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        companies=confirmed_in([run.id])[run.id],
        shared=shared_in(run.id),
    )
