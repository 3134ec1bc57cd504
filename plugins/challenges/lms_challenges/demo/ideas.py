"""Idea development in the demo: one run that is over, and one in which points are being given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from lms.api import (
    Entry,
    LocalisedText,
    Presence,
    RunPlan,
    SessionPlan,
    add_to_team,
    approve_version,
    ask_for_seat,
    change_run_state,
    create_course,
    create_version,
    decide_completions,
    say_yes,
    sessions_of,
    set_attendance,
    start_run,
)
from lms_challenges.course_type import COURSE_TYPE, KEY
from lms_challenges.demo.cast import Cast
from lms_challenges.demo.reading import ZONE, Calendar, Framed, Replay, localised, number, read
from lms_challenges.queries.ideas import (
    IdeaFacts,
    clusters_in_run,
    idea_with_key,
    ideas_in_run,
    in_scope,
)
from lms_challenges.queries.workroom import Criterion, rooms_of
from lms_challenges.services.ideas import IdeaValues, Writer, move_idea, write_idea, write_sheet
from lms_challenges.services.scoring import score_idea
from lms_challenges.services.workroom import (
    add_cluster,
    move_stage,
    put_into_cluster,
    set_challenges,
    set_criteria,
    tick_exercise,
    write_question,
)
from lms_challenges.stages import CRITERIA, EXERCISES

Told = Mapping[str, Any]
Challenges = Mapping[str, Framed]
BEGINS, ENDS, MINUTES = "09:00", "12:00", 180
SEATS = 12
COMPLETED = "completed"
LIKED = {"at_gate": 2, "sheet": 2, "shortlisted": 1}
"""Points that what was chosen has before chance comes in."""


class Development:
    """The course of idea development, and its runs."""

    def __init__(self, cast: Cast, calendar: Calendar, challenges: Challenges) -> None:
        self.cast = cast
        self.calendar = calendar
        self.told: dict[str, Any] = read("ideas")
        self.version_id = 0
        self.runs = [Run(told, self, challenges) for told in self.told["runs"]]

    def put_on(self, replay: Replay) -> None:
        """Put everything on the calendar."""
        replay.add(self.calendar.at(self.told["made"], "10:00"), self._make)
        replay.add(self.calendar.at(self.told["approved"], "10:00"), self._approve)
        for run in self.runs:
            run.put_on(replay)

    def _make(self) -> None:
        author = self.cast.actor(self.told["author"])
        texts = self.told["course"]
        course_id = create_course(KEY, self.cast.organisations[self.told["owner"]], author)
        self.version_id = create_version(
            course_id,
            author,
            plan=COURSE_TYPE,
            title=localised(texts["title"]),
            lead=localised(texts["lead"]),
            purpose=localised(texts["purpose"]),
            target_group=localised(texts["target_group"]),
            outcomes=[localised(outcome) for outcome in texts["outcomes"]],
            minutes=sum(module.minutes for module in COURSE_TYPE.modules),
            languages=["da", "sv"],
        )

    def _approve(self) -> None:
        approve_version(self.version_id, self.cast.actor(self.told["approver"]))


class Run:
    """One run: its people, what they think of, what the group chooses."""

    def __init__(self, told: Told, course: Development, challenges: Challenges) -> None:
        self.told = told
        self.course = course
        self.cast = course.cast
        self.at = course.calendar.at
        self.challenges = challenges
        self.id = 0
        self.seats: dict[str, int] = {}
        self.keys: list[str] = []
        self.lead = course.told["author"]

    def put_on(self, replay: Replay) -> None:
        """Put everything on the calendar."""
        told, at = self.told, self.at
        replay.add(at(told["created"], "09:00"), self._make)
        replay.add(at(told["created"] + 2, "09:00"), partial(self._to, "announced"))
        replay.add(at(told["open"], "09:00"), partial(self._to, "open"))
        for place, (person, manager) in enumerate(told["people"].items()):
            replay.add(at(told["asked"], "09:20", 7 * place), partial(self._ask, person))
            agree = partial(self._agree, person, manager)
            replay.add(at(told["agreed"], "13:20", 7 * place), agree)
        replay.add(at(told["closed"], "08:00"), partial(self._to, "closed"))
        first, second, third = told["sessions"]
        replay.add(at(first, BEGINS), partial(self._to, "running"))
        replay.add(at(first, ENDS, 15), partial(self._held, 0))
        for place in range(len(told["ideas"])):
            replay.add(at(first + 2, "15:00", 11 * place), partial(self._write, place))
        replay.add(at(second, "10:00"), self._cluster)
        replay.add(at(second, ENDS, 15), partial(self._held, 1))
        replay.add(at(second + 1, "09:00"), self._fix)
        for place, person in enumerate([*told["people"]][: told["scored_by"]]):
            score = partial(self._score, person)
            replay.add(at(second + 3, "12:00", 13 * place), score)
        if told["state"] == COMPLETED:
            replay.add(at(third, "10:00"), self._choose)
            replay.add(at(third, ENDS, 15), partial(self._held, 2))
            replay.add(at(third, ENDS, 60), self._decide)
            replay.add(at(third, ENDS, 120), partial(self._to, COMPLETED))
            replay.add(at(third + 2, "10:00"), partial(self._stage, "closed"))

    # --- the run --------------------------------------------------------------------------------

    def _make(self) -> None:
        lead, told = self.cast.actor(self.lead), self.told
        plan = RunPlan(
            title=localised(told["title"]),
            hosts=[self.cast.organisations[self.course.told["owner"]]],
            partners=[self.cast.organisations[one] for one in self.course.told["partners"]],
            zone=ZONE,
            sessions=[
                SessionPlan(
                    title=module.title,
                    content=module.content,
                    starts_at=self.at(day, BEGINS),
                    ends_at=self.at(day, ENDS),
                    module=module.key,
                    between=module.between or LocalisedText(),
                    between_minutes=module.between_minutes,
                )
                for day, module in zip(told["sessions"], COURSE_TYPE.modules, strict=True)
            ],
            capacity=SEATS,
            town="Prøvestad",
            languages=["da", "sv"],
            enrol_until=self.at(told["closed"] - 1, "23:59"),
        )
        self.id = start_run(self.course.version_id, plan, lead)
        for role in ("teacher", "programme_lead"):
            add_to_team(self.id, self.cast.people[self.lead], role, lead)
        ids = [self.challenges[slug].id for slug in told["challenges"]]
        set_challenges(self.id, ids, lead, state="planned")
        write_question(self.id, told["question"], told["notes"], lead, revision=self._revision())
        criteria = [Criterion(key=key, text=CRITERIA[key]) for key in told["criteria"]]
        set_criteria(self.id, criteria, lead, revision=self._revision())

    def _revision(self) -> int:
        return rooms_of([self.id])[self.id].revision

    def _to(self, state: str) -> None:
        change_run_state(self.id, state, self.cast.actor(self.lead))

    def _ask(self, person: str) -> None:
        actor = self.cast.actor(person)
        self.seats[person] = ask_for_seat(self.cast.people[person], self.id, actor, entry=Entry())

    def _agree(self, person: str, manager: str) -> None:
        say_yes(self.seats[person], self.cast.actor(manager))

    def _held(self, place: int) -> None:
        lead = self.cast.actor(self.lead)
        lines = [
            Presence(enrolment_id=seat, mode="present", minutes=MINUTES)
            for seat in self.seats.values()
        ]
        set_attendance(sessions_of([self.id])[self.id][place].id, lines, lead)
        tick_exercise(self.id, EXERCISES[place].key, True, lead)

    def _decide(self) -> None:
        decide_completions(list(self.seats.values()), self.cast.actor(self.lead))

    # --- the workroom ---------------------------------------------------------------------------

    def _write(self, place: int) -> None:
        told = self.told["ideas"][place]
        person = told["by"]
        values = IdeaValues(
            title=told["title"],
            text=told["text"],
            language=told.get("language", "da"),
            challenge_id=self.challenges[told["for"]].id,
            voiced_for=told.get("voiced_for", False),
        )
        where = self.cast.place(person).organisation_id
        writer = Writer(enrolment_id=self.seats[person], organisation_id=where)
        self.keys.append(write_idea(self.id, values, self.cast.actor(person), writer))

    def _cluster(self) -> None:
        lead = self.cast.actor(self.lead)
        self._stage("clustering")
        for title in self.told["clusters"]:
            add_cluster(self.id, title, lead)
        for place, cluster in enumerate(clusters_in_run(self.id)):
            inside = [
                key
                for key, told in zip(self.keys, self.told["ideas"], strict=True)
                if told["in"] == place
            ]
            put_into_cluster(self.id, inside, cluster.id, lead)

    def _fix(self) -> None:
        self._stage("scoring")

    def _stage(self, stage: str) -> None:
        move_stage(self.id, stage, self.cast.actor(self.lead))

    def _score(self, person: str) -> None:
        room = rooms_of([self.id])[self.id]
        actor = self.cast.actor(person)
        for place, idea in enumerate(ideas_in_run(self.id)):
            if in_scope(room, idea):
                liked = LIKED.get(self.told["ideas"][place]["end"], 0)
                values = {
                    one.key: liked + number(person, place, one.key) % 4 for one in room.criteria
                }
                score_idea(self.id, idea.id, values, self.seats[person], actor)

    def _choose(self) -> None:
        for key, told in zip(self.keys, self.told["ideas"], strict=True):
            if told["end"] is not None:
                self._end(key, told)

    def _end(self, key: str, told: Told) -> None:
        lead, end = self.cast.actor(self.lead), told["end"]
        if end in ("stored", "declined"):
            move_idea(self._idea(key), end, lead, reason=told["reason"])
            return
        move_idea(self._idea(key), "shortlisted", lead)
        if "sheet" in told:
            idea = self._idea(key)
            author = self.cast.actor(told["by"])
            write_sheet(idea, told["sheet"], author, revision=idea.revision)
        if end == "at_gate":
            move_idea(self._idea(key), end, lead)

    def _idea(self, key: str) -> IdeaFacts:
        found = idea_with_key(key)
        if found is None:
            raise LookupError(key)
        return found
