"""A run with something to do in it: activities, talk, a group, and a company's slot."""

from __future__ import annotations

from datetime import timedelta

from lms.contracts import SYSTEM, LocalisedText
from lms.core.catalogue.models import TeachingSlot
from lms.core.learning import services
from lms.core.learning.models import Activity, Comment, Group, GroupMember
from lms.core.learning.services import ActivityValues
from lms.db import db, now
from lms.work import unit_of_work
from tests.access.world import STAFF_TRACK, Arguments, Side, World


def outlines(world: World, name: str, side: Side) -> dict[str, Arguments]:
    """The things of one side's outline, by name."""
    make = world.make
    run = make.run(
        course_type=STAFF_TRACK,
        title=f"Opgaver og grupper, {side.organisation.name}",
        state="running",
        hosts=[side.organisation],
        sessions=[now() - timedelta(days=1)],
    )
    seat = make.enrolment(
        run=run,
        person=side.learner,
        employer=side.organisation,
        manager=side.manager,
        state="active",
    )
    company = world.people["company"]
    if name == "own":
        make.team_member(run=run, person=world.people["teacher"])
    with world.app.test_request_context(), unit_of_work():
        ids = [
            services.add_activity(
                ("run", run.id),
                "page",
                ActivityValues(title=LocalisedText(da=title), module="", minutes=10),
                SYSTEM,
            )
            for title in ("Læs dette", "Læs også dette")
        ]
        taken_out = db.session.get_one(Activity, ids[1])
        taken_out.state = "withdrawn"
        keys = [db.session.get_one(Activity, id_).key for id_ in ids]
    group = Group(run_id=run.id, name="Rød")
    make.write(group)
    (session,) = make.sessions_of(run)
    comment = Comment(activity_id=ids[0], author_id=side.learner.id, text="Hvordan?", at=now())
    make.write(
        GroupMember(group_id=group.id, enrolment_id=seat.id),
        comment,
        TeachingSlot(
            course_session_id=session.id,
            person_id=company.id if name == "own" else None,
            topic=LocalisedText(da="Liften"),
            minutes=45,
            sees="names",
            state="approved",
        ),
    )
    return {
        "activity": {"key": keys[0]},
        "activity taken out": {"key": keys[1]},
        "contribution": {"key": comment.key},
        "group": {"key": run.key, "group_key": group.key},
        "run with a slot": {"key": run.key},
    }
