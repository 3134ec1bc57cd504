"""Ideas as records: assignments end in them, and they stand in the thread after a challenge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import Actor, LocalisedText, RecordFacts, RecordType, search_key
from lms_challenges.queries.ideas import IdeaFacts, listed_ideas, places_of, readable
from lms_challenges.services.ideas import make_idea
from lms_challenges.states import IDEA

MOST_FOUND = 20
MOST_SEARCHED = 600


def _facts(idea: IdeaFacts, *, may_link: bool) -> RecordFacts:
    return RecordFacts(
        key=idea.key,
        title=LocalisedText(**{idea.language: idea.title}),
        state=IDEA[idea.state],
        at=idea.created_at,
        may_link=may_link,
    )


def describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """Those of these ideas that the actor may see. Whoever chooses among them may say what led to
    them. At most four queries."""
    return {
        key: _facts(place.idea, may_link=place.steers)
        for key, place in places_of(keys, actor).items()
    }


def find(words: str, actor: Actor) -> Sequence[RecordFacts]:
    """The newest ideas that hold all these words and that the actor may link, at most 20."""
    wanted = search_key(words).split()
    ideas = [
        idea
        for idea in listed_ideas(readable(actor), limit=MOST_SEARCHED)
        if all(word in search_key(f"{idea.title} {idea.text}") for word in wanted)
    ][: 3 * MOST_FOUND]
    found = describe([idea.key for idea in ideas], actor)
    return [found[idea.key] for idea in ideas if idea.key in found and found[idea.key].may_link][
        :MOST_FOUND
    ]


IDEA_TYPE = RecordType(
    key="idea",
    title=LocalisedText(da="Idé", sv="Idé", en="Idea"),
    icon="sprout",
    make=make_idea,
    page="challenges.idea",
    stage=30,
    describe=describe,
    find=find,
)
