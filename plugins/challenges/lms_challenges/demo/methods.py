"""The first versions of the method and the model: tried in one Danish and one Swedish unit,
evaluated, in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lms.api import units_of
from lms_challenges.demo.cast import Cast
from lms_challenges.demo.reading import Calendar, Replay, read
from lms_challenges.queries.methods import MethodFacts, method_in_use, round_by_key
from lms_challenges.services.methods import ensure, evaluate_round, put_in_force, start_round
from lms_challenges.services.notes import LearningValues

SHIPPED = -228
TRIED = "in_test"


class Rounds:
    """The rounds of one kind of document."""

    def __init__(self, kind: str, cast: Cast, calendar: Calendar) -> None:
        self.kind = kind
        self.cast = cast
        self.calendar = calendar
        self.told: list[Mapping[str, Any]] = read("methods")[kind]
        self.keys: dict[int, str] = {}

    def put_on(self, replay: Replay) -> None:
        """Put everything on the calendar. A site that has a version of its own keeps it."""
        at = self.calendar.at
        replay.add(at(SHIPPED, "08:00"), partial(ensure, self.kind))
        for place, told in enumerate(self.told):
            replay.add(at(told["from"], "09:00"), self._step(self._start, place))
            replay.add(at(told["evaluated"], "14:00"), self._step(self._evaluate, place))
        last = max(told["evaluated"] for told in self.told)
        replay.add(at(last + 1, "10:00"), self._step(self._put_in_force, 0))

    def _step(self, do: Callable[[MethodFacts, int], None], place: int) -> Callable[[], None]:
        def step() -> None:
            method = method_in_use(self.kind)
            if method is not None and method.number == 1 and method.state in (TRIED, "evaluated"):
                do(method, place)

        return step

    def _start(self, method: MethodFacts, place: int) -> None:
        told = self.told[place]
        organisation_id = self.cast.organisations[told["organisation"]]
        units = {unit.name: unit.id for unit in units_of(organisation_id)}
        self.keys[place] = start_round(
            method,
            organisation_id,
            units[told["unit"]],
            self.calendar.day(told["from"]),
            self.calendar.day(told["to"]),
            self.cast.actor(told["by"]),
        )

    def _evaluate(self, method: MethodFacts, place: int) -> None:
        told = self.told[place]
        tried = round_by_key(self.keys.get(place, ""))
        if tried is None:
            return
        note = LearningValues(title=told["title"], text=told["text"], language=told["language"])
        evaluate_round(method, tried, note, told["change"], self.cast.actor(told["by"]))

    def _put_in_force(self, method: MethodFacts, _place: int) -> None:
        if method.state == "evaluated":
            put_in_force(method, self.cast.actor(self.told[0]["by"]))
