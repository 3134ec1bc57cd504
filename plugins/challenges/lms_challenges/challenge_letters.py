"""Letters to who looks after challenges: that a pause is over."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import (
    LANGUAGES,
    SYSTEM,
    JournalEntryFacts,
    LocalisedText,
    active_among,
    marked,
    people_who_may,
    queue_note,
    site_address,
)
from lms_challenges.queries.challenges import OWN, ChallengeFacts, challenges_by_id
from lms_challenges.states import CHALLENGE
from lms_challenges.words import domain

WOKEN = "challenges.challenge_woken"
SUBJECT = marked("The pause is over: “%(title)s”")
TEXT = marked("Today is the day you chose. The challenge is again: %(state)s")
WHY = marked("You get this because you look after the challenge.")


def tell_owners(entries: Sequence[JournalEntryFacts]) -> None:
    """Whose challenge has woken up gets one letter; where nobody looks after it any more, those who
    own challenges in its organisation do."""
    told = [entry for entry in entries if entry.verb == WOKEN]
    if not told:
        return
    challenges = challenges_by_id({entry.subject_id for entry in told}, SYSTEM)
    owners = [one.owner_id for one in challenges.values() if one.owner_id is not None]
    here = active_among(owners)
    may = people_who_may(OWN) if len(here) < len(challenges) else {}
    for entry in told:
        challenge = challenges.get(entry.subject_id)
        if challenge is None:
            continue
        if challenge.owner_id in here:
            _send(entry, challenge, challenge.owner_id)
        else:
            for person_id in may.get(challenge.organisation_id, ()):
                _send(entry, challenge, person_id)


def _send(entry: JournalEntryFacts, challenge: ChallengeFacts, person_id: int) -> None:
    state = CHALLENGE[entry.data["new"]]
    values: dict[str, dict[str, str]] = {
        code: {"title": challenge.title.in_language(code), "state": state.in_language(code)}
        for code in LANGUAGES
    }
    subject, text = (
        LocalisedText(
            **{
                code: said % values[code]
                for code, said in domain.localised(words).as_dict().items()
            }
        )
        for words in (SUBJECT, TEXT)
    )
    queue_note(
        f"challenges:{entry.id}:{person_id}",
        person_id,
        subject=subject,
        text=text,
        label=domain.localised(marked("See the challenge")),
        url=site_address("challenges.challenge", key=challenge.key),
        why=domain.localised(WHY),
    )
