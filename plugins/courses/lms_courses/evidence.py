"""What each company has got to know in a track, written down when it is completed.

(a) what the region is good at and how care is organised, (b) what practice needs, (c) what those
say whom its product shall help. Whoever counts companies counts from these entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from lms.api import (
    SYSTEM,
    RunFacts,
    RunStateChange,
    attendance_of,
    enrolments_in_run,
    record,
    sessions_of,
)
from lms_courses.queries.calls import confirmed_in
from lms_courses.types import COMPANY

KINDS: Mapping[str, str] = {"market": "a", "needs": "b", "springboard": "c"}
"""The module of a session -> the kind of knowledge it gives."""
MOST = 1000
TOOK_PART = ("active", "completed", "not_completed")


def note_evidence(changes: Sequence[RunStateChange]) -> None:
    """One entry for each company that has a place, about each run that was completed."""
    for change in changes:
        if change.new == "completed" and change.run.course_type == COMPANY:
            _note(change.run)


def _note(run: RunFacts) -> None:
    known = _known(run)
    for one in confirmed_in([run.id])[run.id]:
        if one.organisation_id is None:
            continue
        record(
            "courses.company_took_part",
            "organisation",
            one.organisation_id,
            actor=SYSTEM,
            data={
                "run": run.id,
                "application": one.id,
                "evidence": sorted(known[one.organisation_id]),
            },
        )


def _known(run: RunFacts) -> Mapping[int, set[str]]:
    """Kinds of knowledge by company: of the sessions at which somebody from it was."""
    kinds = {
        session.id: KINDS[session.module]
        for session in sessions_of([run.id])[run.id]
        if session.module in KINDS
    }
    rows = enrolments_in_run(run.id, TOOK_PART, limit=MOST)
    marks = attendance_of([row.enrolment.id for row in rows])
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if row.enrolment.employer_id is None:
            continue
        for session_id, mark in marks.get(row.enrolment.id, {}).items():
            if session_id in kinds and mark.counted:
                found[row.enrolment.employer_id].add(kinds[session_id])
    return found
