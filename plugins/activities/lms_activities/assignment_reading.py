"""Who may open the files of drafts and of what was handed in."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import (
    Actor,
    DocumentFacts,
    activities_by_id,
    enrolments_by_id,
    is_of_a_company,
    may_in_run,
    runs_by_id,
    working_with,
    works_by_id,
)
from lms_activities.assignment import MARKED, Task
from lms_activities.queries.assignment import sharing
from lms_activities.queries.seen import link_with_key

TEACH = "learning.teach"


def readable(documents: Sequence[DocumentFacts], place: str, actor: Actor) -> list[str]:
    """Keys of those documents about works and tries that the actor may open; `place` is the key
    of an activity, or of a link by which somebody at work sees them."""
    return [one.key for one in documents if _may_open(one, place, actor)]


def _may_open(document: DocumentFacts, place: str, actor: Actor) -> bool:
    if document.subject_kind == "work":
        return _may_open_draft(document.subject_id, place, actor)
    if document.subject_kind == "hand_in":
        return _may_open_try(document.subject_id, place, actor)
    return False


def _may_open_draft(work_id: int, place: str, actor: Actor) -> bool:
    """Who writes it, those who write it with them, and whom they have asked to see it."""
    work = works_by_id([work_id]).get(work_id)
    if work is None:
        return False
    activity = activities_by_id([work.activity_id])[work.activity_id]
    if activity.activity_type not in MARKED:
        return False
    if _by_link([work_id], place):
        return True
    if not actor.signed_in:
        return False
    ids = [work.enrolment_id]
    if Task.of(activity).who != "alone":
        ids += working_with(work.enrolment_id).enrolment_ids
    return any(one.person_id == actor.person_id for one in enrolments_by_id(ids).values())


def _may_open_try(hand_in_id: int, place: str, actor: Actor) -> bool:
    """For whom it counts, those who mark it, and whom the participants have asked to see it."""
    shares = sharing([hand_in_id]).get(hand_in_id, ())
    work_ids = [share.work_id for share in shares]
    if not work_ids:
        return False
    if _by_link(work_ids, place):
        return True
    if not actor.signed_in:
        return False
    if any(share.person_id == actor.person_id for share in shares):
        return True
    work = works_by_id(work_ids[:1])[work_ids[0]]
    activity = activities_by_id([work.activity_id])[work.activity_id]
    if activity.run_id is None:
        return False
    run = runs_by_id([activity.run_id])[activity.run_id]
    return may_in_run(actor, run, TEACH) and not is_of_a_company(actor.person_id, run.id)


def _by_link(work_ids: Sequence[int], place: str) -> bool:
    link = link_with_key(place) if place else None
    return (
        link is not None and link.with_files and link.state == "open" and link.work_id in work_ids
    )
