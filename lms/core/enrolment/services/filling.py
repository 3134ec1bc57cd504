"""What somebody says about themselves before they say yes to what was asked for them."""

from __future__ import annotations

from collections.abc import Mapping

from lms.contracts import Actor
from lms.core.enrolment.services.moving import change, facts_of, hold_run_of
from lms.core.enrolment.services.reasons import insist


def fill_in(enrolment_id: int, actor: Actor, goal: str, answers: Mapping[str, str]) -> None:
    """Write one's own goal and answers into a request that somebody else began. Raises `Refused`
    when it is somebody else's, or no longer waits."""
    hold_run_of(enrolment_id)
    enrolment = facts_of(enrolment_id)
    insist(enrolment.state == "requested" and enrolment.person_id == actor.person_id)
    change(enrolment_id, goal=goal, answers=dict(answers))
