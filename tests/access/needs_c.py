"""Problems on the desk: one whose sender is asked, one put off, and an end for one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from lms.api import SYSTEM, actor_for_person, now, unit_of_work
from tests.access.world import Arguments, Side, World


def on_the_desk(world: World, side: Side) -> Mapping[str, Arguments]:
    """The problems of one side that the desk has done something with."""
    from lms_challenges.services.desk import ask, move_problem
    from lms_challenges.services.reporting import ReportValues, report

    def told(title: str) -> ReportValues:
        return ReportValues(
            title=f"{title}, {side.organisation.name}",
            what="Telefonen ringer midt i et bad.",
            language="da",
            place_kind="home_care",
            organisation_id=side.organisation.id,
        )

    with world.app.test_request_context(), unit_of_work():
        learner = actor_for_person(side.learner.id)
        asked, parked, fresh = (
            report(told(title), learner) for title in ("Opkald", "Vagtplan", "Skema")
        )
        ask(asked, "Hvor tit ringer den?", SYSTEM)
        day = now().date() + timedelta(days=30)
        move_problem(parked, "parked", SYSTEM, reason="Der kommer en ny plan.", wake_on=day)
    return {
        "asked problem": {"key": asked.key},
        "parked problem": {"key": parked.key},
        "end of a problem": {"key": fresh.key, "state": "declined"},
    }
