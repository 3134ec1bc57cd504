"""Something shown at work: the participant asks a colleague, who signs by link what they saw."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    access,
    activities_by_id,
    activity_page,
    current_actor,
    editing,
    not_found,
    page,
    people_by_id,
    runs_by_id,
    start_work,
    tell,
    unit_of_work,
)
from lms_activities.forms.observation import ObservationForm, sign_form
from lms_activities.observation import ANSWER_WORDS, Observation, signed
from lms_activities.queries.seen import OBSERVED, links_of
from lms_activities.services.observation import sign
from lms_activities.views.base import blueprint, place_of
from lms_activities.views.links import ask, ask_form, take_back
from lms_activities.views.seen import opened, over
from lms_activities.words import _

OBSERVATION = "observation"


@blueprint.get("/observation/<key>")
@access()
def observation(key: str) -> Response:
    """What is to be shown, whom one has asked, and what they signed."""
    place = place_of(key, OBSERVATION, current_actor())
    links = links_of([place.work.id], OBSERVED) if place.work else ()
    return activity_page(
        "activities/observation.html",
        place,
        asked=Observation.of(place.activity.content),
        links=links,
        signed=signed,
        words=ANSWER_WORDS,
        ask=ask_form(place) if place.may_work else None,
    )


@blueprint.post("/observation/<key>/ask")
@access(rate="write")
def ask_to_sign(key: str) -> Response:
    """Make a link for a colleague: mailed to the manager, or shown once to be passed on."""
    actor = current_actor()
    place = place_of(key, OBSERVATION, actor)
    if not place.may_work or place.enrolment is None:
        not_found()
    enrolment_id = place.enrolment.id
    return ask(
        place,
        actor,
        lambda: start_work(place.activity.id, enrolment_id, actor),
        OBSERVED,
    )


@blueprint.post("/observation-links/<key>/revoke")
@access(rate="write")
def revoke_observation(key: str) -> Response:
    """Take a link back."""
    return take_back(key, OBSERVED)


@blueprint.route("/observed/<token>", methods=["GET", "POST"])
@access(known="link", rate="write")
def observed(token: str) -> Response:
    """What a participant shows at work; a colleague signs what they saw, without an account."""
    found = opened(token, OBSERVED)
    if isinstance(found, str):
        return over(found)
    link, work, enrolment = found
    actor = current_actor()
    activity = activities_by_id([work.activity_id])[work.activity_id]
    asked = Observation.of(activity.content)
    form = sign_form(asked.points)
    if form.validate_on_submit():
        with unit_of_work():
            done = sign(
                link,
                work,
                actor,
                points=asked.points,
                given=form.given(),
                function=form.function.data or "",
                note=form.note.data or "",
            )
        if not done:
            return over("answered")
        tell(_("Thank you. It is noted what you have seen."))
        return redirect(url_for("activities.seen_thanks"), 303)
    return page(
        "activities/observed.html",
        422 if form.submitted else 200,
        form=form,
        link=link,
        asked=asked,
        activity=activity,
        run=runs_by_id([enrolment.run_id])[enrolment.run_id],
        who=people_by_id([enrolment.person_id])[enrolment.person_id].name,
    )


@blueprint.route("/edit/observation/<key>", methods=["GET", "POST"])
@access(rate="write")
def edit_observation(key: str) -> Response:
    """What is to be shown, and what a colleague looks for."""
    edit = editing(key, ObservationForm)
    if edit.activity.activity_type != OBSERVATION:
        not_found()
    edit.form.offer(edit.version.languages)
    answer: Response = edit.left() if edit.saved() else edit.page()
    return answer
