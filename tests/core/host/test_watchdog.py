"""A call that takes too long: quarantined while it hangs, the process ended if it hangs on."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from lms.contracts import GUEST
from lms.db import db
from lms.host.watchdog import Watchdog
from lms.work import unit_of_work

QUICK = {"PLUGIN_SLOW_SECONDS": 0.2, "PLUGIN_HANGING_SECONDS": 0.4}


def wait_until(condition, seconds=5.0):
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.01)


def hang(seconds):
    def behaviour():
        time.sleep(seconds)
        return []

    return behaviour


def test_a_slow_call_is_quarantined_while_it_runs(make_host, healthy, evil, quarantined):
    host = make_host(("healthy", healthy), ("moss", evil("lms_todo_items", hang(0.35))), **QUICK)
    other_worker = make_host(("healthy", healthy), ("moss", object()))
    page = threading.Thread(target=lambda: host.draw("lms_todo_items", actor=GUEST))
    page.start()
    wait_until(lambda: other_worker.states.read()["moss"].state == "quarantined", 1.0)
    assert page.is_alive()
    page.join()
    assert quarantined(host, "moss")
    assert host.records["moss"].hook == "lms_todo_items"
    assert "more than 0.2 seconds" in host.records["moss"].error


def test_a_hanging_call_ends_the_process(make_host, healthy, evil):
    host = make_host(("healthy", healthy), ("moss", evil("lms_todo_items", hang(0.8))), **QUICK)
    ended = []
    host.recycle = lambda plugin, hook: ended.append((plugin, hook))
    began = time.monotonic()
    page = threading.Thread(target=lambda: host.draw("lms_todo_items", actor=GUEST))
    page.start()
    wait_until(lambda: ended)
    assert 0.4 <= time.monotonic() - began < 0.75
    page.join()
    assert ended == [("moss", "lms_todo_items")]
    assert not list(host.states.notes.glob("*"))


def test_one_that_hangs_while_it_is_imported(make_host, package, healthy, quarantined):
    package("moss", {"plugin.py": "import time; time.sleep(0.7)"})
    host = make_host(("healthy", healthy), discover=True, **QUICK)
    assert quarantined(host, "moss")
    assert host.records["moss"].hook == "import"
    assert not make_host(discover=True).records["moss"].loaded


def test_a_quick_call_is_left_alone(make_host, evil):
    host = make_host(("moss", evil("lms_todo_items", list)), **QUICK)
    for _time in range(20):
        host.draw("lms_todo_items", actor=GUEST)
        time.sleep(0.02)
    assert host.is_active("moss")


def test_the_core_is_not_watched_into_quarantine(make_host, healthy, evil):
    host = make_host(
        ("healthy", healthy), core=[("core.room", evil("lms_todo_items", hang(0.5)))], **QUICK
    )
    host.recycle = lambda plugin, hook: pytest.fail("the process would have ended")
    assert len(host.draw("lms_todo_items", actor=GUEST)) == 2
    assert set(host.states.read()) == {"healthy"}


def test_one_that_hangs_with_the_write_lock_leaves_a_note(make_host, evil, asked):
    """SQLite has one write lock: while the hanging call holds it, nobody can be told."""
    hook = "lms_after_enrolments"
    host = make_host(("moss", evil(hook, lambda: time.sleep(1.2))), **QUICK)
    ended = []

    def end(plugin, _hook):
        ended.append(plugin)

    host.recycle = end

    def locked(*_arguments):
        raise OSError("database is locked")

    host._watchdog._on_slow = locked
    with host.app.test_request_context(), unit_of_work():
        host.after(hook, **asked[hook])
    assert ended == ["moss"]
    assert [path.name for path in host.states.notes.iterdir()] == ["moss.json"]
    with host.app.app_context():
        db.session.remove()

    again = make_host(("moss", evil(hook, lambda: None)))
    assert not again.is_active("moss")
    assert again.records["moss"].hook == hook
    assert "the process was ended" in again.records["moss"].error
    assert list(again.states.notes.iterdir()) == []


def test_a_note_nobody_can_read_does_not_stop_the_start(make_host, healthy, tmp_path):
    notes = tmp_path / "plugin-quarantine"
    notes.mkdir()
    (notes / "moss.json").write_text("not json")
    assert make_host(("healthy", healthy)).is_active("healthy")


# --- the thread itself --------------------------------------------------------------------------


@pytest.fixture
def seen():
    return []


@pytest.fixture
def watchdog(seen):
    return Watchdog(
        0.05,
        10,
        on_slow=lambda call, _seconds: seen.append(call.plugin),
        on_hanging=lambda call, _seconds: seen.append(f"{call.plugin} hangs"),
    )


def test_the_innermost_slow_call_is_to_blame(watchdog, seen):
    # Both are over the limit from one moment on, so that nobody looks in between.
    outer = watchdog.begin("outer", "h", patience=100)
    inner = watchdog.begin("inner", "h", patience=100)
    inner.started = outer.started
    inner.patience = 1.0
    outer.patience = 1.0
    wait_until(lambda: seen)
    watchdog.end(inner)
    watchdog.end(outer)
    assert seen == ["inner"]


def test_an_outer_call_that_is_slow_by_itself(watchdog, seen):
    outer = watchdog.begin("outer", "h")
    time.sleep(0.04)
    inner = watchdog.begin("inner", "h")
    wait_until(lambda: seen)
    watchdog.end(inner)
    watchdog.end(outer)
    assert seen == ["outer"]


def test_patience_while_starting(watchdog, seen):
    call = watchdog.begin("moss", "import", patience=100)
    time.sleep(0.15)
    watchdog.end(call)
    assert seen == []


def test_calls_of_several_threads_are_watched(watchdog, seen):
    def call(name):
        running = watchdog.begin(name, "h")
        time.sleep(0.12)
        watchdog.end(running)

    threads = [threading.Thread(target=call, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == ["a", "b", "c"]


def test_a_report_that_fails_does_not_end_the_watch():
    seen = []

    def fail(call, _seconds):
        seen.append(call.plugin)
        raise RuntimeError("the database is gone")

    watchdog = Watchdog(0.05, 10, on_slow=fail, on_hanging=fail)
    for name in "ab":
        call = watchdog.begin(name, "h")
        wait_until(lambda name=name: name in seen)
        watchdog.end(call)
    assert seen == ["a", "b"]


def test_a_fork_gets_a_watchdog_of_its_own(watchdog):
    watchdog.end(watchdog.begin("parent", "h"))
    watchdog._lock.acquire()  # as if the parent's thread held it at the moment of the fork
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        seen = []
        watchdog._on_slow = lambda call, _seconds: seen.append(call.plugin)
        watchdog.begin("child", "h")
        time.sleep(0.3)
        os.write(writer, repr(seen).encode())
        os._exit(0)
    watchdog._lock.release()
    os.waitpid(child, 0)
    assert os.read(reader, 100) == b"['child']"
    os.close(reader)
    os.close(writer)


def test_the_thread_goes_home_when_nothing_is_called(monkeypatch):
    monkeypatch.setattr("lms.host.watchdog.IDLE_SECONDS", 0.05)
    watchdog = Watchdog(0.05, 10, lambda *_: None, lambda *_: None)
    watchdog.end(watchdog.begin("moss", "h"))
    wait_until(lambda: watchdog._thread is None)
    watchdog.end(watchdog.begin("moss", "h"))
    assert watchdog._thread.is_alive()


@pytest.mark.once
def test_end_process_ends_it_from_the_watchdogs_thread():
    code = (
        "import threading, time\n"
        "from lms.host import end_process\n"
        "threading.Thread(target=end_process, args=('moss', 'lms_notice')).start()\n"
        "time.sleep(30)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, timeout=25, capture_output=True
    )
    assert done.returncode == 1
    assert b"moss hangs in lms_notice" in done.stderr
