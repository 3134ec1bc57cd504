"""What a start costs and loads, and that the figures can be taken."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lms.cli.bench import demo_app, measure
from lms.cli.start_cost import start_cost

pytestmark = pytest.mark.once

HEAVY = (
    "alembic",
    "email_validator",
    "hypothesis",
    "icalendar",
    "openpyxl",
    "pytest",
    "segno",
    "tomllib",
    "weasyprint",
)
MOST_TIMES_AN_EMPTY_APP = 2.0
"""An app as large as ours that does nothing; why this is the goal: docs/decisions/0022."""

LOADED = """
import sys
import lms.app
lms.app.create_app()
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_a_start_loads_nothing_that_only_some_requests_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_DATA_DIR", str(tmp_path))
    answer = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True
    )
    assert not set(HEAVY) & set(answer.stdout.split())


def test_a_start_costs_at_most_twice_an_empty_app() -> None:
    found = start_cost(runs=3)
    assert found.over_empty <= MOST_TIMES_AN_EMPTY_APP, found


def test_the_figures_can_be_taken() -> None:
    with demo_app() as app:
        found = list(measure(app, seconds=0.01))
    assert len(found) > 15
    for page in found:
        assert page.queries <= 13, page  # ten of the core's, and one for each hook that draws
        assert page.packed < page.raw
        assert 0 < page.p50 <= page.p95
