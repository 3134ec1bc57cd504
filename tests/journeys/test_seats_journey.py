"""Who gets a seat, without scripts: nominated, approved and declined from mails in Danish on a
phone; drawn by lot and let go again in Swedish."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from hashlib import sha256

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.looking import Album
from tests.journeys.made_runs import WantedRun, make_runs
from tests.journeys.people import Somebody, somebody
from tests.journeys.running import Site

ADMIN = "systemadministrator@klyngen-eksempel.example"
MANAGER = "hjemmeplejeleder@eksempelby.example"
LEAD = "kursansvarig@exempelstad.example"
THERAPIST = ("fysioterapeut@eksempelby.example", "Fysioterapeut, Pleje og Træning")
ASSISTANT = ("assistent-syd@eksempelby.example", "Social- og sundhedsassistent, Hjemmeplejen Syd")
HELPER = ("hjaelper-syd@eksempelby.example", "Social- og sundhedshjælper, Hjemmeplejen Syd")
NURSE = ("sygeplejerske@eksempelby.example", "Sygeplejerske, Hjemmesygeplejen")
SWEDES = {
    "underskoterska-oster@exempelstad.example": "Undersköterska, Hemtjänsten Öster, Exempelstad",
    "underskoterska-natt@exempelstad.example": "Undersköterska i nattpatrull",
    "vardbitrade@exempelstad.example": "Vårdbiträde, Hemtjänsten Väster",
    "vardbitrade-oster@exempelstad.example": "Vårdbiträde, Hemtjänsten Öster",
}
NOMINATED = WantedRun(
    course="Det, der driller",
    title="Toholdet i Eksempelby",
    lead="forloebsansvarlig@eksempelby.example",
    teacher="underviser@sosu-eksempel.example",
    languages=["da"],
    capacity=2,
    begins=30,
)
DRAWN = WantedRun(
    course="Det lille, der gør en forskel",
    title="Lottomgången i Exempelstad",
    lead=LEAD,
    teacher=LEAD,
    languages=["sv"],
    capacity=3,
    begins=30,
)

Enter = Callable[..., AbstractContextManager[Somebody]]


@pytest.fixture(scope="module")
def runs(site: Site) -> tuple[str, str]:
    """Keys of two runs that begin in a month: one to be nominated for, one to be drawn."""
    nominated, drawn = make_runs(site, [NOMINATED, DRAWN])
    return nominated, drawn


@pytest.fixture
def plainly(chromium: Browser, site: Site, album: Album) -> Enter:
    """Somebody whose browser runs no scripts; what they see is judged all the same."""
    judge = replace(album, scripts=False)
    return partial(somebody, chromium, site, album=judge, javascript=False)


def test_nominated_approved_and_declined_from_mails(plainly: Enter, runs: tuple[str, str]) -> None:
    run, _drawn = runs
    enter = partial(plainly, width=390, height=844)

    offer = f"Der er en ledig plads til dig: {NOMINATED.title}"

    with enter(MANAGER) as manager:
        nominate_three(manager, run)
    with enter(NURSE[0]) as nurse:
        nurse.go(f"/catalogue/{run}/ask")
        asked = nurse.ask("Jeg vil kunne se, hvad der tager tid fra borgerne.")

    with enter(ADMIN, album=None) as admin, enter() as by_mail:
        by_mail.say_yes_by_link(admin.link_in_mail(f"{NURSE[1]}, Eksempelby beder om dit ja"))
        with enter(THERAPIST[0]) as therapist:
            leave(therapist, run)
        answer_offer(by_mail, admin.link_in_mail(offer, HELPER[1]), "no")
        answer_offer(by_mail, admin.link_in_mail(offer, NURSE[1]), "yes")

    with enter(NURSE[0]) as nurse:
        nurse.go(f"/enrolments/{asked}")
        expect(nurse.page.locator("main .head .badge.ok")).to_have_count(1)
    with enter(NOMINATED.lead) as lead:
        assert names_in(lead, run, "seated") == {
            f"{one[1]}, Eksempelby" for one in (ASSISTANT, NURSE)
        }
        lead.see("participants")
        lead.go("/lead")
        lead.see("lead")


def test_lots_are_drawn_and_kept_seats_are_let_go(plainly: Enter, runs: tuple[str, str]) -> None:
    _nominated, run = runs
    enter = partial(plainly, language="sv")
    offer = f"En plats är ledig för dig: {DRAWN.title}"

    with enter(LEAD) as lead:
        lead.go("/lead")
        lead.see("lead")
        lead.go(f"/catalogue/{run}/seats")
        nobody_says_yes(lead, run)
        draw_lots_when_full(lead, run)
        keep_seats(lead, run, "Prøvestad", 2)
        fingerprint = read_draw(lead, run)[0]
    for mail in SWEDES:
        with enter(mail) as worker:
            worker.go(f"/catalogue/{run}/ask")
            worker.ask("Jag vill kunna pröva något litet och få ett beslut.")

    with enter(LEAD) as lead:
        lead.go(f"/catalogue/{run}/draw")
        lead.see("before-the-draw")
        lead.press(f"form[action='/catalogue/{run}/draw'] button")
        lead.see("drawn")
        digest, seed = read_draw(lead, run)
        assert digest == fingerprint == sha256(seed.encode()).hexdigest()
        order = [row.inner_text() for row in lead.page.locator("#order ~ * tbody tr").all()]
        assert len(order) == len(SWEDES)
        first = names_in(lead, run, "offered")
        assert len(first) == 1
        assert first.pop() in order[0]
        let_seats_go(lead, run)
        offered = names_in(lead, run, "offered")
        assert len(offered) == 3
        assert all(any(name in line for line in order[:3]) for name in offered)
        second = next(name for name in offered if name in order[1])
    with enter(ADMIN, album=None) as admin, enter() as by_mail:
        answer_offer(by_mail, admin.link_in_mail(offer, second), "yes")
    with enter(LEAD) as lead:
        assert names_in(lead, run, "seated") == {second}
    own, *others = SWEDES
    with enter(own) as worker:
        worker.go(f"/catalogue/{run}/draw")
        worker.see("drawn-for-a-participant")
        expect(worker.page.locator("#order ~ * tbody tr b")).to_have_count(1)
        for other in others:
            assert SWEDES[other] not in worker.page.inner_text("main")


# --- the manager ------------------------------------------------------------------------------


def nominate_three(manager: Somebody, run: str) -> None:
    """Find the run, tick three people, look what it would come to, and do it."""
    manager.go("/team")
    manager.press("main a[href^='/team/nominate']")
    manager.see("nominate-where")
    manager.page.fill("main input[type=search]", NOMINATED.title.partition(" ")[0])
    manager.press("main form[role=search] button, main form.search button")
    manager.press(f"ol.runs a[href='/team/nominate/{run}']")
    manager.see("nominate")
    for _mail, name in (HELPER, THERAPIST, ASSISTANT):
        manager.page.locator("label.check", has_text=name).locator("input").check()
    manager.page.fill("textarea[name=goal]", "I skal kunne prøve noget småt og måle på det.")
    manager.press("button[name=step][value=check]")
    manager.see("nominate-checked")
    lines = manager.page.locator("section.turn li")
    expect(lines).to_have_count(3)
    expect(lines.filter(has_text=HELPER[1]).locator(".badge.wait")).to_have_count(1)
    expect(lines.locator(".badge.ok")).to_have_count(2)
    manager.press("button[name=step][value=nominate]")
    assert manager.path == f"/team/nominate/{run}"
    expect(manager.page.locator("main .note.ok")).to_have_count(1)
    expect(manager.page.locator(".pick .badge")).to_have_count(3)


# --- mails ------------------------------------------------------------------------------------


def answer_offer(by_mail: Somebody, link: str, answer: str) -> None:
    """Take an offered seat or let it go, from the mail and without signing in; then the link is
    used up."""
    by_mail.go(link.removeprefix(by_mail.site.url))
    by_mail.see("offer-by-link")
    by_mail.press(f"main form button[name=answer][value={answer}]")
    assert by_mail.path == "/answered"
    assert by_mail.page.context.request.get(link).status == 410


# --- who has a seat ---------------------------------------------------------------------------


def leave(somebody_seated: Somebody, run: str) -> None:
    """From the page of one's own seat."""
    somebody_seated.go(f"/catalogue/{run}")
    somebody_seated.press("main a[href^='/enrolments/']")
    somebody_seated.see("own-seat")
    somebody_seated.press("main a[href$='/withdraw']")
    somebody_seated.see("withdraw")
    somebody_seated.press("main form[action$='/withdraw'] button")


