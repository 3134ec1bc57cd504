"""What the tests share: a run under way with a teacher and participants, and activities in it."""

from __future__ import annotations

import re
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
    new_key,
    unit_of_work,
    work_of,
)
from lms.testing import csrf_of, sign_in_as
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

    # --- assignments --------------------------------------------------------------------------

    def url(self, activity: ActivityFacts) -> str:
        """Where participants do it, in English."""
        return f"/activities/{activity.activity_type.replace('_', '-')}/{activity.key}?lang=en"

    def send(self, client: FlaskClient, activity: ActivityFacts, **fields: Any) -> Any:
        """Post what the page of an assignment holds, by default as its page stands now."""
        if "revision" not in fields:
            fields["revision"] = revision_on(client.get(self.url(activity)).text)
        data = {"csrf_token": csrf_of(client), "act": "save"} | fields
        return client.post(self.url(activity), data=data)

    def pair(self, kind: str = "assignment", **content: Any) -> tuple[Any, ...]:
        """Two who do one activity together: (activity, client, seat, client, seat)."""
        key = new_key()
        anna, anna_seat = self.participant("Anna", pair_key=key)
        bo, bo_seat = self.participant("Bo", pair_key=key)
        activity = self.add(kind, {"who": "pair", **content})
        return activity, self.client(anna), anna_seat, self.client(bo), bo_seat


def revision_on(page: str) -> str:
    """The revision that the page of an assignment shows, "0" where nothing can be written."""
    found = re.search(r'name="revision"[^>]*value="(\d+)"', page)
    return found[1] if found else "0"


@pytest.fixture
def classroom(lms_app: Flask, maker: Maker) -> Classroom:
    return Classroom(lms_app, maker)
