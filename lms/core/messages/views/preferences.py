"""How one wants to hear from the site: one page."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.core.messages import queries, services
from lms.core.messages.forms import preferences_form
from lms.core.messages.topics import TOPICS
from lms.core.messages.views.base import blueprint, person_of
from lms.web import access, current_actor, gettext, page, tell
from lms.work import unit_of_work


@blueprint.route("/account/messages", methods=["GET", "POST"])
@access(rate="write")
def preferences() -> Response:
    """Each topic at once, gathered once a day or once a week, or never."""
    actor = current_actor()
    person_id = person_of(actor)
    chosen = queries.preferences_of([person_id])[person_id]
    form = preferences_form(
        **{topic: chosen.get(topic, about.usual) for topic, about in TOPICS.items()}
    )
    if form.validate_on_submit():
        with unit_of_work():
            services.choose(person_id, form.choices(), actor)
        tell(gettext("Saved."))
        return redirect(url_for("messages.preferences"), 303)
    return page(
        "messages/preferences.html", 422 if form.submitted else 200, form=form, topics=list(TOPICS)
    )
