"""Choices that depend on an organisation or an actor, and what a form of a place means."""

from __future__ import annotations

from collections.abc import Mapping

from lms.contracts import Actor, LocalisedText
from lms.core.organisations import queries as organisations
from lms.core.refused import refused
from lms.core.users import queries, services
from lms.core.users.addresses import email_key
from lms.core.users.forms import PlaceForm, RoleForm
from lms.host import current_host
from lms.web import gettext
from lms.web.i18n import local

WHOLE_SITE = "site"


def fill_place(form: PlaceForm, organisation_id: int) -> None:
    """Give a form the functions and the organisation's units to choose from."""
    form.function.choices = [
        (str(function.id), local(function.title)) for function in organisations.functions()
    ]
    form.unit.choices = [("", gettext("No unit"))] + [
        (str(unit.id), unit.name)
        for unit in organisations.units_of(organisation_id, only_active=True)
    ]
    if form.unit.data in (None, "None"):
        form.unit.data = ""


def place_from(form: PlaceForm, organisation_id: int, actor: Actor) -> services.Place:
    """The place a valid form means. `Refused` when nobody the actor manages has the manager's
    mail."""
    manager_id = None
    if form.manager.data:
        key = email_key(form.manager.data)
        manager_id = queries.id_by_email(actor, key) if key else None
        if manager_id is None:
            raise refused(
                "manager.unknown",
                da="Vi kender ingen her med den mail. Invitér lederen først.",
                sv="Vi känner ingen här med den mejladressen. Bjud in chefen först.",
                en="Nobody here has that mail. Invite the manager first.",
            )
    return services.Place(
        organisation_id=organisation_id,
        function_id=int(form.function.data),
        unit_id=int(form.unit.data) if form.unit.data else None,
        manager_id=manager_id,
        from_day=form.from_day.data,
    )


def role_titles() -> Mapping[str, LocalisedText]:
    """Access roles and their words, in the order they were declared."""
    found: dict[str, LocalisedText] = {}
    for owned in current_host().role_bundles():
        title = owned.item.title
        if title is not None or owned.item.role not in found:
            found[owned.item.role] = title or LocalisedText(en=owned.item.role)
    return found


def role_choices(form: RoleForm, actor: Actor) -> None:
    """Roles and organisations this actor may give them in."""
    whole_site = actor.may("site.admin")
    form.role.choices = [
        (role, local(title))
        for role, title in role_titles().items()
        if role not in queries.HELD_BY_ITSELF and (whole_site or role != "site_admin")
    ]
    form.organisation.choices = [(WHOLE_SITE, gettext("The whole site"))] if whole_site else []
    form.organisation.choices += [
        (str(facts.id), facts.name) for facts in organisations.choices_for(actor, queries.MANAGE)
    ]
