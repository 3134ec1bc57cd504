"""Who may do what: permissions, and the access roles that carry them."""

from __future__ import annotations

from lms.api import LocalisedText, Permission, RoleBundle

DECIDE = "courses.decide"
CASE = "courses.case"
PRACTICE = "courses.practice"
CASES = "courses.cases"
COMPANY = "courses.company"
COMMENT = "courses.comment"

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
    Permission(
        key=CASES,
        title=LocalisedText(
            da="Se casene i samlingen", sv="Se casen i samlingen", en="See the case library"
        ),
    ),
    Permission(
        key=COMPANY,
        title=LocalisedText(
            da="Tale for sin virksomhed: cases og undervisning",
            sv="Tala för sitt företag: case och undervisning",
            en="Speak for one's company: cases and teaching",
        ),
    ),
    Permission(
        key=COMMENT,
        title=LocalisedText(
            da="Læse og kommentere virksomheders planer",
            sv="Läsa och kommentera företags planer",
            en="Read and comment on companies' plans",
        ),
    ),
)

ROLES = (
    RoleBundle(role="teacher", permissions=(CASE, CASES)),
    RoleBundle(role="manager", permissions=(PRACTICE, CASES)),
    RoleBundle(role="programme_lead", permissions=(DECIDE, CASE, PRACTICE, CASES, COMMENT)),
    RoleBundle(role="institution_admin", permissions=(DECIDE, CASE, CASES)),
    RoleBundle(role="company_user", permissions=(COMPANY, CASES)),
    RoleBundle(role="site_admin", permissions=(DECIDE, CASE, PRACTICE, CASES, COMMENT)),
)
