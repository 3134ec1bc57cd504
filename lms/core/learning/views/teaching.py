"""The runs one teaches, and the register of a session."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import RunFacts
from lms.core.catalogue.queries import (
    may_in_run,
    run_by_key,
    runs_led_by,
    sessions_of,
)
from lms.core.learning import presenting, services
from lms.core.learning.forms import register_form
from lms.core.learning.queries import (
    marks_of,
    roles_on_teams,
)
from lms.core.learning.views.base import (
    PAGE_SIZE,
    READ_SUMS,
    TEACH,
    blueprint,
    done,
    page_of,
)
from lms.db import now
from lms.web import access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.web.paging import pager


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


@blueprint.route("/teach/<key>", methods=["GET", "POST"])
@access(rate="write")
def register(key: str) -> Response:
    """Who is here: one session, one row for each participant."""
    actor, moment = current_actor(), now()
    run = run_by_key(key, actor)
    if run is None:
        not_found()
    if not may_in_run(actor, run, TEACH):
        if request.method == "GET" and may_in_run(actor, run, READ_SUMS):
            return redirect(url_for("learning.sums", key=key), 303)
        not_found()
    sessions = sessions_of([run.id])[run.id]
    session = presenting.session_to_write(sessions, request.args.get("session", ""), moment)
    rows, total, number = page_of(run, ("active",))
    marks = marks_of([row.enrolment.id for row in rows])
    here = {id_: own[session.id] for id_, own in marks.items() if session and session.id in own}
    form = register_form(rows, here, session.minutes if session else 0)
    writable = session is not None and session.state != "cancelled" and session.starts_at <= moment
    if session is not None and writable and rows and form.validate_on_submit():
        if request.form.get("all"):
            form.set_the_rest("present")
        if not form.count():
            form.form_errors.append(gettext(_("Mark at least one, or press that all are here.")))
        elif done(form, lambda: services.set_attendance(session.id, form.lines(), actor)):
            tell(
                gettext(
                    _("Saved: %(n)s of %(all)s are marked."), n=form.count(), all=len(form.keys)
                )
            )
            return redirect(
                url_for("learning.register", key=key, session=session.key, page=number), 303
            )
    needed = presenting.needed_percent(run.rule)
    return page(
        "learning/register.html",
        422 if form.submitted else 200,
        run=run,
        sessions=sessions,
        session=session,
        today=session is not None and presenting.is_today(session, moment, run.zone),
        writable=writable,
        rows=rows,
        total=total,
        form=form,
        needed=needed,
        below=presenting.forecasts(rows, marks, sessions, needed) if needed is not None else [],
        now=moment,
        pager=pager(number, max(1, -(-total // PAGE_SIZE))),
    )
