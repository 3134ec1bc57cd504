"""A site with many signed-in people, served by `lms serve`, for figures and for outages."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from flask import Flask
from sqlalchemy import insert

from lms.app import create_app
from lms.contracts import SYSTEM
from lms.core.enrolment.queries import terms_of
from lms.core.enrolment.services import set_terms
from lms.core.users.models import Person, SignIn
from lms.core.users.queries import digest
from lms.db import db, now
from lms.testing import TEST_CONFIG
from lms.testing.rows import Maker
from lms.work import unit_of_work

KEY = "a key for measuring, long enough to be taken for one"
START_SECONDS = 60
SERVE = "from lms.cli import main; main()"


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """Somebody with a page open: their cookie, the form they send, and the run they want."""

    cookie: str
    body: bytes
    path: str


# --- a site with people and runs ----------------------------------------------------------------


def build(address: str, folder: Path) -> Flask:
    """An application with all plugins on the database at the address."""
    config = dict(TEST_CONFIG) | {"SECRET_KEY": KEY, "DATABASE_URL": address, "DATA_DIR": folder}
    return create_app(config, discover=True)


def make_runs(app: Flask, number: int, seats: int) -> list[tuple[int, str]]:
    """Open runs without a manager's yes, so that a request becomes a seat: (id, key)."""
    maker = Maker(app)
    version = maker.version(course=maker.course(course_type="student_module"))
    made = [maker.run(version=version, capacity=seats) for _ in range(number)]
    with app.app_context(), unit_of_work():
        for run in made:
            set_terms(replace(terms_of([run.id])[run.id], approvers=(), ways=("open",)), SYSTEM)
    return [(run.id, run.key) for run in made]


def make_people(app: Flask, number: int) -> list[tuple[int, str]]:
    """Signed-in people: (id, the secret of their sign-in)."""
    moment, mark = now(), secrets.token_hex(4)
    tokens = [secrets.token_urlsafe(24) for _ in range(number)]
    with app.app_context(), unit_of_work():
        ids = db.session.scalars(
            insert(Person).returning(Person.id, sort_by_parameter_order=True),
            [
                {
                    "name": f"Deltager {n}",
                    "search_text": f"deltager {n}",
                    "email_key": f"{mark}-{n}@eksempel.example",
                    "created_at": moment,
                }
                for n in range(number)
            ],
        ).all()
        db.session.execute(
            insert(SignIn),
            [
                {
                    "person_id": person_id,
                    "token_hash": digest(token),
                    "created_at": moment,
                    "expires_at": moment + timedelta(hours=12),
                }
                for person_id, token in zip(ids, tokens, strict=True)
            ],
        )
    return list(zip(ids, tokens, strict=True))


def visitors(
    app: Flask, people: Sequence[tuple[int, str]], runs: Sequence[tuple[int, str]]
) -> list[Visitor]:
    """Everybody with the page of their run open: cookies and form tokens as the app makes them."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    seen, found = int(now().timestamp()), []
    for number, (person_id, token) in enumerate(people):
        csrf = secrets.token_bytes(16)
        mask = secrets.token_bytes(16)
        masked = (mask + bytes(a ^ b for a, b in zip(mask, csrf, strict=True))).hex()
        session = {"in": token, "seen": seen, "who": person_id, "csrf": csrf.hex()}
        body = urlencode({"csrf_token": masked, "goal": "Vise det til mine kolleger"}).encode()
        found.append(
            Visitor(
                cookie=f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(session)}",
                body=body,
                path=f"/catalogue/{runs[number % len(runs)][1]}/ask",
            )
        )
    return found


# --- served ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def served(
    address: str, folder: Path, workers: int, *, jobs: bool = True
) -> Iterator[tuple[str, int]]:
    """`lms serve` on the database (without `jobs` pages only); yields its address and the id of
    its process."""
    log = (folder / "serve.log").open("w+")
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from lms.cli import main; main()",
            "serve",
            "--port",
            "0",
            "--workers",
            str(workers),
            *([] if jobs else ["--no-worker"]),
        ],
        env=os.environ
        | {"LMS_DATABASE_URL": address, "LMS_DATA_DIR": str(folder), "LMS_SECRET_KEY": KEY},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield _address_of(process, folder / "serve.log"), process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def _address_of(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"lms serve ended: {log.read_text()}")
        if found := re.search(r"http://[\d.]+:\d+", log.read_text()):
            with contextlib.suppress(OSError):
                if asyncio.run(_get(found[0], "/readyz")) == 200:
                    return found[0]
        time.sleep(0.1)
    raise RuntimeError(f"lms serve did not answer: {log.read_text()}")


async def _get(address: str, path: str) -> int:
    at = urlsplit(address)
    status, _answer = await exchange(at.hostname or "", at.port or 80, f"GET {path}", "", b"")
    return status


async def exchange(host: str, port: int, line: str, cookie: str, body: bytes) -> tuple[int, bytes]:
    """One request over a connection of its own: the status, and the answer in lower case."""
    reader, writer = await asyncio.open_connection(host, port)
    head = (
        f"{line} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    status = await reader.readline()
    answer = await reader.read()
    writer.close()
    return int(status.split()[1]), answer.lower()
