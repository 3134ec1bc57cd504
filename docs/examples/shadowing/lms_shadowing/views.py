"""The page of a note."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from lms.api import access, current_actor, enrolment_by_key, not_found, page, tell, unit_of_work
from lms_shadowing.course_type import KEY
from lms_shadowing.forms import NoteForm
from lms_shadowing.queries import notes_of
from lms_shadowing.services import write_note
from lms_shadowing.words import gettext as _

blueprint = Blueprint("shadowing", __name__, url_prefix="/shadowing")


@blueprint.route("/notes/<key>", methods=["GET", "POST"])
@access(rate="write")
def note(key: str) -> Response:
    """Load, may I, do: whoever may see the enrolment reads, the one it is about writes."""
    actor = current_actor()
    row = enrolment_by_key(key, actor)
    if row is None or row.enrolment.course_type != KEY:
        not_found()
    enrolment = row.enrolment
    written = notes_of([enrolment.id]).get(enrolment.id)
    mine = enrolment.person_id == actor.person_id and enrolment.state == "active"
    form = NoteForm(text=written.text if written else "")
    if mine and form.validate_on_submit():
        with unit_of_work():
            write_note(enrolment, form.text.data or "", actor)
        tell(_("Your note is kept."))
        return redirect(url_for("enrolment.show", key=key), 303)
    return page(
        "shadowing/note.html",
        422 if form.submitted else 200,
        row=row,
        form=form,
        written=written,
        mine=mine,
    )
