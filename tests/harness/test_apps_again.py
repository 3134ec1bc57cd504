"""An app that served one test serves the next as if nobody had ever used it, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from jinja2 import DictLoader
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url

from lms.core.users.models import Person
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.host import current_host
from lms.host.models import PluginState
from lms.journal.models import JournalEntry
from lms.testing import sign_in_as
from lms.testing.apps import Apps
from lms.testing.databases import Databases, chosen_kind
from lms.testing.rows import Maker
from lms.testing.shelf import Shelf, shelf
from lms.testing.specimen import SPECIMEN, SPECIMEN_TYPE, Specimen
from lms.web import access
from lms.web.models import RateCount
from lms.work import unit_of_work

Lend = Callable[..., AbstractContextManager[Flask]]


@pytest.fixture(scope="module")
def own_shelf(
    lms_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shelf]:
    with shelf(lms_databases, tmp_path_factory.mktemp("own")) as made:
        yield made


@pytest.fixture
def lend(own_shelf: Shelf, tmp_path: Path) -> Lend:
    """`with lend() as app:` is what a test sees between its setup and its teardown."""

    @contextmanager
    def lent(plugin: object = None, **asked: Any) -> Iterator[Flask]:
        apps = Apps(own_shelf.databases, own_shelf, tmp_path)
        try:
            yield apps.make([(SPECIMEN, plugin or Specimen())], **asked)
        finally:
            apps.close()

    return lent


def rows_of(app: Flask) -> dict[str, Any]:
    """All rows by table, and the next number of each."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            name: connection.execute(text(f'SELECT * FROM "{name}"')).all()
            for name in sorted({*db.metadata.tables})
        }


def use(app: Flask) -> None:
    """What tests do to an app."""
    maker = Maker(app)
    person = maker.person(password="et langt kodeord")
    maker.enrolment(person=person)
    client = app.test_client()
    for _ in range(3):
        client.post("/sign-in", data={"email": person.email, "password": "forkert"})
    sign_in_as(client, person)
    assert client.get("/me").status_code == 200
    assert client.get("/nowhere").status_code == 404
    (Path(app.config["DATA_DIR"]) / "blobs").mkdir()
    with app.app_context(), unit_of_work():
        db.session.add(RateCount(key_hash="x" * 64, window_start=now(), count=5))


def test_the_next_test_finds_what_the_first_one_found(lend: Lend) -> None:
    with lend() as first:
        found = rows_of(first)
        use(first)
    with lend() as second:
        assert second is first
        assert rows_of(second) == found
        assert Maker(second).person().id == 1
        assert list(Path(second.config["DATA_DIR"]).iterdir()) == []
        host = second.extensions["lms_host"]
        assert host.timings == {}
        assert not host._failures
        # A page may still be added, as to any app that has not answered yet.
        second.add_url_rule("/late", "late", access(known="public")(lambda: "late"))
        assert second.test_client().get("/late").text == "late"


def test_two_at_once_are_two(lend: Lend) -> None:
    with lend() as one, lend() as other:
        Maker(one).person()
        assert one.config["DATA_DIR"] != other.config["DATA_DIR"]
        with other.app_context():
            assert db.session.scalar(select(func.count(Person.id))) == 0


def _fail_in_a_hook(app: Flask) -> None:
    with app.app_context():
        current_host()._count(SPECIMEN, "lms_todo_items", RuntimeError("no luck"))
        current_host().flush_failures()
        assert current_host().records[SPECIMEN].failures == 1


def _switch_off(app: Flask) -> None:
    with app.app_context():
        current_host().switch(SPECIMEN, on=False)
        assert not current_host().is_active(SPECIMEN)


def _break(app: Flask) -> None:
    with app.app_context():
        current_host().mark_broken(SPECIMEN, "lms_todo_items", "it broke")
        assert not current_host().is_active(SPECIMEN)


def _listen(app: Flask, what: str) -> None:
    with app.app_context():
        event.listen(db.engine, what, lambda *_: None)


CHANGES: dict[str, Callable[[Flask], object]] = {
    "configuration": lambda app: app.config.update(ZONE="Europe/Stockholm"),
    "a page": lambda app: app.add_url_rule("/try", "try", access()(lambda: "")),
    "another view": lambda app: app.view_functions.update({"home.help": lambda: ""}),
    "before requests": lambda app: app.before_request(lambda: None),
    "after requests": lambda app: app.after_request(lambda answer: answer),
    "an error page": lambda app: app.register_error_handler(418, lambda _error: ""),
    "a word for templates": lambda app: app.jinja_env.globals.update(word=1),
    "a filter": lambda app: app.jinja_env.filters.update(num=str),
    "templates": lambda app: setattr(app.jinja_env, "loader", DictLoader({})),
    "an extension": lambda app: app.extensions.update(lms_loaders=None),
    "the way in": lambda app: setattr(app, "wsgi_app", lambda *_: []),
    "a command": lambda app: app.cli.command("late")(lambda: None),
    "a failure of a plugin": _fail_in_a_hook,
    "a plugin switched off": _switch_off,
    "a plugin in quarantine": _break,
    "the watchdog's patience": lambda app: setattr(
        app.extensions["lms_host"]._watchdog, "slow", 99.0
    ),
    "failures allowed": lambda app: setattr(app.extensions["lms_host"].states, "allowed", 99),
    "somebody listens to commits": partial(_listen, what="commit"),
    "somebody listens to connections": partial(_listen, what="checkout"),
}


