"""Many people want the seats of one run at once: `python -m benchmarks.enrolment_burst`.

10,000 signed-in people send their request over 200 connections to `lms serve`, a tenth of them
twice; afterwards exactly as many have a seat as there are seats, all others wait in the order in
which they were written, and nobody met an error. Jobs (mails) rest meanwhile, as if they ran on a
machine of their own. The same work is then done without HTTP: by the services, and by the bare
driver running the very statements the services ran (journal included). The share of the second in
the first says what our own code costs.

The database is that of `LMS_TEST_DATABASE`; PostgreSQL is a server of its own that writes to disk
before it says so. Figures compare on one machine, never between machines.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import create_engine, event, func, select
from sqlalchemy.engine import make_url

from benchmarks.busy_site import Visitor, build, exchange, make_people, make_runs, served, visitors
from lms.contracts import SYSTEM
from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.services import ask_for_seat
from lms.core.users.models import Person
from lms.db import db
from lms.journal.models import JournalEntry
from lms.migrate import upgrade
from lms.testing.databases import Databases, chosen_kind, databases
from lms.work import unit_of_work
from tests.harness.postgres import URL_VARIABLE, running


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a burst came to."""

    seconds: float
    statuses: Counter[int]
    latencies: Sequence[float]
    seated: int
    waiting: int
    in_order: bool
    doubled: int

    def is_right(self, seats: int, people: int, runs: int) -> bool:
        """Nobody too many, nobody lost, nobody twice, nobody before somebody else. Everybody wants
        one of `runs` runs, in turn, each with so many seats."""
        return (
            self.seated == sum(min(seats, len(range(n, people, runs))) for n in range(runs))
            and self.seated + self.waiting == people
            and self.in_order
            and self.doubled == 0
            and set(self.statuses) == {303}
        )


# --- the burst ----------------------------------------------------------------------------------


async def send_all(
    address: str, waiting: Sequence[Visitor], connections: int
) -> tuple[float, Counter[int], list[float]]:
    """Send every form over so many connections at once: seconds, statuses, seconds of each."""
    at = urlsplit(address)
    host, port = at.hostname or "", at.port or 80
    queue = iter(waiting)
    statuses: Counter[int] = Counter()
    latencies: list[float] = []

    async def one_connection() -> None:
        for visitor in queue:
            began = time.perf_counter()
            status, _answer = await exchange(
                host,
                port,
                f"POST {visitor.path}",
                visitor.cookie,
                visitor.body,
            )
            latencies.append(time.perf_counter() - began)
            statuses[status] += 1

    began = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(connections)))
    return time.perf_counter() - began, statuses, latencies


