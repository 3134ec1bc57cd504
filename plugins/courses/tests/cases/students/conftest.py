"""A class at work on a case: two groups, an agreement if there is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from lms.api import put_into_groups
from lms.files.uploads import Accepted
from lms_courses.queries.ndas import ndas_of
from lms_courses.queries.students import GroupAt, Module, module_at
from lms_courses.services import ndas, students
from lms_courses.services.cases import answer_need
from lms_courses.services.ndas import NdaValues

PDF = Accepted(
    data=b"%PDF-1.7 made up", kind="pdf", media_type="application/pdf", file_name="aftale.pdf"
)
NAMES = ("Anton", "Bine", "Carl", "Dagny")


class Class:
    """Four students of a run that works on a case; Anton and Bine are group A, the others B."""

    def __init__(self, world: Any, *, nda: bool = False, need: str = "", **case: Any) -> None:
        self.world = world
        self.case = world.ready(**case)
        if need:
            actor = world.actor(world.teacher)
            world.do(answer_need, self.case, ("challenge", need), actor)
            self.case = world.now(self.case.key)
        self.run = world.run(state="running")
        if nda:
            self.add_nda()
        world.take(self.run, self.case)
        self.people = {name: world.person(name, world.school) for name in NAMES}
        self.seats = {name: world.seat(self.run, person).id for name, person in self.people.items()}
        self.put(Anton="A", Bine="A", Carl="B", Dagny="B")

    def add_nda(self, *, signed: bool = True) -> Any:
        """An agreement of the case that both sides have signed."""
        world, teacher = self.world, self.world.actor(self.world.teacher)
        values = NdaValues(
            secret="Tegningerne.", from_day=date(2026, 1, 1), to_day=None, with_institution=True
        )
        world.do(ndas.add_nda, self.case, values, (PDF,), teacher, language="da")
        found = world.ask(ndas_of, [self.case.id])[self.case.id][-1]
        if signed:
            world.do(ndas.sign_nda, found, teacher)
        self.nda = world.ask(ndas_of, [self.case.id])[self.case.id][-1]
        return self.nda

    def put(self, **wanted: str) -> None:
        """Students into groups by name, as the teacher does it; "" is none."""
        self.world.do(
            put_into_groups,
            self.run.id,
            {self.seats[name]: group for name, group in wanted.items()},
            self.world.actor(self.world.teacher),
        )

    def who(self, name: str) -> Any:
        """A student by name, or somebody of the world."""
        return self.people.get(name) or getattr(self.world, name)

    def met(self, name: str) -> Module:
        """The run as somebody meets it."""
        found = self.world.ask(module_at, self.run.key, self.world.actor(self.who(name)))
        assert found is not None
        return found  # type: ignore[no-any-return]

    def do(self, verb: Callable[..., Any], name: str, *arguments: Any) -> Any:
        """A verb on the run, by somebody."""
        return self.world.do(verb, self.met(name), *arguments, self.world.actor(self.who(name)))

    def group(self, name: str) -> GroupAt:
        """A group by name."""
        return next(one for one in self.met("teacher").groups.values() if one.name == name)

    def bind(self, *names: str, group: str = "A") -> None:
        """These say yes, and their group works with the agreement."""
        for name in names:
            self.do(students.say_yes, name, self.nda.key)
        self.do(students.set_terms, "teacher", self.group(group), True)

    # --- pages --------------------------------------------------------------------------------

    def get(self, name: str, path: str) -> Any:
        """A page below the run's."""
        return self.world.page(self.who(name), f"/courses/runs/{self.run.key}/{path}")

    def text(self, name: str, path: str) -> str:
        """What stands on it."""
        answer = self.get(name, path)
        assert answer.status_code == 200, (name, path, answer.status_code)
        return str(answer.get_data(as_text=True))

    def post(self, name: str, path: str, **fields: Any) -> Any:
        """A form that somebody sends."""
        return self.world.post(self.who(name), f"/courses/runs/{self.run.key}/{path}", **fields)


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["courses", "challenges", "activities"]


@pytest.fixture
def at_work(world: Any) -> Class:
    """A class on a case without an agreement."""
    return Class(world)


@pytest.fixture
def bound(world: Any) -> Class:
    """A class on a case with an agreement that group A works under."""
    found = Class(world, nda=True)
    found.bind("Anton", "Bine")
    return found


@pytest.fixture
def class_of() -> type[Class]:
    """To make one of another kind."""
    return Class