@pytest.mark.once
@pytest.mark.parametrize("change", CHANGES)
def test_who_changes_an_app_has_had_it_for_good(lend: Lend, change: str) -> None:
    with lend() as app:
        CHANGES[change](app)
    with lend() as another:
        assert another is not app


def test_what_is_written_about_plugins_goes_with_the_rows(lend: Lend) -> None:
    with lend() as app, app.app_context(), unit_of_work():
        db.session.get_one(PluginState, SPECIMEN).state = "off"  # nobody has read it yet
    with lend() as again, again.app_context():
        assert db.session.get_one(PluginState, SPECIMEN).state == "active"
        current_host()._forget_rows()
        assert current_host().is_active(SPECIMEN)


def test_a_changed_table_is_never_handed_on(lend: Lend) -> None:
    with lend() as app, app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE users_person ADD COLUMN shoes INTEGER"))
    with lend() as next_one, next_one.app_context(), db.engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM users_person")).keys()
    assert "shoes" not in found


def test_an_app_that_somebody_still_uses_is_not_handed_on(lend: Lend) -> None:
    with lend() as app, app.app_context():
        kept = db.engine.connect()
    with lend() as another:
        assert another is not app
    kept.detach()
    kept.close()
    over = threading.Event()
    with lend() as app:
        thread = threading.Thread(target=over.wait, name="left behind")
        thread.start()
    with lend() as another:
        assert another is not app
    over.set()
    thread.join()


if chosen_kind() == "postgresql":  # SQLite's connections end with the test

    def test_connections_are_handed_on_as_new(lend: Lend) -> None:
        ask = "SELECT current_setting('statement_timeout') || current_setting('search_path')"
        with lend() as app, app.app_context(), db.engine.begin() as connection:
            found = connection.execute(text(ask)).scalar()
            server = connection.execute(text("SELECT pg_backend_pid()")).scalar()
            for statement in (
                "SET statement_timeout = 77",
                "SET search_path = nowhere, public",
                "SELECT pg_advisory_lock(5151)",
                "CREATE TEMP TABLE users_person (id int)",
                "LISTEN something",
            ):
                connection.execute(text(statement))
        with lend() as again, again.app_context(), db.engine.begin() as connection:
            assert again is app
            assert connection.execute(text("SELECT pg_backend_pid()")).scalar() == server
            assert connection.execute(text(ask)).scalar() == found
            for left in (
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 5151",
                "SELECT count(*) FROM pg_listening_channels()",
                "SELECT count(*) FROM pg_class WHERE relpersistence = 't'",
            ):
                assert connection.execute(text(left)).scalar() == 0, left

    def test_a_database_that_somebody_else_has_open_is_not_handed_on(lend: Lend) -> None:
        with lend() as app:
            address = make_url(app.config["DATABASE_URL"]).set(drivername="postgresql")
            stranger = psycopg.connect(address.render_as_string(hide_password=False))
        with lend() as another:
            assert another is not app
        stranger.close()


class Holds(Specimen):
    """A plugin that may hold something."""


class Other(Specimen):
    """Another plugin that holds nothing."""

    __slots__ = ()

    @hookimpl
    def lms_course_types(self) -> Any:
        return (replace(SPECIMEN_TYPE, key="other"),)


def test_only_plugins_that_hold_nothing_are_shared(lend: Lend) -> None:
    with lend() as plain:
        pass
    with lend(Other()) as other:
        assert other is not plain
        assert set(other.extensions["lms_host"].course_types()) == {"other"}
    with lend(Other()) as again:
        assert again is other
    with lend(Holds()) as own:
        pass
    with lend(Holds()) as another:
        assert another is not own


def test_an_app_with_wishes_of_its_own_is_nobody_elses(
    lend: Lend, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lend(ZONE="Europe/Stockholm") as own:
        pass
    with lend(ZONE="Europe/Stockholm") as another:
        assert another is not own
    monkeypatch.setenv("LMS_TEST_OWN_APPS", "1")
    with lend() as own:
        pass
    with lend() as another:
        assert another is not own


FILLED: list[Flask] = []


def fill(app: Flask) -> None:
    FILLED.append(app)
    person = Maker(app).person(name="Åse Öberg ' \\ \" %s {}", email=None)
    Maker(app).enrolment(person=person)
    (Path(app.config["DATA_DIR"]) / "list.txt").write_text("med")


def test_what_fills_an_app_is_written_once_and_there_each_time(lend: Lend) -> None:
    FILLED.clear()
    with lend(fill=fill) as app:
        found = rows_of(app)
        use(app)
        (Path(app.config["DATA_DIR"]) / "list.txt").write_text("uden")
    with lend(fill=fill) as again:
        assert again is app
        assert rows_of(again) == found
        assert Maker(again).person(email=None).id == 2
        assert (Path(again.config["DATA_DIR"]) / "list.txt").read_text() == "med"
        assert [one.name for one in Path(again.config["DATA_DIR"]).iterdir()] == ["list.txt"]
    assert len(FILLED) == 1
    with lend() as plain, plain.app_context():
        assert plain is not app
        assert db.session.scalar(select(func.count(Person.id))) == 0
        assert db.session.scalar(select(func.count(JournalEntry.id))) == 0
