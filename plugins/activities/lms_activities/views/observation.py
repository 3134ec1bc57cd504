"""Something shown at work: the participant asks a colleague, who signs by link what they saw."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    Confirm,
    Refused,
    access,
    activities_by_id,
    activity_page,
    current_actor,
    editing,
    enrolments_by_id,
    local,
    not_found,
    page,
    people_by_id,
    runs_by_id,
    site_address,
    start_work,
    tell,
    unit_of_work,
    works_by_id,
)
from lms_activities.assignment_letters import ask_manager
from lms_activities.forms.observation import ObservationForm, sign_form
from lms_activities.observation import ANSWER_WORDS, Observation, signed
from lms_activities.queries.seen import OBSERVED, link_with_key, link_with_token, links_of
from lms_activities.services.observation import sign
from lms_activities.services.seen import LIFETIME, make_link, revoke_link
from lms_activities.views.base import blueprint, place_of
from lms_activities.views.in_between import ask_form, ask_page, mail_to, manager_of
from lms_activities.views.seen import IN_CLASS, over
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
    form = ask_form(place)
    if not form.validate_on_submit():
        return ask_page(place, form)
    manager = manager_of(place) if form.way.data == "manager" else None
    try:
        with unit_of_work():
            link_key, token = make_link(
                start_work(place.activity.id, enrolment_id, actor),
                actor,
                person_id=manager[0] if manager else None,
                name=manager[1] if manager else "",
                purpose=OBSERVED,
            )
            link = site_address("activities.observed", token=token)
            if manager:
                ask_manager(link_key, manager[0], place.activity, actor.name, link)
    except Refused as refused:
        form.form_errors.extend(local(refusal.message) for refusal in refused.refusals)
        return ask_page(place, form)
    if manager:
        tell(_("A mail is on its way to %(name)s.", name=manager[1]))
        return redirect(url_for("activities.observation", key=key), 303)
    return page(
        "activities/seen_link.html",
        place=place,
        link=link,
        days=LIFETIME.days,
        mail=mail_to(form, link),
    )


@blueprint.post("/observation-links/<key>/revoke")
@access(rate="write")
def revoke_observation(key: str) -> Response:
    """Take a link back."""
    actor, link = current_actor(), link_with_key(key, OBSERVED)
    work = works_by_id([link.work_id]).get(link.work_id) if link else None
    enrolment = enrolments_by_id([work.enrolment_id]).get(work.enrolment_id) if work else None
    if link is None or work is None or enrolment is None or enrolment.person_id != actor.person_id:
        not_found()
    if Confirm().validate_on_submit():
        with unit_of_work():
            revoke_link(link, actor)
        tell(_("The link does not work any more."))
    activity = activities_by_id([work.activity_id])[work.activity_id]
    return redirect(url_for("activities.observation", key=activity.key), 303)


@blueprint.route("/observed/<token>", methods=["GET", "POST"])
@access(known="link", rate="write")
def observed(token: str) -> Response:
    """What a participant shows at work; a colleague signs what they saw, without an account."""
    link = link_with_token(token, OBSERVED)
    if link is None:
        return over("unknown")
    if link.state != "open":
        return over(link.state)
    work = works_by_id([link.work_id])[link.work_id]
    enrolment = enrolments_by_id([work.enrolment_id])[work.enrolment_id]
    actor = current_actor()
    if enrolment.state not in IN_CLASS:
        return over("gone")
    if actor.signed_in and actor.person_id == enrolment.person_id:
        return over("own")
    if actor.signed_in and link.person_id not in (None, actor.person_id):
        return over("other")
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
