"""Pages of those who teach: their runs, the register, completion, and sums without names."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, CompletionRule, RunFacts
from lms.core.catalogue.queries import (
    may_in_run,
    may_with_roles,
    run_by_key,
    runs_led_by,
    sessions_of,
)
from lms.core.enrolment.presenting import STATE_WORDS, row_badge
from lms.core.enrolment.queries import Row, counts_in_run, in_run
from lms.core.enrolment.states import STATES
from lms.core.learning import presenting, services
from lms.core.learning.conditions import standings
from lms.core.learning.forms import declare_form, register_form
from lms.core.learning.queries import (
    attendance_in_run,
    functions_in_run,
    marks_of,
    roles_on_teams,
    works_of,
)
from lms.core.refused import Refused
from lms.db import now
from lms.web import Confirm, Form, access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.web.paging import asked_page, pager
from lms.work import unit_of_work

TEACH = "learning.teach"
READ_SUMS = "learning.read_sums"
PAGE_SIZE = 100
MOST_AT_ONCE = 2000
IN_CLASS = ("active", "completed", "not_completed", "no_show")

blueprint = Blueprint("learning", __name__)
blueprints = (blueprint,)


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


def _run(key: str, actor: Actor, permission: str = TEACH) -> RunFacts:
    run = run_by_key(key, actor)
    if run is None or not may_in_run(actor, run, permission):
        not_found()
    return run


def _page_of(run: RunFacts, states: tuple[str, ...]) -> tuple[list[Row], int, int]:
    """Participants on the page asked for, how many there are in all, and the page's number."""
    number = max(asked_page(), 1)
    rows = in_run(run.id, states, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    if not rows and number > 1:
        number, rows = 1, in_run(run.id, states, limit=PAGE_SIZE)
    return rows, rows[0].of if rows else 0, number


# --- the register -------------------------------------------------------------------------------


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
    rows, total, number = _page_of(run, ("active",))
    marks = marks_of([row.enrolment.id for row in rows])
    here = {id_: own[session.id] for id_, own in marks.items() if session and session.id in own}
    form = register_form(rows, here, session.minutes if session else 0)
    writable = session is not None and session.state != "cancelled" and session.starts_at <= moment
    if session is not None and writable and rows and form.validate_on_submit():
        if request.form.get("all"):
            form.set_the_rest("present")
        if not form.count():
            form.form_errors.append(gettext(_("Mark at least one, or press that all are here.")))
        elif _done(form, lambda: services.set_attendance(session.id, form.lines(), actor)):
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


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Act in a unit of work; False when it was refused, with the reasons on the form."""
    try:
        with unit_of_work():
            act()
    except Refused as refused:
        form.form_errors.extend(local(refusal.message) for refusal in refused.refusals)
        return False
    return True


# --- completion ---------------------------------------------------------------------------------


@blueprint.route("/teach/<key>/complete", methods=["GET", "POST"])
@access(rate="write")
def complete(key: str) -> Response:
    """The teacher's word on each one's work, and how each one stands."""
    actor = current_actor()
    run = _run(key, actor)
    rows, total, number = _page_of(run, IN_CLASS)
    active = [row for row in rows if row.enrolment.state == "active"]
    works = works_of([row.enrolment.id for row in rows])
    form = declare_form(active, works)
    if active and form.validate_on_submit():
        changed = [
            word
            for word in form.words()
            if (said := works[word[0]].word) is None or (said.accepted, said.note) != word[1:]
        ]
        if _done(form, lambda: services.declare_all(changed, actor)):
            tell(gettext(_("Saved.")))
            return redirect(url_for("learning.complete", key=key, page=number), 303)
    found = standings([row.enrolment for row in active], works=works, rules={run.id: _rule(run)})
    decided = {id_: work.completion for id_, work in works.items() if work.completion}
    standing = {**found, **decided}
    return page(
        "learning/complete.html",
        422 if form.submitted else 200,
        run=run,
        rows=[
            (
                row,
                row_badge(row),
                standing.get(row.enrolment.id),
                presenting.standing_badge(standing[row.enrolment.id])
                if row.enrolment.id in standing
                else None,
            )
            for row in rows
        ],
        active=len(active),
        total=total,
        form=form,
        reason_icons=presenting.REASON_ICONS,
        pager=pager(number, max(1, -(-total // PAGE_SIZE))),
    )


def _rule(run: RunFacts) -> CompletionRule:
    if run.rule is None:
        raise LookupError(f"run {run.id} has no completion rule")
    return run.rule


@blueprint.route("/teach/<key>/decide", methods=["GET", "POST"])
@access(rate="write")
def decide(key: str) -> Response:
    """What deciding would mean, in numbers; the button decides. It cannot be undone."""
    actor = current_actor()
    run = _run(key, actor)
    sessions = sessions_of([run.id])[run.id]
    rows = in_run(run.id, ("active",), limit=MOST_AT_ONCE)
    held = sum(session.minutes for session in sessions if session.state == "held")
    found = standings(
        [row.enrolment for row in rows], rules={run.id: _rule(run)}, held={run.id: held}
    )
    results = [standing.result for standing in found.values()]
    sure = [id_ for id_, standing in found.items() if standing.result != "undecided"]
    refusals = services.completion_refusals(sessions)
    form = Confirm()
    if form.validate_on_submit():
        if refusals or not sure:
            form.form_errors.extend(local(refusal.message) for refusal in refusals)
            if not sure:
                form.form_errors.append(gettext(_("There is nobody to decide on yet.")))
        elif _done(form, lambda: services.decide_completions(sure, actor)):
            tell(
                ngettext(
                    "Decided for %(n)d participant.",
                    "Decided for %(n)d participants.",
                    len(sure),
                )
            )
            return redirect(url_for("learning.complete", key=key), 303)
    return page(
        "learning/decide.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        met=results.count("met"),
        not_met=results.count("not_met"),
        undecided=results.count("undecided"),
        closed=[local(refusal.message) for refusal in refusals],
    )


# --- sums ---------------------------------------------------------------------------------------


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
