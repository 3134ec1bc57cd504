"""Questions about what was noted on challenges, and what was learned from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, not_, or_, select

from lms.api import Actor, LocalisedText, db, search_key, works_for_kind
from lms_challenges.models import Challenge, Framing, LearningNote, Note
from lms_challenges.queries.challenges import whole
from lms_challenges.queries.seeing import COMPANIES

MOST_IN_LIBRARY = 2_000
PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteFacts:
    """A theme, a dilemma or an open question; `state` is proposed, kept or dropped."""

    id: int
    key: str
    challenge_id: int
    kind: str
    text: LocalisedText
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LearningFacts:
    """What was learned, in one language."""

    id: int
    key: str
    title: str
    text: str
    language: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StoppedFacts:
    """A stopped challenge with one thing that was learned from it."""

    key: str
    title: LocalisedText
    reason: str
    level: int
    note: LearningFacts


def notes_of(challenge_id: int) -> Sequence[NoteFacts]:
    """Themes, dilemmas and questions of a challenge in the order they were written."""
    rows = db.session.execute(
        select(*(getattr(Note, name) for name in NoteFacts.__slots__))
        .where(Note.challenge_id == challenge_id)
        .order_by(Note.id)
    )
    return [NoteFacts(**row._asdict()) for row in rows]


def note_by_key(key: str) -> NoteFacts | None:
    """One of them; the caller asks whether the actor may see its challenge."""
    row = db.session.execute(
        select(*(getattr(Note, name) for name in NoteFacts.__slots__)).where(Note.key == key)
    ).one_or_none()
    return NoteFacts(**row._asdict()) if row is not None else None


def learning_of(challenge_id: int) -> Sequence[LearningFacts]:
    """What was learned from a challenge, the newest first."""
    rows = db.session.execute(
        select(*(getattr(LearningNote, name) for name in LearningFacts.__slots__))
        .where(LearningNote.challenge_id == challenge_id)
        .order_by(LearningNote.id.desc())
    )
    return [LearningFacts(**row._asdict()) for row in rows]


def learning_with_keys(keys: Collection[str]) -> Mapping[str, LearningFacts]:
    """Learning notes by their keys, such as those a version of the method cites."""
    rows = db.session.execute(
        select(*(getattr(LearningNote, name) for name in LearningFacts.__slots__)).where(
            LearningNote.key.in_(sorted(set(keys)))
        )
    )
    return {row.key: LearningFacts(**row._asdict()) for row in rows}


def learning_of_rounds(round_ids: Collection[int]) -> Sequence[LearningFacts]:
    """What was learned in these rounds."""
    rows = db.session.execute(
        select(*(getattr(LearningNote, name) for name in LearningFacts.__slots__))
        .where(LearningNote.round_id.in_(sorted(set(round_ids))))
        .order_by(LearningNote.id)
    )
    return [LearningFacts(**row._asdict()) for row in rows]


def library(actor: Actor, words: str, page: int) -> tuple[Sequence[StoppedFacts], int, int, int]:
    """Stopped challenges with what was learned, the newest first: (rows, total, page, pages).

    Those that everybody may read, and those of which the actor may see everything; nothing for
    whoever works for a company, since notes are no public text. Found by words
    of any name they had, of the reason and of the notes, in whatever case they are written.
    """
    rows = db.session.execute(
        select(
            Challenge.key.label("challenge_key"),
            Framing.title.label("called"),
            Challenge.reason,
            Challenge.level,
            Challenge.search_text,
            *(getattr(LearningNote, name) for name in LearningFacts.__slots__),
        )
        .join(LearningNote, LearningNote.challenge_id == Challenge.id)
        .join(Framing, and_(Framing.challenge_id == Challenge.id, Framing.until_at.is_(None)))
        .where(
            Challenge.state == "stopped",
            or_(Challenge.published_at.is_not(None), whole(actor)),
            not_(works_for_kind(actor.person_id, COMPANIES)),
        )
        .order_by(LearningNote.id.desc())
        .limit(MOST_IN_LIBRARY)
    )
    # The words stand in several columns, and SQLite's LIKE knows the case of ASCII only.
    wanted = search_key(words.replace("\0", " ")).split()[:8]
    found = []
    for row in rows:
        text = f"{row.search_text} {search_key(f'{row.reason} {row.title} {row.text}')}"
        if all(word in text for word in wanted):
            found.append(row)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    number = min(max(page, 1), pages)
    shown = [
        StoppedFacts(
            key=row.challenge_key,
            title=row.called,
            reason=row.reason,
            level=row.level,
            note=LearningFacts(**{name: getattr(row, name) for name in LearningFacts.__slots__}),
        )
        for row in found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    ]
    return shown, len(found), number, pages
