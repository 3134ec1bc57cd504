"""Who may do something, and who can be reached: asked by jobs and letters, which have no reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from lms.core.users.models import AccessRole, Person
from lms.core.users.queries.actors import SITE_ADMIN
from lms.db import db
from lms.host import current_host


def people_who_may(permission: str) -> Mapping[int | None, Sequence[int]]:
    """Ids of active people by the organisation in which an access role of theirs carries the
    permission; under None those who may everywhere.

    Administrators of the whole site may everything and are meant by nothing: they stand under
    None only where nobody else does. What everybody and every manager may is not looked at.
    """
    bundles = current_host().role_bundles()
    roles = {bundle.item.role for bundle in bundles if permission in bundle.item.permissions}
    found: dict[int | None, list[int]] = defaultdict(list)
    administrators = []
    for person_id, role, where in db.session.execute(
        select(AccessRole.person_id, AccessRole.role, AccessRole.organisation_id)
        .join(Person, Person.id == AccessRole.person_id)
        .where(AccessRole.role.in_(sorted(roles | {SITE_ADMIN})), Person.state == "active")
        .order_by(AccessRole.person_id)
    ):
        if role == SITE_ADMIN and where is None:
            administrators.append(person_id)
        elif role in roles and person_id not in found[where]:
            found[where].append(person_id)
    if not found.get(None):
        found[None] = administrators
    return dict(found)


def active_among(person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who may sign in today."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(Person.id).where(Person.id.in_(wanted), Person.state == "active")
        ).all()
    )
