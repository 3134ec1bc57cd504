"""The journal and the queue in a whole app, with a plugin that listens and brings a job."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lms.contracts import SYSTEM, Finish, JobContext, JobType, JournalEntryFacts
from lms.db import db, now, stopped_clock
from lms.hookspecs import hookimpl
from lms.jobs import drain, enqueue
from lms.jobs.models import Job
from lms.journal import queries, record
from lms.testing import AppFactory
from lms.work import unit_of_work
from tests.core.journal.small_site import ADMIN


class Hearer:
    """A plugin that enqueues a job for each entry it hears, and cannot stand subject 3."""

    def __init__(self) -> None:
        self.done: list[int] = []

    @hookimpl
    def lms_notice(self, entries: Sequence[JournalEntryFacts]) -> None:
        for entry in entries:
            if entry.verb != "test.done":
                continue
            enqueue("hearer.answer", {"n": entry.subject_id})
            if entry.subject_id == 3:
                raise ValueError("not that one")

    @hookimpl
    def lms_jobs(self) -> Sequence[JobType]:
        return [JobType(name="hearer.answer", run=self._run)]

    def _run(self, context: JobContext) -> Finish:
        return lambda: self.done.append(context.args["n"])


def write(*subjects: int) -> None:
    with unit_of_work():
        for subject in subjects:
            record("test.done", "thing", subject, actor=SYSTEM)


def drain_patiently(rounds: int = 12) -> None:
    with ExitStack() as clock:
        for minutes in range(rounds):
            clock.enter_context(stopped_clock(now() + timedelta(minutes=minutes)))
            drain()


def test_a_plugin_hears_and_its_jobs_run_once(lms_app_factory: AppFactory) -> None:
    hearer = Hearer()
    with lms_app_factory(plugins=[("hearer", hearer)]).app_context():
        write(1, 2)
        drain()
        drain()
        assert hearer.done == [1, 2]
        rows: Any = db.session.execute(select(Job.type, Job.state)).all()
        assert {tuple(row) for row in rows if row.type == "hearer.answer"} == {
            ("hearer.answer", "done")
        }


def test_a_plugin_that_stumbles_on_one_entry_goes_on(lms_app_factory: AppFactory) -> None:
    hearer = Hearer()
    app = lms_app_factory(plugins=[("hearer", hearer)])
    with app.app_context():
        write(1, 2, 3, 4)
        drain_patiently()
        assert sorted(hearer.done) == [1, 2, 4]
        (row,) = queries.set_aside(ADMIN)
        assert (row.listener, row.verb) == ("hearer", "test.done")
        assert row.error.endswith("ValueError: not that one")
        assert app.extensions["lms_host"].is_active("hearer")


def test_a_core_room_that_listens_has_a_cursor(lms_app_factory: AppFactory) -> None:
    app = lms_app_factory()
    with app.app_context():
        write(1)
        drain()
        states = queries.listener_states(ADMIN)
        assert [state.listener for state in states] == sorted(
            app.extensions["lms_host"].listeners()
        )
        assert {state.behind for state in states} <= {0}
