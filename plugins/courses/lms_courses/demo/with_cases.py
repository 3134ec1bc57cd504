"""What students, their teacher, the company and practice do with a case of the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lms.api import RunFacts, runs_by_id
from lms_courses.demo.replay import RunStory
from lms_courses.queries.case_uses import uses_in_runs
from lms_courses.queries.ndas import nda_of_run
from lms_courses.queries.questions import question_by_key
from lms_courses.queries.results import result_of_group
from lms_courses.queries.students import GroupAt, Module, module_of
from lms_courses.services import questions, results, students
from lms_courses.services.case_uses import note_hours
from lms_courses.services.results import ResultValues

Told = Mapping[str, Any]


def _run(story: RunStory) -> RunFacts:
    return runs_by_id([story.run_id])[story.run_id]


def _module(story: RunStory, told: Told) -> Module:
    """The run as who does it meets it."""
    found = module_of(_run(story), story.stage.actor(told["who"]))
    if found is None:
        raise LookupError(f"{told['who']} has nothing to do there")
    return found


def _group(module: Module, name: str) -> GroupAt:
    return next(one for one in module.groups.values() if one.name == name)


def _say_yes(story: RunStory, told: Told) -> None:
    """Students say yes to the agreement on secrecy."""
    nda = nda_of_run(story.run_id)
    if nda is None:
        raise LookupError("there is no agreement")
    for who in told["whose"]:
        module = _module(story, {"who": who})
        students.say_yes(module, nda.key, story.stage.actor(who))


def _with_nda(story: RunStory, told: Told) -> None:
    """The teacher writes down which group works with the agreement."""
    module, actor = _module(story, told), story.stage.actor(told["who"])
    students.set_terms(module, _group(module, told["group"]), True, actor)


def _ask(story: RunStory, told: Told) -> None:
    """A group or a student asks the company, which answers some days later or not yet."""
    actor = story.stage.actor(told["who"])
    key = questions.ask(_module(story, told), told["text"], told.get("personal", False), actor)
    story.keys[told["name"]] = key


def _answer(story: RunStory, told: Told) -> None:
    found = question_by_key(story.keys[told["name"]])
    if found is None:
        raise LookupError(told["name"])
    questions.answer(found, told["text"], found.stamp, story.stage.actor(told["who"]))


def _hours(story: RunStory, told: Told) -> None:
    """How many hours the company has given."""
    actor = story.stage.actor(told["who"])
    note_hours(uses_in_runs([story.run_id])[story.run_id], told["hours"], actor)


def _write_result(story: RunStory, told: Told) -> None:
    values = ResultValues(title=told["title"], text=told["text"], language=told["language"])
    actor = story.stage.actor(told["who"])
    results.write_result(_module(story, told), values, 0, actor)


def _send_results(story: RunStory, told: Told) -> None:
    """The teacher has looked them through, and sends them to practice."""
    module, actor = _module(story, told), story.stage.actor(told["who"])
    found = [result_of_group(_group(module, name).id) for name in told["groups"]]
    keys = [one.key for one in found if one is not None]
    results.send_results(module, keys, True, actor)


def _respond(story: RunStory, told: Told) -> None:
    """Practice says what it makes of a result."""
    found = result_of_group(_group(_module(story, told), told["group"]).id)
    if found is None:
        raise LookupError(told["group"])
    actor = story.stage.actor(told["who"])
    results.respond(found, told["response"], told["reason"], found.stamp, actor)


VERBS: Mapping[str, Callable[[RunStory, Told], None]] = {
    "say_yes": _say_yes,
    "with_nda": _with_nda,
    "ask_company": _ask,
    "answer_question": _answer,
    "note_hours": _hours,
    "write_result": _write_result,
    "send_results": _send_results,
    "respond": _respond,
}
