"""What the tests share: an app with the plugin, a run of its type, Mit hjem loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask

from lms.api import (
    SYSTEM,
    LocalisedText,
    RunFacts,
    add_teaching_slot,
    runs_by_id,
    sessions_of,
    unit_of_work,
)
from lms.testing.rows import Maker
from lms_technology_trials.course_type import COURSE_TYPE
from lms_technology_trials.demo.loading import load_mit_hjem
from lms_technology_trials.facts import Solution, TechnologyFacts
from lms_technology_trials.services import write_technology


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["technology_trials"]


def _load(app: Flask) -> None:
    with app.app_context():
        load_mit_hjem()


@pytest.fixture
def lms_fill(request: pytest.FixtureRequest) -> Callable[[Flask], None] | None:
    return _load if "mit_hjem" in request.fixturenames else None


@pytest.fixture
def mit_hjem(lms_app: Flask) -> Flask:
    return lms_app


class Trial:
    """A run of the course type, with what it tries and who teaches."""

    def __init__(self, app: Flask, maker: Maker) -> None:
        self.app = app
        self.maker = maker
        self.host = maker.organisation(name="Prøveskolen", kind="institution")
        version = maker.version(course_type=COURSE_TYPE, minutes=420)
        self.row = maker.run(
            version=version,
            course_type=COURSE_TYPE,
            state="announced",
            sessions=2,
            hosts=[self.host],
        )
        self.company = maker.organisation(name="Prøvefirma ApS", kind="company")

    @property
    def facts(self) -> RunFacts:
        with self.app.app_context():
            return runs_by_id([self.row.id])[self.row.id]

    def tries(self, *solutions: str, reason: str | None = None) -> None:
        with self.app.app_context(), unit_of_work():
            write_technology(
                TechnologyFacts(
                    run_id=self.row.id,
                    category=LocalisedText(da="XR-briller", sv="XR-glasögon", en="XR headsets"),
                    solutions=[Solution(name=n, organisation="Prøvefirma ApS") for n in solutions],
                    only_one_reason=reason,
                ),
                SYSTEM,
            )

    def teaches(self, minutes: int, *, company: bool, **values: Any) -> None:
        with self.app.app_context(), unit_of_work():
            session = sessions_of([self.row.id])[self.row.id][0]
            add_teaching_slot(
                session.id,
                SYSTEM,
                topic=LocalisedText(da="Emne", sv="Ämne", en="Topic"),
                minutes=minutes,
                organisation_id=(self.company if company else self.host).id,
                **({"state": "approved"} | values),
            )


@pytest.fixture
def trial(lms_app: Flask, maker: Maker) -> Trial:
    return Trial(lms_app, maker)


@pytest.fixture
def participant(trial: Trial, make_enrolment: Callable[..., Any]) -> Any:
    """An active enrolment in the trial's run, which is under way."""
    return make_enrolment(run=trial.row, state="active")
