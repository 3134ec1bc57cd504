"""Many at once through the real app, in small; the full size is `benchmarks/enrolment_burst.py`."""

from __future__ import annotations

import os

import pytest

from benchmarks.enrolment_burst import burst, share

FULL = os.environ.get("LMS_PROVE") == "1"
PEOPLE, TWICE, SEATS, CONNECTIONS = (10_000, 1_000, 100, 200) if FULL else (100, 10, 10, 20)


@pytest.mark.parametrize("runs", [1, 50] if FULL else [1])
def test_nobody_too_many_nobody_lost_nobody_twice_nobody_before_another(lms_databases, runs):
    outcome = burst(
        lms_databases,
        people=PEOPLE,
        duplicates=TWICE,
        seats=SEATS,
        runs=runs,
        connections=CONNECTIONS,
    )
    assert outcome.is_right(SEATS * runs, PEOPLE), outcome


def test_the_bare_driver_runs_what_the_services_ran(lms_databases):
    measured = share(lms_databases, people=20, seats=5)
    assert measured.statements > 5
    assert measured.services > 0
    assert measured.driver > 0
