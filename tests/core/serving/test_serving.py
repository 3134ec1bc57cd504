"""`lms serve` as a process: it starts, answers, mends itself, stops, and leaves nobody behind."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from lms.cli import serving
from lms.cli.serving import Child, serve
from lms.db import db
from lms.jobs import enqueue
from lms.jobs.models import Job
from lms.testing import AppFactory
from lms.work import unit_of_work

COMMAND = [sys.executable, "-c", "from lms.cli.serving import serve; serve()"]


@dataclass
class Served:
    """A running `lms serve`."""

    process: subprocess.Popen[str]
    port: int
    app: Flask

    def get(self, path: str, patience: float = 10) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def children(self) -> list[int]:
        return children_of(self.process.pid)

    def family(self) -> list[int]:
        return [pid for child in self.children() for pid in (child, *children_of(child))]

    def web(self) -> int:
        """The child that has children of its own."""
        (found,) = [pid for pid in self.children() if children_of(pid)]
        return found

    def worker(self) -> int:
        (found,) = [pid for pid in self.children() if pid != self.web()]
        return found


def children_of(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, ppid = status.read_text().rpartition(")")[2].split()[:2]
            if int(ppid) == parent and state != "Z":
                found.append(int(status.parent.name))
    return sorted(found)


def is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def is_group(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s in vain"
        time.sleep(0.05)


@contextlib.contextmanager
def served(app: Flask, *options: str, **environment: str) -> Iterator[Served]:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--workers", "2", *options],
        env=environment_for(app) | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert "http://127.0.0.1:" in line, f"instead of the address: {line!r}"
        port = int(line.rstrip().rstrip("/").rpartition(":")[2])
        yield Served(process, port, app)
    finally:
        process.terminate()
        try:
            process.wait(30)
        finally:
            process.kill()
            process.stdout.close()


def environment_for(app: Flask) -> dict[str, str]:
    return os.environ | {
        "LMS_DATABASE_URL": app.config["DATABASE_URL"],
        "LMS_DATA_DIR": str(app.config["DATA_DIR"]),
        "LMS_SECRET_KEY": "a secret for tests that is long enough",
        "LMS_JOB_LEASE_SECONDS": "2",
    }


@pytest.fixture
def app(lms_app_factory: AppFactory) -> Flask:
    return lms_app_factory()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_starts_serves_and_stops_cleanly(app: Flask, number: signal.Signals) -> None:
    with served(app) as site:
        assert site.get("/healthz") == 200
        assert len(site.children()) == 2
        wait_for(lambda: len(children_of(site.web())) == 2)
        family = site.family()
        began = time.monotonic()
        site.process.send_signal(number)
        assert site.process.wait(30) == 0
        assert time.monotonic() - began < 10
        assert not any(is_alive(pid) for pid in family)
        with pytest.raises(ConnectionRefusedError):
            site.get("/healthz")


def test_the_worker_works(app: Flask) -> None:
    with served(app), app.app_context():
        with unit_of_work():
            job_id = enqueue("jobs.tidy", {})
        wait_for(lambda: state_of(job_id) == "done")


def state_of(job_id: int | None) -> str | None:
    found = db.session.scalar(select(Job.state).where(Job.id == job_id))
    db.session.rollback()
    return found


def test_a_killed_process_comes_back_and_visitors_only_wait(app: Flask) -> None:
    with served(app) as site:
        web, worker = site.web(), site.worker()
        os.kill(web, signal.SIGKILL)
        os.kill(worker, signal.SIGKILL)
        wait_for(lambda: not is_group(web))  # buried, and those it left behind with it
        assert site.get("/healthz") == 200  # the socket never went away
        wait_for(lambda: len(site.children()) == 2 and bool(children_of(site.web())))
        assert not {web, worker} & set(site.children())
        # Killing a single web worker is gunicorn's to mend.
        victim = children_of(site.web())[0]
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len([p for p in children_of(site.web()) if p != victim]) == 2)
        assert site.get("/healthz") == 200


def test_nobody_is_left_when_the_supervisor_is_killed(app: Flask) -> None:
    with served(app) as site:
        family = site.family()
        assert len(family) >= 3
        site.process.kill()
        site.process.wait()
        wait_for(lambda: not any(is_alive(pid) for pid in family))


def test_pages_without_a_worker(app: Flask) -> None:
    with served(app, "--no-worker") as site:
        assert site.get("/healthz") == 200
        assert site.children() == [site.web()]


def test_web_workers_never_load_weasyprint(app: Flask) -> None:
    with served(app) as site:
        assert site.get("/healthz") == 200
        for pid in children_of(site.web()):
            assert "pango" not in Path(f"/proc/{pid}/maps").read_text()


def test_a_site_that_cannot_start_gives_up_with_a_sentence(app: Flask) -> None:
    result = subprocess.run(
        [*COMMAND, "--port", "0"],
        env=environment_for(app) | {"LMS_DATABASE_URL": "nonsense://"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "process does not start" in result.stderr
    assert "ready" not in result.stdout


def test_a_taken_port_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment_for(app).items():
        monkeypatch.setenv(name, value)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(serve, ["--port", str(port)])
    assert result.exit_code == 1
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use." in result.output


def test_a_wrong_configuration_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LMS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LMS_SECRET_KEY", "short")
    for command in (serve, serving.worker):
        result = CliRunner().invoke(command)
        assert result.exit_code == 1
        assert "LMS_SECRET_KEY is too short" in result.output


def test_pauses_grow_and_begin_again_after_a_steady_time() -> None:
    child = Child("web", lambda: None)
    pauses: list[Any] = []
    for _ in range(8):
        child.started = 100.0
        pauses.append(child.died(101.0))
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]
    child.started = 100.0
    assert child.died(1000.0) == 0.5


def test_the_worker_alone_stops_cleanly(app: Flask) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "from lms.cli.serving import worker; worker()"],
        env=environment_for(app),
    )
    try:
        with app.app_context():
            with unit_of_work():
                job_id = enqueue("jobs.tidy", {})
            wait_for(lambda: state_of(job_id) == "done")
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.wait()
