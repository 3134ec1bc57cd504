"""A course from nothing to an open run, without scripts and by clicks alone, in Danish."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from playwright.sync_api import Browser, expect

from lms.core.catalogue.holidays import holidays_on
from lms.db import now
from tests.journeys.hands import Hands, Tally
from tests.journeys.looking import Album
from tests.journeys.people import Somebody, somebody
from tests.journeys.running import Site

TEACHER = "underviser@sosu-eksempel.example"
ADMIN = "uddannelsesadministrator@sosu-eksempel.example"
TITLE = "Løft uden ondt i ryggen"
OUTCOMES = (
    "Finde det løft, der slider mest i en almindelig vagt.",
    "Bruge et vendelagen sammen med en kollega.",
    "Fortælle en kollega, hvorfor vi løfter anderledes nu.",
)
NEW_MODULE = "Prøv det af på stuen"
ACTIVITIES_COUNT = "Lavet de aktiviteter, der er obligatoriske"
HOLIDAY = "anden pinsedag"
MOST_MINUTES = 10
MOST_CLICKS = 90
MOST_FIELDS = 45

Enter = Callable[..., AbstractContextManager[Somebody]]


@pytest.fixture
def plainly(chromium: Browser, site: Site, album: Album) -> Enter:
    """Somebody whose browser runs no scripts; what they see is judged all the same."""
    judge = replace(album, scripts=False)
    return partial(somebody, chromium, site, album=judge, javascript=False)


def test_a_course_is_built_approved_and_opened_in_under_ten_minutes(plainly: Enter) -> None:
    tally = Tally()
    with plainly(TEACHER) as who:
        teacher = Hands(who, tally)
        begin_a_course(teacher)
        change_modules(teacher)
        write_activities(teacher)
        uncovered_is_warned_and_cured(teacher)
        count_minutes_anew(teacher)
        say_what_it_takes(teacher)
        send_for_review(teacher)
        assert not who.page.locator("main a[href$='/state']").count(), "a writer may not say yes"
    with plainly(ADMIN) as who:
        admin = Hands(who, tally)
        approve(admin)
        run = make_a_run(admin)
        move_on(admin, run, "announced")
        name_who_is_needed(admin, run)
        move_on(admin, run, "open")
    with plainly(album=None) as stranger:
        stranger.search(TITLE.partition(" ")[0])
        stranger.open_run(run)
        page = stranger.page
        expect(page.get_by_text(OUTCOMES[0])).to_have_count(1)
        expect(page.get_by_text(ACTIVITIES_COUNT)).to_have_count(1)
        expect(page.locator("main a[href^='/sign-in?next=']")).not_to_have_count(0)
    assert tally.seconds < MOST_MINUTES * 60
    assert tally.clicks <= MOST_CLICKS, tally
    assert tally.fields <= MOST_FIELDS, tally


# --- the teacher ------------------------------------------------------------------------------


def begin_a_course(teacher: Hands) -> None:
    """Through the menu to a draft that has a title, a purpose and three learning outcomes."""
    teacher.follow("nav a[href='/build']")
    teacher.follow("main a[href='/build/new']")
    teacher.who.see("new-course")
    teacher.tick("course_type", "staff_innovation_track")
    teacher.write(
        title_da=TITLE,
        lead_da="Tre eftermiddage om de løft, der slider, og om at gøre dem lettere sammen.",
        purpose_da="At færre går hjem med ondt i ryggen.",
        target_group_da="Elever og studerende i ældreplejen",
        **{f"outcome_{place}_da": text for place, text in enumerate(OUTCOMES)},
    )
    teacher.save()
    assert teacher.who.path.startswith("/build/version/"), teacher.who.page.inner_text("main")


def change_modules(teacher: Hands) -> None:
    """Take out what the kind of course brought and is not wanted, add one module, move it up."""
    page = teacher.who.page
    teacher.follow("nav.tabs a[href$='/modules']")
    teacher.who.see("modules")
    while page.locator("main form[action$='/out']").count() > 2:
        teacher.follow("main form[action$='/out'] >> nth=-1 >> button")
    teacher.follow("main a[href$='/modules/new']")
    teacher.write(title_da=NEW_MODULE, minutes="90", content_da="To og to ved en seng.")
    teacher.write(between_da="Brug det på tre vagter, og skriv, hvad der skete.")
    teacher.write(between_minutes="60")
    teacher.save()
    new = page.locator("main tbody tr", has_text=NEW_MODULE)
    teacher.tally.clicks += 1
    with page.expect_navigation():
        new.locator("form[action$='/up'] button").click()
    expect(page.locator("main tbody tr").nth(1)).to_contain_text(NEW_MODULE)


def write_activities(teacher: Hands) -> None:
    """Five kinds of activities; the last learning outcome is left for later."""
    page = teacher.who.page
    teacher.follow("nav.tabs a[href$='/outline']")
    expect(page.locator("main .note.wait li")).to_have_count(len(OUTCOMES))

    add(teacher, "page", "Sådan slider et løft")
    teacher.write(text_da="## Hvorfor ryggen\n\nDet er sjældent *ét* løft. Det er de mange små.")
    teacher.tick("outcomes", "0")
    teacher.save()

    add(teacher, "reading", "Husets regler for løft")
    teacher.write(text_da="## To til et løft\n\nVi er altid to, og vi bruger et vendelagen.")
    teacher.tick("outcomes", "1")
    teacher.save()

    add(teacher, "assignment", "Beskriv et løft fra din hverdag")
    teacher.write(text_da="Skriv, hvad der sker, og hvad I ville prøve i stedet.", words="150")
    teacher.write(
        **{
            "criteria-0-title_da": "Kan en kollega følge det?",
            "criteria-0-levels_da": "Ikke endnu\nMed hjælp\nJa",
        }
    )
    teacher.tick("outcomes", "0")
    teacher.who.see("edit-assignment")
    teacher.save()

    add(teacher, "quiz", "Hvad ved du om løft?")
    teacher.tick("outcomes", "1")
    teacher.save()
    quiz = page.locator("ol.build li", has_text="Hvad ved du om løft?")
    teacher.tally.clicks += 1
    with page.expect_navigation():
        quiz.locator("h3 a").click()
    teacher.follow("main a[href$='/question/new']")
    teacher.tick("kind", "single")
    teacher.write(
        text_da="Hvor mange skal I være?", option_0_da="En, der er stærk", option_1_da="To"
    )
    teacher.tick("right_1")
    teacher.save()
    teacher.who.see("edit-quiz")
    teacher.save()

    add(teacher, "in_between", "Tre vagter med vendelagen")
    teacher.write(
        workplace_da="Brug vendelagenet på tre vagter.",
        text_da="Skriv, hvad der gik lettere, og hvad der ikke gik.",
    )
    teacher.save()

    teacher.follow("ol.build li form button[id^=up-]")
    teacher.who.see("outline")


def add(teacher: Hands, kind: str, title: str) -> None:
    """A new activity in the first module, on the page where it is written."""
    teacher.choose("activity_type", kind)
    teacher.follow("#add + form button")
    assert "/activities/edit/" in teacher.who.path, teacher.who.page.inner_text("main")
    teacher.write(title_da=title)


def uncovered_is_warned_and_cured(teacher: Hands) -> None:
    """The outcome that nothing serves is named on the outline and on the version's page."""
    page = teacher.who.page
    warning = page.locator("main .note.wait", has_text=OUTCOMES[2])
    expect(warning).to_have_count(1)
    assert OUTCOMES[0] not in warning.inner_text()
    teacher.follow("main .crumbs a[href^='/build/version/']")
    expect(warning).to_have_count(1)
    teacher.follow("main .note.wait a[href$='/outline']")
    teacher.tally.clicks += 1
    with page.expect_navigation():
        page.locator("ol.build h3 a", has_text="Tre vagter med vendelagen").click()
    teacher.tick("outcomes", "2")
    teacher.save()
    expect(warning).to_have_count(0)
    teacher.follow("main .crumbs a[href^='/build/version/']")
    expect(warning).to_have_count(0)


