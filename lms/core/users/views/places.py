"""Places and access roles of one person."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor
from lms.core.organisations import queries as organisations
from lms.core.refused import Refused, show_in
from lms.core.users import queries, services
from lms.core.users.forms import EndForm, PlaceForm, RoleForm
from lms.core.users.queries import AssignmentFacts
from lms.core.users.views.base import blueprint
from lms.core.users.views.choices import WHOLE_SITE, fill_place, place_from, role_choices
from lms.core.users.views.people import organisation_asked_for, person_or_404, show_person
from lms.db import now
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.work import unit_of_work


@blueprint.route("/people/<key>/places/new", methods=["GET", "POST"])
@access("people.manage", rate="write")
def add_place(key: str) -> Response:
    """A person begins to work in an organisation."""
    actor = current_actor()
    card = person_or_404(actor, key)
    place = organisation_asked_for(actor)
    choices = organisations.choices_for(actor, queries.MANAGE)
    if place is None and len(choices) == 1:
        place = choices[0]
    if place is None:
        status = 422 if request.method == "POST" else 200
        return page("users/choose_organisation.html", status, choices=choices, person=card)
    form = PlaceForm()
    fill_place(form, place.id)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                person_id = person_or_404(actor, key).id
                services.assign(person_id, place_from(form, place.id, actor), actor=actor)
        except Refused as error:
            show_in(form, error)
        else:
            tell(gettext("Saved."))
            return redirect(url_for("users.person", key=key), 303)
    return page(
        "users/place.html", 422 if form.submitted else 200, form=form, person=card, place=place
    )


@blueprint.route("/people/<key>/places/<place_key>/end", methods=["GET", "POST"])
@access("people.manage", rate="write")
def end_place(key: str, place_key: str) -> Response:
    """The last day at a place."""
    actor = current_actor()
    card = person_or_404(actor, key)
    place = _place(actor, card.id, place_key)
    form = EndForm(last_day=now().date())
    if form.validate_on_submit() and form.last_day.data is not None:
        try:
            with unit_of_work():
                again = _place(actor, person_or_404(actor, key).id, place_key)
                services.end_assignment(again.id, form.last_day.data, actor=actor)
        except Refused as error:
            show_in(form, error)
        else:
            tell(gettext("Saved."))
            # Whose last place here has ended is not the actor's to see any more.
            if queries.person_card(actor, key) is None:
                return redirect(url_for("users.people"), 303)
            return redirect(url_for("users.person", key=key), 303)
    return page(
        "users/end_place.html", 422 if form.submitted else 200, form=form, person=card, place=place
    )


def _place(actor: Actor, person_id: int, key: str) -> AssignmentFacts:
    found = (place for place in queries.assignments_of(person_id) if place.key == key)
    place = next(found, None)
    if place is None or not actor.may(queries.MANAGE, place.organisation_id):
        not_found()
    return place


@blueprint.route("/people/<key>/roles", methods=["POST"])
@access("people.manage", rate="write")
def grant_role(key: str) -> Response:
    """Give an access role."""
    actor = current_actor()
    card = person_or_404(actor, key)
    form = RoleForm()
    role_choices(form, actor)
    if form.validate_on_submit():
        where = None if form.organisation.data == WHOLE_SITE else int(form.organisation.data)
        try:
            with unit_of_work():
                person_id = person_or_404(actor, key).id
                services.grant_role(person_id, str(form.role.data), where, actor=actor)
        except Refused as error:
            show_in(form, error)
        else:
            tell(gettext("Saved."))
            return redirect(url_for("users.person", key=key), 303)
    return show_person(actor, card, 422, role_form=form)


@blueprint.route("/people/<key>/roles/<int:role_id>/withdraw", methods=["POST"])
@access("people.manage", rate="write")
def withdraw_role(key: str, role_id: int) -> Response:
    """Take an access role back."""
    actor = current_actor()
    card = person_or_404(actor, key)
    if not Confirm().validate_on_submit():
        return redirect(url_for("users.person", key=key), 303)
    try:
        with unit_of_work():
            if role_id not in {role.id for role in queries.roles_of(card.id)}:
                not_found()
            services.withdraw_role(role_id, actor=actor)
    except Refused as error:
        sentences = tuple(local(refusal.message) for refusal in error.refusals)
        return show_person(actor, card, 422, problems=sentences)
    tell(gettext("Saved."))
    return redirect(url_for("users.person", key=key), 303)
