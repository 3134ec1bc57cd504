"""What is sent twice is done once, by form and by API, and everybody hears the same answer."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import jsonify, redirect, request, session
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from wtforms import StringField

from lms.core.users.models import ApiToken
from lms.core.users.queries import digest
from lms.db import db, now
from lms.testing import csrf_of, sign_in_as
from lms.web import Confirm, Form, access, not_found, page, tell
from lms.web.models import OnceKey, RateCount
from lms.web.once import forget_old_keys
from lms.work import Conflict, in_unit_of_work, is_held, unit_of_work


class NoteForm(Form):
    note = StringField("Note")


def deed(name="deed"):
    """A row of its own for each deed: what a view of these tests does."""
    here = db.session.scalar(select(func.count()).select_from(RateCount)) or 0
    db.session.add(RateCount(key_hash=f"{name} {here}", window_start=now(), count=1))


@pytest.fixture
def deeds(lms_app):
    """`deeds()`: how many deeds are in the database."""

    def count():
        with lms_app.app_context():
            named = RateCount.key_hash.startswith("deed")
            return db.session.scalar(select(func.count()).select_from(RateCount).where(named))

    return count


@pytest.fixture
def rows(lms_app):
    """`rows()`: the keys as (status, body)."""

    def read():
        with lms_app.app_context():
            return [
                tuple(row) for row in db.session.execute(select(OnceKey.status, OnceKey.body)).all()
            ]

    return read


@pytest.fixture
def karen(lms_app, client, make_person):
    """A signed-in browser and its person."""
    person = make_person(language="en")
    sign_in_as(client, person)
    return person


@pytest.fixture
def form_view(lms_app):
    """`form_view(view, **access)`: a form at /try."""

    def add(view, **declared):
        lms_app.add_url_rule("/try", "try", access(**declared)(view), methods=["GET", "POST"])

    return add


@pytest.fixture
def api_view(lms_app, maker, karen):
    """`api_view(view)` at /api/v1/try; gives the headers of Karen's token."""

    def add(view):
        marked = access(known="token")(view)
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        lms_app.add_url_rule("/api/v1/try", "try_api", marked, methods=methods)
        maker.write(
            ApiToken(
                person_id=karen.id,
                name="Test",
                token_hash=digest("a secret"),
                created_at=now(),
                expires_at=now() + timedelta(days=30),
            )
        )
        return {"Authorization": "Bearer a secret"}

    return add


def write_down():
    form = NoteForm()
    if not form.validate_on_submit():
        return page("errors/page.html", 422 if form.submitted else 200, title="Form", text="")
    with unit_of_work():
        deed()
    tell("Written down.")
    return redirect("/me?done=1", 303)


def count_up():
    with unit_of_work():
        deed()
    answer = jsonify(number=db.session.scalar(select(func.count()).select_from(RateCount)))
    answer.status_code = 201
    answer.headers["Location"] = "/api/v1/try/1"
    return answer


def flashes_of(client):
    with client.session_transaction() as cookie:
        return [text for _kind, text in cookie.get("_flashes", ())]


# --- forms --------------------------------------------------------------------------------------


def test_a_form_sent_again_is_done_once_and_answered_the_same(client, karen, form_view, deeds):
    form_view(write_down)
    sent = {"csrf_token": csrf_of(client), "note": "Ny rytme"}
    first = client.post("/try", data=sent)
    assert flashes_of(client) == ["Written down."]
    second = client.post("/try", data=sent)
    assert (first.status_code, first.location) == (303, "/me?done=1")
    assert (second.status_code, second.location) == (303, "/me?done=1")
    assert deeds() == 1
    assert flashes_of(client) == ["Written down."]  # not twice on one page


def test_a_browser_that_dropped_the_first_answer_still_hears_it(
    lms_app, client, karen, form_view, deeds
):
    form_view(write_down)
    sent = {"csrf_token": csrf_of(client), "note": "x"}
    cookie = client.get_cookie("samspil").value
    client.post("/try", data=sent)
    client.set_cookie("samspil", cookie)
    client.post("/try", data=sent)
    assert flashes_of(client) == ["Written down."]
    assert deeds() == 1


