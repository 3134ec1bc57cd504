"""Telling of a problem in Chromium: on a phone without network, with help while one writes."""

from __future__ import annotations

import contextlib
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from lms.api import documents_about, open_document
from lms.testing import sign_in_as
from lms_challenges.queries.problems import PICTURES, own_problems
from tests.harness import axe
from tests.harness.chromium import browser, visit, wait_until_cached

pytestmark = pytest.mark.once

SHOTS = os.environ.get("LMS_TEST_SHOTS", "")
VIEWS = ((1280, "light", True), (390, "light", False), (320, "dark", True))
WHAT = "Liften på badeværelset kan ikke komme hen til toilettet, så vi løfter med ryggen."


class Mast:
    """A server that can be out of reach for a while."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port, self._stack = app, 0, contextlib.ExitStack()

    @property
    def home(self) -> str:
        """The address of the site."""
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> None:
        """There is network."""
        server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self._stack.callback(server.server_close)
        self._stack.callback(thread.join)
        self._stack.callback(server.shutdown)

    def down(self) -> None:
        """There is none."""
        self._stack.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def mast(lms_app: Flask) -> Iterator[Mast]:
    made = Mast(lms_app)
    made.up()
    yield made
    made.down()


def enter(mast: Mast, visitor: Any, person: Any) -> Page:
    """The browser of somebody who is signed in."""
    client = sign_in_as(mast.app.test_client(), person)
    name = mast.app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    visitor.context.add_cookies([{"name": name, "value": cookie.value, "url": mast.home}])
    page: Page = visitor.page
    return page


def photo(path: Path) -> str:
    """A picture on the phone that says where it was taken."""
    picture = Image.new("RGB", (800, 600), "white")
    about = picture.getexif()
    about.get_ifd(0x8825).update({1: "N", 2: (55.0, 22.0, 44.0)})
    picture.save(path, "JPEG", exif=about)
    assert b"Exif" in path.read_bytes()
    return str(path)


def fill(page: Page, what: str) -> None:
    """Write and choose what one must."""
    page.get_by_label("What happens?").fill(what)
    page.get_by_text("Every day").click()
    page.get_by_label("Does harm over time").check()


def test_a_problem_is_told_on_a_phone_without_network_and_sent_once(
    care: Any, mast: Mast, chromium: Browser, tmp_path: Path
) -> None:
    anna = care.worker(language="en")
    with visit(chromium, mast.home, locale="en-GB", width=390) as phone:
        page = enter(mast, phone, anna)
        page.goto("/challenges/report")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        wait_until_cached(page, "samspil-shell-1", "/offline")
        wait_until_cached(page, "samspil-pages", "/challenges/report")
        assert phone.problems == []
        mast.down()
        page.goto("/challenges/report")
        fill(page, WHAT)
        page.get_by_text("A photo or a title").click()
        page.get_by_label("A photo").set_input_files(photo(tmp_path / "badet.jpg"))
        page.get_by_label("What does the photo show?").fill("En badebænk")
        page.get_by_label("The photo shows no people").check()
        page.get_by_role("button", name="Send it").click()
        expect(page.get_by_text("Kept on this phone, will be sent: A problem")).to_be_visible()
        # The same kept page once more, for another problem.
        page.goto("/challenges/report")
        expect(page.get_by_text("Kept on this phone, will be sent: A problem")).to_be_visible()
        fill(page, "Nøglen til skabet er væk hver anden dag, og vi leder efter den.")
        page.get_by_role("button", name="Send it").click()
        expect(page.get_by_text("Kept on this phone, will be sent: A problem")).to_have_count(2)
        mast.up()
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.get_by_text("Kept on this phone")).to_have_count(0)
        page.goto("/challenges/mine")
        expect(page.get_by_role("heading", level=2)).to_have_count(2)
    told = care.ask(own_problems, care.actor(anna)).items
    assert len(told) == 2
    (document,) = care.ask(documents_about, PICTURES, [one.id for one in told])
    _facts, body = care.ask(open_document, document.key)
    assert not Image.open(io.BytesIO(body)).getexif()


def test_others_and_names_show_while_one_writes_and_one_press_is_enough(
    care: Any, mast: Mast, chromium: Browser
) -> None:
    known = care.problem(checked=True)
    anna = care.worker(language="en")
    with visit(chromium, mast.home, locale="en-GB", width=390) as phone:
        page = enter(mast, phone, anna)
        page.goto("/challenges/report")
        field = page.get_by_label("What happens?")
        expect(page.get_by_role("button", name="See whether others")).to_be_hidden()
        field.fill("Hos Karen Hansen kan liften ikke komme hen til toilettet.")
        expect(page.get_by_text("This may be somebody's name: “Karen Hansen”")).to_be_visible()
        expect(page.get_by_role("heading", name="Is it one of these?")).to_be_visible()
        page.get_by_label("I have looked").check()
        field.fill(WHAT)
        expect(page.get_by_text("This may be somebody's name")).to_be_hidden()
        fill(page, WHAT)
        page.get_by_role("button", name="This happens here too").click()
        expect(page.get_by_text("Thank you. It counts from now on.")).to_be_visible()
        assert phone.problems == []
    assert care.now(known).voices == 2


def test_the_pages_are_sound(care: Any, mast: Mast, chromium: Browser) -> None:
    anna, ulla = care.worker("Anna Hjælper"), care.worker("Ulla Undersköterska", unit=care.ward)
    problem = care.problem(anna, checked=True, today="Vi er to om det, og det tager tid.")
    care.say(problem, ulla, shown="function")
    care.problem(anna, what="Nøglen er væk.", title="Nøglen til medicinskabet er væk")
    pages = {
        "report": (anna, "/challenges/report?lang=da"),
        "report-sv": (ulla, "/challenges/report?lang=sv"),
        "sent": (anna, f"/challenges/problems/{problem.key}/sent?lang=da"),
        "mine": (anna, "/challenges/mine?lang=da"),
        "problem": (anna, f"/challenges/problems/{problem.key}?lang=da"),
        "problem-sv": (ulla, f"/challenges/problems/{problem.key}?lang=sv"),
        "voice": (ulla, f"/challenges/problems/{problem.key}/voice?lang=sv"),
        "elsewhere": (care.seller(), "/challenges/report?lang=da"),
    }
    wrong = []
    for name, (person, path) in pages.items():
        with visit(chromium, mast.home) as visitor:
            page = enter(mast, visitor, person)
            for width, scheme, with_axe in VIEWS:
                page.set_viewport_size({"width": width, "height": 844})
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.goto(f"{mast.home}{path}")
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wrong.append(f"{name} at {width} scrolls sideways")
                if with_axe:
                    wrong += [f"{name}: {finding}" for finding in axe.findings(page)]
                if SHOTS:
                    page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
            assert visitor.problems == []
    assert not wrong
