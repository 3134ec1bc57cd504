"""`lms bench`: how fast the pages are on this machine, with the demo in a folder of its own."""

from __future__ import annotations

import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.testing import FlaskClient

from lms.cli.start_cost import start_cost

WARM_UP = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class PageFigures:
    """One page: requests per second of one process, milliseconds, queries, bytes."""

    name: str
    reader: str
    per_second: float
    p50: float
    p95: float
    queries: int
    raw: int
    packed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A page to measure: whose it is, and where."""

    name: str
    reader: str
    url: str


@click.group("bench")
def bench() -> None:
    """Measure pages on this machine."""


@bench.command("pages")
@click.option("--seconds", default=2.0, show_default=True, help="How long each page is asked for.")
def pages(seconds: float) -> None:
    """Requests per second, percentiles, queries and bytes of each page, and the cost of a start."""
    click.echo(f"{'page':<34}{'reader':<18}{'req/s':>8}{'p50 ms':>8}{'p95 ms':>8}", nl=False)
    click.echo(f"{'queries':>9}{'bytes':>9}{'gzip':>8}")
    with demo_app() as app:
        for line in measure(app, seconds):
            click.echo(
                f"{line.name:<34}{line.reader:<18}{line.per_second:>8.0f}{line.p50:>8.1f}"
                f"{line.p95:>8.1f}{line.queries:>9}{line.raw:>9}{line.packed:>8}"
            )
    found = start_cost()
    click.echo(
        f"\nA start costs {found.app:.2f} s of CPU, an empty app of this size {found.empty:.2f} s, "
        f"the libraries alone {found.libraries:.2f} s: {found.over_empty:.2f} times the empty app."
    )


@contextmanager
def demo_app() -> Iterator[Flask]:
    """An app with the demo in a temporary folder that is removed in the end."""
    from lms.app import create_app
    from lms.cli.demo import write_now_and_then
    from lms.db import db
    from lms.host import current_host
    from lms.jobs import drain
    from lms.journal import deliver, seal
    from lms.migrate import upgrade

    with tempfile.TemporaryDirectory(prefix="samspil-bench-") as folder:
        app = create_app(
            {
                "DATA_DIR": Path(folder),
                "DATABASE_URL": f"sqlite:///{folder}/bench.db",
                "PUBLIC_URL": "http://localhost",
                "MAIL_BACKEND": "mailbox",
            }
        )
        upgrade(app)
        with app.app_context():
            write_now_and_then(db.engine)
            steps = current_host().demo_steps()
            for name in sorted(steps):
                steps[name].item()
            seal()
            while deliver():
                pass
            drain(limit=100_000)
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def measure(app: Flask, seconds: float) -> Iterator[PageFigures]:
    """Ask each page again and again for so many seconds, in this process, without a network."""
    readers: dict[str, FlaskClient] = {}
    for stop in _stops(app):
        if stop.reader not in readers:
            readers[stop.reader] = _signed_in(app, stop.reader)
        yield _measured(app, readers[stop.reader], stop, seconds)


def _measured(app: Flask, client: FlaskClient, stop: Stop, seconds: float) -> PageFigures:
    queries = 0
    for _ in range(WARM_UP):
        with _counted(app) as statements:
            answer = client.get(stop.url)
        queries = len(statements)
        if answer.status_code != 200:
            raise click.ClickException(f"{stop.url} answers {answer.status}")
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) < 10 or time.perf_counter() - begun < seconds:
        before = time.perf_counter()
        client.get(stop.url)
        times.append(time.perf_counter() - before)
    return PageFigures(
        name=stop.name,
        reader=stop.reader or "guest",
        per_second=len(times) / sum(times),
        p50=statistics.median(times) * 1000,
        p95=statistics.quantiles(times, n=20)[-1] * 1000,
        queries=queries,
        raw=len(answer.data),
        packed=len(gzip.compress(answer.data, compresslevel=5)),
    )


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    """The statements sent inside the block, without transaction control."""
    from sqlalchemy import event

    from lms.db import db

    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _signed_in(app: Flask, reader: str) -> FlaskClient:
    """A browser of the demo account with this access role; nobody's for the empty role."""
    client = app.test_client()
    if not reader:
        return client
    accounts = json.loads((Path(app.config["DATA_DIR"]) / "demo-accounts.json").read_text())
    account = next(account for account in accounts if account["role"] == reader)
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    answer = client.post(
        "/sign-in",
        data={
            "csrf_token": token,
            "mail": account["email"],
            "password": account["password"],
        },
    )
    if answer.status_code != 303:
        raise click.ClickException(f"The demo's {reader} could not sign in ({answer.status}).")
    return client


def _stops(app: Flask) -> Sequence[Stop]:
    """The pages that people open most; keys are those of this demo."""
    from sqlalchemy import func, select

    from lms.core.catalogue.models import Run, TeamMember
    from lms.core.enrolment.models import Enrolment
    from lms.core.users.models import Person
    from lms.db import db

    accounts = json.loads((Path(app.config["DATA_DIR"]) / "demo-accounts.json").read_text())
    mails = {account["role"]: account["email"].casefold() for account in accounts}
    with app.app_context():
        open_run = db.session.scalars(
            select(Run.key).where(Run.state == "open", Run.visibility == "public").limit(1)
        ).one()
        led = db.session.scalars(
            select(Run.key)
            .join(TeamMember, TeamMember.run_id == Run.id)
            .join(Person, Person.id == TeamMember.person_id)
            .join(Enrolment, Enrolment.run_id == Run.id)
            .where(Person.email_key == mails["teacher"], TeamMember.role == "teacher")
            .group_by(Run.key)
            .order_by(func.count().desc())
            .limit(1)
        ).one()
        own = db.session.scalars(
            select(Enrolment.key)
            .join(Person, Person.id == Enrolment.person_id)
            .where(Person.email_key == mails["learner"])
            .limit(1)
        ).one()
    found = [
        Stop(name="front page", reader="", url="/"),
        Stop(name="catalogue", reader="", url="/catalogue"),
        Stop(name="course and run", reader="", url=f"/catalogue/{open_run}"),
        Stop(name="verify a certificate", reader="", url="/certificates/verify"),
        Stop(name="my page", reader="learner", url="/me"),
        Stop(name="course and run", reader="learner", url=f"/catalogue/{open_run}"),
        Stop(name="ask for a seat", reader="learner", url=f"/catalogue/{open_run}/ask"),
        Stop(name="one enrolment", reader="learner", url=f"/enrolments/{own}"),
        Stop(name="own certificates", reader="learner", url="/certificates"),
        Stop(name="waiting for my yes", reader="manager", url="/team"),
        Stop(name="register", reader="teacher", url=f"/teach/{led}"),
        Stop(name="participants", reader="teacher", url=f"/catalogue/{led}/participants"),
        Stop(name="completion", reader="teacher", url=f"/teach/{led}/complete"),
        Stop(name="people", reader="institution_admin", url="/people"),
        Stop(name="administration", reader="site_admin", url="/admin"),
        Stop(name="journal", reader="site_admin", url="/admin/journal"),
    ]
    if "technology_trials.show" in app.view_functions:
        found.append(Stop(name="a technology trial", reader="", url="/technology_trials/mit-hjem"))
    return found
