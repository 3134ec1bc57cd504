"""The roof of the fair play plugin: the sockets it fills. Nothing imports it."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import DataPolicy, Permission, RoleBundle, hookimpl
from lms_fairplay import models  # noqa: F401 - its tables are the plugin's from the start
from lms_fairplay.permissions import PERMISSIONS, ROLES
from lms_fairplay.policies import POLICIES


@hookimpl
def lms_permissions() -> Sequence[Permission]:
    """Following contacts and tenders, writing down aid."""
    return PERMISSIONS


@hookimpl
def lms_role_bundles() -> Sequence[RoleBundle]:
    """The procurement officer, and who writes down aid."""
    return ROLES


@hookimpl
def lms_data_policy() -> Sequence[DataPolicy]:
    """What becomes of its tables."""
    return POLICIES
