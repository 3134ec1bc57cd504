"""A phone that loses its network, in a real browser: kept, sent once, shown when refused, wiped."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from lms.contracts import SYSTEM
from lms.core.catalogue.queries import sessions_of
from lms.core.learning.models import Attendance
from lms.core.learning.queries.checking_in import check_in_of
from lms.core.learning.services.checking_in import code_at, open_check_in, step_at
from lms.db import db, now
from lms.work import unit_of_work
from tests.harness.chromium import browser, visit, wait_until_cached

pytestmark = pytest.mark.once


class Mast:
    """A server that can be out of reach for a while."""

    def __init__(self, app):
        self.app, self.port, self._stack = app, 0, None

    def up(self):
        server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = server.port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self._stack = contextlib.ExitStack()
        self._stack.callback(server.server_close)
        self._stack.callback(thread.join)
        self._stack.callback(server.shutdown)

    def down(self):
        if self._stack is not None:
            self._stack.close()
            self._stack = None


@pytest.fixture
def mast(lms_app):
    made = Mast(lms_app)
    made.up()
    yield made
    made.down()


@pytest.fixture
def lesson(lms_app, make_run, make_person, make_enrolment):
    """Who takes part, the key of the check-in, and the code it shows now."""
    run = make_run(state="running", sessions=[now() + timedelta(minutes=5)])
    person = make_person(language="en")
    row = make_enrolment(run=run, person=person, state="active")
    with lms_app.app_context():
        (session,) = sessions_of([run.id])[run.id]
        with unit_of_work():
            open_check_in(session, SYSTEM)
        facts = check_in_of(session.id)
        return person, row, facts.key, code_at(facts, step_at(now()))


def marks(app):
    with app.app_context():
        return [(r.mode, r.source) for r in db.session.scalars(db.select(Attendance))]


def test_a_check_in_without_network_is_kept_and_sent_once(lms_app, mast, lesson, sign_in, client):
    person, enrolment, key, code = lesson
    sign_in(client, person)
    cookie = client.get_cookie(lms_app.config["SESSION_COOKIE_NAME"])
    home = f"http://127.0.0.1:{mast.port}"
    with browser() as chromium, visit(chromium, home, locale="en-GB", width=360) as phone:
        phone.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": home}])
        page = phone.page
        page.goto("/check-in")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        wait_until_cached(page, "samspil-shell-1", "/offline")
        assert phone.problems == []

        # The code is read while nothing answers.
        mast.down()
        page.goto(f"/check-in/{key}/{code}")
        expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
        page.get_by_role("button", name="I am here").click()
        expect(page.get_by_text("Kept on this phone, will be sent: Check-in")).to_be_visible()
        page.reload()
        expect(page.get_by_text("Kept on this phone, will be sent: Check-in")).to_be_visible()
        assert marks(lms_app) == []
        mast.up()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.get_by_text("Sent: Check-in", exact=True)).to_be_visible()
        expect(page.get_by_role("heading", name="You are online again")).to_be_visible()
        assert marks(lms_app) == [("present", "code")]
        page.goto(f"/enrolments/{enrolment.key}")
        expect(page.get_by_text("You are marked as here.")).to_be_visible()

        # A page that was open when the network went; what is refused is shown and not lost.
        page.goto("/check-in")
        mast.down()
        page.get_by_label("The code on the screen").fill("222222")
        page.get_by_role("button", name="I am here").click()
        expect(page.get_by_text("Kept on this phone, will be sent")).to_be_visible()
        mast.up()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.get_by_text("Was not accepted")).to_be_visible()
        page.get_by_role("button", name="See why").click()
        expect(page.get_by_role("alert")).to_contain_text("That code is not on the screen")
        expect(page.get_by_label("The code on the screen")).to_have_value("222222")

        # Signing out says that something is not sent, and wipes it.
        page.goto("/account")
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Sign out", exact=True).first.click()
        expect(page.get_by_text("You are signed out.")).to_be_visible()
        left = page.evaluate(
            "new Promise(r => { const a = indexedDB.open('samspil', 1);"
            " a.onsuccess = () => { const c = a.result.transaction('kept').objectStore('kept')"
            ".count(); c.onsuccess = () => r(c.result); } })"
        )
        assert left == 0
        ours = [said for said in phone.problems if "Failed to load resource" not in said]
        assert ours == []
    assert marks(lms_app) == [("present", "code")]
