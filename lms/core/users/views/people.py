"""People for those who manage them: the list, one person, invite, change, shut out, leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from lms.contracts import Actor, LocalisedText, OrganisationFacts
from lms.core.organisations import queries as organisations
from lms.core.refused import Refused, show_in
from lms.core.users import queries, services
from lms.core.users.forms import InviteForm, LeaveForm, PersonForm, RoleForm
from lms.core.users.queries import PersonCard
from lms.core.users.views.base import blueprint
from lms.core.users.views.choices import fill_place, place_from, role_choices, role_titles
from lms.db import now
from lms.web import Confirm, access, current_actor, gettext, not_found, page, tell
from lms.web.i18n import local
from lms.web.pages import panels_for
from lms.web.paging import asked_page, pager
from lms.work import unit_of_work

STATES = {
    "invited": LocalisedText(da="Inviteret", sv="Inbjuden", en="Invited"),
    "active": LocalisedText(da="Aktiv", sv="Aktiv", en="Active"),
    "suspended": LocalisedText(da="Lukket ude", sv="Utestängd", en="Shut out"),
    "left": LocalisedText(da="Holdt op", sv="Har slutat", en="Has left"),
}

Answer = TypeVar("Answer")


def person_or_404(actor: Actor, key: str) -> PersonCard:
    """The person, if the actor manages them; otherwise the page does not exist."""
    return queries.person_card(actor, key) or not_found()


@blueprint.route("/people")
@access("people.manage", rate="search")
def people() -> Response:
    """The list, searched and in pages."""
    actor = current_actor()
    search = request.args.get("q", "")[:200]
    state = request.args.get("state", "")
    place = organisation_asked_for(actor)
    found = queries.people(
        actor,
        search=search,
        state=state if state in STATES else "",
        organisation_id=place.id if place else None,
        page=asked_page(),
    )
    return page(
        "users/people.html",
        people=found,
        pager=pager(found.number, found.pages),
        search=search,
        state=state,
        states=STATES,
        place=place,
    )


def organisation_asked_for(actor: Actor) -> OrganisationFacts | None:
    """The organisation of `?organisation=`, where the actor manages people; None without one."""
    key = request.args.get("organisation", "")
    if not key:
        return None
    found = organisations.facts_by_key(key)
    if found is None or not actor.may(queries.MANAGE, found.id):
        not_found()
    return found


@blueprint.route("/people/invite", methods=["GET", "POST"])
@access("people.manage", rate="write")
def invite() -> Response:
    """Invite somebody to an organisation: first which one, then who."""
    actor = current_actor()
    place = organisation_asked_for(actor)
    choices = organisations.choices_for(actor, queries.MANAGE)
    if place is None and len(choices) == 1:
        place = choices[0]
    if place is None:
        status = 422 if request.method == "POST" else 200
        return page("users/choose_organisation.html", status, choices=choices, person=None)
    form = InviteForm(language=actor.language)
    fill_place(form, place.id)
    if form.validate_on_submit():
        values = person_values(form)

        def invited() -> int:
            return services.invite(values, place_from(form, place.id, actor), actor=actor)

        person_id = done(form, invited)
        if person_id is not None:
            tell(
                gettext("%(name)s gets a mail with a link that works for a week.", name=values.name)
            )
            return redirect(url_for("users.people", organisation=place.key), 303)
    return page("users/invite.html", 422 if form.submitted else 200, form=form, place=place)


@blueprint.route("/people/<key>")
@access("people.manage")
def person(key: str) -> Response:
    """One person: places, access roles, state."""
    actor = current_actor()
    return show_person(actor, person_or_404(actor, key))


def show_person(
    actor: Actor,
    card: PersonCard,
    status: int = 200,
    *,
    role_form: RoleForm | None = None,
    problems: tuple[str, ...] = (),
) -> Response:
    """Draw the person's page, perhaps with a form that needs fixing."""
    form = role_form or RoleForm()
    role_choices(form, actor)
    facts = queries.person_facts([card.id])[card.id]
    return page(
        "users/person.html",
        status,
        person=card,
        state=STATES[card.state],
        assignments=queries.assignments_of(card.id),
        roles=queries.roles_of(card.id),
        role_titles=role_titles(),
        role_form=form,
        problems=problems,
        today=now().date(),
        panels=panels_for("lms_person_panels", card.id, persons=(facts,)),
        itself=card.id == actor.person_id,
    )


