"""What staff do in a track of the demo: journeys, one small thing tried, and what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from lms.api import put_into_groups, runs_by_id
from lms_courses.demo.replay import RunStory
from lms_courses.queries.ideas import ideas_of
from lms_courses.queries.journeys import journey_of, journey_place
from lms_courses.queries.staff import Seat, seat_of
from lms_courses.queries.tryouts import TryoutFacts, TryoutPlace, tryout_of, tryout_place
from lms_courses.services import decisions, journeys, tryouts
from lms_courses.services.decisions import DecisionValues
from lms_courses.services.journeys import JourneyValues
from lms_courses.services.tryouts import Note, Plan

Told = Mapping[str, Any]


def _seat(story: RunStory, told: Told) -> Seat:
    """The seat of who does it, or of whom it is about."""
    return seat_of(story.enrolments[told.get("of", told["who"])])


def _tryout(story: RunStory, told: Told) -> TryoutFacts:
    found = tryout_of(_seat(story, told))
    if found is None:
        raise LookupError(f"{told.get('of', told['who'])} tries nothing")
    return found


def _place(story: RunStory, told: Told) -> TryoutPlace:
    key = _tryout(story, told).key
    found = tryout_place(key, story.stage.actor(told["who"]))
    if found is None:
        raise LookupError(f"{told['who']} does not see what {told.get('of', '')} tries")
    return found


def _day(story: RunStory, day: int) -> date:
    return story.calendar.at_work(day, "12:00").date()


def _group(story: RunStory, told: Told) -> None:
    """A teacher puts participants into groups."""
    wanted = {
        story.enrolments[who]: name for name, whose in told["groups"].items() for who in whose
    }
    put_into_groups(story.run_id, wanted, story.stage.actor(told["who"]))


# --- journeys -----------------------------------------------------------------------------------


def _journey(story: RunStory, told: Told) -> None:
    values = JourneyValues(
        title=told["title"],
        steps=[dict(zip(journeys.PARTS, step, strict=True)) for step in told["steps"]],
        checked_with=told["checked_with"],
        language=told["language"],
    )
    run = runs_by_id([story.run_id])[story.run_id]
    enrolment_id = story.enrolments[told["who"]]
    journeys.write_journey(run.id, run.key, enrolment_id, values, story.stage.actor(told["who"]))


def _look_through(story: RunStory, told: Told) -> None:
    """The teacher sees that nobody can be known from it."""
    journey = journey_of([story.enrolments[told["of"]]])
    actor = story.stage.actor(told["who"])
    place = journey_place(journey.key, actor) if journey is not None else None
    if place is None:
        raise LookupError(told["of"])
    journeys.look_through(place, actor, revision=place.journey.revision)


# --- what is tried ------------------------------------------------------------------------------


def _plan_tryout(story: RunStory, told: Told) -> None:
    """One small thing is planned; with an idea that the work of the pair ended in, if any did."""
    seat, actor = _seat(story, told), story.stage.actor(told["who"])
    ideas = ideas_of(seat.ids, "", actor)
    plan = Plan(
        what=told["what"],
        measure=told["measure"],
        begins_on=_day(story, told["begins"]),
        idea=("idea", ideas[0].key) if ideas else None,
    )
    tryouts.plan_tryout(seat, plan, actor)


def _ask(story: RunStory, told: Told) -> None:
    tryouts.ask_manager(_tryout(story, told), _seat(story, told), story.stage.actor(told["who"]))


def _answer(story: RunStory, told: Told) -> None:
    actor = story.stage.actor(told["who"])
    tryouts.answer(_tryout(story, told), told["yes"], told.get("reason", ""), actor)


def _note(told: Told) -> Note:
    return Note(before=told["before"], after=told.get("after", ""), learned=told.get("learned", ""))


def _note_tryout(story: RunStory, told: Told) -> None:
    found, actor = _tryout(story, told), story.stage.actor(told["who"])
    tryouts.save_note(found, _note(told), actor, revision=found.revision)


def _hand_in(story: RunStory, told: Told) -> None:
    found, actor = _tryout(story, told), story.stage.actor(told["who"])
    tryouts.hand_in(found, _seat(story, told), _note(told), actor, revision=found.revision)


def _confirm(story: RunStory, told: Told) -> None:
    tryouts.confirm(_place(story, told), story.stage.actor(told["who"]))


# --- what is decided ----------------------------------------------------------------------------


def _decide(story: RunStory, told: Told) -> None:
    values = DecisionValues(
        outcome=told["outcome"],
        reason=told["reason"],
        decided_on=story.calendar.at(told["day"], "12:00").date(),
        next_step=told["next_step"],
        carried_by=told["carried_by"],
        wake_on=_day(story, told["wake"]) if "wake" in told else None,
    )
    decisions.decide(_place(story, told), values, story.stage.actor(told["who"]))


def _sign(story: RunStory, told: Told) -> None:
    decisions.sign(_place(story, told), story.stage.actor(told["who"]))


VERBS: Mapping[str, Callable[[RunStory, Told], None]] = {
    "group": _group,
    "journey": _journey,
    "look_through": _look_through,
    "plan_tryout": _plan_tryout,
    "ask_manager": _ask,
    "answer_tryout": _answer,
    "note_tryout": _note_tryout,
    "hand_in_tryout": _hand_in,
    "confirm_tryout": _confirm,
    "decide": _decide,
    "sign_decision": _sign,
}
