"""Killed at any moment, a site has done what it said it had done, once, and nothing by halves."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, func, select, text

from benchmarks.busy_site import (
    Visitor,
    build,
    exchange,
    make_people,
    make_runs,
    served,
    visitors,
)
from benchmarks.enrolment_burst import look
from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Enrolment, Transition
from lms.db import db
from lms.journal.models import JournalEntry
from lms.migrate import upgrade
from lms.testing.databases import PostgresDatabases, chosen_kind

FULL = os.environ.get("LMS_PROVE") == "1"
KILLS = 60 if FULL else 3
RESTARTS = 3 if FULL else 1
PEOPLE = 2_000 if FULL else 60
SEATS = 20
PATIENCE = 120


class Answers:
    """What people heard: every form is sent again until somebody answered it."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.without_wait = 0
        self.done = 0


async def insist(address: str, waiting: Sequence[Visitor], answers: Answers) -> None:
    """Send every form over ten connections, each again while nobody answers or it is 503."""
    at = urlsplit(address)
    queue = iter(waiting)

    async def one_connection() -> None:
        for visitor in queue:
            until = time.monotonic() + PATIENCE
            while time.monotonic() < until:
                try:
                    status, headers = await exchange(
                        at.hostname or "",
                        at.port or 80,
                        f"POST {visitor.path}",
                        visitor.cookie,
                        visitor.body,
                    )
                except (OSError, IndexError, asyncio.IncompleteReadError):
                    await asyncio.sleep(0.05)
                    continue
                answers.statuses[status] += 1
                if status == 503:
                    answers.without_wait += b"retry-after" not in headers
                    await asyncio.sleep(0.2)
                    continue
                break
            answers.done += 1

    await asyncio.gather(*(one_connection() for _ in range(10)))


@contextlib.contextmanager
def under_load(
    address: str, folder: Path
) -> Iterator[tuple[str, int, Answers, threading.Thread, list[int]]]:
    """A served site with everybody asking: its address, the server's process, what people hear."""
    app = build(address, folder)
    upgrade(app)
    made = make_runs(app, 1, SEATS)
    # Everybody presses the button twice.
    everybody = [one for one in visitors(app, make_people(app, PEOPLE), made) for _ in range(2)]
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    answers = Answers()
    with served(address, folder, 2) as (at, pid):
        thread = threading.Thread(target=lambda: asyncio.run(insist(at, everybody, answers)))
        thread.start()
        yield at, pid, answers, thread, [run_id for run_id, _key in made]
        thread.join(PATIENCE)
    outcome = look(app, [run_id for run_id, _key in made])
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    assert set(answers.statuses) <= {303, 503}, answers.statuses
    assert answers.without_wait == 0
    assert answers.done == 2 * PEOPLE
    assert (outcome.seated, outcome.waiting) == (min(SEATS, PEOPLE), max(PEOPLE - SEATS, 0))
    assert outcome.in_order
    assert outcome.doubled == 0


def children(pid: int) -> list[int]:
    """All processes below one, the nearest first."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    own = [int(each) for each in found]
    return own + [below for each in own for below in children(each)]


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_killed_under_load_nothing_is_lost_or_doubled(lms_databases):
    chance = random.Random(20260414)
    address = lms_databases.empty()
    with tempfile.TemporaryDirectory() as folder:
        with under_load(address, Path(folder)) as (_at, pid, answers, _thread, _runs):
            for kill in range(1, KILLS + 1):
                wait_for(lambda kill=kill: answers.done >= kill * PEOPLE // (KILLS + 2))
                time.sleep(chance.uniform(0, 0.1))
                for victim in children(pid):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(victim, signal.SIGKILL)
        lms_databases.drop(address)


if chosen_kind() == "postgresql":  # SQLite has no server to restart

    def test_postgresql_restarts_under_load_and_nobody_meets_an_error_of_ours():
        from tests.harness.postgres import running

        with running(durable=True) as server, tempfile.TemporaryDirectory() as folder:
            found = PostgresDatabases(server.url)
            address = found.empty()
            with under_load(address, Path(folder)) as (_at, _pid, answers, _thread, _runs):
                for restart in range(1, RESTARTS + 1):
                    wait_for(
                        lambda restart=restart: answers.done >= restart * PEOPLE // (RESTARTS + 2)
                    )
                    server.restart_at_once()


# --- at every write of one enrolment ------------------------------------------------------------

ONE_ENROLMENT = """
import os, sys
from benchmarks.busy_site import build
from lms.contracts import SYSTEM
from lms.core.enrolment.services import ask_for_seat
from lms.work import unit_of_work
from pathlib import Path

