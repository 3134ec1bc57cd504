"""Who may do what: permissions, and the access roles that carry them."""

from __future__ import annotations

from lms.api import LocalisedText, Permission, RoleBundle

PERMISSIONS = (
    Permission(
        key="challenges.report",
        title=LocalisedText(
            da="Fortælle om et problem", sv="Berätta om ett problem", en="Tell of a problem"
        ),
    ),
    Permission(
        key="challenges.read",
        title=LocalisedText(
            da="Læse problemer, der er set igennem",
            sv="Läsa problem som är genomsedda",
            en="Read problems that were looked through",
        ),
    ),
    Permission(
        key="challenges.triage",
        title=LocalisedText(
            da="Svare på problemer og samle dem",
            sv="Svara på problem och samla dem",
            en="Answer problems and gather them",
        ),
    ),
    Permission(
        key="challenges.own",
        title=LocalisedText(
            da="Skrive udfordringer og holde porte",
            sv="Skriva utmaningar och hålla grindar",
            en="Write challenges and hold gates",
        ),
    ),
    Permission(
        key="challenges.method",
        title=LocalisedText(
            da="Ændre modningsmetoden og modellen",
            sv="Ändra mognadsmetoden och modellen",
            en="Change the maturation method and the model",
        ),
    ),
)

ROLES = (
    RoleBundle(role="learner", permissions=("challenges.report", "challenges.read")),
    RoleBundle(role="manager", permissions=("challenges.report", "challenges.read")),
    RoleBundle(role="teacher", permissions=("challenges.report",)),
    RoleBundle(
        role="programme_lead",
        permissions=(
            "challenges.report",
            "challenges.read",
            "challenges.triage",
            "challenges.own",
            "challenges.method",
        ),
    ),
    RoleBundle(
        role="triage",
        permissions=("challenges.report", "challenges.read", "challenges.triage"),
        title=LocalisedText(da="Modtager problemer", sv="Tar emot problem", en="Problem desk"),
    ),
    RoleBundle(
        role="challenge_owner",
        permissions=("challenges.report", "challenges.read", "challenges.own"),
        title=LocalisedText(da="Udfordringsejer", sv="Utmaningsägare", en="Challenge owner"),
    ),
    RoleBundle(role="site_admin", permissions=tuple(permission.key for permission in PERMISSIONS)),
)
"""A role says what somebody may do; `queries.seeing` says about whose problems. A learner may be
a student or work for a company: those read no raw problems, whatever the role."""
