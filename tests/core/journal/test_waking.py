"""Who wakes the workers, and how often: on PostgreSQL each time is a round trip."""

from __future__ import annotations

import os
import threading
import time

from sqlalchemy import event

from lms.contracts import SYSTEM
from lms.db import db
from lms.journal import record
from lms.journal.waking import QUIET_SECONDS, Waker
from lms.work import unit_of_work

if os.environ.get("LMS_TEST_DATABASE") == "postgresql":  # SQLite's file is looked at instead

    def commit() -> None:
        with unit_of_work():
            record("test.done", "thing", 1, actor=SYSTEM)

    def test_a_process_wakes_once_for_many_commits(site):
        told = []
        event.listen(
            db.engine,
            "before_cursor_execute",
            lambda _c, _cursor, statement, *_more: told.append(statement),
        )
        for _ in range(5):
            commit()
        assert sum(statement.startswith("NOTIFY") for statement in told) == 1
        time.sleep(QUIET_SECONDS)
        commit()
        assert sum(statement.startswith("NOTIFY") for statement in told) == 2

    def test_who_was_woken_looks_once_more(site):
        def elsewhere() -> None:
            with site.app.app_context():
                commit()

        waker = Waker(db.engine)
        mark = waker.mark()
        threading.Timer(0.1, elsewhere).start()
        began = time.monotonic()
        waker.wait(mark, 30, lambda: False)
        assert time.monotonic() - began < 5
        began = time.monotonic()
        waker.wait(mark, 30, lambda: False)
        assert QUIET_SECONDS < time.monotonic() - began < 5
        waker.close()
