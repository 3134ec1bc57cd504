"""A pair in a staff track, from the manager's signature to a decision and a certificate: on phones,
one of them without scripts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lms.db import now
from tests.journeys.certificates import code_in, text_of
from tests.journeys.conftest import Visit
from tests.journeys.looking import Album
from tests.journeys.made_tracks import MadeTrack, WantedTrack, make_track
from tests.journeys.people import Somebody, somebody
from tests.journeys.running import Site

ANNA = "assistent-nord@eksempelby.example"
BO = "hjaelper-nord@eksempelby.example"
NAMES = (
    "Social- og sundhedsassistent, Hjemmeplejen Nord, Eksempelby",
    "Social- og sundhedshjælper, Hjemmeplejen Nord, Eksempelby",
)
MANAGER = "hjemmeplejeleder@eksempelby.example"
TEACHER = "underviser@sosu-eksempel.example"
LEAD = "forloebsansvarlig@eksempelby.example"
SAFETY = "arbejdsmiljoerepraesentant@eksempelby.example"
OUTCOMES = (
    "Beskrive et problem fra hverdagen, så andre kan tage stilling til det.",
    "Planlægge en lille afprøvning, og måle før og efter.",
)
TRACK = WantedTrack(
    course_type="staff_innovation_track",
    title="Skridtene i hjemmet",
    outcomes=OUTCOMES,
    owner="Eksempelby Kommune",
    hosts=["Eksempelby Kommune"],
    team=[(LEAD, "programme_lead"), (TEACHER, "teacher"), (SAFETY, "health_and_safety")],
    begins=-78,
    step=19,
    in_pairs=True,
)
JOURNEY = "Hjem fra sygehuset en fredag"
STEPS = ("Forlader afdelingen", "Venter på nøglen", "Er alene hjemme", "Aftenvagten kommer")
PROBLEM = "Vi går tilbage til bilen efter det, vi glemte"
IDEA = "En kurv ved døren"
WHAT = "En kurv ved døren med det, vi bruger hver morgen."
SEEN_BY = "Sygeplejerske"
REASON = "Vi ser på det igen, når de nye nøglebokse er sat op."
METHOD = "Idéark, note fra en afprøvning og en beslutning fra lederen"
NOT_SAID = "Det siger ikke, om idéen er god"

BORN = {
    "problem": PROBLEM,
    "journey": JOURNEY,
    "idea": IDEA,
    "tryout": WHAT,
    "decision": WHAT,
}
"""What the run made, by kind, and what it is called."""

Phone = Callable[..., AbstractContextManager[Somebody]]


@pytest.fixture
def made(site: Site) -> MadeTrack:
    """A run of a staff track whose days lie behind us, and which takes requests."""
    return make_track(site, TRACK)


def test_ct2_a_pair_from_the_managers_signature_to_a_certificate(
    chromium: Browser, site: Site, enter: Visit, album: Album, made: MadeTrack, tmp_path: Path
) -> None:
    phone = partial(enter, width=390, height=844)
    plainly = partial(
        somebody,
        chromium,
        site,
        album=replace(album, scripts=False),
        javascript=False,
        width=390,
        height=844,
    )
    with phone(ANNA) as anna, plainly(BO) as bo, enter(MANAGER) as manager:
        annas = ask_together(anna, made)
        bos = go_along(bo)
        sign_goals(manager, (annas, bos))
        with enter(TEACHER) as teacher:
            begin(enter, teacher, made)
            journey = write_a_journey(anna, annas)
            look_it_through(teacher, journey)
            for task, kind, title in (
                ("Et problem fra hverdagen", "problem", PROBLEM),
                ("Idéark", "idea", IDEA),
            ):
                key = made.activities[task]
                hand_in(anna, key, kind, title)
                confirm_work(bo, key)
                is_seen_at_work(anna, plainly, key)
                accept(teacher, key)
            tryout = plan_the_tryout(anna, annas)
            allow(manager, tryout)
            note_before_and_after(anna, tryout)
            confirm_note(bo, tryout)
            decision = decide_later(bo, tryout)
            sign_decision(manager, decision)
            see_what_was_born(teacher, anna, made)
            unseen(teacher).decide(made.run, {annas: True, bos: True})
        others_see_nothing(enter, (journey, tryout, decision))
        pdf, says = unseen(anna).fetch_certificate(annas, tmp_path)
    printed = text_of(pdf)
    assert NAMES[0] in printed
    assert METHOD in printed
    assert NOT_SAID in printed
    assert all(outcome in printed for outcome in OUTCOMES)
    assert says["kind"] == "competence"
    with enter(language="da", album=None) as stranger:
        stranger.verify(code_in(printed), NAMES[0])


# --- a seat for two -----------------------------------------------------------------------------


def ask_together(anna: Somebody, made: MadeTrack) -> str:
    """Two seats or none; the key of the one who asks (CT2-1, CT2-2)."""
    anna.go(f"/catalogue/{made.run}/ask")
    anna.page.fill("main input[name=pair_with]", BO)
    return unseen(anna).ask("At vi går færre gange efter ting hos borgerne.")


def go_along(bo: Somebody) -> str:
    """The colleague says yes, with a goal of their own; the key of their seat."""
    bo.go("/me")
    bo.press("main a[href$='/together']")
    bo.see("asked-to-go-together")
    bo.page.fill("main textarea[name=goal]", "At jeg kan vise, hvad der tager tid.")
    bo.press("main button[name=answer][value=yes]")
    assert bo.path.startswith("/enrolments/"), bo.page.inner_text("main")
    return bo.path.split("/")[2]


def sign_goals(manager: Somebody, seats: tuple[str, str]) -> None:
    """The manager signs both goals (CT2-1)."""
    for seat in seats:
        unseen(manager).say_yes(seat)


def begin(enter: Visit, teacher: Somebody, made: MadeTrack) -> None:
    """The run begins, and its days are written down."""
    with enter(LEAD, album=None) as lead:
        lead.move_run(made.run, "running")
    assert unseen(teacher).fill_registers(made.run) == 5


# --- what a pair makes --------------------------------------------------------------------------


def write_a_journey(anna: Somebody, seat: str) -> str:
    """On a phone, with one step more than the page had; its address (CT2-3)."""
    page = anna.page
    anna.go(f"/enrolments/{seat}")
    anna.see("way-before-anything")
    anna.press("main ol.thread a[href$='/journeys/new']")
    page.fill("main [name=title]", JOURNEY)
    for number, step in enumerate(STEPS[:3]):
        page.fill(f"main [name=step_{number}]", step)
    anna.press("main button[name=add]")
    page.fill("main [name=step_3]", STEPS[3])
    page.fill("main [name=citizen_1]", "Står på trappen og fryser.")
    page.fill("main [name=risk_1]", "Vi løfter alene, når vi er to minutter bagud.")
    page.fill("main [name=checked_with]", "To kolleger og en fra ældrerådet")
    anna.see("journey-being-written")
    anna.press("main form.form p > button:not([name])")
    told(anna)
    expect(page.locator("main ol.thread h2")).to_have_text(list(STEPS))
    anna.see("journey")
    return anna.path


def look_it_through(teacher: Somebody, journey: str) -> None:
    """Nobody can be known from it, so others may read it."""
    teacher.go(journey)
    teacher.press("main form[action$='/check'] button")
    told(teacher)
    expect(teacher.page.locator("main .head .badge.ok")).to_have_count(1)


def hand_in(anna: Somebody, activity: str, kind: str, title: str) -> None:
    """An assignment between two sessions that ends in a record, for both of the pair."""
    page = anna.page
    anna.go(f"/activities/in-between/{activity}")
    page.fill("main textarea[name=text]", f"{title}. Det sker tre gange på en vagt.")
    page.select_option("main select[name=kind]", kind)
    page.fill("main input[name=title]", title)
    page.check("main input[name=no_names]")
    anna.see("work-of-two")
    anna.press("main button[name=act][value=hand_in]")
    told(anna)


def confirm_work(bo: Somebody, activity: str) -> None:
    """The other of the pair says yes: now it counts for both (CT2-2)."""
    bo.go("/me")
    bo.press(f"main a[href^='/activities/in-between/{activity}']")
    bo.see("is-it-done")
    bo.press("main form:has(input[name=act][value=agree]) button")
    told(bo)


def is_seen_at_work(anna: Somebody, plainly: Phone, activity: str) -> None:
    """A link is passed on; who opens it needs no account and says what they are at work."""
    page = anna.page
    anna.go(f"/activities/in-between/{activity}")
    page.check("main form[action$='/seen'] input[name=way][value=copy]")
    anna.press("main form[action$='/seen'] button")
    link = page.input_value("#link")
    with plainly() as colleague:
        colleague.go(link.removeprefix(colleague.site.url))
        colleague.see("have-you-seen-this")
        colleague.page.fill("main input[name=function]", SEEN_BY)
        colleague.press("main form button")


def accept(teacher: Somebody, activity: str) -> None:
    """The one hand-in of the two."""
    teacher.go(f"/activities/mark/in-between/{activity}")
    teacher.press("main a.btn.xl")
    expect(teacher.page.get_by_text(SEEN_BY)).to_be_visible()
    teacher.press("main button[name=outcome][value=accepted]")
    told(teacher)


# --- the try-out --------------------------------------------------------------------------------


def plan_the_tryout(anna: Somebody, seat: str) -> str:
    """With the idea that is there, and the manager asked before anything is tried; its address."""
    page = anna.page
    anna.go(f"/enrolments/{seat}")
    anna.press("main ol.thread a[href$='/tryout']")
    page.fill("main textarea[name=what]", WHAT)
    page.fill("main input[name=measure]", "Hvor tit vi går tilbage")
    page.fill("main input[name=begins_on]", (now().date() - timedelta(days=8)).isoformat())
    chosen = page.locator("main select[name=idea] option:checked")
    expect(chosen).to_have_text(IDEA)
    anna.see("tryout-being-planned")
    anna.press("main button[name=save]")
    told(anna)
    anna.press("main form[action$='/ask'] button")
    told(anna)
    return anna.path


def allow(manager: Somebody, tryout: str) -> None:
    """From what waits on the manager's own page."""
    manager.go("/me")
    manager.press(f"main a[href='{tryout}/answer']")
    manager.page.locator("main input[name=answer][value=yes]").check(force=True)
    manager.see("may-they-try-it")
    manager.press("main form.form button")
    told(manager)


