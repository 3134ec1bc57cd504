"""Verbs on observations: a colleague signs what they saw."""

from __future__ import annotations

from collections.abc import Sequence

from lms.api import (
    Actor,
    LocalisedText,
    WorkFacts,
    accept_work,
    return_work,
    submit_work,
    works_by_id,
)
from lms_activities.observation import as_answers
from lms_activities.queries.seen import OBSERVED, LinkFacts
from lms_activities.services.seen import answer_link


def sign(
    link: LinkFacts,
    work: WorkFacts,
    actor: Actor,
    *,
    points: Sequence[LocalisedText],
    given: Sequence[str],
    function: str,
    note: str,
) -> bool:
    """Somebody signs what they have seen. All seen is accepted; otherwise the participant tries
    again and asks anew. False when the link cannot be used any more."""
    done = answer_link(
        link,
        work,
        actor,
        name=actor.name,
        function=function,
        note=note,
        answers=as_answers(points, given),
        purpose=OBSERVED,
    )
    if not done:
        return False
    work = works_by_id([work.id])[work.id]
    if all(answer == "yes" for answer in given):
        if work.state != "accepted":
            accept_work(work, actor)
    elif work.state in ("started", "returned"):
        return_work(submit_work(work, actor), actor)
    return True
