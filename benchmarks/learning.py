"""How long verdicts take, and how much the pages of a big run ask.

`python -m benchmarks.learning [--database URL] [--people 500] [--activities 60] [--sessions 12]`
builds a run in an empty database (SQLite in a folder of its own unless an address is given) and
prints seconds. Goals: one person judged in at most 20 ms, 500 people in at most 5 s, no page with
more than 10 queries beside one for each hook that a plugin draws with.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from flask import Flask, url_for
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
from lms.testing import TEST_CONFIG, sign_in_as
from lms.testing.rows import Maker
from lms.testing.specimen import SPECIMEN, Specimen
from lms.work import unit_of_work
from lms_activities.models import HandIn, Share
from tests.pages.counting import queries_by_sender

GOAL_ONE = 0.020
GOAL_RUN = 5.0
GOAL_QUERIES = 10
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
    app = create_app(config, plugins=[(SPECIMEN, Specimen())])
    upgrade(app)
    return app


def fill(app: Flask, people: int, activities: int, sessions: int) -> Run:
    """A run half way: half of its sessions held, half of its activities accepted by each, and the
    next assignment handed in by all and looked at by nobody."""
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
                    "activity_type": "assignment" if n % 2 else "page",
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
        handed_in(tasks[activities // 2 | 1], dict(zip(enrolments, ids, strict=True)))
    return run


def handed_in(task: int, people: Mapping[int, int]) -> None:
    """Hand-ins of these people (by enrolment id) that wait to be looked at."""
    moment = now()
    works = db.session.scalars(
        insert(Work).returning(Work.id, sort_by_parameter_order=True),
        [
            {
                "key": new_key(),
                "activity_id": task,
                "enrolment_id": enrolment_id,
                "state": "submitted",
                "content": {},
                "started_at": moment,
                "submitted_at": moment,
            }
            for enrolment_id in people
        ],
    ).all()
    tries = db.session.scalars(
        insert(HandIn).returning(HandIn.id, sort_by_parameter_order=True),
        [
            {
                "activity_id": task,
                "work_id": work_id,
                "number": 1,
                "text": "Vi prøvede det to gange om ugen. " * 20,
                "at": moment,
                "by_id": person_id,
                "agreed_at": moment,
            }
            for work_id, person_id in zip(works, people.values(), strict=True)
        ],
    ).all()
    db.session.execute(
        insert(Share),
        [
            {"hand_in_id": try_id, "work_id": work_id, "person_id": person_id}
            for try_id, work_id, person_id in zip(tries, works, people.values(), strict=True)
        ],
    )


def pages(app: Flask, run: Run) -> list[tuple[str, int, int, float]]:
    """(page, queries of the core, queries in hooks of plugins, seconds) of what a teacher and a
    participant open."""
    maker = Maker(app)
    teacher = maker.person(name="Underviser")
    maker.team_member(run=run, person=teacher, role="teacher")
    with app.app_context():
        seat = db.session.scalars(select(Enrolment).where(Enrolment.run_id == run.id)).first()
        assert seat is not None
        learner = db.session.get_one(Person, seat.person_id)
        one = db.session.scalars(select(HandIn).order_by(HandIn.id)).first()
        assert one is not None
        task = db.session.get_one(Activity, one.activity_id)
        session = db.session.scalars(
            select(CourseSession).where(CourseSession.run_id == run.id)
        ).first()
        assert session is not None
        db.session.expunge_all()
    asked: list[tuple[Person, str, dict[str, str]]] = [
        (teacher, "learning.register", {"key": run.key, "session": session.key}),
        (teacher, "learning.desk", {"key": run.key}),
        (teacher, "learning.complete", {"key": run.key}),
        (teacher, "learning.decide", {"key": run.key}),
        (teacher, "learning.assess", {"key": run.key}),
        (teacher, "learning.run_outline", {"key": run.key}),
        (teacher, "activities.mark_assignment", {"key": task.key}),
        (teacher, "activities.mark_hand_in", {"key": one.key}),
        (teacher, "home.mine", {}),
        (learner, "enrolment.show", {"key": seat.key}),
        (learner, "learning.outline", {"key": seat.key}),
        (learner, "activities.assignment", {"key": task.key}),
        (learner, "home.mine", {}),
    ]
    clients = {p.id: sign_in_as(app.test_client(), p) for p in (teacher, learner)}
    found = []
    for reader, endpoint, values in asked:
        with app.test_request_context():
            url = url_for(endpoint, **values)  # type: ignore[arg-type]
        client = clients[reader.id]
        answer = client.get(url)
        if answer.status_code != 200:
            raise RuntimeError(f"{url} was answered {answer.status_code}")
        with queries_by_sender(app) as queries:
            client.get(url)
        seconds = min(_seconds(lambda url=url, client=client: client.get(url)) for _ in range(5))  # type: ignore[misc]
        who = "teacher" if reader is teacher else "participant"
        found.append((f"{endpoint} ({who})", queries.core, sum(queries.plugins.values()), seconds))
    return found


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
        print(f"load of the machine at the beginning: {os.getloadavg()[0]:.1f}")
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
        for page, core, plugins, seconds in pages(app, run):
            verdict = "met" if core <= GOAL_QUERIES else "missed"
            print(
                f"{page}: {core} queries and {plugins} in hooks of plugins, "
                f"{seconds * 1000:.0f} ms (goal {GOAL_QUERIES} queries, {verdict})"
            )


if __name__ == "__main__":
    main()
