"""Living through the runs of the demo in the order of days, with the clock stopped at each step.

Nothing is written to tables by hand: people ask, managers answer, teachers keep the register. What
the house does by itself (seats, offers, the waiting list) it does here by itself, and at the end
each enrolment must stand where the file says it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any

from lms.api import (
    SYSTEM,
    Actor,
    Entry,
    Presence,
    accept_offer,
    actor_for_person,
    ask_for_seat,
    change_run_state,
    decide_completions,
    declare,
    enrolments_by_id,
    finish,
    lapse_overdue,
    say_no,
    say_yes,
    set_attendance,
    stopped_clock,
    withdraw,
)
from lms_courses.demo.reading import Calendar

TAUGHT = ("running", "completed")
CLOSED = ("closed", *TAUGHT)
DECIDED = ("completed", "not_completed")


class Replay:
    """Steps with their moments, run in the order of time; of one moment, in the order added. A
    step may add others that come after it."""

    def __init__(self) -> None:
        self._steps: list[tuple[datetime, int, Callable[[], None]]] = []
        self._added = count()

    def add(self, moment: datetime, step: Callable[[], None]) -> None:
        """Put a step on the calendar."""
        heappush(self._steps, (moment, next(self._added), step))

    def run(self) -> None:
        """Take every step, with the clock stopped at its moment."""
        while self._steps:
            moment, _number, step = heappop(self._steps)
            with stopped_clock(moment):
                step()


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """Who is there: ids by the slugs of the files; people as actors, looked up once."""

    organisations: Mapping[str, int]
    people: Mapping[str, int]
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, slug: str | None) -> Actor:
        """The person as an actor; None is the house itself."""
        if slug is None:
            return SYSTEM
        if slug not in self._actors:
            self._actors[slug] = actor_for_person(self.people[slug])
        return self._actors[slug]


class RunStory:
    """One run of the file, and what happened in it. Days are counted from today. `own` says that
    its course type is this plugin's. `keys` fills with keys of what people wrote, by names of the
    file."""

    def __init__(self, data: Mapping[str, Any], stage: Stage, *, own: bool) -> None:
        self.data = data
        self.stage = stage
        self.own = own
        self.calendar = Calendar(data["zone"])
        self.run_id = 0
        self.sessions: Mapping[int, int] = {}
        self.enrolments: dict[str, int] = {}
        self.keys: dict[str, str] = {}
        asked = [enrolment["asked"] for enrolment in data["enrolments"]]
        if "call" in data:
            asked = [application["asked"] for application in data["call"]["applications"]]
        self.opened = min(asked) - 7 if asked else None
        self.created = self.opened - 10 if self.opened is not None else -20
        self.lead = self._member("programme_lead")
        self.teacher = self._member("teacher")

    def _member(self, role: str) -> str:
        slug: str = next(m["person"] for m in self.data["team"] if m["role"] == role)
        return slug

    def begin(self, run_id: int, sessions: Mapping[int, int]) -> None:
        """The run was made: its id, and its sessions' ids by index."""
        self.run_id = run_id
        self.sessions = sessions

    def check(self) -> None:
        """Raise `RuntimeError` unless every enrolment stands where the file says. Of a type that
        another plugin brings, some still wait for conditions of its own, which that plugin's step
        of the demo sees to."""
        facts = enrolments_by_id(list(self.enrolments.values()))
        for told in self.data["enrolments"]:
            found = facts[self.enrolments[told["person"]]].state
            waits = not self.own and found == "active" and told["state"] in DECIDED
            if found != told["state"] and not waits:
                slug = self.data["slug"]
                raise RuntimeError(
                    f"{told['person']} in {slug} should be {told['state']} and is {found}"
                )

    # --- the calendar ---------------------------------------------------------------------------

    def put_on(self, replay: Replay) -> None:
        """Put what the core knows of on the calendar, from the day the run was made."""
        self._states(replay)
        for number, told in enumerate(self.data["enrolments"]):
            self._enrolment(replay, told, number)
        if self.data["state"] in TAUGHT:
            self._teaching(replay)

    def _states(self, replay: Replay) -> None:
        at = self.calendar.at
        replay.add(at(self.created + 6, "08:00"), self._to("announced"))
        if self.opened is not None:
            replay.add(at(self.opened, "08:00"), self._to("open"))
        state = self.data["state"]
        if state in CLOSED:
            replay.add(at(self.data["enrol_until"] + 1, "08:00"), self._to("closed"))
        if state in TAUGHT:
            first = self.data["sessions"][0]
            began = self.calendar.at_work(first["day"], first["start"])
            replay.add(began, self._to("running"))
        if state == "completed":
            replay.add(self._end() + timedelta(hours=3), self._to("completed"))
        if state == "cancelled":
            day = max(
                step["day"]
                for told in self.data["enrolments"]
                for step in told["history"]
                if step["state"] == "cancelled"
            )
            reason = self.data["state_reason"]["da"]
            replay.add(at(day, "11:00"), self._to("cancelled", reason))

    def _to(self, state: str, reason: str = "") -> Callable[[], None]:
        def step() -> None:
            change_run_state(self.run_id, state, self.stage.actor(self.lead), reason)

        return step

    def _end(self) -> datetime:
        last = self.data["sessions"][-1]
        return self.calendar.at_work(last["day"], last["end"])

    def _enrolment(self, replay: Replay, told: Mapping[str, Any], number: int) -> None:
        """What people did about one enrolment; the rest follows by itself."""
        before = None
        for step in told["history"]:
            verb = self._verb(told, before, step)
            if verb is not None:
                clock, do = verb
                replay.add(self.calendar.at(step["day"], clock, minutes=7 * number), do)
            before = step["state"]

    def _verb(
        self, told: Mapping[str, Any], before: str | None, step: Mapping[str, Any]
    ) -> tuple[str, Callable[[], None]] | None:
        """The time of day and the verb behind a step of the file; None when nobody did it."""
        person = told["person"]
        actor = self.stage.actor
        reason = step["reason"] or ""

        def ask() -> None:
            self.enrolments[person] = ask_for_seat(
                self.stage.people[person],
                self.run_id,
                actor(person),
                goal=told["goal"],
                answers=told["answers"],
                entry=Entry(entry_key=self.data.get("terms", {}).get("entry_key", "")),
            )

        def agree() -> None:
            say_yes(self.enrolments[person], actor(step["by"]))

        def decline() -> None:
            say_no(self.enrolments[person], actor(step["by"]), reason)

        def accept() -> None:
            accept_offer(self.enrolments[person], actor(person))

        def leave() -> None:
            withdraw(self.enrolments[person], actor(person), reason)

        def lapse() -> None:
            lapse_overdue(SYSTEM)

        verbs: Mapping[tuple[str | None, str], tuple[str, Callable[[], None]]] = {
            (None, "requested"): ("09:00", ask),
            ("awaiting_approval", "seated"): ("13:00", agree),
            ("awaiting_approval", "waitlisted"): ("13:00", agree),
            ("awaiting_approval", "declined"): ("13:00", decline),
            ("awaiting_approval", "lapsed"): ("18:00", lapse),
            ("offered", "seated"): ("15:00", accept),
        }
        if before is None and "call" in self.data:
            return None  # who applied is given a seat with the company's place
        if step["state"] == "withdrawn":
            return "16:00", leave
        return verbs.get((before, step["state"]))

    # --- teaching -------------------------------------------------------------------------------

    def _teaching(self, replay: Replay) -> None:
        for session in self.data["sessions"]:
            if session["state"] == "held":
                ended = self.calendar.at_work(session["day"], session["end"])
                replay.add(ended + timedelta(minutes=15), self._register(session["index"]))
        if self.data["state"] == "completed":
            replay.add(self._end() + timedelta(hours=1), self._vouch)
            replay.add(self._end() + timedelta(hours=2), self._decide)

    def _register(self, index: int) -> Callable[[], None]:
        def step() -> None:
            lines = [
                Presence(
                    enrolment_id=self.enrolments[told["person"]],
                    mode=mark["mode"],
                    minutes=mark["minutes"],
                )
                for told in self.data["enrolments"]
                for mark in told["attendance"]
                if mark["session"] == index
            ]
            set_attendance(self.sessions[index], lines, self.stage.actor(self.teacher))

        return step

    def _vouch(self) -> None:
        """The teacher's word on each one's work, with a note where it fell short."""
        for told in self.data["enrolments"]:
            if told["accepted"] is not None:
                declare(
                    self.enrolments[told["person"]],
                    told["accepted"],
                    told["reason"] or "",
                    self.stage.actor(self.teacher),
                )

    def _decide(self) -> None:
        teacher = self.stage.actor(self.teacher)
        for told in self._in_state("no_show"):
            finish(self.enrolments[told["person"]], "no_show", teacher, told["reason"])
        taught = [*self._in_state("completed"), *self._in_state("not_completed")]
        decide_completions([self.enrolments[told["person"]] for told in taught], teacher)

    def _in_state(self, state: str) -> Sequence[Mapping[str, Any]]:
        return [told for told in self.data["enrolments"] if told["state"] == state]
