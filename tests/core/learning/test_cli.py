"""`lms learning` from a shell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from lms.cli.learning import learning
from lms.core.learning.models import Standing
from lms.db import db, now
from lms.work import unit_of_work


@pytest.fixture
def shell(lms_app, monkeypatch):
    monkeypatch.setattr("lms.app.create_app", lambda: lms_app)
    return lambda *words: CliRunner().invoke(learning, words)


def test_a_run_is_judged_anew_and_the_numbers_are_told(lms_app, shell, make_run, make_enrolment):
    run = make_run(state="running", sessions=[now() - timedelta(days=3)])
    rows = [make_enrolment(run=run, state="active") for _ in range(3)]
    first = shell("recompute", run.key)
    assert (first.exit_code, first.stderr) == (0, "3 of 3\n")
    assert first.stdout.split() == ["judged", "3", "changed", "3"]
    assert shell("recompute", run.key).stdout.split() == ["judged", "3", "changed", "0"]
    with lms_app.app_context(), unit_of_work():
        db.session.execute(db.delete(Standing).where(Standing.enrolment_id == rows[0].id))
    assert shell("recompute", run.key).stdout.split() == ["judged", "3", "changed", "1"]


@pytest.mark.parametrize("key", ["aaaaaaaaaaaaaaaa", "x", ""])
def test_a_run_that_is_not_there(shell, key):
    answer = shell("recompute", key)
    assert answer.exit_code == 1
    assert f"No run has the key {key}" in answer.stderr
