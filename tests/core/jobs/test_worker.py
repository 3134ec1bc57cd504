"""Workers as processes of their own: killed, stopped, two at once, woken, without a database."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from lms.contracts import SYSTEM
from lms.db import db
from lms.jobs import drain, enqueue, worker
from lms.jobs.models import Job
from lms.jobs.worker import Worker
from lms.journal import chain, record
from lms.journal.waking import Waker, wake
from lms.work import Conflict, unit_of_work
from tests.core.journal.small_site import (
    LEASE_SECONDS,
    Site,
    add_effect,
    add_work,
    count_starts,
    effects_of,
    starts,
)

KILLS = 40 if os.environ.get("LMS_PROVE") == "1" else 6


@contextlib.contextmanager
def working(site: Site, lease_seconds: float = LEASE_SECONDS) -> Iterator[subprocess.Popen[str]]:
    """A worker process on the site; killed at the end if it still runs."""
    program = [sys.executable, "-m", "tests.core.journal.small_site"]
    process = subprocess.Popen(
        [*program, site.url, str(site.data), str(lease_seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def put(count: int, type_: str = "small.work", **args: Any) -> None:
    with unit_of_work():
        for n in range(count):
            enqueue(type_, {"n": n} | args)


def states() -> dict[str, int]:
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    db.session.rollback()
    return {state: count for state, count in rows}  # noqa: C416 - rows are no pairs to mypy


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s; jobs: {states()}"
        time.sleep(0.05)


def test_a_job_killed_midway_is_finished_by_another_worker(site: Site) -> None:
    put(1, seconds=1)
    with working(site) as first:
        wait_for(lambda: count_starts() == 1)
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert states() == {"running": 1}
    with working(site):
        wait_for(lambda: effects_of("work") == [0])
        wait_for(lambda: states() == {"done": 1})
    assert count_starts() == 2


def test_effects_happen_once_whenever_the_worker_is_killed(site: Site) -> None:
    chance = random.Random(20260414)
    jobs = 5 * KILLS
    with unit_of_work():
        for n in range(jobs):
            enqueue("small.work", {"n": n, "seconds": 0.03, "finish_seconds": 0.03})
            record("test.done", "thing", n, actor=SYSTEM)
    for kill in range(KILLS):
        with working(site) as process:
            before = count_starts()
            wait_for(lambda before=before: count_starts() > before)  # type: ignore[misc]
            # Anywhere between one job's beginning and another's end.
            time.sleep(chance.uniform(0, 0.15))
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert states().get("failed", 0) == 0, f"after kill {kill + 1}"
    with working(site):
        wait_for(lambda: states() == {"done": jobs}, 60)
    assert sorted(effects_of("work")) == list(range(jobs))
    assert effects_of("heard") == list(range(1, jobs + 1))
    assert chain.verify() is None


def test_two_worker_processes_never_run_one_job_twice(site: Site) -> None:
    # A lease that no busy machine lets run out: this is about two who claim at once.
    with working(site, 60) as first, working(site, 60) as second:
        put(200)
        wait_for(lambda: states() == {"done": 200}, 60)
        by_worker = Counter(db.session.scalars(select(starts.c.worker)).all())
        db.session.rollback()
        assert set(by_worker) <= {first.pid, second.pid}
    assert sum(by_worker.values()) == 200
    assert sorted(effects_of("work")) == list(range(200))


def test_a_job_that_kills_its_worker_fails_in_the_end_and_the_rest_goes_on(site: Site) -> None:
    add_work(site.host)
    put(1, "small.poison")
    put(2)
    for _attempt in range(2):
        with working(site) as process:
            assert process.wait(30) == 9
    with working(site):
        wait_for(lambda: states() == {"failed": 1, "done": 2})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_asked_to_stop_finishes_its_job(site: Site, number: signal.Signals) -> None:
    put(3, seconds=0.5)
    with working(site) as process:
        wait_for(lambda: count_starts() == 1)
        process.send_signal(number)
        assert process.wait(10) == 0
    assert states() == {"done": 1, "queued": 2}
    assert effects_of("work") == [0]


def test_an_idle_worker_is_woken_by_a_commit(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IDLE_WAIT", "BUSY_WAIT"):
        monkeypatch.setattr(worker, name, 60.0)
    site.host.add("small.quick", lambda context: lambda: add_effect("quick", context.args["n"]))
    running = Worker(site.app)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        for n in range(3):
            time.sleep(0.7)
            began = time.monotonic()
            # A connection that rested a moment is not asked whether it lives: a view is run again.
            try:
                with unit_of_work():
                    enqueue("small.quick", {"n": n})
            except Conflict:
                with unit_of_work():
                    enqueue("small.quick", {"n": n})
            wait_for(lambda n=n: len(effects_of("quick")) == n + 1, 10)  # type: ignore[misc]
            assert time.monotonic() - began < 3
    finally:
        running.stop()
        thread.join()


def test_the_waker_waits_when_nothing_happens(site: Site) -> None:
    waker = Waker(db.engine)
    mark = waker.mark()
    began = time.monotonic()
    waker.wait(mark, 0.4, lambda: False)
    assert time.monotonic() - began >= 0.4
    began = time.monotonic()
    waker.wait(mark, 30, lambda: True)
    assert time.monotonic() - began < 1
    waker.close()


def test_waking_never_raises(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect() -> None:
        raise OperationalError("NOTIFY", {}, Exception("away"))

    monkeypatch.setattr(db.engine, "connect", connect)
    wake()


def test_a_worker_outlives_a_database_that_goes_away(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    site.host.add("small.quick", lambda context: lambda: add_effect("quick", context.args["n"]))
    troubles: list[Exception] = [
        OperationalError("SELECT", {}, Exception("gone")),
        OperationalError("SELECT", {}, Exception("still gone")),
        ValueError("a fault of our own"),
    ]

    def seal() -> int:
        if troubles:
            raise troubles.pop(0)
        return 0

    monkeypatch.setattr(worker, "seal", seal)
    put(1, "small.quick")
    running = Worker(site.app)
    thread = threading.Thread(target=running.run)
    thread.start()
    wait_for(lambda: effects_of("quick") == [0])
    running.stop()
    thread.join()
    messages = [entry.message for entry in caplog.records]
    assert [m.split(";")[0] for m in messages if "database" in m] == [
        "The database does not answer"
    ] * 2
    assert any("stumbled" in message for message in messages)


def test_a_worker_outlives_a_real_outage(site: Site) -> None:
    site.host.add("small.quick", lambda context: lambda: add_effect("quick", context.args["n"]))
    running = Worker(site.app)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        for n in range(3):
            if site.is_sqlite:
                with db.engine.connect() as other:
                    other.exec_driver_sql("PRAGMA wal_checkpoint")
                    other.rollback()
                    other.connection.dbapi_connection.execute(  # type: ignore[union-attr]
                        "BEGIN EXCLUSIVE"
                    )
                    time.sleep(0.5)
                    other.connection.dbapi_connection.execute(  # type: ignore[union-attr]
                        "ROLLBACK"
                    )
            else:
                with db.engine.connect() as other:
                    other.exec_driver_sql(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                    other.rollback()
            # A connection that rested a moment is not asked whether it lives: a view is run again.
            try:
                with unit_of_work():
                    enqueue("small.quick", {"n": n})
            except Conflict:
                with unit_of_work():
                    enqueue("small.quick", {"n": n})
            wait_for(lambda n=n: len(effects_of("quick")) == n + 1, 15)  # type: ignore[misc]
    finally:
        running.stop()
        thread.join()
    assert drain() == 0
    assert effects_of("quick") == [0, 1, 2]


def test_unknown_types_are_told_once(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    put(2, "gone.work")
    running = Worker(site.app)
    for _ in range(2):
        running._swept = float("-inf")
        running.step()
    messages = [entry.message for entry in caplog.records if "gone.work" in entry.message]
    assert messages == ["Jobs of type gone.work wait: no plugin that is here knows them"]
