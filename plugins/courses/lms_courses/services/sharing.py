"""What a host shares with companies in a run goes to all of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lms.api import (
    Accepted,
    Actor,
    ContactFacts,
    DocumentFacts,
    LocalisedText,
    RunFacts,
    db,
    keep_upload,
    make_contacts,
    now,
    record,
    refused,
)
from lms_courses.models import Call
from lms_courses.queries.calls import call_of, confirmed_in
from lms_courses.queries.sharing import SHARED


def share(run: RunFacts, file: Accepted, title: str, actor: Actor, *, language: str) -> None:
    """Share a document with every company that has a place, at this moment, each with a contact
    line. Raises `Refused` when none has, or when it may not be shared with one of them."""
    # Places are given under the same lock: a company gets this with its place, or now (I-20).
    db.session.execute(select(Call.id).where(Call.run_id == run.id).with_for_update())
    companies = [one for one in confirmed_in([run.id])[run.id] if one.organisation_id is not None]
    if not companies:
        raise refused(
            "nobody",
            da="Ingen virksomhed har plads endnu, så der er ingen at dele med.",
            sv="Inget företag har plats än, så det finns ingen att dela med.",
            en="No company has a place yet, so there is nobody to share with.",
        )
    document = keep_upload(
        file, subject=(SHARED, run.id), actor=actor, language=language, title=title
    )
    call = call_of(run.id)
    contacts = [
        contact
        for one in companies
        for contact in share_contacts(
            run, one.organisation_id or 0, [document], call.category if call else ""
        )
    ]
    make_contacts(contacts, actor)
    record(
        "courses.shared",
        "run",
        run.id,
        actor=actor,
        data={"document": document.id, "companies": [one.organisation_id for one in companies]},
    )


def share_contacts(
    run: RunFacts, organisation_id: int, documents: Sequence[DocumentFacts], category: str
) -> list[ContactFacts]:
    """The contact lines of one company that gets these documents."""
    return [
        ContactFacts(
            kind="share",
            authority_ids=run.host_ids + run.partner_ids,
            company_id=organisation_id,
            at=now(),
            what=LocalisedText(
                da=f"Delt med alle virksomheder på holdet: {document.title}",
                sv=f"Delat med alla företag i omgången: {document.title}",
                en=f"Shared with all companies in the run: {document.title}",
            ),
            category=category,
            run_id=run.id,
            subject_kind="document",
            subject_id=document.id,
            documents=(document.key,),
        )
        for document in documents
    ]
