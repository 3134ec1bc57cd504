"""Which organisation is meant by what a company wrote about itself: read only.

Anybody may write any number and any name into an application. What is found here is shown to
whoever decides, and joined with nothing until they have asked the company.
"""

from __future__ import annotations

from dataclasses import dataclass

from lms.api import (
    OrganisationFacts,
    how_many_at,
    organisation_named,
    organisation_with_number,
    organisations_by_id,
)
from lms_courses.queries.calls import ApplicationFacts

COMPANY = "company"


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownCompany:
    """An organisation that is here, and how many work for it. `checked`: somebody who decides has
    said that the application is its own."""

    organisation: OrganisationFacts
    people: int
    checked: bool


def company_behind(found: ApplicationFacts) -> KnownCompany | None:
    """The organisation with the number of an application, of whatever kind. Where it has none, the
    company of that name and country which has no number either, and for which nobody works: a
    name alone opens nobody's door. At most three queries."""
    known_id = found.organisation_id or _by_number(found) or _by_name(found)
    if known_id is None:
        return None
    return KnownCompany(
        organisation=organisations_by_id([known_id])[known_id],
        people=how_many_at(known_id),
        checked=found.organisation_id is not None,
    )


def _by_number(found: ApplicationFacts) -> int | None:
    if found.registration_number is None:
        return None
    return organisation_with_number(found.country, found.registration_number)


def _by_name(found: ApplicationFacts) -> int | None:
    if found.registration_number is not None:
        return None
    named = organisation_named(found.name)
    if named is None or named.kind != COMPANY or named.country != found.country:
        return None
    return None if named.registration_number is not None or how_many_at(named.id) else named.id
