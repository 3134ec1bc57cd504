"""The roof of the challenges plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint

from lms.api import DataPolicy, Permission, RoleBundle, hookimpl
from lms_challenges.permissions import PERMISSIONS, ROLES
from lms_challenges.policies import POLICIES
from lms_challenges.views import blueprint


@hookimpl
def lms_permissions() -> Sequence[Permission]:
    """Telling of problems, answering them, owning challenges."""
    return PERMISSIONS


@hookimpl
def lms_role_bundles() -> Sequence[RoleBundle]:
    """Two access roles of its own, and what the core's may do here."""
    return ROLES


@hookimpl
def lms_blueprints() -> Sequence[Blueprint]:
    """Problems, the desk, challenges, gates and ideas."""
    return (blueprint,)


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """What people wrote stays, without their name."""
    return POLICIES
