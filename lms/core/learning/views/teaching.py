"""The runs one teaches."""

from __future__ import annotations

from flask import url_for
from werkzeug.wrappers import Response

from lms.contracts import RunFacts
from lms.core.catalogue.queries import runs_led_by, sessions_of
from lms.core.learning import presenting_desk
from lms.core.learning.queries import roles_on_teams, to_mark
from lms.core.learning.queries.talk import unanswered
from lms.core.learning.views.base import blueprint
from lms.db import now
from lms.web import access, current_actor, page


@blueprint.get("/teach")
@access()
def index() -> Response:
    """The runs whose team one is on, and what waits in each."""
    actor, moment = current_actor(), now()
    roles = roles_on_teams(actor)
    runs = runs_led_by(actor)
    taught = [run.id for run in runs if roles.get(run.id, frozenset()) & presenting_desk.TEACHERS]
    waits: dict[int, list[tuple[str, str]]] = {}
    if taught:
        sessions, works, asked = sessions_of(taught), to_mark(taught), unanswered(taught)
        waits = {
            run_id: presenting_desk.waits(
                len(presenting_desk.unwritten(sessions[run_id], moment)),
                sum(works[run_id].values()),
                sum(asked[run_id].values()),
            )
            for run_id in taught
        }
    return page(
        "learning/index.html",
        runs=[
            (run, _way_in(run, roles.get(run.id, frozenset())), waits.get(run.id, ()))
            for run in runs
        ],
        teaches=bool(taught),
    )


def _way_in(run: RunFacts, roles: frozenset[str]) -> str:
    if roles & presenting_desk.TEACHERS:
        return url_for("learning.desk", key=run.key)
    if "company_teacher" in roles:
        return url_for("learning.company_desk", key=run.key)
    if "evaluator" in roles:
        return url_for("learning.sums", key=run.key)
    return url_for("catalogue.run", key=run.key)
