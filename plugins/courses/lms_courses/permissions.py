"""Who may do what: permissions, and the access roles that carry them."""

from __future__ import annotations

from lms.api import LocalisedText, Permission, RoleBundle

DECIDE = "courses.decide"
CASE = "courses.case"
PRACTICE = "courses.practice"

PERMISSIONS = (
    Permission(
        key=DECIDE,
        title=LocalisedText(
            da="Svare på virksomheders ansøgninger og tilbud",
            sv="Svara på företags ansökningar och erbjudanden",
            en="Answer what companies apply for and offer",
        ),
    ),
    Permission(
        key=CASE,
        title=LocalisedText(
            da="Skrive og forhandle cases",
            sv="Skriva och förhandla case",
            en="Write and negotiate cases",
        ),
    ),
    Permission(
        key=PRACTICE,
        title=LocalisedText(
            da="Se på cases fra praksis",
            sv="Granska case från praktiken",
            en="Check cases as practice",
        ),
    ),
)

ROLES = (
    RoleBundle(role="teacher", permissions=(CASE,)),
    RoleBundle(role="manager", permissions=(PRACTICE,)),
    RoleBundle(role="programme_lead", permissions=(DECIDE, CASE, PRACTICE)),
    RoleBundle(role="institution_admin", permissions=(DECIDE, CASE)),
    RoleBundle(role="site_admin", permissions=(DECIDE, CASE, PRACTICE)),
)
