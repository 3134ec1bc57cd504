"""One page per plugin with settings, for the site administrator."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from lms.core.settings import queries, services
from lms.core.settings.forms import settings_form, values_from
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.work import unit_of_work

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
blueprints = (blueprint,)


@blueprint.route("/<name>", methods=["GET", "POST"])
@access("site.admin", rate="write")
def plugin(name: str) -> Response:
    """The settings of one plugin, drawn from what it declares."""
    actor = current_actor()
    declared = queries.section(name)
    if declared is None or not actor.may("site.admin"):
        not_found()
    form = settings_form(declared, queries.all_for(name))
    if form.validate_on_submit():
        with unit_of_work():
            services.save(name, values_from(declared, form), actor)
        tell(gettext("Saved."))
        return redirect(url_for("settings.plugin", name=name), 303)
    status = 422 if form.submitted else 200
    return page("settings/plugin.html", status, form=form, section=declared, name=name)
