"""The demo's steps beside the courses plugin: technology for runs, completions decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask

from lms.api import completions_of, enrolments_in_run, run_ids_of_type, runs_by_id
from lms.host import current_host
from lms_technology_trials.course_type import KEY, PRACTICE_LOG, SAFE_USE
from lms_technology_trials.demo.loading import load_technology
from lms_technology_trials.queries import practice_of, technology_of


@pytest.fixture
def lms_plugins() -> Sequence[str]:
    return ["courses", "technology_trials"]


def load_everything(app: Flask) -> None:
    with app.app_context():
        for step in current_host().demo_steps().values():
            step.item()


def test_demo_gives_every_run_its_technology_and_decides_who_completed(lms_app: Flask) -> None:
    for _time in range(2):
        load_everything(lms_app)
    with lms_app.app_context():
        runs = runs_by_id(run_ids_of_type(KEY))
        assert {run.state for run in runs.values()} == {"completed", "open"}
        known = technology_of(list(runs))
        assert set(known) == set(runs)
        assert all(len(one.solutions) == 2 for one in known.values())
        (over,) = [run for run in runs.values() if run.state == "completed"]
        rows = enrolments_in_run(over.id, limit=100)
        states = sorted(row.enrolment.state for row in rows)
        assert states == ["completed", "completed", "completed", "no_show", "not_completed"]
        ids = [row.enrolment.id for row in rows if row.enrolment.state == "completed"]
        assert {one.uses for one in practice_of(ids).values()} == {3}
        for completion in completions_of(ids).values():
            assert {PRACTICE_LOG, SAFE_USE} <= {r.name for r in completion.reasons if r.met}


def test_demo_without_runs_of_the_type_does_nothing(
    lms_app_factory: Callable[..., Any],
) -> None:
    app = lms_app_factory(plugins=["technology_trials"])
    with app.app_context():
        load_technology()
        assert run_ids_of_type(KEY) == []
