"""A run is taught: a code on the screen, two who have no network, one who catches up, work that is
returned and accepted, a completion with its reasons and a certificate."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import segno
from playwright.sync_api import Browser, expect
from sqlalchemy import NullPool, create_engine, text

from lms.testing.databases import KINDS
from tests.journeys.certificates import code_in, text_of
from tests.journeys.conftest import SiteFactory
from tests.journeys.looking import Album
from tests.journeys.made_classes import MINUTES, MadeClass, WantedClass, make_class
from tests.journeys.people import Somebody, somebody
from tests.journeys.phones import be_ready, forget_losses, keep, no_network, wait_until_sent
from tests.journeys.running import Site

TEACHER = "underviser@sosu-eksempel.example"
DANE = "assistent-nord@eksempelby.example"
SWEDE = "underskoterska-vaster@exempelstad.example"
SWEDES_NAME = "Undersköterska, Hemtjänsten Väster, Exempelstad"
ABSENT = "sygeplejerske@eksempelby.example"
CLASS = WantedClass(title="Løft i fællesskab", teacher=TEACHER, members=[DANE, SWEDE, ABSENT])
FIRST_TEXT = "Vi lyfter två och två. Det tar tid att hitta lakanet."
BETTER_TEXT = f"{FIRST_TEXT} Nu ligger det på sängen klockan sju."
WORDS = "Skriv også, hvad I gør anderledes nu."
STEP = 40_000
"""Milliseconds for which one code is shown, and some in which the screen asks for the next."""


@pytest.fixture
def postgres_site(new_site: SiteFactory) -> Site:
    """A running site on the other kind of database."""
    made = new_site("learning", "postgresql")
    made.start()
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_taught_with_a_code_and_completed(
    request: pytest.FixtureRequest, chromium: Browser, album: Album, tmp_path: Path, kind: str
) -> None:
    site: Site = request.getfixturevalue("site" if kind == "sqlite" else "postgres_site")
    made = make_class(site, CLASS)
    # Which database lies below cannot be seen, so the pages are judged on one of them.
    enter = partial(somebody, chromium, site, album=album if kind == "sqlite" else None)
    phone = partial(enter, width=390, height=844)

    with enter(TEACHER) as teacher:
        first = show_the_code(teacher, made)
        with phone(DANE) as dane:
            address = check_in_from_the_picture(dane, teacher)
            write_in_two_tabs(dane, made)
            with phone(SWEDE, language="sv") as swede:
                check_in_without_network(swede, address)
                hand_in_without_network(swede, made)
                expect(teacher.page.locator("[data-counted]")).to_contain_text("2")
                the_code_has_changed(teacher, first)
                close_and_mark_the_missing(teacher, made)
                return_by_keyboard(teacher, made)
                hand_in_again(swede, made)
        with phone(ABSENT) as absent:
            catch_up(absent, made)
        accept_by_keyboard(teacher, made)
        decide(teacher, made)
    with phone(SWEDE, language="sv") as swede:
        pdf, says = read_why_and_fetch(swede, made, tmp_path)
    printed = text_of(pdf)
    assert SWEDES_NAME in printed
    assert says["language"] == "sv"
    with enter(language="sv", album=None) as stranger:
        stranger.verify(code_in(printed), SWEDES_NAME)


# --- in the room --------------------------------------------------------------------------------


def show_the_code(teacher: Somebody, made: MadeClass) -> str:
    """From the desk to the code on the screen; the code."""
    teacher.go("/teach")
    teacher.press(f"main a[href*='/teach/{made.run}']")
    teacher.go(f"/teach/{made.run}?session={made.session}")
    teacher.press(f"main a[href='/teach/{made.run}/check-in/{made.session}']")
    teacher.press("main form button")
    teacher.see("code-on-the-screen")
    shown = teacher.page.locator("[data-code]").inner_text()
    assert len(shown) == 6
    return shown


def check_in_from_the_picture(phone: Somebody, teacher: Somebody) -> str:
    """The phone opens the address in the square: pressing the button is all there is to do."""
    address = address_in_the_picture(teacher)
    phone.go(address)
    phone.see("check-in")
    phone.press("main form[data-offline] button")
    assert phone.path.startswith("/enrolments/"), phone.page.inner_text("main")
    expect(phone.page.locator("main .note.ok")).to_have_count(1)
    return address


def address_in_the_picture(teacher: Somebody) -> str:
    """What a phone reads in the square on the screen: the one address whose picture it is."""
    page, key = teacher.page, key_of_check_in(teacher.site)
    for _try in range(2):  # between the two readings the code may change, but not twice
        picture = str(page.get_attribute("[data-picture]", "src"))
        drawn = page.context.request.get(picture).body()
        path = f"/check-in/{key}/{page.locator('[data-code]').inner_text()}"
        if drawn == picture_of(f"{teacher.site.url}{path}"):
            return path
        page.reload()
    raise AssertionError("the square holds another address")


def picture_of(address: str) -> bytes:
    """A square that phones read as this address."""
    drawn = io.BytesIO()
    square = segno.make(address, error="m", micro=False)
    square.save(drawn, "svg", border=3, light="#fff", dark="#000", omitsize=True, xmldecl=False)
    return drawn.getvalue()


def key_of_check_in(site: Site) -> str:
    """Of the newest check-in; people meet it in the picture only."""
    own = f"sqlite:///{site.data_dir / 'samspil.db'}"
    url = site.environment.get("LMS_DATABASE_URL", own)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        newest = text("select key from learning_check_in order by id desc limit 1")
        return str(connection.execute(newest).scalar_one())


def check_in_without_network(phone: Somebody, address: str) -> None:
    """The phone reads the code, has no network, and sends by itself when it is back."""
    phone.go("/me")
    be_ready(phone)
    with no_network(phone):
        phone.page.goto(address)
        phone.see("no-network")
        keep(phone, "main form[data-offline]:visible button")
    wait_until_sent(phone)
    phone.go("/me")
    expect(phone.page.locator("main .note.ok")).to_have_count(1)


def the_code_has_changed(teacher: Somebody, first: str) -> None:
    """By itself, without the page being loaded anew."""
    expect(teacher.page.locator("[data-code]")).not_to_have_text(first, timeout=STEP)


def close_and_mark_the_missing(teacher: Somebody, made: MadeClass) -> None:
    """Both who checked in are there; the third is missing."""
    teacher.press("main form[action$='/close'] button")
    page = teacher.page
    for mail in (DANE, SWEDE):
        expect(page.locator(f"input[name=mode-{made.seats[mail]}][value=present]")).to_be_checked()
    page.check(f"input[name=mode-{made.seats[ABSENT]}][value=absent]")
    teacher.press(".savebar button")
    expect(page.locator("main .note.ok")).to_have_count(1)


def catch_up(absent: Somebody, made: MadeClass) -> None:
    """Who was missing is said to be short; the task for that counts its minutes."""
    seat = f"/enrolments/{made.seats[ABSENT]}"
    attended = absent.page.locator("main progress").last
    absent.go(seat)
    assert attended.get_attribute("value") == str(MINUTES)
    assert attended.get_attribute("max") == str(2 * MINUTES)
    absent.see("missed-a-day")
    absent.press("main a[href^='/learn/']")
    absent.see("own-outline")
    absent.press(f"main a[href='/activities/page/{made.catch_up}']")
    absent.press("main section form button, main .flow form button")
    absent.go(seat)
    assert attended.get_attribute("value") == str(2 * MINUTES)


# --- work -------------------------------------------------------------------------------------


def hand_in_without_network(phone: Somebody, made: MadeClass) -> None:
    """The page was open once; it opens without network, is written on, and goes by itself."""
    address = f"/activities/assignment/{made.assignment}"
    phone.press(f"main a[href='{address}']")
    be_ready(phone, page_too=True)
    with no_network(phone):
        phone.page.goto(address)
        phone.page.fill("textarea[name=text]", FIRST_TEXT)
        keep(phone, "button[name=act][value=hand_in]")
        phone.see("kept-on-the-phone")
    wait_until_sent(phone)
    phone.go(address)
    expect(phone.page.locator("#tries ~ *").get_by_text(FIRST_TEXT)).to_be_visible()


def write_in_two_tabs(writer: Somebody, made: MadeClass) -> None:
    """Who saves last is shown both texts, and nothing is lost; then what they say stands."""
    address = f"/activities/assignment/{made.assignment}"
    save, field = "button[name=act][value=save]", "textarea[name=text]"
    writer.go(address)
    other = replace(writer, visitor=replace(writer.visitor, page=writer.page.context.new_page()))
    other.go(address)
    for tab, words in ((writer, "Vi er altid to."), (other, "Vi er to, når vi kan.")):
        tab.page.fill(field, words)
        tab.press(save)
    differs = other.page.locator("section[aria-labelledby=differs] > .written")
    assert "altid" in "".join(differs.locator("del").all_inner_texts())
    assert "når" in "".join(differs.locator("ins").all_inner_texts())
    expect(other.page.locator("details .written")).to_have_text("Vi er altid to.")
    expect(other.page.locator(field)).to_have_value("Vi er to, når vi kan.")
    other.see("two-tabs")
    both = "Vi er altid to, når vi kan."
    other.page.fill(field, both)
    other.press(save)
    expect(other.page.locator("main .note.ok")).to_have_count(1)
    other.page.close()
    writer.go(address)
    expect(writer.page.locator(field)).to_have_value(both)
    forget_losses(writer)  # the browser notes the 409


def return_by_keyboard(teacher: Somebody, made: MadeClass) -> None:
    """From what waits on the desk: a level, some words, back to who wrote it."""
    page = teacher.page
    teacher.go(f"/activities/mark/assignment/{made.assignment}")
    teacher.press("main a.btn.xl")
    teacher.see("marking")
    page.keyboard.press("2")
    page.keyboard.type(WORDS)
    with page.expect_navigation():
        page.keyboard.press("Control+Shift+Enter")
    assert teacher.path == f"/activities/mark/assignment/{made.assignment}"
    expect(page.locator("main .note.ok")).to_have_count(1)


def hand_in_again(phone: Somebody, made: MadeClass) -> None:
    """What was said stands above the text, which is made better."""
    phone.go("/me")
    phone.press(f"main a[href='/activities/assignment/{made.assignment}']")
    expect(phone.page.get_by_text(WORDS).first).to_be_visible()
    phone.page.fill("textarea[name=text]", BETTER_TEXT)
    phone.press("button[name=act][value=hand_in]")
    expect(phone.page.locator("main .note.ok")).to_have_count(1)


def accept_by_keyboard(teacher: Somebody, made: MadeClass) -> None:
    """The second try, beside the first."""
    page = teacher.page
    teacher.go(f"/activities/mark/assignment/{made.assignment}")
    teacher.press("main a.btn.xl")
    expect(page.get_by_text(BETTER_TEXT)).to_be_visible()
    page.keyboard.press("3")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("main .note.ok")).to_have_count(1)


# --- the end ------------------------------------------------------------------------------------


def decide(teacher: Somebody, made: MadeClass) -> None:
    """One has done all, the others have not: who is sure is decided."""
    teacher.go(f"/teach/{made.run}/complete")
    teacher.press(f"a[href='/teach/{made.run}/decide']")
    teacher.press(f"form[action='/teach/{made.run}/decide'] button")
    assert teacher.path == f"/teach/{made.run}/complete", teacher.page.inner_text("main")


def read_why_and_fetch(
    phone: Somebody, made: MadeClass, folder: Path
) -> tuple[Path, dict[str, Any]]:
    """Nothing is still needed, and each thing that was asked for is there in words."""
    seat = made.seats[SWEDE]
    phone.go(f"/enrolments/{seat}")
    expect(phone.page.locator("main ul.reasons")).to_have_count(1)
    expect(phone.page.locator("main ul.reasons li")).to_have_count(2)
    phone.see("completed-with-reasons")
    return replace(phone, album=None).fetch_certificate(seat, folder)
