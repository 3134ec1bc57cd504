"""A file: a document to fetch."""

from __future__ import annotations

from werkzeug.wrappers import Response

from lms.api import access
from lms_activities.forms.material import FileForm
from lms_activities.material import FILE, texts
from lms_activities.views.base import blueprint
from lms_activities.views.material import material_editor, seen_page, shown_file, text_editor


@blueprint.route("/file/<key>", methods=["GET", "POST"])
@access(rate="write")
def file(key: str) -> Response:
    """The document, its first pages, and the button that says it is read."""
    return seen_page(
        key,
        FILE,
        lambda place: {
            "note": texts(place.activity.content, "note"),
            **shown_file(place.activity.content),
        },
    )


@blueprint.route("/edit/file/<key>", methods=["GET", "POST"])
@access(rate="write", uploads=True)
def edit_file(key: str) -> Response:
    """The document for each language of the course."""
    return text_editor(material_editor(key, FILE, FileForm))
