"""Verbs on pieces of feedback: kept, used, thrown away. Each person has their own."""

from __future__ import annotations

from sqlalchemy import delete, insert, update

from lms.contracts import Actor
from lms.core.learning.models import Snippet
from lms.core.learning.queries.snippets import snippets_of
from lms.core.refused import refused
from lms.db import db

MOST = 50
LONGEST = 500


def keep_snippet(text: str, actor: Actor) -> None:
    """Keep these words for another time; the same words are kept once. Raises `Refused` for
    nothing, for too many words, and when there are too many already."""
    text = text.strip()
    there = snippets_of(actor)
    if any(one.text == text for one in there):
        return
    if not 0 < len(text) <= LONGEST:
        raise refused(
            "snippet",
            da="Skriv op til 500 tegn, som du vil bruge igen.",
            sv="Skriv upp till 500 tecken som du vill använda igen.",
            en="Write up to 500 characters that you want to use again.",
        )
    if len(there) >= MOST:
        raise refused(
            "snippet",
            da="Du har gemt 50. Smid en væk først.",
            sv="Du har sparat 50. Kasta en först.",
            en="You have kept 50. Throw one away first.",
        )
    db.session.execute(insert(Snippet).values(person_id=actor.person_id, text=text, used=0))


def change_snippet(snippet_id: int, text: str, actor: Actor) -> None:
    """Put other words in the place of one of the actor's own."""
    db.session.execute(
        update(Snippet)
        .where(Snippet.id == snippet_id, Snippet.person_id == actor.person_id)
        .values(text=text.strip()[:LONGEST])
    )


def use_snippet(snippet_id: int, actor: Actor) -> None:
    """Count one use of the actor's own."""
    db.session.execute(
        update(Snippet)
        .where(Snippet.id == snippet_id, Snippet.person_id == actor.person_id)
        .values(used=Snippet.used + 1)
    )


def drop_snippet(snippet_id: int, actor: Actor) -> None:
    """Throw away one of the actor's own."""
    db.session.execute(
        delete(Snippet).where(Snippet.id == snippet_id, Snippet.person_id == actor.person_id)
    )
