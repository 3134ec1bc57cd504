"""What waits for those who decide at gates."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from lms.api import LocalisedText, TodoItem
from lms_challenges.queries.desk_todo import WaitingGate

ORDER = 12
"""Among the things that wait."""


def gates_to_answer(gates: Sequence[WaitingGate]) -> Sequence[TodoItem]:
    """One for each open gate that waits for this person's opinion."""
    return [
        TodoItem(
            key=f"challenges.gate:{gate.key}",
            title=LocalisedText(
                da=f"Vær med til at beslutte om »{gate.title}«",
                sv=f"Var med och besluta om ”{gate.title}”",
                en=f"Help decide about “{gate.title}”",
            ),
            url=url_for("challenges.gate_opinion", key=gate.key),
            label=LocalisedText(
                da="Sig, hvad du mener", sv="Säg vad du tycker", en="Say what you think"
            ),
            body=LocalisedText(
                da=f"Port til M{gate.to_level}.",
                sv=f"Grind till M{gate.to_level}.",
                en=f"Gate to M{gate.to_level}.",
            ),
            due=gate.meets_at,
            minutes=2,
            order=ORDER,
        )
        for gate in gates
    ]