app = build(sys.argv[1], Path(sys.argv[2]))
for line in sys.stdin:
    person, run = map(int, line.split())
    child = os.fork()
    if child == 0:
        with app.app_context():
            print("ready", os.getpid(), flush=True)
            sys.stdin.readline()
            with unit_of_work():
                ask_for_seat(person, run, SYSTEM, goal="x")
            os.write(1, b"acknowledged\\n")
            os._exit(0)
    os.waitpid(child, 0)
    print("over", flush=True)
"""
WRITE_NUMBERS = range(1, 200) if FULL else (1, 9, 30, 199)
WRITES = "pwrite64,pwritev,fdatasync,fsync,ftruncate,unlink,sendto"


def whole_or_nothing(address: str, person_id: int) -> int:
    """Is what the database has of this person's request all of it, or nothing? 1 or 0."""
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            if address.startswith("sqlite"):
                assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            mine = select(Enrolment.id).where(Enrolment.person_id == person_id)
            ids = connection.execute(mine).scalars().all()
            steps = connection.execute(
                select(func.count()).where(Transition.enrolment_id.in_(ids))
            ).scalar()
            entries = connection.execute(
                select(func.count()).where(
                    JournalEntry.subject_kind == "enrolment", JournalEntry.subject_id.in_(ids)
                )
            ).scalar()
            taken = connection.execute(select(func.sum(Run.taken))).scalar()
            seated = connection.execute(
                select(func.count()).where(Enrolment.state == "seated")
            ).scalar()
    finally:
        engine.dispose()
    assert taken == seated
    assert (len(ids), steps, entries) in ((0, 0, 0), (1, 2, 2))
    return len(ids)


if sys.platform == "linux":  # elsewhere nothing kills at a system call

    @pytest.mark.once  # PostgreSQL writes in its own processes
    def test_killed_at_every_write_of_one_enrolment(lms_databases):
        with tempfile.TemporaryDirectory() as name:
            address, folder = lms_databases.empty(), Path(name)
            app = build(address, folder)
            upgrade(app)
            ((run_id, _key),) = make_runs(app, 1, 500)
            people = [person_id for person_id, _token in make_people(app, 200)]
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            process = subprocess.Popen(
                [sys.executable, "-c", ONE_ENROLMENT, address, name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            try:
                points = []
                for person_id, number in zip(people, WRITE_NUMBERS, strict=False):
                    points.append(kill_at(process, address, person_id, run_id, number))
                    if points[-1] == "survived":
                        break
            finally:
                process.kill()
                process.communicate()
            lms_databases.drop(address)
        assert "killed" in points, "strace killed nothing"
        assert points[-1] == "survived", "there are more writes than were tried"


def kill_at(
    process: subprocess.Popen[str], address: str, person_id: int, run_id: int, number: int
) -> str:
    """Let one request be killed at its n-th write; what became of it: killed or survived."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{person_id} {run_id}\n")
    process.stdin.flush()
    _ready, pid = process.stdout.readline().split()
    tracer = subprocess.Popen(
        [
            "strace",
            "-f",
            "-qq",
            "-p",
            pid,
            "-e",
            f"trace={WRITES}",
            "-e",
            f"inject={WRITES}:signal=KILL:when={number}",
            "-o",
            "/dev/null",
        ]
    )
    wait_for(lambda: _is_traced(pid))
    process.stdin.write("go\n")
    process.stdin.flush()
    said = process.stdout.readline().strip()
    if said == "acknowledged":
        assert process.stdout.readline().strip() == "over"
    tracer.wait(10)
    there = whole_or_nothing(address, person_id)
    if said == "acknowledged":
        assert there == 1
        return "survived"
    return "killed"


def _is_traced(pid: str) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    return "TracerPid:\t0\n" not in status
