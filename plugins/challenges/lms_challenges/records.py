"""Problems as records: assignments end in them, and they stand at the beginning of the thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.api import (
    UNIT_KINDS,
    Actor,
    LocalisedText,
    RecordDraft,
    RecordFacts,
    RecordType,
    WorkplaceFacts,
    refused,
    workplaces_of,
)
from lms_challenges.queries.problems import ProblemFacts, found_problems, readable_by_key
from lms_challenges.queries.seeing import COMPANIES, may_triage, reader_of
from lms_challenges.services.reporting import ReportValues, report
from lms_challenges.states import PROBLEM

STAGE = 10


def make_problem(draft: RecordDraft, actor: Actor) -> str:
    """A problem out of an assignment, told by who did it; returns its key. How often it happens
    nobody has said yet: its page asks the sender. Raises `Refused` where they work nowhere that
    answers problems."""
    place = _place(draft)
    return report(
        ReportValues(
            title=draft.title,
            what=draft.text or draft.title,
            language=draft.language,
            place_kind=place.unit_kind if place.unit_kind in UNIT_KINDS else "other",
            channel="assignment",
            organisation_id=place.organisation_id,
            unit_id=place.unit_id,
            function_id=place.function_id,
            sender_id=draft.person_id,
            once_key=draft.work_key,
            work_key=draft.work_key,
        ),
        actor,
    ).key


def _place(draft: RecordDraft) -> WorkplaceFacts:
    places = [
        place
        for place in workplaces_of([draft.person_id]).get(draft.person_id, ())
        if place.organisation_kind not in COMPANIES
    ]
    here = [place for place in places if place.organisation_id == draft.organisation_id]
    for place in [*here, *places]:
        return place
    raise refused(
        "record.place",
        da="Vi ved ikke, hvor du arbejder, så problemet kan ikke sendes til nogen.",
        sv="Vi vet inte var du arbetar, så problemet kan inte skickas till någon.",
        en="We do not know where you work, so the problem can be sent to nobody.",
    )


def describe_problems(keys: Sequence[str], actor: Actor) -> Mapping[str, RecordFacts]:
    """Those of these problems that the actor may read, by key."""
    found = readable_by_key(keys, actor)
    return dict(zip(found, _facts(list(found.values()), actor), strict=True))


def find_problems(text: str, actor: Actor) -> Sequence[RecordFacts]:
    """Problems that the actor may read, by words of theirs."""
    return _facts(found_problems(text, actor), actor)


def _facts(problems: Sequence[ProblemFacts], actor: Actor) -> Sequence[RecordFacts]:
    if not problems:
        return ()
    reader = reader_of(actor)
    return [
        RecordFacts(
            key=one.key,
            title=LocalisedText(**{one.language: one.title}),
            state=PROBLEM[one.state],
            at=one.created_at,
            may_link=may_triage(actor, one.organisation_id, reader),
        )
        for one in problems
    ]


PROBLEM_TYPE = RecordType(
    key="problem",
    title=LocalisedText(da="Problem", sv="Problem", en="Problem"),
    icon="hand",
    make=make_problem,
    page="challenges.problem",
    stage=STAGE,
    describe=describe_problems,
    find=find_problems,
)
