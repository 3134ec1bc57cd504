"""The contact log, which is written by the actions themselves and never changed."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import Actor, ContactFacts, db, now, organisations_by_id
from lms_fairplay.models import ContactLine
from lms_fairplay.rules import PUBLIC_KINDS


def write_contacts(contacts: Sequence[ContactFacts], actor: Actor) -> None:
    """One line for each public authority of each contact (I-20), in the caller's transaction."""
    known = organisations_by_id(id_ for contact in contacts for id_ in contact.authority_ids)
    moment = now()
    for contact in contacts:
        for authority_id in sorted(set(contact.authority_ids) - {contact.company_id}):
            authority = known.get(authority_id)
            if authority is None or authority.kind not in PUBLIC_KINDS:
                continue
            db.session.add(
                ContactLine(
                    authority_id=authority_id,
                    company_id=contact.company_id,
                    kind=contact.kind,
                    category=contact.category,
                    at=contact.at,
                    what=contact.what,
                    documents=list(contact.documents),
                    confidential=contact.confidential,
                    private=contact.private,
                    people=dict(contact.people),
                    run_id=contact.run_id,
                    subject_kind=contact.subject_kind,
                    subject_id=contact.subject_id,
                    url=contact.url,
                    written_at=moment,
                    written_by_id=actor.person_id,
                )
            )
    db.session.flush()
