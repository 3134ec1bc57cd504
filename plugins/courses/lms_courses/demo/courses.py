"""The demo's courses and runs, made and lived through by the verbs that everybody uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lms.api import (
    Actor,
    CompletionRule,
    CourseType,
    Phase,
    RunPlan,
    SessionPlan,
    add_teaching_slot,
    add_to_team,
    approve_version,
    ask_others,
    course_plan,
    create_course,
    create_version,
    keep_seats_for,
    sessions_of,
    set_terms,
    start_run,
    terms_of,
    titles_owned_by,
    unit_of_work,
)
from lms_courses.demo.calls import put_call_on
from lms_courses.demo.cases import CaseStory
from lms_courses.demo.lived import put_lived_on
from lms_courses.demo.reading import Calendar, courses, runs_of
from lms_courses.demo.replay import Replay, RunStory, Stage
from lms_courses.demo.world import organisations_by_slug, people_by_slug
from lms_courses.types import KEYS, text_of

APPROVER = "klyngen-systemadministrator"
ZONE = "Europe/Copenhagen"
RULE = ("attendance", "declared")


def load_courses() -> None:
    """Load the courses whose type is installed and that are not there yet, with their runs.

    Everything happens in the order of days and in one transaction: the demo is there as a whole
    or not at all. Raises `LookupError` when the world is missing, and `RuntimeError` when an
    enrolment does not end as the file tells.
    """
    stage = Stage(organisations=organisations_by_slug(), people=people_by_slug())
    new = [(course, plan) for course in courses() if (plan := _wanted(course, stage)) is not None]
    if not new:
        return
    replay = Replay()
    stories: list[RunStory] = []
    for course, plan in new:
        stories += _plan_course(course, plan, stage, replay)
    with unit_of_work():
        replay.run()
        for story in stories:
            story.check()


def _ask_what_else(replay: Replay, story: RunStory) -> None:
    """What other plugins let happen in the run, from now on."""
    told = {
        "run": story.data["slug"],
        "run_id": story.run_id,
        "people": dict(story.stage.people),
        "enrolments": story.enrolments,
        "at": story.calendar.at,
    }
    for answer in ask_others("courses_demo_days", **told):
        for moment, step in answer.value:
            replay.add(moment, step)


def _wanted(course: Mapping[str, Any], stage: Stage) -> CourseType | None:
    plan = course_plan(course["course_type"])
    if plan is None:
        return None
    titles = titles_owned_by(stage.organisations[course["owner"]], plan.key)
    return None if text_of(course["title"]) in titles.values() else plan


def _plan_course(
    course: Mapping[str, Any], plan: CourseType, stage: Stage, replay: Replay
) -> Sequence[RunStory]:
    """Put the making of a course and the stories of its runs on the calendar."""
    runs = runs_of(course["slug"])
    stories = [RunStory(run, stage, own=plan.key in KEYS) for run in runs]
    calendar = Calendar(ZONE)
    first = min(story.created for story in stories)
    author = stage.actor(_lead_of(runs[0]))
    versions: list[int] = []
    cases: list[CaseStory] = []
    if "case" in course:
        owner = stage.organisations[course["owner"]]
        cases.append(CaseStory(course["case"], owner, _lead_of(runs[0]), stage))
        cases[0].put_on(replay, calendar, first - 10)

    def make() -> None:
        versions.append(_make(course, plan, stage, author))
        told = {"course": course["slug"], "version_id": versions[0], "author": author}
        for answer in ask_others("courses_demo_drafts", **told):
            answer.value()

    def approve() -> None:
        approve_version(versions[0], stage.actor(APPROVER))

    replay.add(calendar.at(first - 10, "10:00"), make)
    replay.add(calendar.at(first - 4, "10:00"), approve)
    for story in stories:

        def open_up(story: RunStory = story) -> None:
            story.begin(*_make_run(versions[0], course, story, stage))
            for case in cases:
                case.take_into(story.run_id)
            _ask_what_else(replay, story)

        replay.add(story.calendar.at(story.created, "08:00"), open_up)
        story.put_on(replay)
        if "call" in story.data:
            put_call_on(replay, story)
        put_lived_on(replay, story)
    return stories


def _make(course: Mapping[str, Any], plan: CourseType, stage: Stage, author: Actor) -> int:
    course_id = create_course(plan.key, stage.organisations[course["owner"]], author)
    return create_version(
        course_id,
        author,
        plan=replace(plan, phases=_phases(course["phases"])),
        title=text_of(course["title"]),
        lead=text_of(course["lead"]),
        purpose=text_of(course["purpose"]),
        target_group=text_of(course["target_group"]),
        outcomes=[text_of(outcome) for outcome in course["outcomes"]],
        minutes=course["minutes"],
        practice_minutes=course["practice_minutes"],
        languages=course["languages"],
        modules=_modules(course["modules"], plan),
        rule=_rule(plan),
    )


def _rule(plan: CourseType) -> CompletionRule:
    """What the file's people have done: they were there, and the teacher vouches for their work."""
    told = {name: plan.rule.conditions[name] for name in RULE if name in plan.rule.conditions}
    return replace(plan.rule, conditions=told) if plan.key in KEYS else plan.rule