def burst(
    found: Databases,
    *,
    people: int,
    duplicates: int,
    seats: int,
    runs: int,
    connections: int,
    workers: int,
) -> Outcome:
    """Build a site, let everybody ask at once, and look at what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        address = found.empty()
        app = build(address, Path(folder))
        try:
            upgrade(app)
            made = make_runs(app, runs, seats)
            everybody = visitors(app, make_people(app, people), made)
            # Those who press twice do so while the first is still under way.
            step = max(people // max(duplicates, 1), 1)
            waiting = [
                again
                for number, visitor in enumerate(everybody)
                for again in [visitor] * (2 if number % step == 0 else 1)
            ][: people + duplicates]
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            with served(address, Path(folder), workers, jobs=False) as (at, _pid):
                seconds, statuses, latencies = asyncio.run(send_all(at, waiting, connections))
            return replace(
                look(app, [run_id for run_id, _key in made]),
                seconds=seconds,
                statuses=statuses,
                latencies=latencies,
            )
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
            found.drop(address)


def look(app: Flask, run_ids: Sequence[int]) -> Outcome:
    """What stands in the database after a burst on these runs."""
    with app.app_context():
        states: Counter[str] = Counter()
        for state, number in db.session.execute(
            select(Enrolment.state, func.count()).group_by(Enrolment.state)
        ):
            states[state] = number
        doubled = len(
            db.session.execute(
                select(Enrolment.person_id, Enrolment.run_id)
                .group_by(Enrolment.person_id, Enrolment.run_id)
                .having(func.count() > 1)
            ).all()
        )
        in_order = all(_in_order(run_id) for run_id in run_ids)
        taken = db.session.scalars(select(Run.taken).where(Run.id.in_(run_ids))).all()
        db.session.rollback()
    if sum(taken) != states["seated"]:
        raise RuntimeError(f"{sum(taken)} seats are counted and {states['seated']} are held")
    return Outcome(
        seconds=0,
        statuses=Counter(),
        latencies=(),
        seated=states["seated"],
        waiting=states["waitlisted"],
        in_order=in_order,
        doubled=doubled,
    )


def _in_order(run_id: int) -> bool:
    """Do places in the queue follow the order in which the journal has them, without a gap, and
    did everybody with a seat come before everybody who waits?"""
    rows = db.session.execute(
        select(Enrolment.state, Enrolment.position)
        .join(
            JournalEntry,
            (JournalEntry.subject_id == Enrolment.id)
            & (JournalEntry.subject_kind == "enrolment")
            & JournalEntry.verb.in_(("enrolment.seated", "enrolment.waitlisted")),
        )
        .where(Enrolment.run_id == run_id)
        .order_by(JournalEntry.id)
    ).all()
    states = [row.state for row in rows]
    seated = states.count("seated")
    places = [row.position for row in rows if row.state == "waitlisted"]
    return states == ["seated"] * seated + ["waitlisted"] * (
        len(states) - seated
    ) and places == list(range(1, len(places) + 1))


# --- the services against the bare driver -------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """Requests per second by the services, and by the driver alone running their statements."""

    services: float
    driver: float
    statements: float

    @property
    def share(self) -> float:
        """How much of the driver's rate the services reach, 0 to 1."""
        return self.services / self.driver


Statements = list[list[tuple[str, Any]]]
SLICE = 10
"""Requests that the services and the driver do in turn, so that both meet the same weather."""


