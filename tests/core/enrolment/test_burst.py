"""The services' own share of a request; a burst through the real app is in `test_killing`, and in
full size in `benchmarks/enrolment_burst.py`."""

from __future__ import annotations

from benchmarks.enrolment_burst import share


def test_the_bare_driver_runs_what_the_services_ran(lms_databases):
    measured = share(lms_databases, people=20, seats=5)
    assert measured.statements > 5
    assert measured.services > 0
    assert measured.driver > 0
