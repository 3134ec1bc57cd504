"""Courses being built: a version in each state, with an activity."""

from __future__ import annotations

from lms.contracts import LocalisedText
from lms.core.learning.models import Activity
from lms.db import now
from tests.access.world import STAFF_TRACK, Arguments, Side, World

MODULES = [
    {
        "key": key,
        "phase": "learn",
        "title": {"da": title, "sv": title, "en": title},
        "content": {"da": "Vi øver os.", "sv": "", "en": ""},
        "minutes": 120,
        "activity_type": "session",
        "between": None,
        "between_minutes": 0,
    }
    for key, title in (("first", "Begynde"), ("then", "Øve"), ("last", "Vise"))
]


def building(world: World, side: Side) -> dict[str, Arguments]:
    """The things of one side, by name."""
    make = world.make
    found: dict[str, Arguments] = {}
    for state in ("draft", "review", "approved"):
        version = make.version(
            course=make.course(course_type=STAFF_TRACK, owner=side.organisation),
            title=f"Skrives, {state}, {side.organisation.name}",
            state=state,
            modules=MODULES,
            phases=[{"key": "learn", "title": {"da": "Lære"}, "purpose": {}}],
        )
        make.write(
            Activity(
                course_version_id=version.id,
                module="first",
                position=1,
                activity_type="page",
                title=LocalisedText(da="Læs om løft", sv="Läs om lyft", en="Read about lifting"),
                minutes=10,
                others_minutes={},
                outcomes=[0],
                content={},
                changed_at=now(),
            )
        )
        found[f"{state} version"] = {"key": version.key}
        if state == "draft":
            found["module"] = {"key": version.key, "module": "then"}
            found["module step"] = {"key": version.key, "module": "then", "step": "up"}
    return found
