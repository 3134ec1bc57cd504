"""A company says that a line is not right, and the authority answers: both stay beside it."""

from __future__ import annotations

from sqlalchemy import func, select

from lms.api import Actor, db, now, record, refused
from lms_fairplay.models import Correction
from lms_fairplay.queries.families import families
from lms_fairplay.queries.lines import CorrectionFacts, LineFacts
from lms_fairplay.queries.seeing import companies_of, looks_after
from lms_fairplay.services.refusing import not_yours

MOST = 20
"""Corrections of one line; who has more to say calls."""


def correct(line: LineFacts, text: str, actor: Actor) -> int:
    """Somebody of the line's company says what is not right. The id of the correction."""
    own = {id_ for family in families(companies_of(actor)).values() for id_ in family}
    if line.company_id not in own:
        raise not_yours()
    if not text:
        raise refused(
            "text.missing",
            da="Skriv, hvad der ikke passer.",
            sv="Skriv vad som inte stämmer.",
            en="Write what is not right.",
        )
    told = db.session.scalar(
        select(func.count()).select_from(Correction).where(Correction.line_id == line.id)
    )
    if (told or 0) >= MOST:
        raise refused(
            "text.many",
            da="Der står allerede mange rettelser her. Ring til myndigheden.",
            sv="Det står redan många rättelser här. Ring myndigheten.",
            en="There are many corrections here already. Call the authority.",
        )
    row = Correction(line_id=line.id, text=text, by_id=actor.person_id, at=now())
    db.session.add(row)
    db.session.flush()
    record(
        "fairplay.corrected",
        "contact_line",
        line.id,
        actor=actor,
        data={"correction_id": row.id},
    )
    return row.id


def answer(line: LineFacts, correction: CorrectionFacts, text: str, actor: Actor) -> None:
    """Somebody of the line's authority answers, once."""
    if correction.line_id != line.id or not looks_after(actor, line.authority_id):
        raise not_yours()
    if not text:
        raise refused(
            "text.missing",
            da="Skriv et svar.",
            sv="Skriv ett svar.",
            en="Write an answer.",
        )
    row = db.session.execute(
        select(Correction).where(Correction.id == correction.id).with_for_update()
    ).scalar_one()
    if row.answered_at is not None:
        raise refused(
            "text.answered",
            da="En kollega har svaret imens. Det, du skrev, står her endnu.",
            sv="En kollega har svarat under tiden. Det du skrev står kvar.",
            en="A colleague has answered meanwhile. What you wrote is still here.",
        )
    row.answer, row.answered_at, row.answered_by_id = text, now(), actor.person_id
    db.session.flush()
    record(
        "fairplay.correction_answered",
        "contact_line",
        line.id,
        actor=actor,
        data={"correction_id": row.id},
    )
