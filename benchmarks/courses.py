"""How long it takes to make a run of each course type from its template, with one form.

`python -m benchmarks.courses [--database URL] [--times 30]` makes a course of each type in an empty
database (SQLite in a folder of its own unless an address is given), has it approved, and makes runs
of it as a programme lead does: days, place and host are filled in, the days are laid out, and the
run is made. Milliseconds of the clock on the wall, both requests together, all plugins on. Goal: a
run within one second.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.app import create_app
from lms.contracts import SYSTEM, LocalisedText
from lms.core.catalogue.models import CourseVersion, Run
from lms.core.catalogue.queries import course_plan, sessions_of
from lms.core.catalogue.services import approve_version
from lms.core.learning.queries import activities_in_runs
from lms.core.learning.services.building import begin_course
from lms.db import db, now
from lms.migrate import upgrade
from lms.testing import TEST_CONFIG, sign_in_as
from lms.testing.rows import Maker
from lms.work import unit_of_work
from lms_courses.types import KEYS
from tests.core.learning.building.kit import fields_of

GOAL = 1.0


@dataclass(frozen=True)
class Figure:
    """Milliseconds that a run of one type takes, and what it has then."""

    course_type: str
    p50: float
    p95: float
    sessions: int
    activities: int


@contextmanager
def site(address: str) -> Iterator[Flask]:
    """An application with an empty, migrated database."""
    with tempfile.TemporaryDirectory() as folder:
        config: dict[str, Any] = dict(TEST_CONFIG) | {
            "DATABASE_URL": address or f"sqlite:///{folder}/courses.sqlite",
            "DATA_DIR": Path(folder),
        }
        app = create_app(config)
        upgrade(app)
        yield app


def approved(app: Flask, course_type: str, owner_id: int) -> str:
    """The key of an approved first version of a course of this type, as its type plans it."""
    text = LocalisedText(da="Et ord", sv="Ett ord", en="A word")
    with app.app_context():
        plan = course_plan(course_type)
        assert plan is not None
        with unit_of_work():
            version_id = begin_course(
                plan,
                owner_id,
                SYSTEM,
                title=plan.title,
                lead=text,
                purpose=text,
                target_group=text,
                outcomes=[text],
                minutes=sum(module.minutes for module in plan.modules),
                languages=["da", "sv"],
            )
            approve_version(version_id, SYSTEM)
        return db.session.get_one(CourseVersion, version_id).key


def make_run(client: FlaskClient, version: str, filled: Mapping[str, str]) -> str:
    """Fill in the one form of a new run and press both of its buttons; the run's address."""
    address = f"/build/version/{version}/run"
    asked = fields_of(client.get(address).get_data(as_text=True))
    laid = client.post(address, data={**asked, **filled, "act": "lay_out"})
    made = client.post(address, data={**fields_of(laid.get_data(as_text=True)), "act": "make"})
    if made.status_code != 303:
        raise RuntimeError(f"no run was made: {made.status_code}")
    return made.location


def figures(address: str, times: int) -> Iterator[Figure]:
    """What a run of each type takes in an empty database (no address: SQLite)."""
    with site(address) as app:
        maker = Maker(app)
        host = maker.organisation(name="Skolen på Bakken", kind="institution")
        lead = maker.person(name="Forløbsansvarlig, Skolen på Bakken")
        maker.assignment(person=lead, organisation=host)
        maker.access_role(person=lead, role="programme_lead", organisation=host)
        client = sign_in_as(app.test_client(), lead)
        for course_type in KEYS:
            version = approved(app, course_type, host.id)
            yield _figure(app, client, course_type, version, times)


def _figure(app: Flask, client: FlaskClient, course_type: str, version: str, times: int) -> Figure:
    seconds = []
    for number in range(times + 1):
        first = (now() + timedelta(days=30 + number)).date()
        begun = time.perf_counter()
        made = make_run(
            client, version, {"start": first.isoformat(), "venue": "Sal 2", "town": "Aarhus"}
        )
        seconds.append(time.perf_counter() - begun)
    with app.app_context():
        run_id = db.session.scalars(select(Run.id).where(Run.key == made.rsplit("/", 1)[1])).one()
        sessions = len(sessions_of([run_id])[run_id])
        activities = len(activities_in_runs([run_id])[run_id])
    return Figure(course_type, *_percentiles(seconds[1:]), sessions, activities)


def _percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    return (
        statistics.median(seconds) * 1000,
        statistics.quantiles(seconds, n=20)[-1] * 1000,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the making of runs from templates.")
    parser.add_argument("--database", default="", help="address of an empty database")
    parser.add_argument("--times", type=int, default=30, help="how many runs of each type")
    given = parser.parse_args()
    begun = os.getloadavg()[0]
    for found in figures(given.database, given.times):
        verdict = "met" if found.p95 <= GOAL * 1000 else "missed"
        print(
            f"{found.course_type}: p50 {found.p50:.0f} ms, p95 {found.p95:.0f} ms "
            f"(goal {GOAL:g} s, {verdict}); {found.sessions} sessions, "
            f"{found.activities} activities"
        )
    print(f"load {begun:.1f} before, {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
