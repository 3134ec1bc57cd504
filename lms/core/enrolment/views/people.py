"""A manager's people, and the participants of a run."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from flask import current_app
from werkzeug.wrappers import Response

from lms.core.catalogue.queries import may_in_run, run_by_key, sessions_of
from lms.core.enrolment import presenting
from lms.core.enrolment.queries import (
    away_of,
    counts_in_run,
    decided_by,
    in_run,
    people_of,
    waiting_for,
)
from lms.core.enrolment.states import STATES
from lms.core.enrolment.views.base import MANAGE, blueprint
from lms.db import now
from lms.web import access, current_actor, gettext, ngettext, not_found, page
from lms.web.i18n import marked as _
from lms.web.paging import asked_page, pager

PAGE_SIZE = 100


@blueprint.route("/team")
@access("enrolment.decide")
def team() -> Response:
    """Who waits for my yes, the most urgent first."""
    actor, moment, zone = current_actor(), now(), current_app.config["ZONE"]
    waiting = waiting_for(actor)
    total = waiting[0].of if waiting else 0
    monday = presenting.this_monday(moment, zone)
    since = datetime.combine(monday, time(), UTC) - timedelta(hours=14)
    until = since + timedelta(weeks=presenting.WEEKS_AHEAD, hours=28)
    weeks = presenting.weeks(away_of(actor, since, until), moment, zone)
    return page(
        "enrolment/team.html",
        heading=_heading(total),
        waiting=waiting,
        more=total - len(waiting),
        dues=[presenting.due_in_words(row.answer_due, moment, row.run_zone) for row in waiting],
        sessions=sessions_of(sorted({row.enrolment.run_id for row in waiting})),
        decided=[(row, presenting.row_badge(row)) for row in decided_by(actor, limit=20)],
        people=people_of(actor, datetime(moment.year, 1, 1, tzinfo=UTC)),
        weeks=weeks,
        most=max((week.minutes + week.maybe for week in weeks), default=0),
    )


def _heading(total: int) -> str:
    if not total:
        return gettext(_("Nobody is waiting for your yes"))
    return ngettext(
        "%(number)s waits for your yes",
        "%(number)s wait for your yes",
        total,
        number=presenting.number_word(total),
    )


@blueprint.route("/catalogue/<key>/participants")
@access()
def participants(key: str) -> Response:
    """Everybody in a run, for those who run it."""
    actor = current_actor()
    run = run_by_key(key, actor)
    if run is None:
        not_found()
    may_manage = may_in_run(actor, run, MANAGE)
    may_teach = may_in_run(actor, run, "learning.teach")
    if not (may_manage or may_teach):
        not_found()
    counts = counts_in_run(run.id)
    total = sum(counts.values())
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(asked_page(), pages) or 1
    rows = in_run(run.id, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return page(
        "enrolment/participants.html",
        run=run,
        rows=[(row, presenting.row_badge(row)) for row in rows],
        counts=[
            (gettext(presenting.STATE_WORDS[state][0]), counts[state])
            for state in STATES
            if counts.get(state)
        ],
        total=total,
        may_manage=may_manage,
        may_teach=may_teach,
        pager=pager(number, pages),
    )
