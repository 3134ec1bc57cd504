"""A link: a page or a video on the web, which is opened there and never framed here."""

from __future__ import annotations

from werkzeug.wrappers import Response

from lms.api import access
from lms_activities.forms.material import LinkForm
from lms_activities.material import LINK, Place
from lms_activities.views.base import blueprint
from lms_activities.views.material import material_editor, seen_page, text_editor


@blueprint.route("/link/<key>", methods=["GET", "POST"])
@access(rate="write")
def link(key: str) -> Response:
    """Where it leads, what is said there as text, and the button that says it is seen."""
    return seen_page(key, LINK, lambda place: {"link": Place.of(place.activity.content)})


@blueprint.route("/edit/link/<key>", methods=["GET", "POST"])
@access(rate="write")
def edit_link(key: str) -> Response:
    """The address, and what makes a video one for everybody."""
    return text_editor(material_editor(key, LINK, LinkForm))