def count_minutes_anew(teacher: Hands) -> None:
    """The modules changed, so the minutes are said not to fit; left empty they are counted."""
    warning = teacher.who.page.locator("main .note.wait a[href$='/texts']")
    expect(warning).to_have_count(1)
    teacher.follow("main .note.wait a[href$='/texts']")
    teacher.write(minutes="", practice_minutes="")
    teacher.save()
    teacher.follow("main .crumbs a[href^='/build/version/']")
    expect(warning).to_have_count(0)


def say_what_it_takes(teacher: Hands) -> None:
    """Required activities count too, and a little less attendance is enough."""
    teacher.follow("nav.tabs a[href$='/rule']")
    teacher.write(setting_of_0_percent="75")
    teacher.tick("setting_on_1")
    teacher.save()
    expect(teacher.who.page.locator("#rule + ul")).to_contain_text("75")


def send_for_review(teacher: Hands) -> None:
    """Nothing is missing any more; somebody else has the word."""
    teacher.follow("main a[href*='/state?to=review']")
    teacher.write(text="Se især på opgaven mellem de to gange.")
    teacher.follow("main form button.btn")
    assert "/state" not in teacher.who.path, teacher.who.page.inner_text("main")
    expect(teacher.who.page.locator("main .note.wait")).not_to_have_count(0)


