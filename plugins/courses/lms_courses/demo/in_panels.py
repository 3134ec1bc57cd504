"""Panels of the demo: set up, given in, summed up and sent to all at one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lms.api import RunFacts, runs_by_id
from lms_courses.demo.replay import RunStory
from lms_courses.queries.panels import (
    PanelFacts,
    SubjectFacts,
    candidates,
    forms_on,
    living,
    panels_in,
    stamp_of,
    subjects_of,
)
from lms_courses.services import panels
from lms_courses.services.panel_release import release
from lms_courses.services.panels import FormValues

Told = Mapping[str, Any]


def _run(story: RunStory) -> RunFacts:
    return runs_by_id([story.run_id])[story.run_id]


def _panel(story: RunStory, told: Told) -> PanelFacts:
    return panels_in([story.run_id])[story.run_id][told["panel"]]


def _subject(panel: PanelFacts, name: str) -> SubjectFacts:
    return next(one for one in subjects_of([panel.id]) if one.name == name)


def _set_up(story: RunStory, told: Told) -> None:
    held_at = story.calendar.at_work(told["held"], told["held_at"])
    panels.set_up_panel(_run(story), told["panel"], held_at, story.stage.actor(told["who"]))


def _give(story: RunStory, told: Told) -> None:
    """Everybody on the panel fills in the form, about each."""
    panel, run = _panel(story, told), _run(story)
    for said in told["forms"]:
        understood, useful, safe = said["scales"]
        values = FormValues(
            role=said["role"],
            understood=understood,
            useful=useful,
            safe=safe,
            good=said["good"],
            better=said.get("better", ""),
            ask=said.get("ask", ""),
        )
        subject, actor = _subject(panel, said["about"]), story.stage.actor(said["who"])
        panels.give_feedback(subject, run, values, actor, seen="")


def _sum_up(story: RunStory, told: Told) -> None:
    panel, actor = _panel(story, told), story.stage.actor(told["who"])
    for name, text in told["summaries"].items():
        subject = _subject(panel, name)
        panels.save_summary(subject, text, actor, seen=stamp_of([subject]))


def _release(story: RunStory, told: Told) -> None:
    """Everybody gets theirs, as the page shows it to who sends it."""
    panel, run = _panel(story, told), _run(story)
    here = living(subjects_of([panel.id]), candidates(run))[0]
    seen = stamp_of(here, forms_on([one.id for one in here]))
    release(panel, run, story.stage.actor(told["who"]), seen=seen)


def _read(story: RunStory, told: Told) -> None:
    panel = _panel(story, told)
    panels.note_read(_subject(panel, told["about"]), panel, story.stage.actor(told["who"]))


VERBS: Mapping[str, Callable[[RunStory, Told], None]] = {
    "set_up_panel": _set_up,
    "give_feedback": _give,
    "sum_up": _sum_up,
    "release": _release,
    "read_feedback": _read,
}
