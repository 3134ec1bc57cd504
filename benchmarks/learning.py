"""How long verdicts take: one activity completed, and a whole run judged anew.

`python benchmarks/learning.py [--database URL] [--people 500] [--activities 60] [--sessions 12]`
builds a run in an empty database (SQLite in a folder of its own unless an address is given) and
prints seconds. Goals: one person at most 20 ms, 500 people at most 5 s.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select

from lms.app import create_app
from lms.contracts import SYSTEM, LocalisedText
from lms.core.catalogue.models import CourseSession, Run
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import Activity, Attendance, Work
from lms.core.learning.services import accept_work, reassess, recompute_later, start_work
from lms.core.users.models import Person
from lms.db import db, new_key, now
from lms.jobs import drain
from lms.migrate import upgrade
from lms.testing import TEST_CONFIG
from lms.testing.rows import Maker
from lms.testing.specimen import SPECIMEN, Specimen
from lms.work import unit_of_work

GOAL_ONE = 0.020
GOAL_RUN = 5.0
RULE = {
    "version": "bench",
    "conditions": {
        "attendance": {"percent": 80},
        "activities": {},
        "declared": {},
        "assessment": {"level": 2},
        "agreement": {},
    },
}


def build(address: str, folder: Path) -> Flask:
    """An application with an empty, migrated database."""
    config = dict(TEST_CONFIG) | {"DATABASE_URL": address, "DATA_DIR": folder}
    app = create_app(config, plugins=[(SPECIMEN, Specimen())], discover=False)
    upgrade(app)
    return app


def fill(app: Flask, people: int, activities: int, sessions: int) -> Run:
    """A run half way: half of its sessions held, half of its activities accepted by each."""
    maker = Maker(app)
    moments = [now() + timedelta(days=7 * (n - sessions // 2)) for n in range(sessions)]
    version = maker.version(outcomes=[LocalisedText(en=f"Outcome {n}").as_dict() for n in range(5)])
    run = maker.run(version=version, state="running", sessions=moments, capacity=people, rule=RULE)
    days = maker.sessions_of(run)
    moment = now()
    with app.app_context(), unit_of_work():
        ids = db.session.scalars(
            insert(Person).returning(Person.id, sort_by_parameter_order=True),
            [
                {"name": f"Deltager {n}", "search_text": f"deltager {n}", "created_at": moment}
                for n in range(people)
            ],
        ).all()
        enrolments = db.session.scalars(
            insert(Enrolment).returning(Enrolment.id, sort_by_parameter_order=True),
            [
                {
                    "run_id": run.id,
                    "person_id": person_id,
                    "state": "active",
                    "goal": "Vise det",
                    "created_at": moment,
                    "changed_at": moment,
                }
                for person_id in ids
            ],
        ).all()
        tasks = db.session.scalars(
            insert(Activity).returning(Activity.id, sort_by_parameter_order=True),
            [
                {
                    "run_id": run.id,
                    "module": f"m{n % sessions}",
                    "position": n,
                    "activity_type": "specimen.task",
                    "title": LocalisedText(da=f"Opgave {n}", en=f"Task {n}"),
                    "minutes": 30,
                    "others_minutes": {},
                    "outcomes": [],
                    "content": {},
                    "due_at": moment + timedelta(days=n),
                    "changed_at": moment,
                }
                for n in range(activities)
            ],
        ).all()
        held = [day.id for day in days[: sessions // 2]]
        db.session.execute(
            CourseSession.__table__.update()  # type: ignore[attr-defined]
            .where(CourseSession.id.in_(held))
            .values(state="held")
        )
        db.session.execute(
            insert(Attendance),
            [
                {
                    "enrolment_id": enrolment_id,
                    "course_session_id": session_id,
                    "minutes": 180 if (enrolment_id + session_id) % 7 else 0,
                    "mode": "present" if (enrolment_id + session_id) % 7 else "absent",
                    "set_at": moment,
                }
                for enrolment_id in enrolments
                for session_id in held
            ],
        )
        db.session.execute(
            insert(Work),
            [
                {
                    "key": new_key(),
                    "activity_id": activity_id,
                    "enrolment_id": enrolment_id,
                    "state": "accepted",
                    "content": {},
                    "started_at": moment,
                }
                for enrolment_id in enrolments
                for activity_id in tasks[: activities // 2]
            ],
        )
    return run


def one_by_one(app: Flask, run: Run, number: int) -> tuple[list[float], list[float]]:
    """Seconds of accepting one activity of one participant, verdict and commit included; and of
    the verdict alone."""
    whole: list[float] = []
    alone: list[float] = []
    with app.app_context():
        enrolments = db.session.scalars(
            select(Enrolment.id).where(Enrolment.run_id == run.id).limit(number)
        ).all()
        task = db.session.scalars(
            select(Activity.id).where(Activity.run_id == run.id).order_by(Activity.id.desc())
        ).first()
        assert task is not None
        for enrolment_id in enrolments:
            with unit_of_work():
                work = start_work(task, enrolment_id, SYSTEM)
            whole.append(_seconds(lambda work=work: _in_unit(lambda: accept_work(work, SYSTEM))))  # type: ignore[misc]
            with unit_of_work():
                alone.append(_seconds(lambda id_=enrolment_id: reassess([id_], SYSTEM)))  # type: ignore[misc]
    return whole, alone


def whole_run(app: Flask, run: Run) -> float:
    """Seconds of the job that judges the run anew, from taking it to its end."""
    with app.app_context():
        with unit_of_work():
            recompute_later(run.id)
        return _seconds(drain)


def _in_unit(act: Callable[[], object]) -> None:
    with unit_of_work():
        act()


def _seconds(act: Callable[[], object]) -> float:
    """Time of this process, so that what else the machine does is not counted; the work of a
    database server of its own is not counted either."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long verdicts take.")
    parser.add_argument("--database", default="", help="address of an empty database")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--activities", type=int, default=60)
    parser.add_argument("--sessions", type=int, default=12)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = given.database or f"sqlite:///{folder}/learning.sqlite"
        app = build(address, Path(folder))
        run = fill(app, given.people, given.activities, given.sessions)
        print(f"{given.people} people, {given.activities} activities, {given.sessions} sessions")
        first, again = whole_run(app, run), whole_run(app, run)
        whole, alone = one_by_one(app, run, 100)
        for words, seconds, goal in (
            ("the run judged for the first time", first, GOAL_RUN),
            ("the run judged anew, nothing changed", again, GOAL_RUN),
            ("one activity accepted, p50", statistics.median(whole), GOAL_ONE),
            ("one activity accepted, p95", statistics.quantiles(whole, n=20)[-1], GOAL_ONE),
            ("one verdict alone, p50", statistics.median(alone), GOAL_ONE),
            ("one verdict alone, p95", statistics.quantiles(alone, n=20)[-1], GOAL_ONE),
        ):
            verdict = "met" if seconds <= goal else "missed"
            print(f"{words}: {seconds * 1000:.1f} ms (goal {goal * 1000:.0f} ms, {verdict})")


if __name__ == "__main__":
    main()