def note_before_and_after(anna: Somebody, tryout: str) -> None:
    """Saved half, handed in whole; what is missing is asked for, and nothing typed is lost."""
    page, note = anna.page, f"{tryout}/note"
    anna.go(tryout)
    anna.press(f"main a[href='{note}']")
    page.fill("main textarea[name=before]", "Fjorten gange på en vagt.")
    anna.press("main button[name=save]")
    told(anna)
    page.fill("main textarea[name=after]", "Tre gange på en vagt.")
    anna.press("main button[name=hand_in]")
    assert anna.path == note
    expect(page.locator("main .error")).not_to_have_count(0)
    expect(page.locator("main textarea[name=after]")).to_have_value("Tre gange på en vagt.")
    anna.visitor.problems.clear()  # the browser notes the 422
    page.fill("main textarea[name=learned]", "Kurven skal stå, hvor vi tager skoene af.")
    anna.see("before-and-after")
    anna.press("main button[name=hand_in]")
    told(anna)
    assert anna.path == tryout


def confirm_note(bo: Somebody, tryout: str) -> None:
    """It was so: it counts for both."""
    bo.go("/me")
    bo.press(f"main a[href='{tryout}']")
    bo.see("was-it-so")
    bo.press("main form[action$='/confirm'] button")
    told(bo)


