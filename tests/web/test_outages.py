"""The database is away: 503 with a time to wait and everything typed, never 500."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import redirect, request
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from wtforms import StringField

from lms.db import db, now
from lms.testing import csrf_of, sign_in_as
from lms.web import Form, access, page
from lms.web.models import RateCount
from lms.work import is_away, unit_of_work

POSTGRESQL = os.environ.get("LMS_TEST_DATABASE") == "postgresql"


class NoteForm(Form):
    note = StringField("Note")


def add_note_view(app, before=lambda: None):
    """A form at /try that writes a row; `before` is called in its unit of work."""

    def view():
        if not NoteForm().validate_on_submit():
            return page("errors/page.html", 422, title="Form", text="")
        with unit_of_work():
            db.session.add(RateCount(key_hash=f"deed {now()}", window_start=now(), count=1))
            db.session.flush()
            before()
        return redirect("/me", 303)

    app.add_url_rule("/try", "try", access(known="public")(view), methods=["GET", "POST"])


def send(client, token):
    return client.post("/try?lang=en", data={"csrf_token": token, "note": "Ny rytme i gruppen"})


def is_a_page_that_keeps(answer, token):
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert 'name="note" value="Ny rytme i gruppen"' in answer.text
    assert f'name="csrf_token" value="{token}"' in answer.text  # the same: done once at most
    assert 'action="/try?lang=en"' in answer.text


# --- which errors are an outage -----------------------------------------------------------------


class _Coded(Exception):
    def __init__(self, sqlstate):
        super().__init__("words of a server")
        self.sqlstate = sqlstate


@pytest.mark.once
@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("", {}, psycopg.OperationalError("connection refused")), True),
        (OperationalError("", {}, _Coded("53300")), True),  # too many connections
        (OperationalError("", {}, _Coded("53100")), True),  # disk full
        (OperationalError("", {}, _Coded("57014")), True),  # took too long
        (DBAPIError("", {}, _Coded("25006")), True),  # read only
        (DBAPIError("", {}, _Coded("42P01")), False),  # a table is missing: our fault
        (OperationalError("", {}, sqlite3.OperationalError("database is locked")), True),
        (OperationalError("", {}, sqlite3.OperationalError("database or disk is full")), True),
        (
            OperationalError(
                "", {}, sqlite3.OperationalError("attempt to write a readonly database")
            ),
            True,
        ),
        (OperationalError("", {}, sqlite3.OperationalError("no such table: x")), False),
        (NoConnectionFree("QueuePool limit"), True),
        (ValueError("x"), False),
    ],
)
def test_an_outage_is_told_from_a_fault(error, away):
    assert is_away(error) is away


# --- SQLite -------------------------------------------------------------------------------------


@pytest.fixture
def file(lms_app) -> Path:
    """The database file; whoever waits for it waits a tenth of a second."""
    with lms_app.app_context():

        @event.listens_for(db.engine, "begin")
        def impatient(connection):
            connection.exec_driver_sql("PRAGMA busy_timeout=100")

        return Path(db.engine.url.database)


@pytest.mark.once
def test_a_locked_file(lms_app, client, file):
    add_note_view(lms_app)
    token = csrf_of(client)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    is_a_page_that_keeps(send(client, token), token)
    other.execute("ROLLBACK")
    other.close()
    assert send(client, token).status_code == 303


@pytest.mark.once
def test_a_disk_that_takes_no_more(lms_app, client, file):
    def full():
        db.session.execute(text("PRAGMA max_page_count=1"))
        db.session.execute(text("CREATE TABLE much AS SELECT zeroblob(9000000) AS x"))

    add_note_view(lms_app, full)
    token = csrf_of(client)
    is_a_page_that_keeps(send(client, token), token)


@pytest.mark.once
def test_a_file_that_may_only_be_read(lms_app, client, file):
    add_note_view(lms_app, lambda: None)
    token = csrf_of(client)
    with lms_app.app_context():

        @event.listens_for(db.engine, "begin")
        def read_only(connection):
            connection.exec_driver_sql("PRAGMA query_only=ON")

    is_a_page_that_keeps(send(client, token), token)


# --- PostgreSQL ---------------------------------------------------------------------------------


class Server:
    """The processes of one throw-away server."""

    def __init__(self, url: str) -> None:
        from tests.harness import postgres

        self.postgres = postgres
        self.url = url
        self.address = postgres._conninfo(postgres.make_url(url))
        with psycopg.connect(self.address) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
            # The harness's servers forget the last moments when they are stopped at once.
            connection.execute("ALTER ROLE samspil SET synchronous_commit = on")
        assert row is not None
        self.data = Path(row[0])

    def ctl(self, *arguments: str) -> None:
        program = str(self.postgres.binaries() / "pg_ctl")
        subprocess.run(
            [program, "-D", str(self.data), "-w", "-t", "20", *arguments],
            check=True,
            capture_output=True,
            cwd=self.data,
            env={**os.environ, "LC_ALL": "C"},
            **self.postgres._account().options(),
        )

    def stop(self) -> None:
        """At once, like a power cut."""
        self.ctl("stop", "-m", "immediate")

    def drop_connections(self) -> None:
        """End what everybody else is doing; the server goes on."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )

    def start(self) -> None:
        """On the same port again."""
        port = self.postgres.make_url(self.url).port
        options = f"-h 127.0.0.1 -p {port} -k {self.data.parent} -c fsync=off"
        self.ctl("start", "-l", str(self.data / "log"), "-o", options)


