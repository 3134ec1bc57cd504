"""Somebody at work looks at what a participant did there: by link, without an account, in two
clicks. Looking changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    EnrolmentFacts,
    WorkFacts,
    access,
    activities_by_id,
    current_actor,
    documents_about,
    enrolments_by_id,
    marked,
    page,
    people_by_id,
    runs_by_id,
    tell,
    unit_of_work,
    works_by_id,
)
from lms_activities.assignment import Draft
from lms_activities.forms.seen import SeenForm
from lms_activities.queries.assignment import tries_of
from lms_activities.queries.seen import SEEN, LinkFacts, link_with_token
from lms_activities.services.seen import answer_link
from lms_activities.views.base import blueprint
from lms_activities.words import _

OVER: Mapping[str, tuple[str, str]] = {
    "answered": (
        marked("It has been seen"),
        marked("Each link works once, and what you said is kept. You need not do anything more."),
    ),
    "late": (
        marked("The time for this link is over"),
        marked("The participant can ask you again with a new link."),
    ),
    "revoked": (
        marked("This link was taken back"),
        marked("The participant has asked somebody else, or needs nobody more."),
    ),
    "gone": (
        marked("This is not there to be seen any more"),
        marked("The participant is not in the course now. You need not do anything."),
    ),
    "own": (
        marked("Somebody else than you must see it"),
        marked("Pass the link on to a colleague or to your manager."),
    ),
    "other": (
        marked("This link is meant for somebody else"),
        marked("Ask the participant for a link of your own."),
    ),
    "unknown": (
        marked("This link has done its work"),
        marked("Look whether all of the address came along, or ask for a new link."),
    ),
}
"""Why a link shows nothing -> (heading, sentence)."""

IN_CLASS = ("seated", "active", "completed", "not_completed")


def opened(token: str, purpose: str) -> tuple[LinkFacts, WorkFacts, EnrolmentFacts] | str:
    """The link behind a token with what it is about, when the reader may answer it; else why it
    shows nothing, a key of `OVER`."""
    link = link_with_token(token, purpose)
    if link is None:
        return "unknown"
    if link.state != "open":
        return link.state
    work = works_by_id([link.work_id])[link.work_id]
    enrolment = enrolments_by_id([work.enrolment_id])[work.enrolment_id]
    actor = current_actor()
    if enrolment.state not in IN_CLASS:
        return "gone"
    if actor.signed_in and actor.person_id == enrolment.person_id:
        return "own"
    if actor.signed_in and link.person_id not in (None, actor.person_id):
        return "other"
    return link, work, enrolment


@blueprint.route("/seen/<token>", methods=["GET", "POST"])
@access(known="link", rate="write")
def seen(token: str) -> Response:
    """What a participant did at work, and a button that says that one has seen it."""
    found = opened(token, SEEN)
    if isinstance(found, str):
        return over(found)
    link, work, enrolment = found
    actor = current_actor()
    form = SeenForm()
    if form.validate_on_submit():
        with unit_of_work():
            done = answer_link(
                link,
                work,
                actor,
                name=actor.name,
                function=form.function.data or "",
                note=form.note.data or "",
            )
        if not done:
            return over("answered")
        tell(_("Thank you. It is noted that you have seen it."))
        return redirect(url_for("activities.seen_thanks"), 303)
    activity = activities_by_id([work.activity_id])[work.activity_id]
    return page(
        "activities/seen.html",
        422 if form.submitted else 200,
        form=form,
        link=link,
        activity=activity,
        run=runs_by_id([enrolment.run_id])[enrolment.run_id],
        who=people_by_id([enrolment.person_id])[enrolment.person_id].name,
        **_shown(work, link),
    )


def _shown(work: WorkFacts, link: LinkFacts) -> dict[str, object]:
    """What was handed in last, or the draft while nothing is; files only where they were given."""
    tries = tries_of(work.id)
    newest = tries[-1] if tries and work.state != "returned" else None
    subject = ("hand_in", newest.id) if newest is not None else ("work", work.id)
    return {
        "text": newest.text if newest is not None else Draft.of(work).text,
        "title": Draft.of(work).title,
        "files": documents_about(subject[0], [subject[1]]) if link.with_files else (),
    }


@blueprint.get("/seen")
@access(known="public")
def seen_thanks() -> Response:
    """The page after an answer by link; what came of it was told when it was given."""
    return page("activities/seen_thanks.html")


def over(why: str) -> Response:
    """One page for links that are used, late, taken back, somebody else's or made up."""
    heading, sentence = OVER[why]
    return page("activities/seen_over.html", 410, heading=_(heading), text=_(sentence))