def test_two_drawn_forms_are_two_deeds(client, karen, form_view, submit, deeds):
    form_view(write_down)
    for _ in range(2):
        submit(client, "/try", note="x")
    assert deeds() == 2


def test_a_form_sent_again_with_other_words_is_a_page_that_keeps_them(
    client, karen, form_view, deeds
):
    form_view(write_down)
    token = csrf_of(client)
    client.post("/try", data={"csrf_token": token, "note": "første"})
    answer = client.post("/try", data={"csrf_token": token, "note": "anden"})
    assert answer.status_code == 422
    assert "You have sent this before, with something else in it" in answer.text
    assert 'name="note" value="anden"' in answer.text
    assert token not in answer.text  # sent from here it is a form of its own
    assert deeds() == 1


def test_what_is_wrong_is_not_kept(client, karen, form_view, rows, deeds):
    form_view(write_down)
    token = csrf_of(client)
    number = "010203-1234"
    assert client.post("/try", data={"csrf_token": token, "note": number}).status_code == 422
    assert rows() == []
    assert client.post("/try", data={"csrf_token": token, "note": "x"}).status_code == 303
    assert deeds() == 1


def test_an_error_after_the_deed_undoes_it(lms_app, client, karen, form_view, rows, deeds):
    broken = []

    def view():
        assert Confirm().validate_on_submit()
        with unit_of_work():
            deed()
        if not broken:
            broken.append(1)
            raise RuntimeError("after the deed, before the answer")
        return redirect("/me", 303)

    form_view(view)
    lms_app.config["PROPAGATE_EXCEPTIONS"] = False
    sent = {"csrf_token": csrf_of(client)}
    assert client.post("/try", data=sent).status_code == 500
    assert (deeds(), rows()) == (0, [])
    assert client.post("/try", data=sent).status_code == 303
    assert deeds() == 1


def test_a_view_that_finds_its_deed_done_gives_the_first_answer(client, karen, form_view, deeds):
    """A second post sees what the first one left: nothing there any more."""

    def view():
        if Confirm().validate_on_submit() and db.session.scalar(select(RateCount.key_hash)):
            not_found()
        with unit_of_work():
            deed()
        return redirect("/me", 303)

    form_view(view)
    sent = {"csrf_token": csrf_of(client)}
    assert [client.post("/try", data=sent).status_code for _ in range(2)] == [303, 303]
    assert deeds() == 1


def test_so_does_one_that_does_not_even_look_at_the_form(client, karen, form_view, deeds):
    def view():
        if db.session.scalar(select(RateCount.key_hash)):
            return page("errors/page.html", 410, title="This link is used", text="")
        return write_down()

    form_view(view)
    sent = {"csrf_token": csrf_of(client)}
    assert [client.post("/try", data=sent).status_code for _ in range(2)] == [303, 303]
    assert client.post("/try", data={"csrf_token": csrf_of(client)}).status_code == 410
    assert deeds() == 1


def test_a_deed_before_a_404_is_done_and_may_be_tried_again(client, karen, form_view, rows, deeds):
    def view():
        Confirm().validate_on_submit()
        with unit_of_work():
            deed()
        not_found()

    form_view(view)
    assert client.post("/try", data={"csrf_token": csrf_of(client)}).status_code == 404
    assert (deeds(), rows()) == (1, [])


def test_a_page_as_the_answer_holds_nobody_up_and_is_not_kept(client, karen, form_view, rows):
    held = []

    def view():
        Confirm().validate_on_submit()
        with unit_of_work():
            deed()
        held.append(is_held())
        answer = page("errors/page.html", title="Look at this secret", text="")
        held.append(is_held())
        return answer

    form_view(view)
    sent = {"csrf_token": csrf_of(client)}
    assert "secret" in client.post("/try", data=sent).text
    assert held == [True, False]
    again = client.post("/try", data=sent)
    assert (again.status_code, rows()) == (200, [(200, "")])
    assert "That is done" in again.text
    assert "secret" not in again.text


