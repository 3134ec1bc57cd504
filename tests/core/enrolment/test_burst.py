"""The services' own share of a request; a burst through the real app is in `test_killing`, and in
full size in `benchmarks/enrolment_burst.py`."""

from __future__ import annotations

import os

from sqlalchemy import event

from benchmarks.enrolment_burst import share
from lms.core.enrolment.queries import has_live, newest_of, own_in
from lms.db import db


def test_the_bare_driver_runs_what_the_services_ran(lms_databases):
    measured = share(lms_databases, people=20, seats=5)
    # More than these cost every request for a seat; what was read or written is not read again.
    assert 5 < measured.statements < 12
    assert measured.services > 0
    assert measured.driver > 0


if os.environ.get("LMS_TEST_DATABASE") != "postgresql":  # which counts rows and chooses by them

    def test_nobody_goes_through_a_whole_run_to_find_one_person(lms_app):
        asked = []
        with lms_app.app_context():
            connection = db.session.connection()
            event.listen(
                db.engine,
                "before_cursor_execute",
                lambda _c, _cursor, statement, values, *_more: asked.append((statement, values)),
            )
            own_in(1, 1)
            has_live(1, 1)
            newest_of([1], [1])
            cursor = connection.connection.cursor()
            for statement, values in asked[:3]:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
                steps = [row[-1] for row in cursor.fetchall()]
                assert any("enrolment_enrolment" in step and "person_id=" in step for step in steps)
