"""The demo's problems: told, looked through, joined by others, gathered, answered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from lms_challenges.demo.cast import Cast
from lms_challenges.demo.reading import Calendar, Framed, Replay, number, pick, read
from lms_challenges.demo.telling import (
    CHANNELS,
    SHOWN,
    WAITING,
    Problem,
    Voice,
    told_problems,
    voices_of,
    weight_of,
)
from lms_challenges.queries.problems import ProblemFacts, problems_by_id
from lms_challenges.services.desk import answer, ask, check, move_problem
from lms_challenges.services.merging import merge, unmerge
from lms_challenges.services.reporting import ReportValues, add_voice, report, withdraw

SOLUTIONS = "https://eksempelby.example/det-findes-allerede/"
SLEEPS = (25, 60, 120)
"""In how many days from today what was put off is taken up."""


class Needs:
    """All that is told of problems. `challenges` have their id once they are framed."""

    def __init__(self, cast: Cast, calendar: Calendar, challenges: Mapping[str, Framed]) -> None:
        self.cast = cast
        self.calendar = calendar
        self.challenges = challenges
        self.told = told_problems(cast, calendar)
        self.ids: dict[int, int] = {}
        self.words: Mapping[str, Any] = read("words")

    def put_on(self, replay: Replay) -> None:
        """Put everything on the calendar."""
        for one in self.told:
            self._put_on(replay, one)

    def _put_on(self, replay: Replay, one: Problem) -> None:
        at = self.calendar.at
        minutes = one.number % 50
        replay.add(at(one.day, "06:50", minutes * 11), partial(self._report, one))
        if one.day < -2 and not one.held:
            replay.add(at(one.day + 1, "08:10", minutes), partial(self._check, one))
        for voice in voices_of(one, self.cast):
            replay.add(at(voice.day, "11:30", minutes), partial(self._join, one, voice))
        if one.asked:
            day = min(one.day + 3, one.end_day - 2) if one.end_day else one.day + 3
            replay.add(at(max(day, one.day + 1), "09:05", minutes), partial(self._ask, one))
            if one.answers:
                day = max(day, one.day + 1)
                replay.add(at(day + 1, "14:30", minutes), partial(self._answer, one))
        if one.end != WAITING:
            replay.add(at(one.end_day, "15:20", minutes), partial(self._end, one))
        if one.apart:
            replay.add(at(one.end_day, "16:40", minutes), partial(self._apart, one))

    # --- what is done ---------------------------------------------------------------------------

    def facts(self, one: Problem) -> ProblemFacts:
        """The problem as it stands now."""
        return problems_by_id([self.ids[one.number]])[self.ids[one.number]]

    def say(self, what: str, one: Problem) -> str:
        """One of the ways to say it in the problem's language."""
        ways: list[str] = self.words[what][one.language]
        return pick(ways, what, one.number)

    def _report(self, one: Problem) -> None:
        where = self.cast.place(one.teller)
        frequency, severity = weight_of(one, 0)
        channel = pick(CHANNELS, "channel", one.number)
        passage = " " + self.words["passage"][one.language] if one.passage else ""
        told = report(
            ReportValues(
                title=one.text["title"],
                what=one.text["what"] + passage,
                today=one.text["today"],
                language=one.language,
                place_kind=one.situation["place_kind"],
                organisation_id=where.organisation_id,
                unit_id=where.unit_id,
                function_id=where.function_id,
                affected=tuple(one.situation["affected"]),
                consequences=tuple(one.situation["consequences"]),
                apv="working_environment" in one.situation["consequences"],
                channel=channel,
                shown=pick(SHOWN, "shown", one.number),
                frequency=frequency,
                severity=severity,
            ),
            self.cast.actor(one.teller),
        )
        self.ids[one.number] = told.id

    def _check(self, one: Problem) -> None:
        check(self.facts(one), self.cast.desk(one.organisation))

    def _join(self, one: Problem, voice: Voice) -> None:
        add_voice(self.ids[one.number], voice.values, self.cast.actor(voice.teller))

    def _ask(self, one: Problem) -> None:
        ask(self.facts(one), self.say("question", one), self.cast.desk(one.organisation))

    def _answer(self, one: Problem) -> None:
        answer(self.facts(one), self.say("answer", one), self.cast.actor(one.teller))

    def _end(self, one: Problem) -> None:
        if one.into is not None:
            self._gather(one, one.into)
        elif one.end == "withdrawn":
            withdraw(self.facts(one), self.cast.actor(one.teller))
        else:
            self._move(one)

    def _gather(self, one: Problem, into: int) -> None:
        desk = self.cast.desk(one.organisation, self.told[into].organisation)
        merge(self.ids[one.number], self.ids[into], desk, self.say("merge", one))

    def _apart(self, one: Problem) -> None:
        """It was something else after all, and is answered by itself."""
        desk = self.cast.desk(one.organisation)
        unmerge(self.ids[one.number], desk, self.say("unmerge", one))
        reason = self.say("answered_locally", one)
        move_problem(self.facts(one), "answered_locally", desk, reason=reason)

    def _move(self, one: Problem) -> None:
        more: dict[str, Any] = {}
        if one.end == "accepted":
            more["challenge_id"] = self.challenges[one.situation["challenge"]].id
        elif one.end == "known_solution":
            more["known_url"] = SOLUTIONS + one.situation["slug"]
        elif one.end == "parked":
            more["wake_on"] = self.calendar.day(pick(SLEEPS, "sleep", number(one.number)))
        desk, reason = self.cast.desk(one.organisation), self.say(one.end, one)
        move_problem(self.facts(one), one.end, desk, reason=reason, **more)
