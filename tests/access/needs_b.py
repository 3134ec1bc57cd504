"""Problems that were gathered: one that is part of another."""

from __future__ import annotations

from collections.abc import Mapping

from lms.api import SYSTEM, actor_for_person, unit_of_work
from tests.access.world import Arguments, Side, World


def gathered(world: World, side: Side) -> Mapping[str, Arguments]:
    """Two problems of one side, told by its learner, one gathered with the other."""
    from lms_challenges.services.merging import merge
    from lms_challenges.services.reporting import ReportValues, report

    def told(title: str) -> ReportValues:
        return ReportValues(
            title=f"{title}, {side.organisation.name}",
            what="Bremsen på toiletstolen er slidt, og den ruller væk.",
            language="da",
            place_kind="home_care",
            organisation_id=side.organisation.id,
        )

    with world.app.test_request_context(), unit_of_work():
        learner = actor_for_person(side.learner.id)
        whole, part = (report(told(title), learner) for title in ("Toiletstol", "Slidt bremse"))
        merge(part.id, whole.id, SYSTEM, "Det er den samme stol.")
    return {"gathered problem": {"key": part.key}, "whole problem": {"key": whole.key}}
