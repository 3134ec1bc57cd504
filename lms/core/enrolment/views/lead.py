"""The programme lead's desk: the runs one leads, the most urgent first."""

from __future__ import annotations

from werkzeug.wrappers import Response

from lms.core.enrolment import presenting_terms as words
from lms.core.enrolment.queries.desk import desk, leads_any
from lms.core.enrolment.views.base import MANAGE, blueprint
from lms.web import access, current_actor, gettext, ngettext, not_found, page
from lms.web.i18n import marked as _
from lms.web.paging import asked_page, pager

PAGE_SIZE = 50
MOST_BARS = 12


@blueprint.get("/lead")
@access()
def lead() -> Response:
    """What slips? Fill, waiting, workplaces without anyone and runs under their minimum."""
    actor = current_actor()
    number = max(asked_page(), 1)
    runs, total, number_few = desk(actor, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    if not runs and not actor.may_anywhere(MANAGE) and not leads_any(actor):
        not_found()
    few = [run for run in runs if run.too_few]
    return page(
        "enrolment/lead.html",
        heading=_heading(total, number_few),
        runs=[(run, words.days_to_start(run)) for run in runs],
        few=few,
        bars=[words.bar_of(run) for run in runs[:MOST_BARS]],
        total=total,
        asked=sum(run.asked for run in runs),
        waiting=sum(run.waiting for run in runs),
        free=sum(run.free for run in runs if run.state in ("announced", "open")),
        pager=pager(number, max(number, -(-total // PAGE_SIZE))),
    )


def _heading(total: int, few: int) -> str:
    if few:
        return ngettext("%(n)d run has too few people", "%(n)d runs have too few people", few)
    if not total:
        return gettext(_("You lead no run just now"))
    return ngettext("%(n)d run is on its way", "%(n)d runs are on their way", total)
