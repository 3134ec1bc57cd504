"""Many hand-ins are answered by keyboard, one after the other."""

from __future__ import annotations

import os
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.made_classes import MadeClass, WantedClass, make_class
from tests.journeys.running import Site

TEACHER = "underviser@sosu-eksempel.example"
NUMBER = 100 if os.environ.get("LMS_PROVE") == "1" else 12
WORDS = "Skriv også, hvem der gør hvad."
MOST_SECONDS_EACH = 5
MOST_TABS = 12


@pytest.fixture(scope="module")
def made(site: Site) -> MadeClass:
    """A class that has handed in."""
    return make_class(site, WantedClass(title="Rettebunken", teacher=TEACHER, crowd=NUMBER))


def test_hand_ins_are_answered_by_keyboard_alone(enter: Visit, made: MadeClass) -> None:
    with enter(TEACHER) as teacher:
        page = teacher.page
        teacher.go(f"/activities/mark/assignment/{made.assignment}")
        expect(page.locator("main tbody tr")).to_have_count(NUMBER)
        page.locator("main a.btn.xl").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        begun = time.monotonic()
        seen = set()
        for number in range(NUMBER):
            seen.add(page.locator("h1").inner_text())
            if number == 0:
                return_and_keep_the_words(page)
                teacher.see("words-to-use-again")
            elif number % 3:
                choose_and_accept(page)
            else:
                return_with_kept_words(page)
        seconds = time.monotonic() - begun
        assert len(seen) == NUMBER, "somebody was shown twice"
        assert teacher.path == f"/activities/mark/assignment/{made.assignment}"
        expect(page.locator("main .badge.ok")).to_have_count(NUMBER - len(range(0, NUMBER, 3)))
        expect(page.locator("main a.btn.xl")).to_have_count(0)
        page.locator("main tbody th a").last.click()
        expect(page.get_by_text(WORDS).first).to_be_attached()
    print(f"{NUMBER} hand-ins answered in {seconds:.1f} s")  # noqa: T201 - a figure to be read
    assert seconds < MOST_SECONDS_EACH * NUMBER


def choose_and_accept(page: Page) -> None:
    """The best level; the next one comes by itself."""
    page.keyboard.press("3")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def return_and_keep_the_words(page: Page) -> None:
    """Words that will be needed again, with the box for that ticked."""
    page.keyboard.press("1")
    page.keyboard.type(WORDS)
    for _ in range(MOST_TABS):  # words kept before stand between the text and the box
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "keep":
            break
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Control+Shift+Enter")


def return_with_kept_words(page: Page) -> None:
    """The words that were kept, by the one key that stands at them."""
    page.keyboard.press("2")
    kept = page.locator("button[name=snippet]").evaluate_all("all => all.map(b => b.dataset.words)")
    page.keyboard.press(f"Alt+Digit{kept.index(WORDS) + 1}")
    expect(page.locator("textarea[name=text]")).to_have_value(WORDS)
    with page.expect_navigation():
        page.keyboard.press("Control+Shift+Enter")
