"""Letters about ideas: whoever had one hears when it goes to a gate, goes on, waits or ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import (
    JournalEntryFacts,
    LocalisedText,
    active_among,
    marked,
    queue_note,
    site_address,
)
from lms_challenges.queries.ideas import IdeaFacts, ideas_by_id
from lms_challenges.words import domain

MOVED = "challenges.idea_moved"
WORDS: Mapping[str, tuple[str, str]] = {
    "at_gate": (
        marked("Your idea goes to a gate: “%(title)s”"),
        marked("People from several organisations decide on it. You hear what they say."),
    ),
    "continued": (
        marked("Your idea goes on: “%(title)s”"),
        marked("The gate said yes. Its page shows how far it has come."),
    ),
    "stored": (
        marked("Your idea is kept for later: “%(title)s”"),
        marked("Why: %(reason)s It can be taken up again."),
    ),
    "declined": (
        marked("Your idea was not chosen: “%(title)s”"),
        marked("Why: %(reason)s"),
    ),
}
"""The subject and the text by the state that an idea comes into."""
LABEL = marked("See your idea")
WHY = marked("You get this because you had the idea.")


def tell_authors(entries: Sequence[JournalEntryFacts]) -> None:
    """What became of ideas becomes letters to those who had them, once each. Whoever did it
    themselves gets none, and nobody does for an idea of a citizens' representative. Two
    questions."""
    moved = [e for e in entries if e.verb == MOVED and e.data.get("new") in WORDS]
    if not moved:
        return
    ideas = ideas_by_id(sorted({entry.subject_id for entry in moved}))
    here = active_among(idea.by_id for idea in ideas.values() if idea.by_id is not None)
    for entry in moved:
        idea = ideas.get(entry.subject_id)
        author = idea.by_id if idea is not None and not idea.voiced_for else None
        if idea is None or author is None or author == entry.actor_id or author not in here:
            continue
        _tell(entry, idea, author)


def _tell(entry: JournalEntryFacts, idea: IdeaFacts, person_id: int) -> None:
    subject, text = WORDS[entry.data["new"]]
    queue_note(
        f"challenges:idea:{entry.id}",
        person_id,
        subject=_filled(subject, idea),
        text=_filled(text, idea),
        label=domain.localised(LABEL),
        url=site_address("challenges.idea", key=idea.key),
        why=domain.localised(WHY),
    )


def _filled(message: str, idea: IdeaFacts) -> LocalisedText:
    reason = idea.reason if idea.reason.endswith((".", "!", "?")) else f"{idea.reason}."
    values = {"title": idea.title, "reason": reason}
    words = domain.localised(message).as_dict()
    return LocalisedText(**{code: text % values for code, text in words.items()})
