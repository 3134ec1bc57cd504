"""Assignments of a run: asked for, handed in, seen at work, and what one ended in."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from lms.contracts import LocalisedText
from lms.core.learning.models import Activity, Work
from lms.db import now
from tests.access.world import Arguments, Side, World


def tasks(world: World, side: Side) -> dict[str, Arguments]:
    """The things of one side's run, by name."""
    from lms_activities.models import HandIn, Link, Record, Share
    from lms_activities.queries.seen import SEEN, link_hash

    moment, token = now(), secrets.token_urlsafe(16)

    def work_on(kind: str, state: str) -> tuple[Any, Any]:
        activity = Activity(
            run_id=side.run.id,
            module="start",
            position=80,
            activity_type=kind,
            title=LocalisedText(da=f"Opgave, {side.organisation.name}"),
            minutes=60,
            others_minutes={},
            outcomes=[],
            content={"text": {"da": "Skriv, hvad der skete."}},
            changed_at=moment,
        )
        world.make.write(activity)
        work = Work(
            activity_id=activity.id,
            enrolment_id=side.enrolment.id,
            state=state,
            content={"text": f"Vi løfter sammen, {side.learner.name}."},
            started_at=moment,
            submitted_at=moment if state == "submitted" else None,
        )
        world.make.write(work)
        return activity, work

    assignment, handed_in = work_on("assignment", "submitted")
    between, begun = work_on("in_between", "started")
    to_do, _draft = work_on("assignment", "started")
    one = HandIn(
        activity_id=assignment.id,
        work_id=handed_in.id,
        number=1,
        text="Vi løfter sammen.",
        at=moment,
        by_id=side.learner.id,
        agreed_at=moment,
    )
    note = Record(
        kind="learning_note",
        title="Vi spørger først",
        text="Borgeren bestemmer tempoet.",
        language="da",
        run_id=side.run.id,
        person_id=side.learner.id,
        at=moment,
    )
    link = Link(
        work_id=begun.id,
        purpose=SEEN,
        token_hash=link_hash(token),
        created_at=moment,
        ends_at=moment + timedelta(days=21),
        answers={},
    )
    world.make.write(one, note, link)
    world.make.write(Share(hand_in_id=one.id, work_id=handed_in.id, person_id=side.learner.id))
    return {
        "assignment": {"key": assignment.key},
        "assignment to do": {"key": to_do.key},
        "task in between": {"key": between.key},
        "hand-in": {"key": one.key},
        "record": {"key": note.key},
        "link to take back": {"key": link.key},
        "link to be seen": {"token": token},
    }