# --- who looks after the institution's courses --------------------------------------------------


def approve(admin: Hands) -> None:
    """Find what waits, look through it, say yes."""
    admin.follow("nav a[href='/build']")
    admin.follow("nav.tabs a[href*='state=review']")
    page = admin.who.page
    admin.tally.clicks += 1
    with page.expect_navigation():
        page.locator("main tbody th a", has_text=TITLE).click()
    admin.who.see("waits-for-a-yes")
    admin.follow("main .turn a[href$='/state']")
    admin.tick("state", "approved")
    admin.follow("main form button.btn")
    expect(page.locator("main aside .badge.ok").first).to_be_visible()


def make_a_run(admin: Hands) -> str:
    """From its first day; the second falls on a holiday, which is said, and is moved. Its key."""
    holiday = next_whit_monday()
    page = admin.who.page
    admin.follow("main a[href$='/run']")
    admin.write(
        capacity="12",
        venue="Lokale 3",
        town="Eksempelby",
        start=(holiday - timedelta(days=21)).isoformat(),  # as this kind of course proposes
        clock="12:30",
    )
    admin.follow("main button[name=act][value=lay_out]")
    assert page.input_value("input[name=day_1]") == holiday.isoformat()
    said = page.locator("fieldset", has=page.locator("input[name=day_1]")).locator(".note.wait")
    expect(said).to_contain_text(HOLIDAY)
    admin.who.see("days-with-a-holiday")
    admin.write(day_1=(holiday + timedelta(days=1)).isoformat())
    admin.follow("main button[name=act][value=make]")
    assert admin.who.path.startswith("/catalogue/"), page.inner_text("main")
    return admin.who.path.split("/")[2]


def next_whit_monday() -> date:
    """A holiday that is never at a weekend, far enough away that a run can still be announced."""
    days = (now().date() + timedelta(days=ahead) for ahead in range(30, 430))
    return next(day for day in days if any(h.name.da == HOLIDAY for h in holidays_on(day)))


def name_who_is_needed(admin: Hands, run: str) -> None:
    """The run's page says who is missing before it opens, and leads to where they are named."""
    page = admin.who.page
    expect(page.locator("#needs ~ * .badge.wait")).to_have_count(1)
    admin.follow(f"main th a[href^='/catalogue/{run}/team']")
    admin.who.see("the-team-of-a-run")
    admin.write(email=TEACHER)
    admin.follow("main aside form button.btn")
    expect(page.locator("main .badge.wait")).to_have_count(0)
    admin.follow(f"main .crumbs a[href='/catalogue/{run}']")


def move_on(admin: Hands, run: str, state: str) -> None:
    """On the page of the run's state."""
    admin.follow(f"a[href='/catalogue/{run}/state']")
    admin.tick("state", state)
    admin.follow("main form button")
    assert admin.who.path == f"/catalogue/{run}", admin.who.page.inner_text("main")
