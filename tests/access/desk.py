"""What a manager's desk has of its own: somebody who stands in, and a cost centre."""

from __future__ import annotations

from datetime import timedelta

from lms.core.enrolment.models import CostCentre, StandIn
from lms.core.users.models import Person
from lms.db import now
from tests.access.world import Arguments, Side, World


def desk(world: World, side: Side, colleague: Person) -> dict[str, Arguments]:
    """The things of one side's desk, by name."""
    day = now().date()
    stands_in = StandIn(
        person_id=side.manager.id,
        stand_in_id=colleague.id,
        from_day=day - timedelta(days=1),
        to_day=day + timedelta(days=9),
    )
    centre = CostCentre(
        organisation_id=side.organisation.id, code="4711", holder_id=side.manager.id
    )
    world.make.write(stands_in, centre)
    return {
        "stand-in": {"key": stands_in.key},
        "cost centre": {"key": side.organisation.key, "centre_key": centre.key},
    }
