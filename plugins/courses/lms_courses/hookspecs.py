"""Sockets of this plugin's own: what other plugins add to the demo while it is lived through.

They are filled with `hookimpl(optionalhook=True)`, so that nobody needs this plugin to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from lms.api import Actor, hookspec


@hookspec
def courses_demo_drafts(course: str, version_id: int, author: Actor) -> Callable[[], None]:
    """A course of the demo (by its name in the file) was just written as a draft. What is answered
    is done then, before somebody else approves it."""
    raise NotImplementedError


@hookspec
def courses_demo_days(
    run: str,
    run_id: int,
    people: Mapping[str, int],
    enrolments: Mapping[str, int],
    at: Callable[[int, str], datetime],
) -> Sequence[tuple[datetime, Callable[[], None]]]:
    """A run of the demo (by its name in the file) was just made. Steps with their moments, which
    are taken among the others in the order of time, with the clock stopped.

    `people` are ids by name in the file; `enrolments` fills with ids by the same names as people
    ask for seats; `at(day, "HH:MM")` is a moment so many days from today.
    """
    raise NotImplementedError
