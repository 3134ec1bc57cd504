"""A staff track on a phone without script: a journey, the manager's yes, before and after, a
decision; and every page of it looked at, wide and narrow."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from lms.testing import sign_in_as
from tests.harness import axe
from tests.harness.chromium import Visitor, browser, visit

NARROW = 360
ALBUM = os.environ.get("LMS_STAFF_ALBUM", "")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def base_url(lms_app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, lms_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def enter(track: Any, visitor: Visitor, person: Any) -> Page:
    """The visitor is this person now."""
    client = sign_in_as(track.app.test_client(), person)
    name = track.app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    visitor.context.add_cookies([{"name": name, "value": cookie.value, "url": visitor.base_url}])
    return visitor.page


def look(page: Page, name: str) -> None:
    """Nothing scrolls sideways, and whoever wants pictures gets one."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, f"{name} scrolls sideways"
    if ALBUM:
        page.screenshot(path=Path(ALBUM) / f"{name}.png", full_page=True)


@pytest.mark.once
def test_ct2_3_from_a_journey_to_a_decision_on_a_phone_without_script(
    track: Any, chromium: Browser, base_url: str
) -> None:
    with ExitStack() as visits:

        def phone(person: Any) -> Page:
            visitor = visits.enter_context(
                visit(chromium, base_url, locale="en-GB", width=NARROW, javascript=False)
            )
            return enter(track, visitor, person)

        anna, bo, manager = (phone(one) for one in (track.anna, track.bo, track.manager))

        anna.goto(f"/enrolments/{track.annas.key}")
        look(anna, "1-way")
        anna.get_by_role("link", name="Write", exact=True).click()
        anna.get_by_label("What is the journey about?").fill("Hjem en fredag")
        for n, text in enumerate(("Forlader afdelingen", "Venter på nøglen", "Er alene hjemme")):
            anna.get_by_label("What happens?").nth(n).fill(text)
        anna.get_by_role("button", name="One more step").click()
        anna.get_by_label("What happens?").nth(3).fill("Natholdet kommer")
        look(anna, "2-journey")
        anna.get_by_role("button", name="Save").click()
        expect(anna.get_by_role("heading", name="Natholdet kommer")).to_be_visible()
        look(anna, "3-journey")

        anna.goto(f"/courses/runs/{track.run.key}/tryout")
        anna.get_by_label("What do you try?").fill("En kurv ved døren")
        anna.get_by_label("What do you count or ask").fill("Hvor tit vi går tilbage")
        anna.get_by_label("On which day do you begin?").fill("2026-12-07")
        look(anna, "4-plan")
        anna.get_by_role("button", name="Save the plan").click()
        anna.get_by_role("button", name="Ask for a yes").click()
        there = anna.url

        manager.goto("/me")
        manager.get_by_role("link", name="Answer").first.click()
        manager.locator("input[name=answer][value=yes]").check(force=True)
        look(manager, "5-answer")
        manager.get_by_role("button", name="Send the answer").click()

        anna.goto(there)
        look(anna, "6-tryout")
        anna.get_by_role("link", name="Write before and after").click()
        anna.get_by_label("Before: how was it?").fill("Fjorten gange på en vagt")
        anna.get_by_role("button", name="Save for later").click()
        expect(anna.get_by_label("Before: how was it?")).to_have_value("Fjorten gange på en vagt")
        anna.get_by_label("After: how is it now?").fill("Tre gange")
        anna.get_by_label("What did you learn?").fill("Kurven skal stå ved døren")
        look(anna, "7-note")
        anna.get_by_role("button", name="Hand it in").click()

        bo.goto("/me")
        bo.get_by_role("link", name="Read it").first.click()
        look(bo, "8-confirm")
        bo.get_by_role("button", name="Yes, it was so").click()
        bo.get_by_role("link", name="Write the decision").click()
        bo.get_by_label("Yes, we go on").check()
        bo.get_by_label("Why?").fill("Det sparer skridt")
        bo.get_by_label("Who carries it on?").fill("Aftenholdet")
        look(bo, "9-decision")
        bo.get_by_role("button", name="Write it down").click()

        manager.goto("/me")
        manager.get_by_role("link", name="Read and sign").first.click()
        manager.get_by_role("button", name="Yes, sign it").click()
        expect(manager.get_by_text("Signed by the manager")).to_be_visible()
        look(manager, "10-signed")
        decided = manager.url

    with visit(chromium, base_url, locale="en-GB") as teacher_visit:
        teacher = enter(track, teacher_visit, track.teacher)
        wrong = []
        addresses = (
            f"/catalogue/{track.run.key}",
            f"/courses/runs/{track.run.key}/born",
            f"/courses/runs/{track.run.key}/journeys/new",
            there,
            decided,
        )
        for number, address in enumerate(addresses):
            teacher.goto(address)
            look(teacher, f"11-teacher-{number}")
            wrong += [f"{address}: {finding}" for finding in axe.findings(teacher)]
        assert not wrong, wrong
