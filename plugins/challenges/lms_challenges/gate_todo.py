"""What waits for those who decide at gates."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import LANGUAGES, Actor, LocalisedText, TodoItem
from lms_challenges.queries.gates import WaitingFacts, waiting_for

SAY = LocalisedText(da="Sig, hvad du mener", sv="Säg vad du tycker", en="Say what you think")


def todo_items(actor: Actor) -> Sequence[TodoItem]:
    """One for each open gate that waits for this person's opinion: one query."""
    if not actor.signed_in:
        return ()
    return [_item(one) for one in waiting_for(actor)]


def _item(waiting: WaitingFacts) -> TodoItem:
    sentences = {
        "da": "Vær med til at beslutte: {title}",
        "sv": "Var med och besluta: {title}",
        "en": "Take part in deciding: {title}",
    }
    title = {
        code: sentences[code].format(title=waiting.title.in_language(code)) for code in LANGUAGES
    }
    return TodoItem(
        key=f"challenges.gate.{waiting.gate_key}",
        title=LocalisedText(**title),
        url=url_for("challenges.gate_opinion", key=waiting.gate_key),
        label=SAY,
        body=LocalisedText(
            da=f"Port til M{waiting.to_level}. Det tager to minutter.",
            sv=f"Grind till M{waiting.to_level}. Det tar två minuter.",
            en=f"Gate to M{waiting.to_level}. It takes two minutes.",
        ),
        due=waiting.meets_at,
        minutes=2,
    )
