"""A company became part of another: nothing moves, both are read together."""

from __future__ import annotations

from datetime import date

from lms.api import Actor, OrganisationFacts, Refused, db, now, record, refused
from lms_fairplay.days import today
from lms_fairplay.models import Merger
from lms_fairplay.permissions import PROCURE
from lms_fairplay.queries.companies import COMPANY
from lms_fairplay.queries.families import families, mergers_of
from lms_fairplay.queries.seeing import authorities_of
from lms_fairplay.services.refusing import not_yours


def merge(
    company: OrganisationFacts,
    into: OrganisationFacts | None,
    day: date,
    reason: str,
    actor: Actor,
) -> None:
    """Say that a company became part of another. Who looks after procurement may say so; what it
    declared and the aid it had count for the other from now on."""
    where = authorities_of(actor, PROCURE)
    if where is not None and not where:
        raise not_yours()
    if into is None or into.kind != COMPANY or into.country != company.country:
        raise refused(
            "into.unknown",
            da="Her er ingen virksomhed i samme land med det navn eller nummer.",
            sv="Här finns inget företag i samma land med det namnet eller numret.",
            en="There is no company in the same country with that name or number here.",
        )
    if day > today():
        raise refused(
            "day.late",
            da="Vælg en dag, der er kommet.",
            sv="Välj en dag som har varit.",
            en="Choose a day that has come.",
        )
    if into.id in families([company.id])[company.id]:
        raise _circle()
    if any(one.company_id == company.id for one in mergers_of([company.id])):
        raise refused(
            "into.again",
            da="Det står der allerede, hvad virksomheden er blevet en del af.",
            sv="Det står redan vad företaget har blivit en del av.",
            en="It is written already what the company became part of.",
        )
    row = Merger(
        company_id=company.id,
        into_id=into.id,
        day=day,
        reason=reason,
        written_by_id=actor.person_id,
        written_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    record(
        "fairplay.merged",
        "organisation",
        company.id,
        actor=actor,
        data={"into_id": into.id},
    )


def _circle() -> Refused:
    return refused(
        "into.circle",
        da="Den virksomhed er selv blevet en del af denne.",
        sv="Det företaget har självt blivit en del av detta.",
        en="That company became part of this one itself.",
    )
