"""The demo's calls: companies apply, nobody reads it before the last day, and then all are
answered together, by the same verbs as everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lms.api import enrolments_in_run, runs_by_id
from lms_courses.demo.reading import read
from lms_courses.demo.replay import Replay, RunStory
from lms_courses.queries.calls import call_of
from lms_courses.services.applications import ApplicationValues, apply, take_back
from lms_courses.services.calls import CallValues, write_call
from lms_courses.services.deciding import answer
from lms_courses.types import text_of

MOST = 1000


def put_call_on(replay: Replay, story: RunStory) -> None:
    """Put the call of a run on the calendar, those who apply, and what they are answered."""
    told = story.data["call"]
    at = story.calendar.at
    keys: dict[int, str] = {}
    replay.add(at(story.created + 5, "09:00"), _writing(story))
    for number, one in enumerate(told["applications"]):
        asked = at(one["asked"], "09:00", minutes=7 * number)
        replay.add(asked, _applying(story, number, one, keys))
        if one["answer"] == "withdrawn":
            replay.add(at(one["day"], "16:00"), _taking_back(number, one, keys))
        elif one["answer"] is not None:
            day = at(told["closes"] + 1, "10:00", minutes=7 * number)
            replay.add(day, _answering(story, number, one, keys))


def _writing(story: RunStory) -> Callable[[], None]:
    told = story.data["call"]

    def step() -> None:
        values = CallValues(
            criteria=text_of(told["criteria"]),
            category="",
            places=told["places"],
            people=told["people"],
            opens_at=story.calendar.at(story.opened or 0, "09:00"),
            closes_at=story.calendar.at(told["closes"], "23:59"),
        )
        run = runs_by_id([story.run_id])[story.run_id]
        write_call(run, values, story.stage.actor(story.lead))

    return step


def _applying(
    story: RunStory, number: int, one: Mapping[str, Any], keys: dict[int, str]
) -> Callable[[], None]:
    def step() -> None:
        run, call = runs_by_id([story.run_id])[story.run_id], call_of(story.run_id)
        if call is None:
            raise LookupError(story.data["slug"])
        keys[number] = apply(run, call, _values(one))

    return step


def _values(one: Mapping[str, Any]) -> ApplicationValues:
    """What a company of the world wrote, or one that is not part of it."""
    world = read("organisations")
    company = one["company"]
    if isinstance(company, str):
        company = next(o for o in world["organisations"] if o["slug"] == company)
    known = {person["slug"]: person for person in world["people"]}
    people = [known[who] if isinstance(who, str) else who for who in one["people"]]
    return ApplicationValues(
        name=company["name"],
        country=company["country"],
        registration_number=company["registration_number"] or "",
        size=one["size"],
        contact_name=people[0]["name"],
        contact_email=people[0]["email"],
        people=[(person["name"], person["email"]) for person in people],
        why=one["why"],
        language=one["language"],
    )


def _taking_back(
    number: int, one: Mapping[str, Any], keys: Mapping[int, str]
) -> Callable[[], None]:
    return lambda: take_back(keys[number], one["reason"])


def _answering(
    story: RunStory, number: int, one: Mapping[str, Any], keys: Mapping[int, str]
) -> Callable[[], None]:
    def step() -> None:
        actor = story.stage.actor(story.lead)
        outcome = answer(keys[number], one["answer"], one["reason"], actor, checked=True)
        if outcome.refusals or outcome.left_out:
            raise RuntimeError(f"{one['company']} in {story.data['slug']}: {outcome}")
        slugs = {person_id: slug for slug, person_id in story.stage.people.items()}
        for row in enrolments_in_run(story.run_id, limit=MOST):
            story.enrolments[slugs[row.enrolment.person_id]] = row.enrolment.id

    return step