def test_signing_out_everywhere_is_not_remembered(client, karen, submit, rows):
    assert submit(client, "/account/sign-out-everywhere").status_code == 303
    assert rows() == []


def test_several_units_of_work_are_one_key(client, karen, form_view, rows, deeds):
    def view():
        Confirm().validate_on_submit()
        for _ in range(2):
            with unit_of_work():
                deed()
        return redirect("/me", 303)

    form_view(view)
    sent = {"csrf_token": csrf_of(client)}
    assert [client.post("/try", data=sent).status_code for _ in range(2)] == [303, 303]
    assert (deeds(), rows()) == (2, [(303, "")])


def test_a_look_costs_nothing_and_a_post_two_statements(client, karen, form_view, count_queries):
    form_view(write_down)
    client.get("/try")

    def about_keys(queries):
        return [query.split()[0] for query in queries if "web_once_key" in query]

    with count_queries() as queries:
        client.get("/try")
    assert about_keys(queries) == []
    sent = {"csrf_token": csrf_of(client), "note": "x"}
    with count_queries() as queries:
        client.post("/try", data=sent)
    assert about_keys(queries) == ["INSERT", "UPDATE"]
    with count_queries() as queries:
        client.post("/try", data=sent)
    assert about_keys(queries) == ["INSERT", "SELECT"]
    with count_queries() as queries:
        client.post("/try", data={**sent, "csrf_token": csrf_of(client), "note": "010203-1234"})
    assert about_keys(queries) == ["SELECT"]


# --- the API ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_api_gives_the_same_answer_again(client, api_view, deeds, method):
    headers = {**api_view(count_up), "Idempotency-Key": "a key"}
    first, second = (
        client.open("/api/v1/try", method=method, json={"n": 1}, headers=headers) for _ in range(2)
    )
    assert first.status_code == second.status_code == 201
    assert first.json == second.json
    assert first.location == second.location
    assert first.mimetype == second.mimetype
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert deeds() == 1


def test_another_body_under_the_key_is_a_problem(client, api_view, deeds):
    headers = {**api_view(count_up), "Idempotency-Key": "a key"}
    client.post("/api/v1/try", json={"n": 1}, headers=headers)
    answer = client.post("/api/v1/try", json={"n": 2}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert deeds() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "nøgle", "a\tb"])
def test_a_header_that_is_no_key_is_a_problem(client, api_view, deeds, key):
    headers = {**api_view(count_up), "Idempotency-Key": key.encode().decode("latin-1")}
    answer = client.post("/api/v1/try", json={}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert deeds() == 0


def test_without_a_key_every_request_is_one_of_its_own(client, api_view, deeds):
    headers = api_view(count_up)
    for _ in range(2):
        assert client.post("/api/v1/try", json={}, headers=headers).status_code == 201
    assert deeds() == 2


def test_a_key_is_its_senders_alone(lms_app, client, api_view, maker, make_person, deeds):
    headers = {**api_view(count_up), "Idempotency-Key": "a key"}
    other = make_person()
    maker.write(
        ApiToken(
            person_id=other.id,
            name="Test",
            token_hash=digest("another secret"),
            created_at=now(),
            expires_at=now() + timedelta(days=30),
        )
    )
    client.post("/api/v1/try", json={}, headers=headers)
    headers["Authorization"] = "Bearer another secret"
    answer = client.post("/api/v1/try", json={}, headers=headers)
    assert "Idempotency-Replayed" not in answer.headers
    assert deeds() == 2


def test_a_refusal_of_the_api_may_be_tried_again(client, api_view, deeds):
    def view():
        if request.json["n"] == 0:
            return jsonify(error="no"), 422
        return count_up()

    headers = {**api_view(view), "Idempotency-Key": "a key"}
    assert client.post("/api/v1/try", json={"n": 0}, headers=headers).status_code == 422
    assert client.post("/api/v1/try", json={"n": 1}, headers=headers).status_code == 201


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
