"""The register of a session: who is here, and when it ended."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, CourseSessionFacts, RunFacts
from lms.core.acting import done
from lms.core.catalogue.queries import may_in_run, run_by_key, sessions_of
from lms.core.learning import presenting, services
from lms.core.learning import presenting_register as words
from lms.core.learning.forms_register import EndForm, RegisterForm, register_form
from lms.core.learning.queries import marks_of
from lms.core.learning.queries.attendance import catch_up_pools, class_of
from lms.core.learning.services.attendance import RegisterChanged
from lms.core.learning.services.checking_in import may_open
from lms.core.learning.services.fitting import change_end
from lms.core.learning.views.base import PAGE_SIZE, READ_SUMS, TEACH, blueprint, page_of, run_of
from lms.core.local_times import moment_at
from lms.core.refused import Refused, show_in
from lms.db import now
from lms.web import access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import marked as _
from lms.web.paging import pager
from lms.work import unit_of_work


def session_of(run: RunFacts, session_key: str) -> CourseSessionFacts:
    """The course session of the run with this key; else 404."""
    found = next((s for s in sessions_of([run.id])[run.id] if s.key == session_key), None)
    if found is None:
        not_found()
    return found


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
    session = words.session_to_write(sessions, request.args.get("session", ""), moment)
    rows, total, number = page_of(run, ("active",))
    needed = presenting.needed_percent(run.rule)
    people = class_of(run.id) if needed is not None else ()
    behind = words.below(people, sessions, needed) if needed is not None else []
    named = [one.enrolment_id for one in behind[: words.MOST_BEHIND]]
    marks = marks_of([*{row.enrolment.id for row in rows} | set(named)])
    here = {
        row.enrolment.id: marks[row.enrolment.id][session.id]
        for row in rows
        if session and session.id in marks.get(row.enrolment.id, {})
    }
    held = session is not None and session.state == "held"
    form = register_form(rows, here, session.minutes if session else 0, held=held)
    writable = session is not None and session.state != "cancelled" and session.starts_at <= moment
    if session is not None and writable and rows and form.validate_on_submit():
        if request.form.get("all"):
            form.set_the_rest("present")
        if not form.count():
            form.form_errors.append(gettext(_("Mark at least one, or press that all are here.")))
        elif _saved(form, session, actor):
            tell(
                gettext(
                    _("Saved: %(n)s of %(all)s are marked."), n=form.count(), all=len(form.keys)
                )
            )
            return redirect(
                url_for("learning.register", key=key, session=session.key, page=number), 303
            )
    return page(
        "learning/register.html",
        422 if form.submitted else 200,
        run=run,
        sessions=sessions,
        session=session,
        today=session is not None and words.is_today(session, moment, run.zone),
        writable=writable,
        may_check_in=session is not None and may_open(session, moment),
        rows=[(row, here.get(row.enrolment.id)) for row in rows],
        unsure=sum(mark.unsure for mark in here.values()),
        notes={id_: words.mark_notes(mark) for id_, mark in here.items()},
        total=total,
        form=form,
        needed=needed,
        below=words.forecasts(
            behind[: words.MOST_BEHIND],
            marks,
            catch_up_pools(named, accepted=False),
            sessions,
            needed,
        )
        if needed is not None
        else [],
        all_below=len(behind),
        now=moment,
        pager=pager(number, max(1, -(-total // PAGE_SIZE))),
    )


def _saved(form: RegisterForm, session: CourseSessionFacts, actor: Actor) -> bool:
    """Save the register; False when it was refused, or somebody else saved the same rows first."""
    try:
        return done(
            form,
            lambda: services.set_attendance(session.id, form.lines(), actor, seen=form.seen()),
        )
    except RegisterChanged as changed:
        marks = marks_of(list(form.keys.values()))
        current = {id_: own[session.id] for id_, own in marks.items() if session.id in own}
        form.meet(current, changed.current)
        form.form_errors.append(
            gettext(_("Somebody else saved this register meanwhile. What you wrote is kept below."))
        )
        return False


@blueprint.route("/teach/<key>/day/<session_key>/end", methods=["GET", "POST"])
@access(rate="write")
def day_end(key: str, session_key: str) -> Response:
    """A day that was held ended earlier or later than planned."""
    actor = current_actor()
    run = run_of(key, actor)
    session = session_of(run, session_key)
    form = EndForm()
    if form.validate_on_submit() and form.ends.data is not None:
        try:
            begins = words.local(session.starts_at, run.zone)
            ends_at = moment_at(begins.date(), form.ends.data, run.zone, field="ends")
            if ends_at <= session.starts_at:  # a night goes on into the next day
                next_day = begins.date() + timedelta(days=1)
                ends_at = moment_at(next_day, form.ends.data, run.zone, field="ends")
            with unit_of_work():
                number = change_end(session.id, ends_at, actor)
        except Refused as refused:
            show_in(form, refused)
        else:
            tell(
                ngettext(
                    "The day has its new end. The minutes of %(n)d participant changed.",
                    "The day has its new end. The minutes of %(n)d participants changed.",
                    number,
                )
            )
            return redirect(url_for("learning.register", key=key, session=session.key), 303)
    return page(
        "learning/register_end.html",
        422 if form.submitted else 200,
        run=run,
        session=session,
        form=form,
    )
