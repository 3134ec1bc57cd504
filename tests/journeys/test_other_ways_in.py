"""The same steps without scripts, on a phone, and with the keyboard alone."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.conftest import PAST_RUNS, Visit
from tests.journeys.whole_way import Cast, go_the_whole_way

MOST_TABS = 80
THUMB = 44
EKSEMPELBY = Cast(
    worker="hjaelper-nord@eksempelby.example",
    name="Social- og sundhedshjælper, Hjemmeplejen Nord, Eksempelby",
    manager="hjemmeplejeleder@eksempelby.example",
    lead="forloebsansvarlig@eksempelby.example",
    teacher="underviser@sosu-eksempel.example",
    stranger_language="da",
)


def test_everything_works_without_scripts(
    enter: Visit, past_runs: dict[str, str], tmp_path: Path
) -> None:
    plainly = partial(enter, javascript=False, album=None)
    says, _text = go_the_whole_way(
        plainly, EKSEMPELBY, run=past_runs["plain"], title=PAST_RUNS["plain"].title, folder=tmp_path
    )
    assert says["kind"]


def test_a_phone_has_its_menu_under_the_thumb(enter: Visit) -> None:
    with enter("assistent-aften@eksempelby.example", width=390, height=844) as worker:
        page = worker.page
        worker.see("phone-mine")
        bar = page.locator("nav.nav.app")
        box = bar.bounding_box()
        assert box is not None
        assert round(box["y"] + box["height"]) == 844
        for link in bar.locator("a:visible, summary:visible").all():
            target = link.bounding_box()
            assert target is not None
            assert min(target["width"], target["height"]) >= THUMB
        worker.press("nav.nav.app a[href='/catalogue']")
        worker.search("driller", free="1")
        worker.open_run()
        worker.press("main a[href$='/ask']")
        worker.ask("Jeg vil have ro til at se, hvad der driller om aftenen.")
        foot = page.locator("footer .wrap")
        foot.scroll_into_view_if_needed()
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        last, bar_box = foot.bounding_box(), bar.bounding_box()
        assert last is not None
        assert bar_box is not None
        assert last["y"] + last["height"] <= bar_box["y"] + 1, "the bar covers the last line"


def test_a_seat_is_asked_for_with_the_keyboard_alone(enter: Visit) -> None:
    with enter() as worker:
        page = worker.page
        worker.go("/catalogue?q=driller&free=1")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        enter_on(page, "ol.runs a[href^='/catalogue/']")
        enter_on(page, "main a[href^='/sign-in?next=']")
        tab_to(page, "input[name=mail]")
        page.keyboard.type("assistent@proevestad.example")
        tab_to(page, "input[name=password]")
        page.keyboard.type("samspil-demo-2026")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        # A request without a goal is sent back, and the keyboard starts at what is missing.
        enter_on(page, "form[action$='/ask'] button")
        assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
        worker.see("ask-without-goal")
        tab_to(page, "textarea[name=goal]")
        page.keyboard.type("Jeg vil kunne sige til, inden noget går galt.")
        enter_on(page, "form[action$='/ask'] button")
        assert worker.path.startswith("/enrolments/")
        worker.visitor.problems.clear()  # the browser notes the 422 of the empty form


def enter_on(page: Page, selector: str) -> None:
    """Tab to something, press Enter and arrive."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus stands there, and see that it shows."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert style != "none", f"nothing shows that {selector} has the focus"
            return
    raise AssertionError(f"{selector} is not reached in {MOST_TABS} steps")