@contextmanager
def a_server() -> Iterator[Server]:
    from tests.harness import postgres

    with postgres.server() as url:
        server = Server(url)
        try:
            yield server
        finally:
            if (server.data / "postmaster.pid").exists():
                server.stop()


def stops_and_comes_back(lms_app_factory):
    """One server for every way of being away: starting one costs more than the rest."""
    with a_server() as server:
        app = lms_app_factory(database_url=server.url, migrated=False)
        from lms.migrate import upgrade
        from lms.testing.rows import Maker

        upgrade(app)
        person = Maker(app).person()
        stops = []

        def stop_once():
            if stops:
                stops.pop()()

        add_note_view(app, stop_once)
        client = app.test_client()
        sign_in_as(client, person)
        token = csrf_of(client)

        # In the middle of the deed.
        stops.append(server.stop)
        is_a_page_that_keeps(send(client, token), token)
        # Before anybody is known: reading who asks fails already.
        is_a_page_that_keeps(send(client, token), token)
        assert client.get("/me").status_code == 503
        answer = client.get("/api/v1/runs", headers={"Authorization": "Bearer x"})
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        # Back again: what was typed is sent, and done once.
        server.start()
        assert send(client, token).status_code == 303
        assert send(client, token).status_code == 303
        with app.app_context():
            deeds = db.session.execute(
                text("SELECT count(*) FROM web_rate_count WHERE key_hash LIKE 'deed%'")
            ).scalar()
        assert deeds == 1
        # Every connection is dropped in the middle of the deed: nobody notices.
        token = csrf_of(client)
        stops.append(server.drop_connections)
        assert send(client, token).status_code == 303
        # No connection is free for us.
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        with psycopg.connect(server.address, autocommit=True) as connection:
            connection.execute("ALTER ROLE samspil NOSUPERUSER CONNECTION LIMIT 0")
            assert client.get("/me").status_code == 503


if POSTGRESQL:  # the other pass has no server to stop
    test_a_server_that_stops_and_comes_back = stops_and_comes_back


def test_a_post_that_is_not_known_to_be_ours_is_not_drawn(lms_app, client):
    """A stranger's page must not have its fields printed on ours."""

    def away():
        raise OperationalError("", {}, psycopg.OperationalError("refused"))

    add_note_view(lms_app, away)
    for headers, data in (
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({}, {"password": "hemmelig"}),
    ):
        with lms_app.test_request_context(
            "/try", method="POST", data={"csrf_token": "x", "note": "y", **data}, headers=headers
        ):
            from lms.web.kept import complete_post

            assert request.form["note"] == "y"
            assert complete_post() is None
