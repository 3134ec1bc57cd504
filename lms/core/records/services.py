"""Verbs on the thread."""

from __future__ import annotations

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from lms.contracts import Actor
from lms.core.records.models import RecordLink
from lms.core.records.queries import LinkFacts, link_between
from lms.core.refused import refused
from lms.db import db, new_key, now
from lms.journal import record
from lms.work import Conflict


def link_records(first: tuple[str, str], second: tuple[str, str], actor: Actor) -> str:
    """Say that the first record (kind, key) led to the second; returns the link's key.

    What is linked already stays as it is; a link taken back stands again. Whether the actor may
    is the caller's to know. Raises `Refused` for a record and itself, and for two that are linked
    the other way round; `Conflict` when somebody else links them just now.
    """
    if first == second:
        raise refused(
            "link",
            da="Noget kan ikke føre til sig selv. Vælg noget andet.",
            sv="Något kan inte leda till sig självt. Välj något annat.",
            en="Nothing leads to itself. Choose something else.",
        )
    turned = link_between(*second, *first)
    if turned is not None and turned.state == "linked":
        raise refused(
            "link",
            da="De to hænger allerede sammen den anden vej. Fjern den forbindelse først.",
            sv="De två hänger redan ihop åt andra hållet. Ta bort den kopplingen först.",
            en="These two are linked the other way round. Take that link back first.",
        )
    there = link_between(*first, *second)
    if there is not None and there.state == "linked":
        return there.key
    if there is not None:
        if _moved(there.id, "taken_back", "linked", ""):
            _tell("records.linked", there.id, first, second, actor)
        return there.key
    key = new_key()
    try:
        link_id = db.session.execute(
            insert(RecordLink)
            .values(
                key=key,
                from_kind=first[0],
                from_key=first[1],
                to_kind=second[0],
                to_key=second[1],
                state="linked",
                reason="",
                created_at=now(),
                created_by_id=actor.person_id,
            )
            .returning(RecordLink.id)
        ).scalar_one()
    except IntegrityError as error:
        raise Conflict("two records were linked twice at once") from error
    _tell("records.linked", link_id, first, second, actor)
    return key


def unlink_records(link: LinkFacts, actor: Actor, reason: str) -> None:
    """Take a link back, with a reason. Raises `Refused` without one; what somebody else took back
    in the meantime stays as they left it."""
    reason = reason.strip()
    if not reason:
        raise refused(
            "reason",
            da="Skriv kort, hvorfor forbindelsen ikke passer.",
            sv="Skriv kort varför kopplingen inte stämmer.",
            en="Write in short why the link is wrong.",
        )
    if not _moved(link.id, "linked", "taken_back", reason[:500]):
        return
    _tell(
        "records.unlinked",
        link.id,
        (link.from_kind, link.from_key),
        (link.to_kind, link.to_key),
        actor,
    )


def _moved(link_id: int, old: str, new: str, reason: str) -> bool:
    """In one statement: of two at the same time one has moved it."""
    moved = db.session.execute(
        update(RecordLink)
        .where(RecordLink.id == link_id, RecordLink.state == old)
        .values(state=new, reason=reason)
        .returning(RecordLink.id)
        .execution_options(synchronize_session=False)
    ).first()
    return moved is not None


def _tell(
    verb: str, link_id: int, first: tuple[str, str], second: tuple[str, str], actor: Actor
) -> None:
    record(
        verb,
        "record_link",
        link_id,
        actor=actor,
        data={"from": first[0], "to": second[0]},
    )
