"""Assignments in Chromium: a draft keeps itself, marking goes by keyboard, nothing sticks out."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from lms.testing import csrf_of, sign_in_as
from lms_activities.queries.assignment import tries_of
from tests.harness import axe
from tests.harness.chromium import browser, visit

SHOTS = os.environ.get("LMS_TEST_SHOTS", "")
VIEWS = ((1280, "light", True), (360, "light", False), (320, "dark", True))
RUBRIC = [
    {
        "key": "safe",
        "title": {"da": "Tænker du på sikkerheden?", "en": "Safety"},
        "levels": [
            {"da": "Ikke vist endnu", "en": "Not shown"},
            {"da": "Vist med hjælp", "en": "Partly"},
            {"da": "Vist selvstændigt, også når det går stærkt", "en": "Shown"},
        ],
    },
    {
        "key": "words",
        "title": {"da": "Kan en kollega følge det?", "en": "Words"},
        "levels": [{"da": "Uklart", "en": "Unclear"}, {"da": "Klart", "en": "Clear"}],
    },
]
TASK = {
    "text": {
        "da": "Skriv om **et løft**, I gør hver dag:\n\n- hvad tager tid\n- hvad I prøver\n"
        "- hvad der skete",
        "sv": "",
        "en": "",
    },
    "words": 200,
    "parts": "both",
    "criteria": RUBRIC,
}
TEXT = "Vi lægger hjælpemidlerne frem kl. 12. Det sparer to ture ud på depotet om dagen."


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


def enter(app: Flask, base_url: str, visitor: Any, person: Any) -> None:
    client = sign_in_as(app.test_client(), person)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    visitor.context.add_cookies([{"name": name, "value": cookie.value, "url": base_url}])


def look_at(page: Page, name: str, url: str) -> list[str]:
    """What is wrong with a page, in every view."""
    wrong = []
    for width, scheme, with_axe in VIEWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(url)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name} at {width} scrolls sideways")
        if with_axe:
            wrong += [f"{name}: {finding}" for finding in axe.findings(page)]
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    return wrong


@pytest.mark.once
def test_a_draft_keeps_itself_and_a_text_saved_elsewhere_is_told(
    classroom: Any, lms_app: Flask, base_url: str, chromium: Browser
) -> None:
    anna, seat = classroom.participant()
    activity = classroom.add("assignment", TASK | {"parts": "text"})
    with visit(chromium, base_url) as visitor:
        enter(lms_app, base_url, visitor, anna)
        page = visitor.page
        page.goto(f"{base_url}/activities/assignment/{activity.key}?lang=en")
        page.get_by_label("Your text").fill(TEXT)
        page.get_by_text("Kept by itself").wait_for(timeout=15_000)
        assert classroom.work(activity, seat).content["text"] == TEXT
        other = classroom.client(anna)
        classroom.send(other, activity, text="Skrevet i en anden fane")
        page.get_by_label("Your text").fill(TEXT + " Og mere.")
        page.get_by_text("Saved somewhere else meanwhile").wait_for(timeout=15_000)
        page.get_by_role("button", name="Keep it for now").click()
        page.get_by_text("This text was saved somewhere else").wait_for()
        page.get_by_role("button", name="Keep it for now").click()
        page.get_by_text("Only you can see it").wait_for()
        assert classroom.work(activity, seat).content["text"] == TEXT + " Og mere."
        page.get_by_label("Your text").fill("Forladt uden at gemme")
        page.reload()
        assert page.get_by_label("Your text").input_value() == "Forladt uden at gemme"
        page.get_by_role("button", name="Hand in").click()
        page.get_by_text("You hear when somebody has looked at it").wait_for()
        assert classroom.work(activity, seat).state == "submitted"


@pytest.mark.once
def test_marking_goes_by_keyboard_from_one_to_the_next(
    classroom: Any, lms_app: Flask, base_url: str, chromium: Browser
) -> None:
    activity = classroom.add("assignment", TASK | {"parts": "text"})
    seats = []
    for name in ("Anna", "Bo", "Carl"):
        person, seat = classroom.participant(name)
        seats.append(seat)
        client = classroom.client(person)
        assert classroom.send(client, activity, text=f"{name}: {TEXT}", act="hand_in").status_code
    with visit(chromium, base_url) as visitor:
        enter(lms_app, base_url, visitor, classroom.teacher)
        page = visitor.page
        page.goto(f"{base_url}/activities/mark/assignment/{activity.key}?lang=en")
        page.get_by_role("link", name="Begin with the first").click()
        page.get_by_role("heading", name="Anna").wait_for()
        for keys in ("3", "2"):
            page.keyboard.press(keys)
        page.keyboard.type("Godt set.")
        page.keyboard.press("Control+Enter")
        page.get_by_role("heading", name="Bo").wait_for()
        page.keyboard.press("Alt+n")
        page.get_by_role("heading", name="Carl").wait_for()
        page.keyboard.press("1")
        page.keyboard.press("1")
        page.keyboard.type("Skriv, hvad der skete.")
        page.keyboard.press("Control+Shift+Enter")
        page.get_by_role("heading", name="Bo").wait_for()
        page.keyboard.press("2")
        page.keyboard.press("2")
        page.keyboard.press("Control+Enter")
        page.get_by_role("heading", name="Nothing waits for you").wait_for()
    works = [classroom.work(activity, seat) for seat in seats]
    assert [work.state for work in works] == ["accepted", "accepted", "returned"]
    assert [work.score for work in works] == [100, 67, 0]


@pytest.mark.once
def test_the_pages_are_sound(
    classroom: Any, lms_app: Flask, base_url: str, chromium: Browser
) -> None:
    manager = classroom.maker.person(name="Lone Leder")
    anna, seat = classroom.participant("Anna Deltager", manager=manager)
    assignment = classroom.add("assignment", TASK)
    between = classroom.add(
        "in_between", {**TASK, "parts": "text", "workplace": {"da": "Prøv det **tre** gange."}}
    )
    client = classroom.client(anna)
    written = {"text": TEXT, "kind": "changed_routine", "title": "Frem kl. 12", "no_names": "y"}
    classroom.send(client, between, **written)
    data = {"csrf_token": csrf_of(client), "way": "copy"}
    shown = client.post(f"/activities/in-between/{between.key}/seen", data=data).text
    token = shown.partition("/activities/seen/")[2].partition('"')[0]
    other, other_seat = classroom.participant("Bo Deltager")
    marked = classroom.add("assignment", TASK | {"parts": "text"})
    for person in (anna, other):
        classroom.send(classroom.client(person), marked, text=TEXT, act="hand_in")
    with lms_app.app_context():
        key = tries_of(classroom.work(marked, other_seat).id)[0].key
    assert classroom.work(between, seat) is not None
    participant = {
        "assignment": f"/activities/assignment/{assignment.key}",
        "assignment-handed-in": f"/activities/assignment/{marked.key}",
        "in-between": f"/activities/in-between/{between.key}",
    }
    teacher = {
        "edit-assignment": f"/activities/edit/in-between/{between.key}",
        "marking": f"/activities/mark/assignment/{marked.key}",
        "mark-hand-in": f"/activities/mark/hand-in/{key}",
    }
    guest = {"seen": f"/activities/seen/{token}", "seen-over": "/activities/seen/x"}
    wrong: list[str] = []
    for person, pages in ((anna, participant), (classroom.teacher, teacher), (None, guest)):
        with visit(chromium, base_url) as visitor:
            if person is not None:
                enter(lms_app, base_url, visitor, person)
            for name, path in pages.items():
                wrong += look_at(visitor.page, name, f"{base_url}{path}?lang=da")
    assert not wrong
