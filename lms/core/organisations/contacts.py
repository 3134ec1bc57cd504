"""Public authorities and companies having to do with each other, told to whoever keeps it fair.

The core keeps no list of contacts itself. Whoever lets a company take a place, teach, try or hear
something says so here, in the same unit of work; plugins may refuse it or write it down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.contracts import Actor, ContactFacts, LocalisedText, Refusal
from lms.core.refused import Refused
from lms.host import current_host
from lms.journal import record


def technology_categories() -> Mapping[str, LocalisedText]:
    """Kinds of technology by key, in the order of the plugins that bring them."""
    found = current_host().technology_categories()
    return {key: owned.item.title for key, owned in found.items()}


def contact_refusals(contacts: Sequence[ContactFacts]) -> list[Refusal]:
    """Why these contacts may not be made; for pages that say so before anybody types."""
    return current_host().check("lms_check_contacts", contacts=contacts) if contacts else []


def make_contacts(contacts: Sequence[ContactFacts], actor: Actor) -> None:
    """These contacts are being made now: asks again, inside the transaction of what is done, and
    has them written down in it. Raises `Refused`."""
    if not contacts:
        return
    refusals = contact_refusals(contacts)
    if refusals:
        raise Refused(*refusals)
    for contact in contacts:
        record(
            "organisations.contact",
            "organisation",
            contact.company_id,
            actor=actor,
            data={
                "kind": contact.kind,
                "authorities": sorted(contact.authority_ids),
                "run": contact.run_id,
                "about": [contact.subject_kind, contact.subject_id],
            },
        )
    current_host().after("lms_after_contacts", contacts=tuple(contacts), actor=actor)
