from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, update

from lms.contracts import GUEST, SYSTEM, Finish, JobContext
from lms.db import db, now, stopped_clock
from lms.jobs import drain, enqueue, queries, retry_failed
from lms.jobs.hooks import lms_doctor, lms_jobs
from lms.jobs.models import Job, Schedule
from lms.jobs.running import Lease, run_claimed
from lms.jobs.services import LeaseLostError, claim, finish_once, pause_after, schedule_due, sweep
from lms.journal import record
from lms.work import Conflict, unit_of_work
from tests.core.journal.small_site import ADMIN, LEASE_SECONDS, Site, add_effect, effects_of, hear


def put(type_: str = "small.work", count: int = 1, **more: Any) -> list[int]:
    with unit_of_work():
        found = [enqueue(type_, {"n": n}, **more) for n in range(count)]
    return [job_id for job_id in found if job_id is not None]


def job(job_id: int) -> Job:
    found = db.session.get_one(Job, job_id)
    db.session.expunge(found)
    db.session.rollback()
    return found


def work(context: JobContext) -> Finish:
    return lambda: add_effect("work", context.args["n"])


def fail(_context: JobContext) -> None:
    raise ValueError("it rained")


def test_a_job_belongs_to_the_transaction_that_makes_it_necessary(site: Site) -> None:
    site.host.add("small.work", work)
    with pytest.raises(RuntimeError):
        enqueue("small.work", {})
    with contextlib.suppress(ZeroDivisionError), unit_of_work():
        enqueue("small.work", {"n": 1})
        raise ZeroDivisionError
    assert drain() == 0


def test_jobs_run_in_order_of_their_due_times(site: Site) -> None:
    site.host.add("small.work", work)
    with unit_of_work():
        enqueue("small.work", {"n": 1}, due_at=now() - timedelta(minutes=1))
        enqueue("small.work", {"n": 2}, due_at=now() - timedelta(minutes=2))
        enqueue("small.work", {"n": 3}, due_at=now() + timedelta(hours=1))
    assert drain() == 2
    assert effects_of("work") == [2, 1]
    with stopped_clock(now() + timedelta(hours=2)):
        assert drain() == 1
    assert effects_of("work") == [2, 1, 3]


def test_a_unique_key_is_taken_once_and_for_ever(site: Site) -> None:
    site.host.add("small.work", work)
    assert len(put(unique_key="certificate-7")) == 1
    assert put(unique_key="certificate-7") == []
    drain()
    assert put(unique_key="certificate-7") == []
    assert len(put()) == 1
    assert drain() == 1


def test_a_job_that_needs_no_finish(site: Site) -> None:
    seen: list[int] = []
    site.host.add("small.see", lambda context: seen.append(context.attempt))
    (job_id,) = put("small.see")
    assert drain() == 1
    done = job(job_id)
    assert (done.state, done.lease_by, done.lease_until, seen) == ("done", None, None, [1])
    assert done.finished_at is not None


def test_what_a_job_records_is_heard_and_may_lead_to_jobs(site: Site) -> None:
    def complete(context: JobContext) -> Finish:
        def finish() -> None:
            record("work.done", "thing", context.args["n"], actor=SYSTEM)

        return finish

    def listen(entries: Any) -> None:
        hear(entries)
        for entry in entries:
            enqueue("small.work", {"n": entry.subject_id})

    site.host.add("small.complete", complete)
    site.host.add("small.work", work)
    site.host.hearing["small"] = listen
    put("small.complete", 3)
    assert drain() == 6
    assert effects_of("work") == [0, 1, 2]
    assert effects_of("heard") == [1, 2, 3]


def test_drain_stops_at_its_limit(site: Site) -> None:
    site.host.add("small.work", work)
    put(count=5)
    assert drain(limit=3) == 3


def test_a_failing_job_rests_longer_and_longer_and_then_has_failed(site: Site) -> None:
    site.host.add("small.fail", fail, max_attempts=3)
    (job_id,) = put("small.fail")
    with stopped_clock(now()):
        drain()
        first = job(job_id)
        assert (first.state, first.attempts, first.due_at) == (
            "queued",
            1,
            now() + timedelta(seconds=10),
        )
    with stopped_clock(now() + timedelta(hours=1)):
        drain()
    with stopped_clock(now() + timedelta(hours=2)):
        drain()
        drain()
    last = job(job_id)
    assert (last.state, last.attempts) == ("failed", 3)
    assert last.error.endswith("ValueError: it rained")
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 4, 5)] == [10, 60, 360, 2160, 3600]


def test_a_failed_job_can_be_tried_again(site: Site) -> None:
    site.host.add("small.work", fail, max_attempts=1)
    (job_id,) = put()
    drain()
    with unit_of_work():
        assert retry_failed(job_id, actor=ADMIN)
    with unit_of_work():
        assert not retry_failed(job_id, actor=ADMIN)
    site.host.add("small.work", work)
    drain()
    assert (job(job_id).state, job(job_id).error) == ("done", "")
    assert effects_of("work") == [0]


