"""Letters to those who decide at gates: that they are asked, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import (
    LANGUAGES,
    SYSTEM,
    JournalEntryFacts,
    LocalisedText,
    active_among,
    marked,
    queue_note,
    site_address,
)
from lms_challenges.queries.challenges import challenges_by_id
from lms_challenges.queries.gates import GateFacts, deciders_of, gates_by_id
from lms_challenges.states import DECISIONS
from lms_challenges.words import domain

NAMED, DECIDED = "challenges.decider_added", "challenges.gate_decided"

ASKED = (
    marked("Help decide about “%(title)s”"),
    marked("You are asked what you think at the gate to M%(level)d. It takes two minutes."),
)
DONE = (
    marked("It is decided: “%(title)s”"),
    marked("The meeting decided: %(decision)s. Why: %(reason)s"),
)
WHY = marked("You get this because you are one of those who decide.")


def tell_deciders(entries: Sequence[JournalEntryFacts]) -> None:
    """Who is named hears that they are asked; everybody who decides hears what came of it. One
    letter to each for each entry, however often it is told."""
    told = [entry for entry in entries if entry.verb in (NAMED, DECIDED)]
    gates = gates_by_id(sorted({entry.subject_id for entry in told}))
    titles = {
        id_: one.title
        for id_, one in challenges_by_id({g.challenge_id for g in gates.values()}, SYSTEM).items()
    }
    for entry in told:
        gate = gates.get(entry.subject_id)
        if gate is None or gate.challenge_id not in titles:
            continue
        title = titles[gate.challenge_id]
        if entry.verb == DECIDED:
            people = {one.person_id for one in deciders_of(gate.id)} - {entry.actor_id}
            for person_id in sorted(active_among(one for one in people if one is not None)):
                _send(entry, person_id, DONE, gate, title)
        elif gate.open and entry.data["person_id"] != entry.actor_id:
            for person_id in active_among([entry.data["person_id"]]):
                _send(entry, person_id, ASKED, gate, title)


def _send(
    entry: JournalEntryFacts,
    person_id: int,
    words: tuple[str, str],
    gate: GateFacts,
    title: LocalisedText,
) -> None:
    asked = words is ASKED
    endpoint = "challenges.gate_opinion" if asked else "challenges.gate"
    queue_note(
        f"challenges:{entry.id}:{person_id}",
        person_id,
        subject=_filled(words[0], _values(gate, title)),
        text=_filled(words[1], _values(gate, title)),
        label=domain.localised(marked("Say what you think") if asked else marked("See the gate")),
        url=site_address(endpoint, key=gate.key),
        why=domain.localised(WHY),
    )


def _values(gate: GateFacts, title: LocalisedText) -> Mapping[str, Mapping[str, object]]:
    """What the words are filled with, by language."""
    decision = DECISIONS.get(gate.decision, LocalisedText())
    return {
        code: {
            "title": title.in_language(code),
            "level": gate.to_level,
            "decision": decision.in_language(code),
            "reason": gate.reason,
        }
        for code in LANGUAGES
    }


def _filled(message: str, values: Mapping[str, Mapping[str, object]]) -> LocalisedText:
    words = domain.localised(message).as_dict()
    return LocalisedText(**{code: text % values[code] for code, text in words.items()})
