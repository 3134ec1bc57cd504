"""Failures are counted, written after the request, and known to all workers within two seconds."""

from __future__ import annotations

import time

import pytest
from sqlalchemy.exc import SQLAlchemyError

from lms.contracts import GUEST
from lms.db import db, now, stopped_clock
from lms.host import roster
from lms.work import unit_of_work


def fail():
    raise RuntimeError("no luck, password=hunter2")


def test_past_the_number_of_failures_a_plugin_is_quarantined(make_host, healthy, evil, quarantined):
    host = make_host(
        ("healthy", healthy), ("moss", evil("lms_todo_items", fail)), PLUGIN_FAILURES_ALLOWED=2
    )
    client = host.app.test_client()
    for _time in range(2):
        assert client.get("/core").data == b"healthy:1 moss:away"
    assert host.is_active("moss")
    with stopped_clock(now()):
        moment = now()
        client.get("/core")
    assert client.get("/core").data == b"healthy:1"
    assert quarantined(host, "moss")
    (line,) = [line for line in host.report() if line.name == "moss"]
    assert (line.hook, line.failures, line.since) == ("lms_todo_items", 3, moment)
    assert "RuntimeError: no luck" in line.error
    assert "hunter2" not in line.error


def test_nothing_is_written_without_failures(make_host, healthy, monkeypatch):
    host = make_host(("healthy", healthy))
    monkeypatch.setattr(host.states, "count", lambda *_: pytest.fail("it wrote"))
    assert host.app.test_client().get("/core").status_code == 200


def test_other_workers_know_within_two_seconds(make_host, healthy, evil):
    plugins = (("healthy", healthy), ("moss", evil("lms_todo_items", fail)))
    first = make_host(*plugins, PLUGIN_FAILURES_ALLOWED=0)
    second = make_host(*plugins, PLUGIN_FAILURES_ALLOWED=0)
    assert second.is_active("moss")
    first.app.test_client().get("/core")
    began = time.monotonic()
    while second.is_active("moss"):
        assert time.monotonic() - began < 2.5
        time.sleep(0.05)
    assert second.records["moss"].hook == "lms_todo_items"


def test_the_states_are_read_once_in_two_seconds(make_host, healthy, monkeypatch):
    host = make_host(("healthy", healthy))
    reads = []
    read = host.states.read
    monkeypatch.setattr(host.states, "read", lambda: reads.append(1) or read())
    for _time in range(50):
        assert host.is_active("healthy")
    assert reads == []
    host._read_at -= roster.FRESH_SECONDS
    for _time in range(50):
        assert host.is_active("healthy")
    assert reads == [1]


def test_failures_of_several_workers_add_up(make_host, evil):
    plugin = ("moss", evil("lms_todo_items", fail))
    first = make_host(plugin, PLUGIN_FAILURES_ALLOWED=3)
    second = make_host(plugin, PLUGIN_FAILURES_ALLOWED=3)
    for host in (first, second, first):
        host.draw("lms_todo_items", actor=GUEST)
        host.flush_failures()
    assert first.is_active("moss")
    second.draw("lms_todo_items", actor=GUEST)
    second.flush_failures()
    assert not second.is_active("moss")


def test_a_late_failure_does_not_change_the_reason(make_host, evil):
    host = make_host(("moss", evil("lms_todo_items", fail)))
    host.mark_broken("moss", "migrations", "the first reason")
    host.states.count(
        [roster.Failure(plugin="moss", hook="lms_notice", error="later", at=now())],
        host.default_state,
    )
    assert host.records["moss"].error == "the first reason"


def test_release_and_count_from_zero(make_host, evil):
    host = make_host(("moss", evil("lms_todo_items", fail)), PLUGIN_FAILURES_ALLOWED=0)
    client = host.app.test_client()
    client.get("/core")
    assert not host.is_active("moss")
    host.release("moss")
    assert host.is_active("moss")
    record = host.records["moss"]
    assert (record.failures, record.hook, record.error, record.since) == (0, "", "", None)
    client.get("/core")
    assert not host.is_active("moss")


def test_switch_off_and_on(make_host, healthy):
    host = make_host(("healthy", healthy))
    host.switch("healthy", on=False)
    assert host.records["healthy"].state == "off"
    assert host.course_types() == {}
    assert host.app.test_client().get("/core").data == b""
    host.switch("healthy", on=True)
    assert "healthy" in host.course_types()
    with pytest.raises(KeyError):
        host.switch("nobody", on=True)


def test_switch_inside_a_unit_of_work_belongs_to_it(make_host, healthy):
    host = make_host(("healthy", healthy))

    def change_their_mind():
        with unit_of_work():
            host.switch("healthy", on=False)
            raise ZeroDivisionError

    with host.app.test_request_context():
        with pytest.raises(ZeroDivisionError):
            change_their_mind()
        assert host.is_active("healthy")
        with unit_of_work():
            host.switch("healthy", on=False)
        assert not host.is_active("healthy")


