"""What the tests share: a run under way with a teacher and participants, and activities in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.api import (
    SYSTEM,
    ActivityFacts,
    ActivityValues,
    LocalisedText,
    WorkFacts,
    activities_by_id,
    add_activity,
    unit_of_work,
    work_of,
)
from lms.testing import sign_in_as
from lms.testing.rows import Maker


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["activities"]


class Classroom:
    """A run under way: its teacher, participants, and what they do."""

    def __init__(self, app: Flask, maker: Maker) -> None:
        self.app = app
        self.maker = maker
        self.host = maker.organisation(name="Prøveskolen", kind="institution")
        self.run = maker.run(state="running", sessions=2, hosts=[self.host])
        self.teacher = maker.person(name="Tove Lærer")
        maker.team_member(run=self.run, person=self.teacher, role="teacher")

    def participant(self, name: str = "Anna Deltager", **values: Any) -> tuple[Any, Any]:
        """A person with an active seat, and the enrolment."""
        person = self.maker.person(name=name)
        return person, self.maker.enrolment(
            run=self.run, person=person, **({"state": "active"} | values)
        )

    def add(
        self, kind: str, content: Mapping[str, Any] | None = None, **values: Any
    ) -> ActivityFacts:
        """An activity of the run."""
        made = self.do(
            add_activity,
            ("run", self.run.id),
            kind,
            ActivityValues(
                **(
                    {
                        "title": LocalisedText(da="Opgaven", sv="Uppgiften", en="The task"),
                        "module": "start",
                        "minutes": 30,
                    }
                    | values
                )
            ),
            SYSTEM,
            content=content,
        )
        with self.app.app_context():
            return activities_by_id([made])[made]

    def do(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A service in a unit of work of its own."""
        with self.app.app_context(), unit_of_work():
            return call(*arguments, **options)

    def work(self, activity: ActivityFacts, enrolment: Any) -> WorkFacts | None:
        """Somebody's work as it is now."""
        with self.app.app_context():
            return work_of(activity.id, enrolment.id)

    def client(self, person: Any) -> FlaskClient:
        """A browser in which the person is signed in."""
        return sign_in_as(self.app.test_client(), person)


@pytest.fixture
def classroom(lms_app: Flask, maker: Maker) -> Classroom:
    return Classroom(lms_app, maker)
