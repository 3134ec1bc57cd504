"""Read and understood: a text or a file that is confirmed, and confirmed anew when it changes."""

from __future__ import annotations

from werkzeug.wrappers import Response

from lms.api import access, current_actor, done, not_found
from lms_activities.forms.material import ReadingForm, UnderstoodForm
from lms_activities.material import READING, Reading
from lms_activities.services.material import confirm_reading
from lms_activities.views.base import blueprint, place_of
from lms_activities.views.material import (
    drawn,
    finished,
    material_editor,
    shown_file,
    text_editor,
)


@blueprint.route("/reading/<key>", methods=["GET", "POST"])
@access(rate="write")
def reading(key: str) -> Response:
    """The text or file, and the box to tick."""
    actor = current_actor()
    place = place_of(key, READING, actor)
    form = UnderstoodForm()
    if form.submitted:
        if place.enrolment is None:
            not_found()
        if form.validate_on_submit() and done(
            form, lambda: confirm_reading(place, form.seen_version, actor)
        ):
            return finished()
        place = place_of(key, READING, actor)
    content = place.activity.content
    asked = Reading.of(content)
    form.version.data = str(asked.version)
    confirmed = place.work.content.get("version") if place.work is not None else None
    return drawn(READING, place, form, reading=asked, confirmed=confirmed, **shown_file(content))


@blueprint.route("/edit/reading/<key>", methods=["GET", "POST"])
@access(rate="write", uploads=True)
def edit_reading(key: str) -> Response:
    """The text, the file, and whether a change is to be read again."""
    return text_editor(material_editor(key, READING, ReadingForm))
