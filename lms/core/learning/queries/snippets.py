"""Questions about pieces of feedback that somebody writes often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from lms.contracts import Actor
from lms.core.learning.models import Snippet
from lms.db import db


@dataclass(frozen=True, kw_only=True, slots=True)
class SnippetFacts:
    """One piece of feedback; `used` counts how often."""

    id: int
    text: str
    used: int


def snippets_of(actor: Actor) -> Sequence[SnippetFacts]:
    """The actor's own, the most used first."""
    rows = db.session.execute(
        select(Snippet.id, Snippet.text, Snippet.used)
        .where(Snippet.person_id == actor.person_id)
        .order_by(Snippet.used.desc(), Snippet.id)
    )
    return [SnippetFacts(**row._mapping) for row in rows]