def decide_later(bo: Somebody, tryout: str) -> str:
    """Later counts like yes and no, and has a day; the address of the decision."""
    page = bo.page
    bo.go(tryout)
    bo.press(f"main a[href='{tryout}/decision']")
    page.check("main input[name=outcome][value=later]")
    page.fill("main textarea[name=reason]", REASON)
    bo.press("main form.form button")
    assert bo.path == f"{tryout}/decision", "a later without a day"
    expect(page.locator("main textarea[name=reason]")).to_have_value(REASON)
    bo.visitor.problems.clear()  # the browser notes the 422
    page.fill("main input[name=wake_on]", (now().date() + timedelta(days=90)).isoformat())
    bo.see("yes-no-or-later")
    bo.press("main form.form button")
    told(bo)
    return bo.path


def sign_decision(manager: Somebody, decision: str) -> None:
    """It counts once the manager has signed it."""
    manager.go("/me")
    manager.press(f"main a[href='{decision}']")
    manager.press("main form[action$='/sign'] button")
    told(manager)
    expect(manager.page.locator("main .head .badge.ok")).to_have_count(1)
    manager.see("decision-signed")


# --- what came of it ----------------------------------------------------------------------------


def see_what_was_born(teacher: Somebody, anna: Somebody, made: MadeTrack) -> None:
    """One of each kind, each with its way from need to effect (CT2-4). The problem is named; until
    it is looked through where problems come in, only who told it reads it."""
    page, born = teacher.page, f"/courses/runs/{made.run}/born"
    teacher.go(f"/catalogue/{made.run}")
    teacher.see("run-with-what-was-born")
    teacher.press(f"main a[href='{born}']")
    expect(page.locator("main nav.tabs a")).to_have_count(len(BORN))
    for kind, title in BORN.items():
        teacher.go(f"{born}?kind={kind}")
        expect(page.locator("main tbody tr")).to_have_count(1)
        expect(page.locator("main tbody th")).to_contain_text(title)
        way = page.locator(f"main tbody a[href^='/records/{kind}/']")
        expect(way).to_have_count(0 if kind == "problem" else 1)
    teacher.see("born")
    teacher.press("main tbody a[href^='/records/decision/']")
    expect(page.locator("main ol.thread > li h2", has_text=IDEA)).not_to_have_count(0)
    teacher.see("the-thread-of-a-decision")
    anna.go(f"{born}?kind=problem")
    anna.press("main tbody a[href^='/records/problem/']")
    expect(anna.page.locator("main ol.thread > li h2", has_text=PROBLEM)).to_have_count(1)


def others_see_nothing(enter: Visit, addresses: tuple[str, ...]) -> None:
    """A colleague from another unit, whose it is not, finds none of it."""
    with enter("assistent-plejecenter@eksempelby.example", album=None) as colleague:
        ask_for = colleague.page.context.request.get
        for path in addresses[1:]:
            assert ask_for(f"{colleague.site.url}{path}").status == 404, path


def told(who: Somebody) -> None:
    """What was done is said on the next page."""
    expect(who.page.locator("main .note.ok")).not_to_have_count(0)


def unseen(who: Somebody) -> Somebody:
    """The same, on pages that other journeys look at."""
    return replace(who, album=None)
