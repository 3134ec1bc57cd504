"""Access roles: who may give which, and to whom one may do what."""

from __future__ import annotations

from sqlalchemy import select, union

from lms.contracts import Actor
from lms.core.refused import refused
from lms.core.users.models import AccessRole, Assignment
from lms.core.users.queries import current_assignment
from lms.db import db
from lms.host import current_host
from lms.journal import record

SITE_ADMIN = "site_admin"


def grant_role(person_id: int, role: str, organisation_id: int | None, *, actor: Actor) -> None:
    """Give an access role in an organisation, or on the whole site (None); again is nothing new.

    `Refused` for unknown roles, and for what the actor may not give: the site and its
    administrators are the site administrator's to give.
    """
    if role not in {owned.item.role for owned in current_host().role_bundles()}:
        raise refused(
            "role.unknown",
            da="Vælg en rolle på listen.",
            sv="Välj en roll i listan.",
            en="Choose a role from the list.",
        )
    _refuse_beyond(actor, role, organisation_id)
    if role == SITE_ADMIN and organisation_id is not None:
        raise refused(
            "organisation.whole_site",
            da="En administrator passer hele stedet. Lad organisationen stå tom.",
            sv="En administratör sköter hela webbplatsen. Lämna organisationen tom.",
            en="A site administrator looks after the whole site. Leave the organisation empty.",
        )
    known = db.session.execute(
        select(AccessRole.id).where(
            AccessRole.person_id == person_id,
            AccessRole.role == role,
            AccessRole.organisation_id.is_(None)
            if organisation_id is None
            else AccessRole.organisation_id == organisation_id,
        )
    ).first()
    if known is not None:
        return
    db.session.add(AccessRole(person_id=person_id, role=role, organisation_id=organisation_id))
    db.session.flush()
    record(
        "users.role_granted",
        "person",
        person_id,
        actor=actor,
        data={"role": role, "organisation": organisation_id},
    )


def withdraw_role(access_role_id: int, *, actor: Actor) -> None:
    """Take an access role back, at the next request of whoever holds it. `Refused` as in
    `grant_role`, and for one's own role of site administrator."""
    row = db.session.get_one(AccessRole, access_role_id)
    _refuse_beyond(actor, row.role, row.organisation_id)
    if row.role == SITE_ADMIN:
        refuse_self(row.person_id, actor)
    db.session.delete(row)
    db.session.flush()
    record(
        "users.role_withdrawn",
        "person",
        row.person_id,
        actor=actor,
        data={"role": row.role, "organisation": row.organisation_id},
    )


def refuse_stronger(person_id: int, actor: Actor) -> None:
    """`Refused` when the person holds a role, or is somebody's line manager, where the actor does
    not manage people: whoever can change such a person's mail could become them."""
    where = actor.organisations_with("people.manage")
    if where is None:
        return
    held = db.session.execute(
        union(
            select(AccessRole.organisation_id).where(AccessRole.person_id == person_id),
            select(Assignment.organisation_id).where(
                Assignment.manager_id == person_id, current_assignment()
            ),
        )
    ).scalars()
    if any(organisation_id not in where for organisation_id in held):
        raise refused(
            "person.stronger",
            da="Personen har også en rolle uden for din organisation. Spørg administratoren.",
            sv="Personen har också en roll utanför din organisation. Fråga administratören.",
            en="This person also holds a role outside your organisation. Ask the administrator.",
        )


def _refuse_beyond(actor: Actor, role: str, organisation_id: int | None) -> None:
    if role == SITE_ADMIN or organisation_id is None:
        allowed = actor.may("site.admin")
    else:
        allowed = actor.may("people.manage", organisation_id)
    if not allowed:
        raise refused(
            "role.beyond",
            da="Den rolle giver administratoren. Spørg der.",
            sv="Den rollen ger administratören. Fråga där.",
            en="That role is the site administrator's to give. Ask there.",
        )


def refuse_self(person_id: int, actor: Actor) -> None:
    """`Refused` when the person is the actor: nobody shuts out themselves by a slip."""
    if person_id == actor.person_id:
        raise refused(
            "person.self",
            da="Det kan du ikke gøre ved dig selv. Bed en anden administrator.",
            sv="Det kan du inte göra med dig själv. Be en annan administratör.",
            en="You cannot do that to yourself. Ask another administrator.",
        )