@blueprint.route("/people/<key>/change", methods=["GET", "POST"])
@access("people.manage", rate="write")
def change_person(key: str) -> Response:
    """Name, mail and language."""
    actor = current_actor()
    card = person_or_404(actor, key)
    form = PersonForm(name=card.name, email=card.email, language=card.language)
    if form.validate_on_submit():
        values = person_values(form)

        def changed() -> bool:
            services.change_person(person_or_404(actor, key).id, values, actor=actor)
            return True

        if done(form, changed):
            tell(gettext("Saved."))
            return redirect(url_for("users.person", key=key), 303)
    return page("users/change_person.html", 422 if form.submitted else 200, form=form, person=card)


@blueprint.route("/people/<key>/suspend", methods=["POST"])
@access("people.manage", rate="write")
def suspend(key: str) -> Response:
    """Shut somebody out at once."""
    return _act(key, services.suspend, gettext("Shut out. Every browser is signed out."))


@blueprint.route("/people/<key>/reopen", methods=["POST"])
@access("people.manage", rate="write")
def reopen(key: str) -> Response:
    """Let somebody in again."""
    return _act(key, services.reopen, gettext("Let in again."))


@blueprint.route("/people/<key>/send-link", methods=["POST"])
@access("people.manage", rate="write")
def send_link(key: str) -> Response:
    """An invitation again, or a link for a new password."""
    return _act(key, services.invite_again, gettext("A mail with a new link is on its way."))


@blueprint.route("/people/<key>/sign-out", methods=["POST"])
@access("people.manage", rate="write")
def sign_out_person(key: str) -> Response:
    """End every sign-in of a person."""
    return _act(key, services.sign_out_person, gettext("Every browser is signed out."))


def _act(key: str, verb: Callable[..., object], sentence: str) -> Response:
    """A button on the person's page: check, do, say."""
    actor = current_actor()
    card = person_or_404(actor, key)
    form = Confirm()
    if not form.validate_on_submit():
        return show_person(actor, card, 422, problems=tuple(form.form_errors))
    try:
        with unit_of_work():
            verb(person_or_404(actor, key).id, actor=actor)
    except Refused as error:
        sentences = tuple(local(refusal.message) for refusal in error.refusals)
        return show_person(actor, card, 422, problems=sentences)
    tell(sentence)
    return redirect(url_for("users.person", key=key), 303)


@blueprint.route("/people/<key>/leave", methods=["GET", "POST"])
@access("people.manage", rate="write")
def leave(key: str) -> Response:
    """Somebody has left; a page of its own, because it takes places and roles away."""
    actor = current_actor()
    card = person_or_404(actor, key)
    form = LeaveForm()
    if form.validate_on_submit():

        def left() -> str:
            gone = services.leave(person_or_404(actor, key).id, actor=actor)
            return "gone" if gone else "here"

        if (how := done(form, left)) is not None:
            tell(
                gettext("%(name)s has left. What they did stays.", name=card.name)
                if how == "gone"
                else gettext(
                    "%(name)s has left here, and keeps the account for another place.",
                    name=card.name,
                )
            )
            return redirect(url_for("users.people"), 303)
    return page("users/leave.html", 422 if form.submitted else 200, form=form, person=card)


def person_values(form: PersonForm) -> services.PersonValues:
    """What the form says about a person."""
    return services.PersonValues(
        name=form.name.data or "", email=form.email.data or "", language=str(form.language.data)
    )


def done(form: PersonForm | LeaveForm | InviteForm, verb: Callable[[], Answer]) -> Answer | None:
    """Do it in one unit of work; None when it was refused, with the reasons in the form."""
    try:
        with unit_of_work():
            return verb()
    except Refused as error:
        show_in(form, error)
        return None
