"""Problems: one that nobody has looked through, one that others read, one with a voice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.api import actor_for_person, now, unit_of_work
from lms.db import db
from tests.access.world import Arguments, Side, World


def problems(world: World, side: Side) -> Mapping[str, Arguments]:
    """The problems of one side, told by its learner."""
    from lms_challenges.models import Problem
    from lms_challenges.services.reporting import ReportValues, VoiceValues, add_voice, report

    where = side.organisation.id
    place: dict[str, Any] = {"place_kind": "home_care", "organisation_id": where}

    def told(title: str, *, checked: bool) -> Any:
        values = ReportValues(
            title=f"{title}, {side.organisation.name}",
            what="Badebænken vipper, når borgeren skal op at stå.",
            language="da",
            frequency="weekly",
            severity=3,
            **place,
        )
        made = report(values, actor_for_person(side.learner.id))
        if checked:
            db.session.get_one(Problem, made.id).checked_at = now()
            db.session.flush()
        return made

    with world.app.test_request_context(), unit_of_work():
        fresh = told("Badebænken vipper", checked=False)
        checked = told("Liften står i vejen", checked=True)
        voiced = told("Nøglen bliver væk", checked=True)
        values = VoiceValues(frequency="daily", severity=2, **place)
        add_voice(voiced.id, values, actor_for_person(side.manager.id))
    return {
        "problem": {"key": fresh.key},
        "checked problem": {"key": checked.key},
        "voiced problem": {"key": voiced.key},
    }
