"""What decided gates mean for the ideas that waited for them, heard through the journal."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from lms.api import SYSTEM, JournalEntryFacts, db
from lms_challenges.models import Gate, GateOption
from lms_challenges.services.ideas import answer_ideas

DECIDED = "challenges.gate_decided"


def after_gates(entries: Sequence[JournalEntryFacts]) -> None:
    """Ideas that waited for these gates go on or are kept for later, with the gate's reason. Of
    several the ones go on that stand behind the option that was chosen, if there is one."""
    for entry in entries:
        if entry.verb != DECIDED:
            continue
        gate = db.session.execute(
            select(Gate.challenge_id, Gate.decision, Gate.reason, Gate.decided_at).where(
                Gate.id == entry.subject_id
            )
        ).first()
        if gate is None:
            continue
        chosen = db.session.scalars(
            select(GateOption.idea_id).where(
                GateOption.challenge_id == gate.challenge_id,
                GateOption.chosen.is_(True),
                GateOption.idea_id.is_not(None),
            )
        ).all()
        answer_ideas(
            gate.challenge_id,
            gate.decision,
            SYSTEM,
            reason=gate.reason,
            chosen=[idea_id for idea_id in chosen if idea_id is not None],
            decided_at=gate.decided_at,
        )
