"""The teacher's desk: what needs me now, a message to the class, words I write often."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import RunFacts
from lms.core.acting import done
from lms.core.catalogue.queries import sessions_of
from lms.core.enrolment.queries import Row, in_run
from lms.core.learning import presenting_desk as words
from lms.core.learning.forms_talk import MessageForm, SnippetForm
from lms.core.learning.queries import activities_in_runs, groups_in_run
from lms.core.learning.queries.desk import IN_RUN, participants, waiting_works
from lms.core.learning.queries.snippets import snippets_of
from lms.core.learning.queries.talk import unanswered
from lms.core.learning.services.messaging import send_message
from lms.core.learning.services.snippets import change_snippet, drop_snippet, keep_snippet
from lms.core.learning.slipping import due_and_open, slipping
from lms.core.learning.views.base import MOST_AT_ONCE, TEACH, blueprint, run_of
from lms.db import now
from lms.web import access, current_actor, gettext, ngettext, not_found, page, tell
from lms.web.i18n import marked as _


@blueprint.get("/teach/<key>/desk")
@access()
def desk(key: str) -> Response:
    """What needs me now in one run."""
    actor, moment = current_actor(), now()
    run = run_of(key, actor)
    sessions = sessions_of([run.id])[run.id]
    activities = activities_in_runs([run.id], withdrawn=True, light=True)[run.id]
    due, open_ids = due_and_open(activities, moment)
    behind = slipping(participants(run.id, due, open_ids), due, open_ids, run.starts_at, moment)
    tasks = words.tasks(
        run,
        sessions,
        {activity.id: activity for activity in activities},
        waiting_works([run.id])[run.id],
        unanswered([run.id])[run.id],
        moment,
    )
    return page(
        "learning/desk.html",
        run=run,
        first=tasks[0] if tasks else None,
        rest=tasks[1:],
        coming=words.coming(sessions, moment),
        behind=[words.behind(one) for one in behind[: words.SHOWN_BEHIND]],
        more=max(len(behind) - words.SHOWN_BEHIND, 0),
        everybody_behind=[one.participant.enrolment_key for one in behind],
    )


@blueprint.route("/teach/<key>/message", methods=["GET", "POST"])
@access(rate="write")
def message(key: str) -> Response:
    """Write to everybody, to a group, or to those chosen."""
    actor = current_actor()
    run = run_of(key, actor)
    rows = in_run(run.id, IN_RUN, limit=MOST_AT_ONCE)
    form = _message_form(run, rows)
    if form.validate_on_submit():
        to = _recipients(form, run, rows)
        sent: list[int] = []
        if done(
            form,
            lambda: sent.append(
                send_message(run.id, to, form.subject.data or "", form.text.data or "", actor)
            ),
        ):
            tell(
                ngettext(
                    "The message goes to %(n)d participant.",
                    "The message goes to %(n)d participants.",
                    sent[-1],
                )
            )
            return redirect(url_for("learning.desk", key=key), 303)
    return page(
        "learning/desk_message.html",
        422 if form.submitted else 200,
        run=run,
        form=form,
        number=len(rows),
    )


def _message_form(run: RunFacts, rows: list[Row]) -> MessageForm:
    asked = request.args.getlist("to")
    known = {row.enrolment.key for row in rows}
    chosen = [key for key in asked if key in known]
    form = MessageForm(to="chosen" if chosen else "all", people=chosen)
    here = {row.enrolment.id for row in rows}
    everybody = ngettext("Everybody: %(n)d person", "Everybody: %(n)d people", len(rows))
    choices = [("all", everybody)]
    for group_key, name, members in groups_in_run(run.id).values():
        number = len(here.intersection(members))
        if number:
            choices.append(
                (
                    f"group-{group_key}",
                    f"{name}: {ngettext('%(n)d person', '%(n)d people', number)}",
                )
            )
    form.to.choices = [*choices, ("chosen", gettext(_("Those I choose below")))]
    form.people.choices = [(row.enrolment.key, row.person_name) for row in rows]
    return form


def _recipients(form: MessageForm, run: RunFacts, rows: list[Row]) -> list[int]:
    to = str(form.to.data)
    if to == "chosen":
        chosen = set(form.people.data or ())
        return [row.enrolment.id for row in rows if row.enrolment.key in chosen]
    if to.startswith("group-"):
        wanted = to.removeprefix("group-")
        groups = groups_in_run(run.id).values()
        return next((list(members) for key, _name, members in groups if key == wanted), [])
    return [row.enrolment.id for row in rows]


@blueprint.route("/teach/snippets", methods=["GET", "POST"])
@access(rate="write")
def snippets() -> Response:
    """Pieces of feedback one writes often: kept, changed, thrown away."""
    actor = current_actor()
    if not actor.may_anywhere(TEACH) and not words.teaches_anywhere(actor):
        not_found()
    form = SnippetForm()
    which = request.form.get("snippet", "")
    own = {str(one.id): one.id for one in snippets_of(actor)}
    if form.submitted and which and which not in own:
        not_found()
    gone = bool(which) and request.form.get("act") == "drop"
    if gone:
        form.snippet_text.validators = ()
    if form.validate_on_submit():
        text = form.snippet_text.data or ""

        def change() -> None:
            if gone:
                drop_snippet(own[which], actor)
            elif which:
                change_snippet(own[which], text, actor)
            else:
                keep_snippet(text, actor)

        if done(form, change):
            tell(gettext(_("It is gone.")) if gone else gettext(_("Saved.")))
            return redirect(url_for("learning.snippets"), 303)
    return page(
        "learning/desk_snippets.html",
        422 if form.submitted else 200,
        snippets=snippets_of(actor),
        form=form,
        which=which,
    )
