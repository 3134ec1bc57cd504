"""A check-list: points that the participant ticks."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from lms.api import EditedMeanwhile, access, current_actor, done, not_found, tell
from lms_activities.forms.check_list import CheckListForm, TicksForm
from lms_activities.material import CHECK_LIST, points_of, texts
from lms_activities.services.material import keep_ticks
from lms_activities.views.base import blueprint, place_of
from lms_activities.views.material import drawn, finished, material_editor, text_editor
from lms_activities.words import _

EDITOR = "activities/edit_check_list.html"


@blueprint.route("/check-list/<key>", methods=["GET", "POST"])
@access(rate="write")
def check_list(key: str) -> Response:
    """The points with the participant's own ticks."""
    actor = current_actor()
    place = place_of(key, CHECK_LIST, actor)
    form = TicksForm()
    ticked = request.form.getlist("tick")
    if form.submitted:
        if place.enrolment is None:
            not_found()
        try:
            if form.validate_on_submit() and done(
                form, lambda: keep_ticks(place, ticked, actor, revision=form.seen_revision)
            ):
                return _kept(key)
        except EditedMeanwhile:
            form.form_errors.append(
                _("You ticked something on another page meanwhile. Look at the list, and keep it.")
            )
        place = place_of(key, CHECK_LIST, actor)
    stored = place.work.content.get("ticks", []) if place.work is not None else []
    form.revision.data = str(place.work.revision if place.work is not None else 0)
    content = place.activity.content
    return drawn(
        CHECK_LIST,
        place,
        form,
        note=texts(content, "note"),
        points=points_of(content),
        ticks={*stored, *ticked} if form.submitted else set(stored),
    )


def _kept(key: str) -> Response:
    place = place_of(key, CHECK_LIST, current_actor())
    if place.work is not None and place.work.state == "accepted":
        return finished()
    tell(_("Kept. Come back and tick the rest."), "info")
    return redirect(request.path, 303)


@blueprint.route("/edit/check-list/<key>", methods=["GET", "POST"])
@access(rate="write")
def edit_check_list(key: str) -> Response:
    """The points, in the languages of the course."""
    edit = material_editor(key, CHECK_LIST, CheckListForm)
    if edit.form.submitted and "more" in request.form:
        edit.form.more_rows()
        page: Response = edit.page(EDITOR)
        page.status_code = 200
        return page
    if not edit.form.submitted:
        edit.form.add_empty_rows()
    return text_editor(edit, EDITOR)
