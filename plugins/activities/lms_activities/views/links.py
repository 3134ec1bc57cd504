"""Links for somebody at work, whatever they are asked to do: made, passed on, taken back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.api import (
    ActivityPlace,
    Actor,
    Confirm,
    Refused,
    WorkFacts,
    activities_by_id,
    current_actor,
    enrolments_by_id,
    local,
    not_found,
    page,
    site_address,
    tell,
    unit_of_work,
    works_by_id,
)
from lms_activities.assignment_letters import ask_manager
from lms_activities.forms.seen import AskForm
from lms_activities.queries.seen import OBSERVED, SEEN, link_with_key
from lms_activities.services.seen import LIFETIME, make_link, revoke_link
from lms_activities.words import _

OPENED = {SEEN: "activities.seen", OBSERVED: "activities.observed"}
"""The page that a link of each purpose opens."""


def ask(
    place: ActivityPlace, actor: Actor, work: Callable[[], WorkFacts], purpose: str
) -> Response:
    """Make a link for somebody at work: mailed to the manager, or shown once to be passed on.
    `work` gives what it is about, inside the unit of work."""
    form = ask_form(place)
    if not form.validate_on_submit():
        return ask_page(place, form)
    manager = manager_of(place) if form.way.data == "manager" else None
    try:
        with unit_of_work():
            link_key, token = make_link(
                work(),
                actor,
                person_id=manager[0] if manager else None,
                name=manager[1] if manager else "",
                with_files=bool(form.with_files.data),
                purpose=purpose,
            )
            link = site_address(OPENED[purpose], token=token)
            if manager:
                ask_manager(link_key, manager[0], place.activity, actor.name, link)
    except Refused as refused:
        form.form_errors.extend(local(refusal.message) for refusal in refused.refusals)
        return ask_page(place, form)
    if manager:
        tell(_("A mail is on its way to %(name)s.", name=manager[1]))
        return redirect(
            url_for(f"activities.{place.activity.activity_type}", key=place.activity.key), 303
        )
    return page(
        "activities/seen_link.html",
        place=place,
        link=link,
        days=LIFETIME.days,
        mail=mail_to(form, link),
    )


def take_back(key: str, purpose: str) -> Response:
    """Take one's own link back; 404 for anybody else's."""
    actor, link = current_actor(), link_with_key(key, purpose)
    work = works_by_id([link.work_id]).get(link.work_id) if link else None
    enrolment = enrolments_by_id([work.enrolment_id]).get(work.enrolment_id) if work else None
    if link is None or work is None or enrolment is None or enrolment.person_id != actor.person_id:
        not_found()
    if Confirm().validate_on_submit():
        with unit_of_work():
            revoke_link(link, actor)
        tell(_("The link does not work any more."))
    activity = activities_by_id([work.activity_id])[work.activity_id]
    return redirect(url_for(f"activities.{activity.activity_type}", key=activity.key), 303)


def manager_of(place: ActivityPlace) -> tuple[int, str] | None:
    """The manager the enrolment names: (id, name); None when it names nobody, or oneself."""
    if place.enrolment is None or place.enrolment.manager_id in (None, place.enrolment.person_id):
        return None
    return (place.enrolment.manager_id, place.manager_name) if place.manager_name else None


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
