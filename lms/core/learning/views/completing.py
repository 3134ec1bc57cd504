"""The teacher's word, how each one stands, and the decision."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.core.catalogue.queries import (
    sessions_of,
)
from lms.core.enrolment.presenting import row_badge
from lms.core.enrolment.queries import in_run
from lms.core.learning import presenting, services
from lms.core.learning.conditions import standings
from lms.core.learning.forms import declare_form
from lms.core.learning.queries import (
    progress_of,
)
from lms.core.learning.views.base import (
    IN_CLASS,
    MOST_AT_ONCE,
    PAGE_SIZE,
    blueprint,
    done,
    page_of,
    run_of,
)
from lms.web import Confirm, access, current_actor, gettext, ngettext, page, tell
from lms.web.i18n import local
from lms.web.i18n import marked as _
from lms.web.paging import pager


@blueprint.route("/teach/<key>/complete", methods=["GET", "POST"])
@access(rate="write")
def complete(key: str) -> Response:
    """The teacher's word on each one's work, and how each one stands."""
    actor = current_actor()
    run = run_of(key, actor)
    rows, total, number = page_of(run, IN_CLASS)
    active = [row for row in rows if row.enrolment.state == "active"]
    works = progress_of([row.enrolment.id for row in rows])
    form = declare_form(active, works)
    if active and form.validate_on_submit():
        changed = [
            word
            for word in form.words()
            if (said := works[word[0]].word) is None or (said.accepted, said.note) != word[1:]
        ]
        if done(form, lambda: services.declare_all(changed, actor)):
            tell(gettext(_("Saved.")))
            return redirect(url_for("learning.complete", key=key, page=number), 303)
    found = standings([row.enrolment for row in active])
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


@blueprint.route("/teach/<key>/decide", methods=["GET", "POST"])
@access(rate="write")
def decide(key: str) -> Response:
    """What deciding would mean, in numbers; the button decides. It cannot be undone."""
    actor = current_actor()
    run = run_of(key, actor)
    sessions = sessions_of([run.id])[run.id]
    rows = in_run(run.id, ("active",), limit=MOST_AT_ONCE)
    found = standings([row.enrolment for row in rows])
    results = [standing.result for standing in found.values()]
    sure = [id_ for id_, standing in found.items() if standing.result != "undecided"]
    refusals = services.completion_refusals(sessions)
    form = Confirm()
    if form.validate_on_submit():
        if refusals or not sure:
            form.form_errors.extend(local(refusal.message) for refusal in refusals)
            if not sure:
                form.form_errors.append(gettext(_("There is nobody to decide on yet.")))
        elif done(form, lambda: services.decide_completions(sure, actor)):
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
