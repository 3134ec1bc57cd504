"""What rows of tests say when a test does not care."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from lms.contracts import CourseType, LocalisedText
from lms.core.enrolment.states import MOVES
from lms.db import now


def steps_to(state: str) -> list[str]:
    """The shortest way of an enrolment from `requested` to `state`, both included."""
    ways = deque([["requested"]])
    while ways:
        way = ways.popleft()
        if way[-1] == state:
            return way
        ways.extend([*way, step] for step in sorted(MOVES[way[-1]]) if step not in way)
    raise ValueError(f"no enrolment comes to be {state!r}")


def version_values(plan: CourseType) -> dict[str, Any]:
    """The texts of a course version, with phases, modules and rule as its type plans them."""
    return {
        "lead": LocalisedText(
            da="Kort om forløbet.", sv="Kort om kursen.", en="The course in short."
        ),
        "purpose": LocalisedText(da="Øve sig.", sv="Öva.", en="To practise."),
        "target_group": LocalisedText(
            da="Medarbejdere i hjemmeplejen.",
            sv="Medarbetare i hemtjänsten.",
            en="Home-care staff.",
        ),
        "outcomes": [
            {"da": "Kan prøve noget af.", "sv": "Kan prova något.", "en": "Can try something."}
        ],
        "phases": [asdict(phase) for phase in plan.phases],
        "modules": [asdict(module) for module in plan.modules],
        "rule": {
            "version": plan.rule.version,
            "conditions": {name: dict(options) for name, options in plan.rule.conditions.items()},
        },
    }


def session_values(position: int) -> dict[str, Any]:
    """The texts of a course session."""
    return {
        "module": "",
        "title": LocalisedText(
            da=f"Mødegang {position}", sv=f"Träff {position}", en=f"Session {position}"
        ),
        "content": LocalisedText(da="Vi øver os.", sv="Vi övar.", en="We practise."),
        "between": LocalisedText(),
    }


def key_of(course_type: CourseType | str) -> str:
    """The key of a course type."""
    return course_type.key if isinstance(course_type, CourseType) else course_type


def in_all_languages(text: LocalisedText | str) -> LocalisedText:
    """A plain text is the same in every language."""
    return text if isinstance(text, LocalisedText) else LocalisedText(da=text, sv=text, en=text)


def moments_of(sessions: int | Sequence[datetime]) -> list[datetime]:
    """When sessions begin: as given, or so many, a week apart and the first in four weeks."""
    if not isinstance(sessions, int):
        return sorted(sessions)
    first = (now() + timedelta(days=28)).replace(hour=8, minute=0, second=0, microsecond=0)
    return [first + timedelta(days=7 * number) for number in range(sessions)]
