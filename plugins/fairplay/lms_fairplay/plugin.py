"""The roof of the fair play plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from lms.api import Actor, ContactFacts, DataPolicy, Permission, Refusal, RoleBundle, hookimpl
from lms_fairplay.freeze import freeze_refusals
from lms_fairplay.permissions import PERMISSIONS, ROLES
from lms_fairplay.policies import POLICIES
from lms_fairplay.rules import contact_refusals
from lms_fairplay.services.contacts import write_contacts
from lms_fairplay.views import blueprint


@hookimpl
def lms_permissions() -> Sequence[Permission]:
    """Following contacts and tenders, writing down aid."""
    return PERMISSIONS


@hookimpl
def lms_role_bundles() -> Sequence[RoleBundle]:
    """The procurement officer, and who writes down aid."""
    return ROLES


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    """Companies, their own page, the procurement desk."""
    return (blueprint,)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """What becomes of its tables."""
    return POLICIES


@hookimpl
def lms_check_contacts(contacts: Sequence[ContactFacts]) -> Sequence[Refusal]:
    """Declarations, aid lines, and tenders that are coming."""
    return [*contact_refusals(contacts), *freeze_refusals(contacts)]


@hookimpl
def lms_after_contacts(contacts: Sequence[ContactFacts], actor: Actor) -> None:
    """Each becomes a line in the log of every authority."""
    write_contacts(contacts, actor)