def test_sys_exit_in_a_job_does_not_end_the_worker(site: Site) -> None:
    def leave(_context: JobContext) -> None:
        raise SystemExit(3)

    site.host.add("small.leave", leave)
    (job_id,) = put("small.leave")
    drain()
    assert job(job_id).error.endswith("SystemExit: 3")


def test_a_finish_that_fails_leaves_no_effect(site: Site) -> None:
    outcomes = [ValueError("first"), None]

    def run(_context: JobContext) -> Finish:
        def finish() -> None:
            add_effect("work", 1)
            if error := outcomes.pop(0):
                raise error

        return finish

    site.host.add("small.work", run)
    put()
    drain()
    assert effects_of("work") == []
    with stopped_clock(now() + timedelta(minutes=1)):
        drain()
    assert effects_of("work") == [1]


def test_a_conflict_while_finishing_is_tried_again_at_once(site: Site) -> None:
    outcomes: list[Exception | None] = [Conflict("first"), Conflict("second"), None]

    def run(_context: JobContext) -> Finish:
        def finish() -> None:
            add_effect("work", 1)
            if error := outcomes.pop(0):
                raise error

        return finish

    site.host.add("small.work", run)
    (job_id,) = put()
    drain()
    assert (job(job_id).state, job(job_id).attempts) == ("done", 1)
    assert effects_of("work") == [1]


def test_who_lost_the_lease_writes_nothing(site: Site) -> None:
    site.host.add("small.work", work)
    (job_id,) = put()
    slow = claim("slow")
    assert slow is not None
    with stopped_clock(now() + timedelta(seconds=LEASE_SECONDS + 1)):
        assert sweep() == 1
    assert "slow" in job(job_id).error
    with stopped_clock(now() + timedelta(minutes=5)):
        quick = claim("quick")
        assert quick is not None
        assert quick.attempt == 2
    with pytest.raises(LeaseLostError):
        finish_once(slow, lambda: add_effect("work", 99))
    assert run_claimed(slow) is False
    assert run_claimed(quick) is True
    assert effects_of("work") == [0]
    assert job(job_id).state == "done"


def test_a_lease_taken_twice_by_one_worker_counts_by_attempt(site: Site) -> None:
    site.host.add("small.work", work)
    put()
    first = claim("same")
    with stopped_clock(now() + timedelta(minutes=5)):
        sweep()
    with stopped_clock(now() + timedelta(minutes=10)):
        second = claim("same")
    assert first is not None
    assert second is not None
    assert run_claimed(first) is False
    assert run_claimed(second) is True


def test_a_job_whose_worker_keeps_dying_has_failed_in_the_end(site: Site) -> None:
    site.host.add("small.work", work, max_attempts=2)
    (job_id,) = put()
    for hours in (1, 2):
        with stopped_clock(now() + timedelta(hours=hours)):
            assert claim("dying") is not None
        with stopped_clock(now() + timedelta(hours=hours, minutes=5)):
            assert sweep() == 1
    assert job(job_id).state == "failed"
    assert "disappeared" in job(job_id).error


def test_a_long_job_keeps_its_lease_and_shows_its_progress(site: Site) -> None:
    seen: list[tuple[int, int, str]] = []

    def run(context: JobContext) -> Finish:
        context.log("began")
        context.progress(1, 4)
        until = time.monotonic() + 3 * LEASE_SECONDS
        while time.monotonic() < until:
            time.sleep(0.1)
            assert sweep() == 0
            row = db.session.execute(select(Job.done_count, Job.total_count, Job.log)).one()
            db.session.rollback()
            seen.append((row.done_count, row.total_count, row.log))
        context.progress(4, 4)
        context.log("ended")
        return lambda: add_effect("work", 1)

    site.host.add("small.long", run)
    (job_id,) = put("small.long")
    drain()
    assert seen[-1][:2] == (1, 4)
    assert seen[-1][2].endswith("began\n")
    done = job(job_id)
    assert (done.state, done.attempts, done.done_count) == ("done", 1, 4)
    assert done.log.splitlines()[1].endswith(" ended")
    assert effects_of("work") == [1]


def test_a_very_long_log_keeps_its_end(site: Site) -> None:
    def talk(context: JobContext) -> None:
        for _ in range(500):
            context.log("x" * 99)

    site.host.add("small.talk", talk)
    (job_id,) = put("small.talk")
    drain()
    assert len(job(job_id).log) == 20_000


