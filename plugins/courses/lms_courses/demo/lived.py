"""What companies, staff and students do in the runs of the demo, step by step.

The file tells for each run who does what on which day; each step is a verb that pages use too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lms_courses.demo.at_companies import VERBS as AT_COMPANIES
from lms_courses.demo.at_work import VERBS as AT_WORK
from lms_courses.demo.in_panels import VERBS as IN_PANELS
from lms_courses.demo.reading import read
from lms_courses.demo.replay import Replay, RunStory
from lms_courses.demo.with_cases import VERBS as WITH_CASES

Step = Callable[[RunStory, Mapping[str, Any]], None]
VERBS: Mapping[str, Step] = {**AT_COMPANIES, **AT_WORK, **IN_PANELS, **WITH_CASES}


def put_lived_on(replay: Replay, story: RunStory) -> None:
    """Put what is told of a run on the calendar."""
    for told in read("lived").get(story.data["slug"], ()):
        moment = story.calendar.at(told["day"], told["at"])
        replay.add(moment, partial(_take, story, told))


def _take(story: RunStory, told: Mapping[str, Any]) -> None:
    """One step. What goes wrong says in which."""
    try:
        VERBS[told["do"]](story, told)
    except Exception as error:
        error.add_note(f"{told['do']} in {story.data['slug']} on day {told['day']}")
        raise
