"""Figures of a run without names."""

from __future__ import annotations

from werkzeug.wrappers import Response

from lms.core.catalogue.queries import (
    may_with_roles,
    run_by_key,
)
from lms.core.enrolment.presenting import STATE_WORDS
from lms.core.enrolment.queries import counts_in_run
from lms.core.enrolment.states import STATES
from lms.core.learning import presenting
from lms.core.learning.queries import (
    attendance_in_run,
    functions_in_run,
    roles_on_teams,
)
from lms.core.learning.views.base import (
    IN_CLASS,
    READ_SUMS,
    TEACH,
    blueprint,
)
from lms.web import access, current_actor, gettext, not_found, page
from lms.web.i18n import local


@blueprint.get("/teach/<key>/sums")
@access()
def sums(key: str) -> Response:
    """Figures without names; groups under five people are not shown."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None:
        not_found()
    roles = roles_on_teams(actor).get(run.id, frozenset())
    teaches = may_with_roles(actor, run, TEACH, roles)
    if not teaches and not may_with_roles(actor, run, READ_SUMS, roles):
        not_found()
    counts = counts_in_run(run.id)
    states, total = presenting.safe_figures(
        [(gettext(STATE_WORDS[state][0]), counts.get(state, 0)) for state in STATES]
    )
    functions, _all = presenting.safe_figures(
        [(local(title), number) for title, number in functions_in_run(run.id, IN_CLASS)]
    )
    share = attendance_in_run(run.id)
    return page(
        "learning/sums.html",
        run=run,
        teaches=teaches,
        total=total,
        nobody=not counts,
        states=[(figure.label, presenting.figure_in_words(figure)) for figure in states],
        functions=[(figure.label, presenting.figure_in_words(figure)) for figure in functions],
        percent=share.attended * 100 // share.possible
        if share.possible and share.people >= presenting.FEWEST
        else None,
        fewest=presenting.FEWEST,
    )
