"""A quiz, a practice log and something shown at work, in a run: with what somebody did on them."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from lms.contracts import LocalisedText
from lms.core.learning.models import Activity, Work
from lms.db import now
from tests.access.world import Arguments, Side, World

QUESTION = {
    "key": "q1",
    "kind": "text",
    "text": {"da": "Hvad siger man først?"},
    "accepted": ["goddag"],
}
CONTENT: dict[str, dict[str, Any]] = {
    "quiz": {"questions": [QUESTION]},
    "used up": {"questions": [QUESTION], "attempts": 1},
    "practice_log": {"needed": 5},
    "observation": {"task": {"da": "Vis det."}, "points": [{"da": "Spørger først"}]},
}


def tries(world: World, side: Side) -> dict[str, Arguments]:
    """The things of one side's run, by name."""
    from lms_activities.models import Attempt, Link, LogEntry
    from lms_activities.queries.seen import OBSERVED, link_hash

    moment, token = now(), secrets.token_urlsafe(16)
    found: dict[str, tuple[Activity, Work]] = {}
    for name, content in CONTENT.items():
        activity = Activity(
            run_id=side.run.id,
            module="start",
            position=90,
            activity_type="quiz" if name == "used up" else name,
            title=LocalisedText(da=f"Prøv det, {side.organisation.name}"),
            minutes=20,
            others_minutes={},
            outcomes=[],
            content=content,
            changed_at=moment,
        )
        world.make.write(activity)
        work = Work(
            activity_id=activity.id,
            enrolment_id=side.enrolment.id,
            state="returned" if name == "used up" else "started",
            content={},
            started_at=moment,
        )
        world.make.write(work)
        found[name] = (activity, work)
    used_up = Attempt(
        work_id=found["used up"][1].id,
        number=1,
        started_at=moment,
        finished_at=moment,
        drawn=[QUESTION],
        answers={},
        results={"q1": False},
        points=0,
        most=1,
    )
    entry = LogEntry(
        work_id=found["practice_log"][1].id,
        client_key="abc",
        happened_at=moment,
        written_at=moment,
        choice="used",
        text="Det gik godt.",
    )
    link = Link(
        work_id=found["observation"][1].id,
        purpose=OBSERVED,
        token_hash=link_hash(token),
        created_at=moment,
        ends_at=moment + timedelta(days=21),
        answers={},
    )
    world.make.write(used_up, entry, link)
    quiz, (over, attempted) = found["quiz"][0], found["used up"]
    log, shown = found["practice_log"][0], found["observation"][0]
    return {
        "quiz": {"key": quiz.key},
        "question": {"key": quiz.key, "question": "q1"},
        "question to move": {"key": quiz.key, "question": "q1", "act": "up"},
        "quiz used up": {"key": over.key},
        "work on a quiz": {"key": over.key, "work": attempted.key},
        "practice log": {"key": log.key},
        "note of a log": {"key": log.key, "entry": entry.key},
        "observation": {"key": shown.key},
        "link to an observation": {"key": link.key},
        "link to what was shown": {"token": token},
    }
