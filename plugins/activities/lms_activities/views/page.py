"""A page: text and pictures to read."""

from __future__ import annotations

from werkzeug.wrappers import Response

from lms.api import access
from lms_activities.forms.material import PageForm
from lms_activities.material import PAGE, texts
from lms_activities.views.base import blueprint
from lms_activities.views.material import material_editor, seen_page, text_editor


@blueprint.route("/page/<key>", methods=["GET", "POST"])
@access(rate="write")
def page(key: str) -> Response:
    """The text, and the button that says it is read."""
    return seen_page(key, PAGE, lambda place: {"text": texts(place.activity.content, "text")})


@blueprint.route("/edit/page/<key>", methods=["GET", "POST"])
@access(rate="write", uploads=True)
def edit_page(key: str) -> Response:
    """The text in the languages of the course."""
    return text_editor(material_editor(key, PAGE, PageForm))
