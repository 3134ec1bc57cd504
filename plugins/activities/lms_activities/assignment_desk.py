"""All that the page of an assignment shows, asked for once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lms.api import (
    ActivityPlace,
    DocumentFacts,
    documents_about,
    enrolments_by_id,
    people_by_id,
    work_of,
)
from lms_activities.assignment import Draft, Task
from lms_activities.queries.assignment import (
    MarkingFacts,
    TryFacts,
    asked_to_agree,
    markings_of,
    tries_of,
)
from lms_activities.services.assignment import OPEN, together_in


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What a participant has so far. `said` and `files_of` are by id of the try, `names` by id
    of the person; `asked` is the try that waits for a yes, `mine_asks` whether the reader sent
    it. `open`: may they write just now?"""

    task: Task
    draft: Draft
    tries: Sequence[TryFacts] = ()
    said: Mapping[int, Sequence[MarkingFacts]] = field(default_factory=dict)
    files: Sequence[DocumentFacts] = ()
    files_of: Mapping[int, Sequence[DocumentFacts]] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    others: Sequence[str] = ()
    group: str = ""
    asked: TryFacts | None = None
    mine_asks: bool = False
    open: bool = False


def desk_of(place: ActivityPlace, task: Task) -> Desk:
    """The desk of the reader; an empty one for the team, who see the task alone."""
    if place.enrolment is None:
        return Desk(task=task, draft=Draft())
    work = place.work
    together = together_in(task, place.enrolment.id)
    others = [
        found
        for other in together.enrolment_ids
        if (found := work_of(place.activity.id, other)) is not None
    ]
    enrolments = enrolments_by_id(together.enrolment_ids) if together.enrolment_ids else {}
    works = [one for one in (work, *others) if one is not None]
    tries = tries_of(work.id) if work is not None else ()
    said = markings_of([one.id for one in tries if one.decided_at]) if tries else {}
    asked = asked_to_agree([one.id for one in works]) if task.who == "pair" and works else None
    people = {marking.marker_id for of_try in said.values() for marking in of_try}
    people |= {one.by_id for one in tries} if task.who != "alone" else set()
    people |= {enrolment.person_id for enrolment in enrolments.values()}
    known = people_by_id(sorted(one for one in people if one is not None)) if people else {}
    return Desk(
        task=task,
        draft=Draft.of(work),
        tries=tries,
        said=said,
        files=documents_about("work", [one.id for one in works]) if task.asks_files else (),
        files_of=_files_of(tries) if task.asks_files else {},
        names={id_: person.name for id_, person in known.items()},
        others=[known[e.person_id].name for e in enrolments.values() if e.person_id in known],
        group=together.name,
        asked=asked,
        mine_asks=asked is not None and work is not None and asked.work_id == work.id,
        open=place.may_work
        and (work is None or work.state in OPEN)
        and not (work is not None and work.state == "returned" and not task.again),
    )


def _files_of(tries: Sequence[TryFacts]) -> Mapping[int, Sequence[DocumentFacts]]:
    found: dict[int, list[DocumentFacts]] = {}
    for document in documents_about("hand_in", [one.id for one in tries]) if tries else ():
        found.setdefault(document.subject_id, []).append(document)
    return found
