"""An assignment between two sessions: done at work, and seen by somebody there."""

from __future__ import annotations

from urllib.parse import quote

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    ActivityPlace,
    Confirm,
    Refused,
    access,
    activities_by_id,
    current_actor,
    editing,
    enrolments_by_id,
    local,
    not_found,
    page,
    people_by_id,
    record_kind,
    site_address,
    tell,
    unit_of_work,
    work_of,
    works_by_id,
)
from lms_activities.assignment import IN_BETWEEN, Task
from lms_activities.assignment_letters import ask_manager
from lms_activities.forms.assignment import InBetweenForm
from lms_activities.forms.seen import AskForm
from lms_activities.queries.seen import link_with_key, links_of
from lms_activities.services import seen as services
from lms_activities.services.assignment import together_in
from lms_activities.views.assignment import edit_page, participate
from lms_activities.views.base import blueprint, place_of
from lms_activities.words import _


@blueprint.route("/in-between/<key>", methods=["GET", "POST"])
@access(rate="write", uploads=True)
def in_between(key: str) -> Response:
    """A task between two sessions for who does it."""
    place = place_of(key, IN_BETWEEN, current_actor())
    work = place.work
    kind = record_kind(work.record_type) if work is not None and work.record_type else None
    return participate(
        place,
        "activities/in_between.html",
        links=links_of(_works_of(place)),
        ask=ask_form(place) if place.may_work and work is not None else None,
        record_kind=kind,
        record_url=url_for(kind.page, key=work.record_key)
        if kind is not None and kind.page and work is not None
        else "",
    )


@blueprint.route("/edit/in-between/<key>", methods=["GET", "POST"])
@access(rate="write")
def edit_in_between(key: str) -> Response:
    """What a task between two sessions asks for."""
    edit = editing(key, InBetweenForm)
    if edit.activity.activity_type != IN_BETWEEN:
        not_found()
    return edit_page(edit)


@blueprint.post("/in-between/<key>/seen")
@access(rate="write")
def ask_to_see(key: str) -> Response:
    """Make a link for somebody at work: mailed to the manager, or shown once to be passed on."""
    actor = current_actor()
    place = place_of(key, IN_BETWEEN, actor)
    work = place.work
    if not place.may_work or work is None or place.enrolment is None:
        not_found()
    form = ask_form(place)
    if not form.validate_on_submit():
        return ask_page(place, form)
    with_files = bool(form.with_files.data)
    manager = manager_of(place) if form.way.data == "manager" else None
    try:
        with unit_of_work():
            link_key, token = services.make_link(
                work,
                actor,
                person_id=manager[0] if manager else None,
                name=manager[1] if manager else "",
                with_files=with_files,
            )
            link = site_address("activities.seen", token=token)
            if manager:
                ask_manager(link_key, manager[0], place.activity, actor.name, link)
    except Refused as refused:
        form.form_errors.extend(local(refusal.message) for refusal in refused.refusals)
        return ask_page(place, form)
    if manager:
        tell(_("A mail is on its way to %(name)s.", name=manager[1]))
        return redirect(url_for("activities.in_between", key=key), 303)
    return page(
        "activities/seen_link.html",
        place=place,
        link=link,
        days=services.LIFETIME.days,
        mail=mail_to(form, link),
    )


@blueprint.post("/seen-links/<key>/revoke")
@access(rate="write")
def revoke_seen(key: str) -> Response:
    """Take a link back."""
    actor, link = current_actor(), link_with_key(key)
    work = works_by_id([link.work_id]).get(link.work_id) if link is not None else None
    if link is None or work is None or not _is_mine(work.enrolment_id):
        not_found()
    if Confirm().validate_on_submit():
        with unit_of_work():
            services.revoke_link(link, actor)
        tell(_("The link does not work any more."))
    return redirect(url_for("activities.in_between", key=_activity_key(work.activity_id)), 303)


# --- what these views share -----------------------------------------------------------------------


def _works_of(place: ActivityPlace) -> list[int]:
    """The works of the reader and of those they do it with."""
    if place.enrolment is None or place.work is None:
        return []
    together = together_in(Task.of(place.activity), place.enrolment.id)
    others = (work_of(place.activity.id, other) for other in together.enrolment_ids)
    return [place.work.id, *(work.id for work in others if work is not None)]


def manager_of(place: ActivityPlace) -> tuple[int, str] | None:
    """The manager the enrolment names: (id, name); None when it names nobody, or oneself."""
    if place.enrolment is None or place.enrolment.manager_id in (None, place.enrolment.person_id):
        return None
    found = people_by_id([place.enrolment.manager_id]).get(place.enrolment.manager_id)
    return (found.id, found.name) if found is not None else None


def ask_form(place: ActivityPlace) -> AskForm:
    """Whom the reader may ask."""
    manager = manager_of(place)
    form = AskForm(way="manager" if manager else "mail")
    form.offer(manager[1] if manager else "")
    return form


def ask_page(place: ActivityPlace, form: AskForm) -> Response:
    """The question on a page of its own, when something was missing."""
    return page("activities/ask_to_see.html", 422, place=place, form=form)


def mail_to(form: AskForm, link: str) -> str:
    """An address by which the participant's own mail program opens with a letter, "" when they
    pass the link on otherwise."""
    if form.way.data != "mail":
        return ""
    subject = _("Will you look at something from work?")
    text = _(
        "I have done something at work for a course. Will you look at it, and say what you have "
        "seen? You need not sign in: %(link)s",
        link=link,
    )
    address = quote(form.email.data or "", safe="@")
    return f"mailto:{address}?subject={quote(subject)}&body={quote(text)}"


def _is_mine(enrolment_id: int) -> bool:
    enrolment = enrolments_by_id([enrolment_id]).get(enrolment_id)
    return enrolment is not None and enrolment.person_id == current_actor().person_id


def _activity_key(activity_id: int) -> str:
    return activities_by_id([activity_id])[activity_id].key