def test_log_and_progress_wait_for_a_database_that_is_away(site: Site, tmp_path: Path) -> None:
    site.host.add("small.work", work)
    put()
    claimed = claim("me")
    assert claimed is not None
    away = create_engine(f"sqlite:///{tmp_path}/no/such/folder.db")
    with Lease(away, claimed, timedelta(seconds=0.3)) as lease:
        lease.log("said")
        lease.progress(1, 2)
        time.sleep(0.5)
    unwritten = lease.unwritten()
    assert (unwritten["done_count"], unwritten["total_count"]) == (1, 2)
    assert unwritten["log"].endswith("said\n")


def test_an_unknown_type_waits(site: Site) -> None:
    put("gone.work")
    assert drain() == 0
    assert queries.types_due() == ["gone.work"]
    site.host.add("gone.work", work)
    assert drain() == 1


def test_the_number_of_attempts_is_the_types(site: Site) -> None:
    site.host.add("small.work", work, max_attempts=9)
    assert job(put()[0]).max_attempts == 9
    assert job(put("gone.work")[0]).max_attempts == 5


def test_scheduled_jobs_are_enqueued_once_whoever_asks(site: Site) -> None:
    site.host.add("small.hourly", lambda _context: None, every=timedelta(hours=1))
    site.host.add("small.daily", lambda _context: None, every=timedelta(days=1))
    counted: list[int] = []

    def ask() -> None:
        with site.app.app_context():
            counted.append(schedule_due())

    moment = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)
    for later in (timedelta(0), timedelta(minutes=29), timedelta(minutes=31), timedelta(hours=5)):
        with stopped_clock(moment + later):
            threads = [threading.Thread(target=ask) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert sum(counted) == 4
    rows = Counter(db.session.scalars(select(Job.type)).all())
    assert rows == {"small.hourly": 3, "small.daily": 1}
    due = db.session.scalars(select(Schedule.due_at).where(Schedule.name == "small.daily")).one()
    assert due == datetime(2026, 3, 3, tzinfo=UTC)


def test_old_done_jobs_are_tidied_away(site: Site) -> None:
    (tidy,) = lms_jobs()
    site.host.types[tidy.name] = tidy
    site.host.add("small.work", work)
    put()
    put(unique_key="kept")
    with stopped_clock(now() - timedelta(days=1)):
        schedule_due()
    drain()
    with stopped_clock(now() + timedelta(days=100)):
        schedule_due()
        drain()
        left = db.session.scalars(select(Job.type).order_by(Job.id)).all()
        assert list(left) == ["small.work", "jobs.tidy"]
        assert db.session.scalar(select(func.count()).select_from(Schedule)) == 1


def test_the_jobs_page_is_for_administrators(site: Site) -> None:
    site.host.add("small.work", work)
    (job_id,) = put()
    key = job(job_id).key
    assert queries.job_list(GUEST).jobs == ()
    assert queries.one_job(GUEST, key) is None
    assert queries.counts(GUEST) == {}
    details = queries.one_job(ADMIN, key)
    assert details is not None
    assert (details.job.id, details.args, details.log) == (job_id, {"n": 0}, "")
    assert queries.one_job(ADMIN, "nothing") is None


def test_the_jobs_page_filters_and_turns_pages(site: Site) -> None:
    site.host.add("small.work", work)
    site.host.add("small.fail", fail, max_attempts=1)
    put(count=4)
    put("small.fail")
    drain()
    put(count=2)
    assert queries.counts(ADMIN) == {"done": 4, "failed": 1, "queued": 2}
    assert len(queries.job_list(ADMIN, state="done").jobs) == 4
    assert [row.state for row in queries.job_list(ADMIN, type="small.fail").jobs] == ["failed"]
    first = queries.job_list(ADMIN, limit=5)
    assert first.older is not None
    second = queries.job_list(ADMIN, limit=5, before=first.older)
    assert second.older is None
    ids = [row.id for row in (*first.jobs, *second.jobs)]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 7


def test_the_doctor_sees_a_queue_nobody_works_on(site: Site) -> None:
    site.host.add("small.work", fail, max_attempts=1)
    assert [finding.ok for finding in lms_doctor()] == [True]
    put()
    with stopped_clock(now() + timedelta(minutes=6)):
        (finding,) = lms_doctor()
        assert "no worker is running" in finding.sentence
    drain()
    (finding,) = lms_doctor()
    assert "1 jobs failed for good" in finding.sentence
    with unit_of_work():
        db.session.execute(update(Job).values(type="gone.work", state="queued"))
    (finding,) = lms_doctor()
    assert "gone.work" in finding.sentence


def test_two_workers_in_one_house_share_two_hundred_jobs(site: Site) -> None:
    began: list[int] = []

    def run(context: JobContext) -> Finish:
        began.append(context.args["n"])
        return work(context)

    site.host.add("small.work", run)
    put(count=200)

    def worker() -> None:
        with site.app.app_context():
            drain()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain()
    assert sorted(began) == list(range(200))
    assert sorted(effects_of("work")) == list(range(200))
