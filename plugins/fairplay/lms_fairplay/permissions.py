"""Who may do what: permissions, and the access roles that carry them."""

from __future__ import annotations

from lms.api import LocalisedText, Permission, RoleBundle

PROCURE = "fairplay.procure"
AID = "fairplay.aid"

PERMISSIONS = (
    Permission(
        key=PROCURE,
        title=LocalisedText(
            da="Følge kontakter og udbud",
            sv="Följa kontakter och upphandlingar",
            en="Follow contacts and tenders",
        ),
    ),
    Permission(
        key=AID,
        title=LocalisedText(
            da="Skrive støtte til virksomheder",
            sv="Skriva stöd till företag",
            en="Write down aid to companies",
        ),
    ),
)

ROLES = (
    RoleBundle(
        role="procurement_officer",
        permissions=("catalogue.view_internal", PROCURE, AID),
        title=LocalisedText(
            da="Indkøbsansvarlig", sv="Upphandlingsansvarig", en="Procurement officer"
        ),
    ),
    RoleBundle(role="programme_lead", permissions=(AID,)),
    RoleBundle(role="institution_admin", permissions=(PROCURE, AID)),
    RoleBundle(role="site_admin", permissions=(PROCURE, AID)),
)
