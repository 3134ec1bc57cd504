"""A run whose terms have one of everything: lots to be drawn, too few people, kept seats, a link, a
question and a rule."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from lms.contracts import LocalisedText, Question
from lms.core.enrolment.models import EntryRule, Invitation, Reservation, Terms
from lms.core.enrolment.queries import question_as_json
from lms.core.users.queries import digest
from lms.db import db, new_key, now
from tests.access.world import STAFF_TRACK, Arguments, Side, World


def seats(world: World, side: Side) -> dict[str, Arguments]:
    """The things of one side's run, by name."""
    make = world.make
    run = make.run(
        course_type=STAFF_TRACK,
        title=f"Lodtrækning, {side.organisation.name}",
        hosts=[side.organisation],
        held=2,
    )
    question = Question(key=new_key(), kind="text", label=LocalisedText(da="Hvad spiser du?"))
    kept = Reservation(run_id=run.id, organisation_id=side.organisation.id, seats=2)
    link = Invitation(
        run_id=run.id,
        token_hash=digest(new_key()),
        label="Personalemøde",
        created_at=now(),
        expires_at=now() + timedelta(days=30),
    )
    make.write(
        Terms(
            run_id=run.id,
            ways=["open", "link", "key", "rule", "nomination"],
            entry_key="æblekage",
            approval="in_order",
            approvers=["line_manager"],
            questions=[question_as_json(question)],
            minimum=5,
            waiting_rule="lottery",
            draw_seed="0" * 32,
            draw_digest="0" * 64,
        ),
        EntryRule(run_id=run.id, organisation_id=side.organisation.id),
        kept,
        link,
    )
    make.enrolment(
        run=run,
        person=side.learner,
        employer=side.organisation,
        manager=side.manager,
        state="waitlisted",
    )
    other = make.organisation()
    with world.app.app_context():
        rule_id = db.session.scalars(select(EntryRule.id).where(EntryRule.run_id == run.id)).one()
    return {
        "seats": {"key": run.key},
        "seats to keep": {"key": run.key, "organisation": other.key},
        "kept seats": {"key": run.key, "kept_key": kept.key},
        "link that invites": {"key": run.key, "link_key": link.key},
        "own question": {"key": run.key, "question_key": question.key},
        "entry rule": {"key": run.key, "rule_id": rule_id},
        "run it anyway": {"key": run.key, "choice": "anyway"},
        "move everybody": {"key": run.key, "choice": "merge"},
        "cancel the run": {"key": run.key, "choice": "cancel"},
        "session": {"key": run.key, "session_key": make.sessions_of(run)[0].key},
    }
