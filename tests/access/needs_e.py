"""Idea development: a run that collects, one that gives points, one that chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.api import SYSTEM, LocalisedText, now, search_key, unit_of_work
from lms.db import db, new_key
from tests.access.world import Arguments, Side, World

IDEA_DEVELOPMENT = "idea_development"
SHEET = {
    "problem": "Vi løfter for meget.",
    "users": "Hjemmeplejen",
    "disadvantages": "Skinner skal sættes op.",
    "next_test": "To uger hos tre borgere",
    "value": {"staff": "Færre onde rygge"},
}


def idea_development(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """The things of one side's idea development, by name."""
    from lms_challenges.models import Challenge, Framing
    from lms_challenges.services.workroom import add_cluster, set_challenges

    title = LocalisedText(da=f"Lettere forflytning, {side.organisation.name}")
    runs = {
        stage: _run(world, name, side, stage) for stage in ("collecting", "scoring", "choosing")
    }
    with world.app.test_request_context(), unit_of_work():
        challenge = Challenge(
            organisation_id=side.organisation.id,
            public_text=LocalisedText(),
            search_text=search_key(title.da),
            created_at=now(),
        )
        db.session.add(challenge)
        db.session.flush()
        words = {"title": title, "question": LocalisedText(da="Hvordan kan vi løfte mindre?")}
        db.session.add(
            Framing(
                challenge_id=challenge.id,
                understood=LocalisedText(),
                left_because=LocalisedText(),
                from_at=now(),
                **words,
            )
        )
        for run in runs.values():
            set_challenges(run.id, [challenge.id], SYSTEM, state="running")
        cluster = add_cluster(runs["collecting"].id, "Loft og skinner", SYSTEM)
        ideas = {stage: _idea(side, run, stage, challenge.id) for stage, run in runs.items()}
        _stages(runs, ideas)
        keys = {stage: idea.key for stage, idea in ideas.items()}
    return {
        "idea run": {"key": runs["collecting"].key},
        "run that gives points": {"key": runs["scoring"].key},
        "run that chooses": {"key": runs["choosing"].key},
        "cluster": {"key": runs["collecting"].key, "cluster_key": cluster},
        "exercise": {"key": runs["collecting"].key, "name": "silence"},
        "idea": {"key": keys["collecting"]},
        "chosen idea": {"key": keys["choosing"]},
    }


def _run(world: World, name: str, side: Side, stage: str) -> Any:
    run = world.make.run(
        course_type=IDEA_DEVELOPMENT,
        title=f"Idéer til forflytning ({stage}), {side.organisation.name}",
        state="running",
        hosts=[side.organisation],
    )
    world.make.enrolment(
        run=run,
        person=side.learner,
        employer=side.organisation,
        manager=side.manager,
        state="active",
    )
    if name == "own":
        world.make.team_member(run=run, person=world.people["teacher"])
        world.make.team_member(run=run, person=world.people["company"], role="company_teacher")
    return run


def _idea(side: Side, run: Any, stage: str, challenge_id: int) -> Any:
    from lms_challenges.models import Idea

    idea = Idea(
        key=new_key(),
        run_id=run.id,
        challenge_id=challenge_id,
        organisation_id=side.organisation.id,
        state="sheet" if stage == "choosing" else "raw",
        sheet=SHEET if stage == "choosing" else {},
        title=f"Skinner i loftet, {side.organisation.name}",
        text="Så ingen løfter alene.",
        language="da",
        by_id=side.learner.id,
        created_at=now(),
    )
    db.session.add(idea)
    db.session.flush()
    return idea


def _stages(runs: Mapping[str, Any], ideas: Mapping[str, Any]) -> None:
    from lms_challenges.models import Score
    from lms_challenges.services.workroom import hold_room

    moment = now()
    for stage in ("scoring", "choosing"):
        room = hold_room(runs[stage].id)
        room.stage, room.criteria_fixed_at = stage, moment
        if stage == "choosing":
            room.shown_at = moment
            for criterion in room.criteria:
                db.session.add(
                    Score(
                        idea_id=ideas[stage].id,
                        person_id=ideas[stage].by_id,
                        criterion=criterion["key"],
                        value=4,
                        at=moment,
                    )
                )
    db.session.flush()
