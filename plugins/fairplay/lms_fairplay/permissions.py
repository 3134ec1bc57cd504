"""Who may do what: permissions, and the access roles that carry them."""

from __future__ import annotations

from lms.api import LocalisedText, Permission, RoleBundle

PROCURE = "fairplay.procure"
AID = "fairplay.aid"
OWN = "fairplay.own"

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
    Permission(
        key=OWN,
        title=LocalisedText(
            da="Se sin egen virksomheds kontakter",
            sv="Se sitt eget företags kontakter",
            en="See the contacts of one's own company",
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
    RoleBundle(role="company_user", permissions=(OWN,)),
    RoleBundle(role="institution_admin", permissions=(PROCURE, AID)),
    RoleBundle(role="site_admin", permissions=(PROCURE, AID)),
)
