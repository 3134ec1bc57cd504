"""Verbs on what is noted: themes, dilemmas and questions of a challenge, and what was learned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, insert, select, update

from lms.api import Actor, LocalisedText, db, new_key, now, record, refused
from lms_challenges.models import LearningNote, Note
from lms_challenges.queries.notes import NoteFacts

KINDS: Mapping[str, LocalisedText] = {
    "theme": LocalisedText(da="Tema", sv="Tema", en="Theme"),
    "dilemma": LocalisedText(da="Dilemma", sv="Dilemma", en="Dilemma"),
    "question": LocalisedText(da="Åbent spørgsmål", sv="Öppen fråga", en="Open question"),
}
STATES: Mapping[str, LocalisedText] = {
    "proposed": LocalisedText(da="Foreslået", sv="Föreslaget", en="Proposed"),
    "kept": LocalisedText(da="Holdt fast", sv="Behållet", en="Kept"),
    "dropped": LocalisedText(da="Lagt væk", sv="Bortlagt", en="Dropped"),
}
MOST_NOTES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class LearningValues:
    """What was learned; `language` is that of the text."""

    title: str
    text: str
    language: str


def add_note(challenge_id: int, kind: str, text: LocalisedText, actor: Actor) -> str:
    """Note a theme, a dilemma or an open question; returns its key. Raises `Refused` when there
    are as many as anybody can look through."""
    count = db.session.scalar(select(func.count(Note.id)).where(Note.challenge_id == challenge_id))
    if (count or 0) >= MOST_NOTES:
        raise refused(
            "text_da",
            da="Der er så mange noter, at ingen når dem alle. Læg nogle væk først.",
            sv="Det finns så många noter att ingen hinner dem alla. Lägg bort några först.",
            en="There are more notes than anybody can read. Drop some first.",
        )
    key = new_key()
    note_id = db.session.execute(
        insert(Note)
        .values(
            key=key,
            challenge_id=challenge_id,
            kind=kind,
            text=text,
            by_id=actor.person_id,
            created_at=now(),
        )
        .returning(Note.id)
    ).scalar_one()
    data = {"kind": kind, "note_id": note_id}
    record("challenges.note_added", "challenge", challenge_id, actor=actor, data=data)
    return key


def judge_note(note: NoteFacts, state: str, actor: Actor, reason: str = "") -> None:
    """Keep a note, or drop it with a reason; a dropped one stays to be read. Raises `Refused`."""
    if state == "dropped" and not reason.strip():
        raise refused(
            "reason",
            da="Skriv kort, hvorfor den lægges væk.",
            sv="Skriv kort varför den läggs bort.",
            en="Write in short why it is dropped.",
        )
    db.session.execute(
        update(Note).where(Note.id == note.id).values(state=state, reason=reason.strip()[:500])
    )
    data = {"note_id": note.id, "state": state}
    record("challenges.note_judged", "challenge", note.challenge_id, actor=actor, data=data)


def learn(
    values: LearningValues, actor: Actor, *, of: Literal["challenge", "test_round"], id_: int
) -> str:
    """Write down what was learned from a challenge or in a round; returns the note's key."""
    key = new_key()
    note_id = db.session.execute(
        insert(LearningNote)
        .values(
            key=key,
            challenge_id=id_ if of == "challenge" else None,
            round_id=id_ if of == "test_round" else None,
            title=values.title,
            text=values.text,
            language=values.language,
            by_id=actor.person_id,
            created_at=now(),
        )
        .returning(LearningNote.id)
    ).scalar_one()
    record("challenges.learned", of, id_, actor=actor, data={"learning_note_id": note_id})
    return key


def has_learned(challenge_id: int) -> bool:
    """Is anything written down that was learned from this challenge?"""
    return (
        db.session.scalar(
            select(LearningNote.id).where(LearningNote.challenge_id == challenge_id).limit(1)
        )
        is not None
    )
