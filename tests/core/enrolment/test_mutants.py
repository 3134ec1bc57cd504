"""Are the tests of the enrolment services worth their name? Faults are put in to find out."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.harness.mutation import ROOT, mutants

PROVE = os.environ.get("LMS_PROVE") == "1"


def run(*arguments: str, seconds: float) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=kept | {"LMS_PROVE": "0"},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def test_faults_that_would_sell_a_seat_twice_are_noticed():
    done = run("tests.core.enrolment.deadly", seconds=240)
    assert done.returncode == 0, done.stdout + done.stderr


if PROVE:

    @pytest.mark.once
    def test_nine_of_ten_faults_are_noticed():
        done = run("tests.harness.mutation", "lms/core/enrolment/services", seconds=6 * 3600)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.once
def test_a_fault_is_one_change_of_one_function(tmp_path):
    path = tmp_path / "little.py"
    path.write_text(
        "def enough(taken, most):\n"
        "    print(taken)\n"
        "    return taken < most and not most.is_(None)\n"
    )
    found = [one.what for one in mutants(path)]
    assert sorted(found) == sorted(
        [
            "without print(taken)",
            "return taken < most and (not most.is_(None)): None",
            "taken < most and (not most.is_(None)): Or",
            "taken < most: Lt is LtE",
            "not most.is_(None): without not",
            "most.is_: is_not",
        ]
    )
    outcomes = set()
    for one in mutants(path):
        space = {"print": lambda _words: None}
        exec(path.read_text(), space)
        space["enough"].__code__ = one.code

        class Most(int):
            def is_(self, _other):
                return False

            def is_not(self, _other):
                return True

        outcomes.add((one.what, space["enough"](1, Most(1)), space["enough"](0, Most(1))))
    told = {what: (full, free) for what, full, free in outcomes}
    assert told["taken < most: Lt is LtE"] == (True, True)
    assert told["without print(taken)"] == (False, True)
    assert told["not most.is_(None): without not"] == (False, False)