def _phases(data: Iterable[Mapping[str, Any]]) -> tuple[Phase, ...]:
    return tuple(
        Phase(key=one["key"], title=text_of(one["title"]), purpose=text_of(one["purpose"]))
        for one in data
    )


def _modules(data: Sequence[Mapping[str, Any]], plan: CourseType) -> list[dict[str, Any]]:
    """The file's modules in the shape a version stores; a module takes its activity type from
    the type's module of the same name."""
    known = {module.key: module.activity_type for module in plan.modules}
    return [{**one, "activity_type": known.get(one["key"], "session")} for one in data]


def _make_run(
    version_id: int, course: Mapping[str, Any], story: RunStory, stage: Stage
) -> tuple[int, Mapping[int, int]]:
    """A planned run with team and teaching slots: its id, and its sessions' ids by index."""
    run = story.data
    lead = stage.actor(_lead_of(run))
    modules = {module["key"]: module for module in course["modules"]}
    plan = RunPlan(
        hosts=[stage.organisations[slug] for slug in run["hosts"]],
        partners=[stage.organisations[slug] for slug in run["partners"]],
        sessions=[
            _session(session, modules[session["module"]], story.calendar)
            for session in run["sessions"]
        ],
        title=text_of(run["title"]),
        capacity=run["capacity"],
        zone=run["zone"],
        venue=run["venue"],
        town=run["town"],
        price=run["price"],
        currency=run["currency"],
        visibility=run["visibility"],
        languages=run["languages"],
        enrol_until=story.calendar.at(run["enrol_until"], "23:59"),
    )
    run_id = start_run(version_id, plan, lead)
    if "terms" in run:
        _write_terms(run_id, run["terms"], story.calendar, stage, lead)
    for member in run["team"]:
        add_to_team(run_id, stage.people[member["person"]], member["role"], lead)
    sessions = {index: facts.id for index, facts in enumerate(sessions_of([run_id])[run_id])}
    for slot in run["slots"]:
        add_teaching_slot(
            sessions[slot["session"]],
            lead,
            topic=text_of(slot["topic"]),
            minutes=slot["minutes"],
            state=slot["state"],
            person_id=stage.people[slot["person"]] if slot["person"] else None,
            organisation_id=(
                stage.organisations[slot["organisation"]] if slot["organisation"] else None
            ),
            product=slot["product"] or "",
        )
    return run_id, sessions


def _write_terms(
    run_id: int, told: Mapping[str, Any], calendar: Calendar, stage: Stage, lead: Actor
) -> None:
    """What the file says differs from the terms that the course type gives a run."""
    values: dict[str, Any] = {}
    for name, value in told.items():
        if name in ("decide_by", "withdraw_until", "draw_at"):
            values[name] = calendar.at(value, "12:00")
        elif name != "kept":
            values[name] = tuple(value) if isinstance(value, list) else value
    set_terms(replace(terms_of([run_id])[run_id], **values), lead)
    for kept in told.get("kept", ()):
        release_at = calendar.at(kept["release"], "12:00")
        organisation_id = stage.organisations[kept["organisation"]]
        keep_seats_for(run_id, organisation_id, kept["seats"], release_at, lead)


def _session(
    session: Mapping[str, Any], module: Mapping[str, Any], calendar: Calendar
) -> SessionPlan:
    return SessionPlan(
        title=text_of(module["title"]),
        content=text_of(module["content"]),
        starts_at=calendar.at_work(session["day"], session["start"]),
        ends_at=calendar.at_work(session["day"], session["end"]),
        module=module["key"],
        venue=session["venue"],
        between=text_of(module["between"] or {}),
        between_minutes=module["between_minutes"],
    )


def _lead_of(run: Mapping[str, Any]) -> str:
    slug: str = next(m["person"] for m in run["team"] if m["role"] == "programme_lead")
    return slug
