"""A session under way with its code on the screen, and one after it that has none yet."""

from __future__ import annotations

import secrets
from datetime import timedelta

from lms.core.learning.models import CheckIn
from lms.db import now
from tests.access.world import STAFF_TRACK, Arguments, Side, World


def classroom(world: World, name: str, side: Side) -> dict[str, Arguments]:
    """The things of one side's classroom, by name."""
    make = world.make
    run = make.run(
        course_type=STAFF_TRACK,
        title=f"I gang nu, {side.organisation.name}",
        state="running",
        hosts=[side.organisation],
        sessions=[now() - timedelta(minutes=5), now() + timedelta(minutes=20)],
    )
    make.enrolment(
        run=run,
        person=side.learner,
        employer=side.organisation,
        manager=side.manager,
        state="active",
    )
    if name == "own":
        make.team_member(run=run, person=world.people["teacher"])
        make.team_member(run=run, person=world.people["company"], role="company_teacher")
    session, following = make.sessions_of(run)
    check_in = CheckIn(
        course_session_id=session.id, secret=secrets.token_hex(32), late_after=10, opened_at=now()
    )
    make.write(check_in)
    return {
        "lesson": {"key": run.key, "session_key": session.key},
        "next lesson": {"key": run.key, "session_key": following.key},
        "code on a screen": {"key": check_in.key, "code": "234567"},
    }
