"""The result of a group as a record on the thread: what came of a need and a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, LocalisedText, RecordFacts, RecordType, search_key
from lms_courses.queries.results import ResultFacts, newest_taught, results_on_threads
from lms_courses.result_states import RESPONSES, SENT, WRITTEN

STAGE = 45  # between a course and a trial
MOST_FOUND = 20


def _facts(found: ResultFacts, url: str = "", *, may_link: bool) -> RecordFacts:
    state = SENT if found.sent_at is not None else WRITTEN
    return RecordFacts(
        key=found.key,
        title=LocalisedText(**{found.language: found.title}),
        url=url,
        state=RESPONSES.get(found.response, state),
        at=found.written_at,
        may_link=may_link,
    )


def describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """Those of these results that the actor may open, and by name those that went back to who sent
    a need. One query."""
    found = {}
    for key, (facts, may_open, teaches) in results_on_threads(keys, actor).items():
        url = "" if may_open else url_for("records.thread", kind="case_result", key=key)
        found[key] = _facts(facts, url, may_link=teaches)
    return found


def find(words: str, actor: Actor) -> Sequence[RecordFacts]:
    """Results of runs that the actor teaches, by words of theirs. One query."""
    wanted = search_key(words).split()
    found = [
        _facts(one, may_link=True)
        for one in newest_taught(actor)
        if all(word in search_key(f"{one.title} {one.text}") for word in wanted)
    ]
    return found[:MOST_FOUND]


RESULT_RECORD = RecordType(
    key="case_result",
    title=LocalisedText(
        da="Resultat fra studerende", sv="Resultat från studenter", en="Result of students"
    ),
    icon="graduation-cap",
    page="courses.result",
    stage=STAGE,
    describe=describe,
    find=find,
)