def share(found: Databases, *, people: int, seats: int) -> Share:
    """Time the same requests twice on equal databases, by the services and by the driver in turn;
    the median of the turns counts. Both have done a turn before, for what is built once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def prepare(address: str) -> None:
            app = build(address, folder)
            upgrade(app)
            make_runs(app, 1, seats)
            make_people(app, people)
            with app.app_context():
                db.session.remove()
                db.engine.dispose()

        template = f"burst-{people}-{seats}"
        statements: Statements = []
        list(_by_services(found, found.fresh(template, prepare), folder, people, statements))
        services = _by_services(found, found.fresh(template, prepare), folder, people)
        driver = _by_driver(found, found.fresh(template, prepare), statements)
        turns = list(zip(services, driver, strict=True))
        turns = turns[1:] or turns
    by_services, by_driver = (statistics.median(turn[n] for turn in turns) for n in (0, 1))
    each = statistics.fmean(len(one) for one in statements)
    return Share(services=1 / by_services, driver=1 / by_driver, statements=each)


def _by_services(
    found: Databases,
    address: str,
    folder: Path,
    people: int,
    recorded: Statements | None = None,
) -> Iterator[float]:
    """Seconds for each request, by turns; what the services say is put into `recorded`."""
    app = build(address, folder)
    with app.app_context():
        (run_id,) = db.session.scalars(select(Run.id)).all()
        ids = db.session.scalars(select(Person.id).order_by(Person.id.desc()).limit(people)).all()
        db.session.rollback()
        if recorded is not None:

            def on_statement(
                _connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any
            ) -> None:
                # NOTIFY comes after the commit, in a transaction of its own.
                if not statement.startswith(("NOTIFY", "BEGIN")):
                    recorded[-1].append((statement, parameters))

            event.listen(db.engine, "before_cursor_execute", on_statement)
        for turn in _turns(list(reversed(ids))):
            began = time.perf_counter()
            for person_id in turn:
                if recorded is not None:
                    recorded.append([])
                with unit_of_work():
                    ask_for_seat(person_id, run_id, SYSTEM, goal="Vise det til mine kolleger")
            yield (time.perf_counter() - began) / len(turn)
        db.session.remove()
        db.engine.dispose()
    found.drop(address)


def _turns(everything: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(everything), SLICE):
        yield everything[start : start + SLICE]


def _by_driver(found: Databases, address: str, statements: Statements) -> Iterator[float]:
    """Seconds for each request, by turns."""
    if make_url(address).get_backend_name() == "sqlite":
        engine = create_engine(address)
        connection: Any = engine.raw_connection().driver_connection
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        begin = "BEGIN IMMEDIATE"
    else:
        import psycopg

        url = make_url(address).set(drivername="postgresql")
        connection = psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)
        begin = "BEGIN"
    cursor = connection.cursor()
    for turn in _turns(statements):
        began = time.perf_counter()
        for transaction in turn:
            cursor.execute(begin)
            for statement, parameters in transaction:
                cursor.execute(statement, parameters)
                if cursor.description is not None:
                    cursor.fetchall()
            cursor.execute("COMMIT")
        yield (time.perf_counter() - began) / len(turn)
    connection.close()
    found.drop(address)


# --- telling ------------------------------------------------------------------------------------


def lines(found: Databases, given: argparse.Namespace) -> Iterator[str]:
    """The figures, as lines of a Markdown table. Raises `SystemExit` when a burst went wrong."""
    wrong = []
    columns = "runs | seconds | requests/s | p50 ms | p95 ms | seated | waiting | right"
    yield f"| {chosen_kind()} | {columns} |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |"
    for runs in (1, 50):
        each = given.seats if runs == 1 else given.seats // 2
        outcome = burst(
            found,
            people=given.people,
            duplicates=given.duplicates,
            seats=each,
            runs=runs,
            connections=given.connections,
            workers=given.workers,
        )
        ordered = sorted(outcome.latencies)
        sent = sum(outcome.statuses.values())
        right = outcome.is_right(each, given.people, runs)
        wrong += [] if right else [outcome]
        yield (
            f"| {given.people} people, {given.duplicates} twice | {runs} | {outcome.seconds:.1f} "
            f"| {sent / outcome.seconds:.0f} | {1000 * ordered[len(ordered) // 2]:.0f} "
            f"| {1000 * ordered[int(len(ordered) * 0.95)]:.0f} | {outcome.seated} "
            f"| {outcome.waiting} | {'yes' if right else f'NO: {outcome.statuses}'} |"
        )
    measured = share(found, people=given.sample, seats=given.seats)
    yield ""
    yield (
        f"By the services {measured.services:.0f} requests/s, by the bare driver with the same "
        f"{measured.statements:.0f} statements {measured.driver:.0f}: {measured.share:.0%}."
    )
    if wrong:
        raise SystemExit("a burst went wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description="Many people want the seats of one run at once.")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--duplicates", type=int, default=1_000)
    parser.add_argument("--seats", type=int, default=100)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2, help="web workers of the server")
    parser.add_argument("--sample", type=int, default=2_000, help="requests without HTTP")
    parser.add_argument("--append", type=Path, help="a file to write the figures to as well")
    given = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if chosen_kind() == "postgresql":
            os.environ[URL_VARIABLE] = stack.enter_context(running(durable=True)).url
        found = stack.enter_context(databases(folder))
        told = [f"\n## Many want the seats of one run: {chosen_kind()}\n"]
        print(told[0])
        for line in lines(found, given):
            print(line, flush=True)
            told.append(line)
    if given.append:
        with given.append.open("a", encoding="utf-8") as file:
            file.write("\n".join(told) + "\n")


if __name__ == "__main__":
    main()