def test_a_broken_migration_is_marked_and_mended(make_host, healthy, evil, quarantined):
    host = make_host(("healthy", healthy), ("moss", evil("lms_todo_items", list)))
    host.mark_broken("moss", "migrations", ValueError("no such column"))
    assert quarantined(host, "moss")
    host.mark_mended("moss", "another")
    assert not host.is_active("moss")
    host.mark_mended("moss", "migrations")
    assert host.is_active("moss")


def test_uninstalled_it_is_still_reported(make_host, healthy, facts):
    make_host(("healthy", healthy))
    later = make_host()
    (line,) = later.report()
    assert (line.name, line.state) == ("healthy", "missing")
    with later.app.app_context():
        sentences = [owned.item.sentence for owned in later.doctor_findings()]
    assert sentences == ["The plugin healthy is not installed any more; its data is kept."]
    refusals = later.check("lms_check_enrolments", requests=[facts.request_for("healthy")])
    assert [r.code for r in refusals] == ["type_out_of_order"]


def test_before_the_first_migration_the_defaults_hold(make_host, healthy, evil, empty_database):
    host = make_host(
        ("healthy", healthy),
        ("moss", evil("lms_todo_items", fail)),
        url=empty_database,
        PLUGINS_OFF=("moss",),
        PLUGIN_FAILURES_ALLOWED=0,
    )
    assert host.is_active("healthy")
    assert host.records["moss"].state == "off"
    host.attempt("healthy", "template", fail)
    host.flush_failures()
    assert host.is_active("healthy")


def test_no_database_no_start(make_host, healthy, tmp_path):
    address = f"sqlite:///{tmp_path / 'not' / 'there' / 'x.db'}"
    with pytest.raises(SQLAlchemyError):
        make_host(("healthy", healthy), url=address)


def test_a_database_that_goes_away_later_leaves_the_last_states(make_host, healthy, monkeypatch):
    host = make_host(("healthy", healthy))
    host.switch("healthy", on=False)
    assert not host.is_active("healthy")

    def gone():
        raise SQLAlchemyError("the server closed the connection")

    monkeypatch.setattr(host.states, "read", gone)
    host._read_at = 0.0
    assert not host.is_active("healthy")


def test_failures_that_cannot_be_written_are_kept(make_host, evil, monkeypatch):
    host = make_host(("moss", evil("lms_todo_items", fail)), PLUGIN_FAILURES_ALLOWED=1)

    def gone(*_arguments):
        raise SQLAlchemyError("the server closed the connection")

    with monkeypatch.context() as patched:
        patched.setattr(host.states, "count", gone)
        for _time in range(2):
            assert host.app.test_client().get("/core").status_code == 200
    assert host.is_active("moss")
    host.flush_failures()
    assert not host.is_active("moss")


def test_failures_are_written_beside_the_requests_own_transaction(make_host, evil):
    """A page that reads while its plugins fail: the count is written although nothing commits."""
    host = make_host(("moss", evil("lms_todo_items", fail)), PLUGIN_FAILURES_ALLOWED=0)
    with host.app.test_request_context():
        db.session.connection()
        host.draw("lms_todo_items", actor=GUEST)
        host.flush_failures()
    assert not host.is_active("moss")


def test_report_tells_times(make_host, evil):
    host = make_host(("moss", evil("lms_todo_items", lambda: time.sleep(0.02) or [])))
    for _time in range(3):
        host.draw("lms_todo_items", actor=GUEST)
    (line,) = host.report()
    assert (line.calls, line.slowest_hook) == (3, "lms_todo_items")
    assert 0.02 <= line.mean_seconds <= line.max_seconds < 1
    assert line.hooks == ("lms_todo_items",)


def test_quarantined_at_start_it_is_not_asked_again(make_host, package):
    """One that hangs while starting would end every new process."""
    package("moss", {"plugin.py": ""})
    first = make_host(discover=True)
    first.mark_broken("moss", "import", "it hung")
    second = make_host(discover=True)
    assert not second.records["moss"].loaded
    assert second.records["moss"].state == "quarantined"
    second.release("moss")
    assert second.records["moss"].needs_restart
    assert not second.is_active("moss")
    assert make_host(discover=True).is_active("moss")


def test_quarantined_by_a_call_it_is_loaded_and_can_be_released_at_once(make_host, healthy):
    first = make_host(("healthy", healthy))
    first.mark_broken("healthy", "lms_todo_items", "it broke")
    second = make_host(
        ("healthy", healthy),
    )
    assert second.app.test_client().get("/healthy/").status_code == 503
    second.release("healthy")
    assert second.app.test_client().get("/healthy/").status_code == 200
    assert "healthy" in second.course_types()
