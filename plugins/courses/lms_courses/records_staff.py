"""Journeys, try-outs and decisions as records: they stand in the thread from need to effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import LANGUAGES, Actor, LocalisedText, RecordFacts, RecordType, search_key
from lms_courses.queries.journeys import JourneyPlace, journey_places, newest_journeys
from lms_courses.queries.tryouts import (
    TryoutPlace,
    decision_places,
    newest_tryouts,
    tryout_places,
)
from lms_courses.services.journeys import make_journey
from lms_courses.staff_states import JOURNEY_CHECKED, JOURNEY_OPEN, OUTCOME, TRYOUT, UNSIGNED

MOST_FOUND = 20
LONGEST_TITLE = 120


def _short(text: str) -> LocalisedText:
    """The first line of what somebody wrote, in whichever language it was."""
    line = next(iter(text.strip().splitlines()), "")
    short = line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rstrip()}…"
    return LocalisedText(**dict.fromkeys(LANGUAGES, short))


def _holds(words: str, *texts: str) -> bool:
    whole = search_key(" ".join(texts))
    return all(word in whole for word in search_key(words).split())


# --- journeys -------------------------------------------------------------------------------------


def _journey(place: JourneyPlace) -> RecordFacts:
    journey = place.journey
    return RecordFacts(
        key=journey.key,
        title=LocalisedText(**{journey.language: journey.title}),
        state=JOURNEY_CHECKED if journey.checked_at is not None else JOURNEY_OPEN,
        at=journey.created_at,
        may_link=place.writes or place.teaches,
    )


def describe_journeys(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """Those of these journeys that the actor may read. At most five queries."""
    return {key: _journey(place) for key, place in journey_places(keys, actor).items()}


def find_journeys(words: str, actor: Actor) -> Sequence[RecordFacts]:
    """The newest journeys with all these words in their title or steps that the actor may link."""
    found = [
        _journey(place)
        for place in newest_journeys(actor)
        if _holds(
            words,
            place.journey.title,
            *(text for step in place.journey.steps for text in step.values()),
        )
    ]
    return [facts for facts in found if facts.may_link][:MOST_FOUND]


# --- try-outs and decisions -----------------------------------------------------------------------


def _tryout(place: TryoutPlace) -> RecordFacts:
    return RecordFacts(
        key=place.tryout.key,
        title=_short(place.tryout.what),
        state=TRYOUT[place.tryout.state],
        at=place.tryout.confirmed_at or place.tryout.changed_at,
        may_link=place.own or place.teaches,
    )


def _decision(place: TryoutPlace) -> RecordFacts:
    decision = place.decision
    if decision is None:
        raise LookupError(place.tryout.key)
    return RecordFacts(
        key=decision.key,
        title=_short(place.tryout.what),
        state=OUTCOME[decision.outcome] if decision.signed_at is not None else UNSIGNED,
        at=decision.recorded_at,
        may_link=place.own or place.teaches or place.answers,
    )


def describe_tryouts(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """Those of these try-outs that the actor may read. At most four queries."""
    return {key: _tryout(place) for key, place in tryout_places(keys, actor).items()}


def describe_decisions(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """Those of these decisions that the actor may read. At most four queries."""
    return {key: _decision(place) for key, place in decision_places(keys, actor).items()}


def find_tryouts(words: str, actor: Actor) -> Sequence[RecordFacts]:
    """The newest try-outs with all these words that the actor may link."""
    found = [
        _tryout(place)
        for place in newest_tryouts(actor)
        if _holds(words, place.tryout.what, place.tryout.measure)
    ]
    return [facts for facts in found if facts.may_link][:MOST_FOUND]


def find_decisions(words: str, actor: Actor) -> Sequence[RecordFacts]:
    """The newest decisions on something with all these words that the actor may link."""
    found = [
        _decision(place)
        for place in newest_tryouts(actor)
        if place.decision is not None
        and _holds(words, place.tryout.what, place.decision.reason, place.decision.next_step)
    ]
    return [facts for facts in found if facts.may_link][:MOST_FOUND]


RECORD_TYPES = (
    RecordType(
        key="journey",
        title=LocalisedText(da="Borgerrejse", sv="Brukarresa", en="Citizen's journey"),
        icon="map-pin",
        make=make_journey,
        page="courses.journey",
        stage=12,
        describe=describe_journeys,
        find=find_journeys,
    ),
    RecordType(
        key="tryout",
        title=LocalisedText(da="Afprøvning", sv="Prov i liten skala", en="Try-out"),
        icon="clipboard-check",
        page="courses.tryout",
        stage=45,
        describe=describe_tryouts,
        find=find_tryouts,
    ),
    RecordType(
        key="decision",
        title=LocalisedText(da="Beslutning", sv="Beslut", en="Decision"),
        icon="check",
        page="courses.decision",
        stage=78,
        describe=describe_decisions,
        find=find_decisions,
    ),
)
