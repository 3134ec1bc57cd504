"""Offers to teach: a run that takes them, and one that waits for its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lms.api import now
from tests.access.world import STAFF_TRACK, Arguments, Side, World


def offers_of(world: World, name: str, side: Side) -> Mapping[str, Arguments]:
    """What was offered for a run of one side; on their own side by the readers' company."""
    from lms_courses.models import SlotOffer

    company = world.company if name == "own" else world.make.organisation(kind="company")
    run: Any = world.make.run(
        course_type=STAFF_TRACK,
        title=f"Virksomheder underviser med, {side.organisation.name}",
        hosts=[side.organisation],
    )
    offer = SlotOffer(
        run_id=run.id,
        course_session_id=world.make.sessions_of(run)[0].id,
        company_id=company.id,
        topic=f"Liften, {side.organisation.name}",
        text="Deltagerne prøver den.",
        language="da",
        minutes=45,
        product="Liften",
        sees="names",
        offered_at=now(),
        answer_by=now() + timedelta(days=14),
    )
    world.make.write(offer)
    return {"run that takes offers": {"key": run.key}, "offer to teach": {"key": offer.key}}
