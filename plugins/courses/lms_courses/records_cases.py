"""A case as a record on the thread from need to effect, and who reads the papers about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import url_for

from lms.api import Actor, DocumentFacts, LocalisedText, RecordFacts, RecordType
from lms_courses.case_states import STATES
from lms_courses.queries.cases import CaseFacts, cases_found, cases_on_threads
from lms_courses.queries.ndas import NDAS
from lms_courses.queries.papers import RIGHTS, readable_papers

STAGE = 35  # between an idea and a course


def _facts(case: CaseFacts, url: str = "") -> RecordFacts:
    return RecordFacts(
        key=case.key,
        title=case.title,
        url=url,
        state=STATES[case.state],
        at=case.created_at,
        may_link="teacher" in case.sides,
    )


def describe(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """Those of these cases that the actor may look at, and by name alone those that students work
    on for a need: whoever sent that sees that something is made of it. One query."""
    found = {}
    for key, (case, may_open) in cases_on_threads(keys, actor).items():
        url = "" if may_open else url_for("records.thread", kind="case", key=key)
        found[key] = _facts(case, url)
    return found


def find(words: str, actor: Actor) -> Sequence[RecordFacts]:
    """Cases by their words."""
    return [_facts(case) for case in cases_found(words, actor)]


CASE_RECORD = RecordType(
    key="case",
    title=LocalisedText(da="Case", sv="Case", en="Case"),
    icon="file-text",
    page="courses.case",
    stage=STAGE,
    describe=describe,
    find=find,
)


def readable_case_papers(documents: Sequence[DocumentFacts], actor: Actor) -> Sequence[str]:
    """Keys of those of these agreements that the actor may read: the sides of the case, and who
    takes part in a run that works on it."""
    papers = {
        kind: [one.subject_id for one in documents if one.subject_kind == kind]
        for kind in (NDAS, RIGHTS)
    }
    if not any(papers.values()):
        return []
    ndas, cases = readable_papers(papers[NDAS], papers[RIGHTS], actor)
    may = {NDAS: ndas, RIGHTS: cases}
    return [
        one.key
        for one in documents
        if one.subject_kind in may and one.subject_id in may[one.subject_kind]
    ]