def names_in(lead: Somebody, run: str, state: str) -> set[str]:
    """Who is in that state, on the page of the participants."""
    lead.go(f"/catalogue/{run}/participants?state={state}")
    return {link.inner_text() for link in lead.page.locator("main tbody th a").all()}


# --- the programme lead -----------------------------------------------------------------------


def nobody_says_yes(lead: Somebody, run: str) -> None:
    """People ask, and no yes is needed."""
    lead.press(f"main a[href='/catalogue/{run}/seats/ways']")
    lead.see("seats-ways")
    lead.page.select_option("select[name=first]", "")
    lead.press("main form.form button")
    assert lead.path == f"/catalogue/{run}/seats", lead.page.inner_text("main")


def draw_lots_when_full(lead: Somebody, run: str) -> None:
    """The waiting rule is lots."""
    lead.press(f"main a[href='/catalogue/{run}/seats/waiting']")
    lead.page.check("input[name=waiting_rule][value=lottery]")
    lead.see("seats-waiting")
    lead.press("main form.form button")
    assert lead.path == f"/catalogue/{run}/seats", lead.page.inner_text("main")


def keep_seats(lead: Somebody, run: str, organisation: str, seats: int) -> None:
    """Keep seats for an organisation, found by a part of its name."""
    lead.press(f"main a[href='/catalogue/{run}/seats/kept/new']")
    lead.page.fill("main input[type=search]", organisation)
    lead.press("main form[role=search] button, main form.search button")
    lead.see("seats-kept-for-whom")
    lead.press("main ul.ways a")
    lead.page.fill("input[name=seats]", str(seats))
    lead.press("main form.form button")
    assert lead.path == f"/catalogue/{run}/seats", lead.page.inner_text("main")
    lead.see("seats-with-kept")


def read_draw(lead: Somebody, run: str) -> tuple[str, str]:
    """The fingerprint on the page of the draw, and the number once it is shown."""
    lead.go(f"/catalogue/{run}/draw")
    shown = [value.inner_text() for value in lead.page.locator("#how ~ * dd").all()]
    return shown[0], (shown[1] if len(shown) > 1 else "")


def let_seats_go(lead: Somebody, run: str) -> None:
    """Kept seats are for anybody now."""
    lead.go(f"/catalogue/{run}/seats")
    lead.press(f"main a[href^='/catalogue/{run}/seats/kept/']:not([href$=new])")
    lead.see("seats-kept-before-release")
    lead.press("main form[action$='/release'] button")
    assert lead.path == f"/catalogue/{run}/seats", lead.page.inner_text("main")
