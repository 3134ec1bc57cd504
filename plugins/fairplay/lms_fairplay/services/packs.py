"""Verbs of information packs: asked for, made by a job, public (I-22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from lms.api import (
    SYSTEM,
    Actor,
    Refused,
    db,
    documents_about,
    documents_with_keys,
    enqueue,
    now,
    record,
    refused,
    store,
)
from lms_fairplay.locking import hold_to_change
from lms_fairplay.models import ContactLine, Pack
from lms_fairplay.queries.packs import (
    PackFacts,
    concerned,
    in_parts,
    job_key,
    pack_by_id,
    packs_of,
)
from lms_fairplay.queries.tenders import TenderFacts, tender_by_id
from lms_fairplay.services.tenders import free

SUBJECT = "fairplay_pack"
JOB = "fairplay.pack"


def ask_for_pack(tender_id: int, actor: Actor) -> str:
    """A pack of everything until now is being made; returns its key. Raises `Refused`."""
    tender = _held(tender_id)
    packs = packs_of(tender_id)
    if any(pack.state == "waiting" for pack in packs):
        raise refused(
            "waiting",
            da="En pakke er allerede ved at blive lavet. Vent, til den er færdig.",
            sv="Ett paket håller redan på att göras. Vänta tills det är klart.",
            en="A pack is being made already. Wait until it is ready.",
        )
    # What the job gave up is written down here: the page could only tell.
    gave_up = [pack.id for pack in packs if pack.state == "failed"]
    _write_all(gave_up, state="failed")
    pack = Pack(
        tender_id=tender.id,
        number=max((pack.number for pack in packs), default=0) + 1,
        asked_at=now(),
        asked_by_id=actor.person_id,
    )
    db.session.add(pack)
    db.session.flush()
    enqueue(JOB, {"pack": pack.id}, unique_key=job_key(pack.key))
    record("fairplay.pack_asked", SUBJECT, pack.id, actor=actor, data={"tender_id": tender.id})
    return pack.key


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A pack that is made: its file, and what is in it, in the order of the file."""

    data: bytes
    up_to: datetime
    last_line_id: int
    line_ids: list[int]
    masked: int
    document_keys: list[str]


def keep(pack: PackFacts, tender: TenderFacts, made: Made, language: str) -> None:
    """The job is done: keep the file, tell whoever asked."""
    current = pack_by_id(pack.id)
    if current is None or current.state not in ("waiting", "failed"):
        return
    store(
        made.data,
        media_type="application/zip",
        file_name=f"information-pack-{tender.key}-{pack.number}.zip",
        title=f"{tender.title} {pack.number}",
        language=language,
        subject=(SUBJECT, pack.id),
        actor=SYSTEM,
    )
    document_key = documents_about(SUBJECT, [pack.id])[-1].key
    _write_all(
        [pack.id],
        state="made",
        made_at=now(),
        up_to=made.up_to,
        last_line_id=made.last_line_id,
        line_ids=made.line_ids,
        lines=len(made.line_ids),
        masked=made.masked,
        materials=len(made.document_keys),
        document_keys=made.document_keys,
        document_key=document_key,
    )
    record("fairplay.pack_made", SUBJECT, pack.id, actor=SYSTEM, data={"tender_id": tender.id})


def publish(tender_id: int, pack: PackFacts, actor: Actor) -> None:
    """Everybody may read the pack; what the tender froze is free, and the open lines are public.
    The pack must hold every line there is, and nothing that was withdrawn. Raises `Refused`."""
    tender = _held(tender_id)
    current = pack_by_id(pack.id)
    if current is None or current.tender_id != tender.id or not current.ready:
        raise refused(
            "not_made",
            da="Pakken er ikke færdig endnu.",
            sv="Paketet är inte klart ännu.",
            en="The pack is not ready yet.",
        )
    if current.state == "public":
        raise refused(
            "public",
            da="Pakken er offentlig allerede.",
            sv="Paketet är redan offentligt.",
            en="The pack is public already.",
        )
    newer = [one for one in packs_of(tender.id) if one.ready and one.number > current.number]
    if newer:
        raise refused(
            "newer",
            da="Der er en nyere pakke. Offentliggør den.",
            sv="Det finns ett nyare paket. Offentliggör det.",
            en="There is a newer pack. Publish that one.",
        )
    for refusal in missing_in(tender, current):
        raise refusal
    moment = now()
    _write_all([current.id], state="public", public_at=moment, public_by_id=actor.person_id)
    free(tender)
    for part in in_parts(current.line_ids):
        db.session.execute(
            update(ContactLine)
            .where(part, ContactLine.confidential.is_(False), ContactLine.public_at.is_(None))
            .values(public_at=moment)
            .execution_options(synchronize_session=False)
        )
    record("fairplay.pack_public", SUBJECT, current.id, actor=actor, data={"tender_id": tender.id})


def missing_in(tender: TenderFacts, pack: PackFacts) -> list[Refused]:
    """Why a pack that was made must be made anew: lines that were written since, documents that
    were withdrawn since."""
    found = []
    lines = len(concerned(tender) - set(pack.line_ids))
    if lines:
        found.append(
            refused(
                "lines",
                da=f"Der er skrevet flere kontakter, siden pakken blev lavet: {lines}. Lav en ny.",
                sv=f"Fler kontakter har skrivits sedan paketet gjordes: {lines}. Gör ett nytt.",
                en=f"More contacts were written since the pack was made: {lines}. Make a new one.",
            )
        )
    gone = set(pack.document_keys)
    gone -= {document.key for document in documents_with_keys(pack.document_keys)}
    if gone:
        found.append(
            refused(
                "withdrawn",
                da=f"Der er trukket dokumenter tilbage, som ligger i pakken: {len(gone)}. Lav en "
                "ny.",
                sv=f"Dokument i paketet har dragits tillbaka: {len(gone)}. Gör ett nytt.",
                en=f"Documents in the pack were withdrawn: {len(gone)}. Make a new one.",
            )
        )
    return found


def _held(tender_id: int) -> TenderFacts:
    """The tender, with nobody else at its authority. Raises `Refused` when it is over."""
    tender = tender_by_id(tender_id)
    if tender is not None:
        hold_to_change(tender.authority_id)
        tender = tender_by_id(tender_id)
    if tender is None or not tender.live:
        raise refused(
            "over",
            da="Udbuddet er afsluttet eller opgivet. Der laves ingen pakker mere.",
            sv="Upphandlingen är avslutad eller nedlagd. Inga fler paket görs.",
            en="The tender is closed or dropped. No more packs are made.",
        )
    return tender


def _write_all(pack_ids: list[int], **values: object) -> None:
    if pack_ids:
        db.session.execute(
            update(Pack)
            .where(Pack.id.in_(pack_ids))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
