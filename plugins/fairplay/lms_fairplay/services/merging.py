"""A company became part of another: nothing moves, both are read together."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from lms.api import Actor, OrganisationFacts, Refused, db, now, record, refused
from lms_fairplay.days import today
from lms_fairplay.locking import hold
from lms_fairplay.models import Merger
from lms_fairplay.queries.companies import COMPANY
from lms_fairplay.queries.families import families, merger_of
from lms_fairplay.queries.seeing import SITE
from lms_fairplay.services.refusing import not_yours


def merge(
    company: OrganisationFacts,
    into: OrganisationFacts | None,
    day: date,
    reason: str,
    actor: Actor,
) -> None:
    """Say that a company became part of another. What it declared and the aid it had count for the
    other from now on, and the other's people read all that was written of it: only who looks after
    the whole site may say so, and both and their authorities are told. Raises `Refused`."""
    if not actor.may(SITE):
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
    hold([company.id, into.id], alone=True)  # of two that meet the second sees the first
    if into.id in families([company.id])[company.id]:
        raise _circle()
    if merger_of(company.id) is not None:
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
        data={"into_id": into.id, "merger_id": row.id},
    )


def end_merger(company: OrganisationFacts, reason: str, actor: Actor) -> None:
    """Say that a company is not part of the other any more, or never was: from now on each is read
    by itself. What was written stays. Raises `Refused`."""
    if not actor.may(SITE):
        raise not_yours()
    merger = merger_of(company.id)
    if merger is not None:
        hold([company.id, merger.into_id], alone=True)
        merger = merger_of(company.id)
    if merger is None:
        raise refused(
            "meanwhile",
            da="Virksomheden er ikke en del af en anden.",
            sv="Företaget är inte en del av något annat.",
            en="The company is not part of another.",
        )
    db.session.execute(
        update(Merger)
        .where(Merger.id == merger.id)
        .values(ended_at=now(), ended_reason=reason, ended_by_id=actor.person_id)
        .execution_options(synchronize_session=False)
    )
    record(
        "fairplay.parted",
        "organisation",
        company.id,
        actor=actor,
        data={"into_id": merger.into_id, "merger_id": merger.id},
    )


def _circle() -> Refused:
    return refused(
        "into.circle",
        da="Den virksomhed er selv blevet en del af denne.",
        sv="Det företaget har självt blivit en del av detta.",
        en="That company became part of this one itself.",
    )
