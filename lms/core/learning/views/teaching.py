"""The runs one teaches."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from lms.contracts import RunFacts
from lms.core.catalogue.queries import runs_led_by
from lms.core.learning.queries import roles_on_teams
from lms.core.learning.views.base import blueprint
from lms.web import access, current_actor, page


@blueprint.get("/teach")
@access()
def index() -> Response:
    """The runs whose team one is on."""
    actor = current_actor()
    roles = roles_on_teams(actor)
    runs = runs_led_by(actor)
    return page(
        "learning/index.html",
        runs=[(run, _way_in(run, roles.get(run.id, frozenset()))) for run in runs],
    )


def _way_in(run: RunFacts, roles: frozenset[str]) -> str:
    if roles & {"teacher", "programme_lead"}:
        return url_for("learning.register", key=run.key)
    if "evaluator" in roles:
        return url_for("learning.sums", key=run.key)
    return url_for("catalogue.run", key=run.key)
