"""A challenge as a record on the thread from need to effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import Actor, LocalisedText, RecordFacts, RecordType
from lms_challenges.queries.challenges import (
    ChallengeFacts,
    challenges_by_key,
    challenges_found,
)
from lms_challenges.queries.hearing import senders_for
from lms_challenges.states import CHALLENGE


def _facts(challenge: ChallengeFacts, hear: Sequence[int] = ()) -> RecordFacts:
    return RecordFacts(
        key=challenge.key,
        title=challenge.title,
        state=CHALLENGE[challenge.state],
        at=challenge.created_at,
        may_link=challenge.may_own,
        hear=tuple(hear),
    )


def describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """Those of these challenges that the actor may see something of: one query. For the system
    also who hears of them: who looks after one, and who sent the problems it is made of."""
    found = challenges_by_key(keys, actor)
    senders = senders_for([one.id for one in found.values()]) if actor.is_system else {}
    hear = {
        one.key: dict.fromkeys([*filter(None, (one.owner_id,)), *senders.get(one.id, ())])
        for one in found.values()
        if actor.is_system
    }
    return {key: _facts(one, tuple(hear.get(key, ()))) for key, one in found.items()}


def find(words: str, actor: Actor) -> Sequence[RecordFacts]:
    """Challenges by words of any name they ever had."""
    return [_facts(one) for one in challenges_found(words, actor)]


CHALLENGE_RECORD = RecordType(
    key="challenge",
    title=LocalisedText(da="Udfordring", sv="Utmaning", en="Challenge"),
    icon="replace",
    page="challenges.challenge",
    stage=20,
    describe=describe,
    find=find,
)
