"""Sent twice at the same time, broken off, and with connections lost on the way."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import jsonify, redirect, session
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from lms.db import db, now
from lms.testing import csrf_of
from lms.web import Confirm, access, tell
from lms.web.models import OnceKey
from lms.web.once import forget_old_keys
from lms.work import Conflict, in_unit_of_work, unit_of_work
from tests.web.views_of_deeds import count_up, deed, flashes_of, write_down

# --- at the same time ---------------------------------------------------------------------------


def at_once(*calls):
    """Run the calls in threads; what they gave, in their order."""
    found = [None] * len(calls)

    def run(number, call):
        found[number] = call()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_two_posts_at_once_are_one_deed(lms_app, client, karen, form_view, deeds):
    both = threading.Barrier(2, timeout=10)

    def view():
        Confirm().validate_on_submit()
        if not session.get("met"):
            both.wait()
            session["met"] = True
        with unit_of_work():
            deed()
        return redirect(f"/me?n={threading.get_ident()}", 303)

    form_view(view)
    sent = {"csrf_token": csrf_of(client)}
    cookie = client.get_cookie("samspil").value

    def post():
        browser = lms_app.test_client()
        browser.set_cookie("samspil", cookie)
        return browser.post("/try", data=sent)

    first, second = at_once(post, post)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert deeds() == 1


def test_what_is_still_being_worked_on_is_409(lms_app, client, api_view, deeds):
    begun, go_on = threading.Event(), threading.Event()

    def view():
        with unit_of_work():
            deed()
        with unit_of_work(harmless=True):  # commits the first
            pass
        begun.set()
        go_on.wait(10)
        return jsonify(done=True)

    headers = {**api_view(view), "Idempotency-Key": "slow"}

    def first():
        return lms_app.test_client().post("/api/v1/try", json={}, headers=headers)

    def second():
        begun.wait(10)
        answer = client.post("/api/v1/try", json={}, headers=headers)
        go_on.set()
        return answer

    done, early = at_once(first, second)
    assert (early.status_code, early.mimetype) == (409, "application/problem+json")
    assert int(early.headers["Retry-After"]) > 0
    assert done.status_code == 200
    assert client.post("/api/v1/try", json={}, headers=headers).json == {"done": True}
    assert deeds() == 1


def test_a_transaction_that_is_still_open_is_waited_for_and_then_409(lms_app, client, api_view):
    """PostgreSQL waits on the key; SQLite on its one writer, and cannot say which it was."""
    headers = {**api_view(count_up), "Idempotency-Key": "open"}
    with lms_app.app_context():
        engine = db.engine
    postgres = engine.dialect.name == "postgresql"
    quickly = "SET lock_timeout = '200ms'" if postgres else "PRAGMA busy_timeout=100"
    begun, go_on = threading.Event(), threading.Event()

    @event.listens_for(engine, "begin")
    def impatient(connection):
        connection.connection.dbapi_connection.cursor().execute(quickly)

    def holding():
        with unit_of_work():
            deed()
        begun.set()
        go_on.wait(10)
        return jsonify(done=True)

    lms_app.view_functions["try_api"] = access(known="token")(holding)

    def first():
        return lms_app.test_client().post("/api/v1/try", json={}, headers=headers)

    def second():
        begun.wait(10)
        answer = client.post("/api/v1/try", json={}, headers=headers)
        go_on.set()
        return answer

    done, early = at_once(first, second)
    assert done.status_code == 200
    assert early.status_code == (409 if postgres else 503)
    assert int(early.headers["Retry-After"]) > 0


# --- broken off ---------------------------------------------------------------------------------


def test_a_crash_before_the_commit_leaves_nothing(lms_app, client, api_view, rows, deeds):
    class Killed(BaseException):
        pass

    def view():
        with unit_of_work():
            deed()
        raise Killed

    headers = {**api_view(view), "Idempotency-Key": "a key"}
    with pytest.raises(Killed):
        client.post("/api/v1/try", json={}, headers=headers)
    assert (deeds(), rows()) == (0, [])


def test_a_crash_between_two_units_is_told_as_done_after_a_minute(
    lms_app, client, api_view, rows, deeds, clock
):
    class Killed(BaseException):
        pass

    def view():
        with unit_of_work():
            deed()
        with unit_of_work():
            raise Killed

    headers = {**api_view(view), "Idempotency-Key": "a key"}
    with pytest.raises(Killed):
        client.post("/api/v1/try", json={}, headers=headers)
    assert (deeds(), rows()) == (1, [(None, "")])
    waiting = client.post("/api/v1/try", json={}, headers=headers)
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (409, "2")
    clock.move(minutes=2)
    over = client.post("/api/v1/try", json={}, headers=headers)
    assert (over.status_code, "Retry-After" in over.headers) == (409, False)
    assert deeds() == 1


@pytest.fixture
def lose_commits(lms_app, monkeypatch):
    """`lose_commits(n, done=)`: the next commits of `n` deeds lose their connection."""
    real = db.session.registry
    left = {"n": 0, "done": False}

    def commit():
        session_ = real()
        if left["n"] and in_unit_of_work() is False and session_.in_transaction():
            left["n"] -= 1
            if left["done"]:
                session_.commit()
            else:
                session_.rollback()
            error = OperationalError("COMMIT", {}, Exception("the connection is lost"))
            error.connection_invalidated = True
            raise error
        session_.commit()

    monkeypatch.setattr(db.session, "commit", commit, raising=False)

    def lose(n, *, done):
        left.update(n=n, done=done)

    return lose


@pytest.mark.parametrize("done", [True, False])
def test_a_commit_whose_connection_was_lost_is_told_truthfully(
    client, karen, form_view, lose_commits, deeds, done
):
    form_view(write_down)
    sent = {"csrf_token": csrf_of(client), "note": "x"}
    lose_commits(1, done=done)
    answer = client.post("/try", data=sent)
    assert (answer.status_code, answer.location) == (303, "/me?done=1")
    assert flashes_of(client) == ["Written down."]
    assert deeds() == 1


@pytest.mark.parametrize("done", [True, False])
def test_so_is_one_of_the_api_without_a_key(client, api_view, lose_commits, deeds, done):
    headers = api_view(count_up)
    lose_commits(1, done=done)
    answer = client.post("/api/v1/try", json={}, headers=headers)
    assert (answer.status_code, answer.json) == (201, {"number": 1})
    assert deeds() == 1


def test_nobody_knows_when_it_stays_lost(client, api_view, lose_commits):
    headers = api_view(count_up)
    lose_commits(3, done=False)
    answer = client.post("/api/v1/try", json={}, headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json["title"] == "We cannot say whether that was done"


def test_a_view_run_again_begins_with_the_cookie_it_found(client, karen, form_view, deeds):
    runs = []

    def view():
        assert Confirm().validate_on_submit()
        runs.append(session.get("note"))
        with unit_of_work():
            deed()
        session["note"] = "left behind"
        tell("Done.")
        if len(runs) == 1:
            raise Conflict("met")
        return redirect("/me", 303)

    form_view(view)
    client.post("/try", data={"csrf_token": csrf_of(client)})
    assert (runs, flashes_of(client), deeds()) == ([None, None], ["Done."], 1)


# --- afterwards ---------------------------------------------------------------------------------


def test_keys_are_forgotten_after_a_day_and_a_week(lms_app, clock):
    with lms_app.app_context():
        for key, hours in (("f1", 23), ("f2", 25), ("a1", 7 * 24 - 1), ("a2", 7 * 24 + 1)):
            row = OnceKey(key_hash=key, body_hash="", created_at=now() - timedelta(hours=hours))
            row.headers, row.body, row.status = {}, "", 303
            db.session.add(row)
        db.session.commit()
        with unit_of_work():
            forget_old_keys()
        left = set(db.session.scalars(select(OnceKey.key_hash)))
    assert left == {"f1", "a1"}
