"""A run as a record on the thread from need to effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.contracts import Actor, LocalisedText, RecordFacts, RecordType
from lms.core.catalogue.queries.recorded import RecordedRun, runs_recorded, runs_with_words
from lms.core.catalogue.words import STATE_WORDS
from lms.web.i18n import core_domain


def _facts(run: RecordedRun) -> RecordFacts:
    return RecordFacts(
        key=run.key,
        title=run.title,
        state=core_domain.localised(STATE_WORDS[run.state][0]),
        at=run.starts_at,
        may_link=run.may_manage,
    )


def describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """The runs among these that the actor may see: one query."""
    return {run.key: _facts(run) for run in runs_recorded(keys, actor)}


def find(words: str, actor: Actor) -> Sequence[RecordFacts]:
    """Runs with these words in their title that the actor may see, the latest first."""
    return [_facts(run) for run in runs_with_words(words, actor, limit=20)]


COURSE_RECORD = RecordType(
    key="course",
    title=LocalisedText(da="Forløb", sv="Kurs", en="Course"),
    icon="book-open",
    page="catalogue.run",
    stage=40,
    describe=describe,
    find=find,
)
