"""From a problem that somebody notices to a challenge that is stopped: told on a phone without
network, answered at a desk without scripts, seen anew, decided at a gate, and learned from."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.looking import Album
from tests.journeys.people import Somebody
from tests.journeys.phones import be_ready, keep, no_network, wait_until_sent

SENDER = "underskoterska-vaster@exempelstad.example"  # Swedish
DESK = "innovationskonsulent@region-eksempel.example"  # Danish, answers in both countries
LEAD = "kursansvarig@exempelstad.example"  # Swedish, at the same desk
OWNER = "hemtjanstchef@exempelstad.example"  # Swedish
PARTNER = "plejecenterleder@eksempelby.example"  # Danish, of another organisation
SELLER = "underviser@eksempel-vr.example"

TITLE = "Låg säng hela morgonen"
TELLS = "hos hon med papegojan"
WHAT = f"Vi tvättar brukaren i en låg säng {TELLS} och står böjda hela morgonen."
QUESTION = "Bruger I en glidedug?"
ANSWER = "Ja, men den ligger ofta i bilen."
TOGETHER, APART = "Begge handler om en lav seng.", "Her er det kluden, der mangler."
OLD_NAME, NEW_NAME, NEW_NAME_DA = "Sängar som sviktar", "Ryggen räcker", "Ryggen holder"
BECAUSE = "Vi såg att sängen sällan är felet."
REASON, LEARNED = "Der findes en løsning i bilen.", "Titta i bilen först"


def test_from_a_problem_to_a_gate_that_stops(enter: Visit, album: Album) -> None:
    with enter(SENDER, language="sv", width=390, height=844) as sender:
        tell_without_network(sender)
        problem = find_ones_own(sender)
        with enter(DESK, javascript=False, album=replace(album, scripts=False)) as desk:
            look_it_through(desk, problem)
            ask(desk, problem)
            answer(sender, problem)
            other = gather(desk, problem)
            is_gathered_with(sender, problem, other)
            take_apart(desk, problem)
            is_gathered_with(sender, problem, other, times=0)
        with enter(LEAD, language="sv") as lead:
            challenge = accept_into_a_new_one(lead, problem)
        see_the_thread(sender, problem, TITLE, came_of=(OLD_NAME, challenge))
    with enter(OWNER, language="sv") as owner:
        frame_anew(owner, challenge)
        show_to_everybody(owner, challenge)
        gate = open_a_gate(owner, challenge)
        say_stop(owner, gate, "Lakanet finns redan.")
        with enter(PARTNER) as partner:
            find_by_the_old_name(partner, challenge)
            say_stop(partner, gate, "Vi købte senge og fortrød det.")
            partner.see("said-at-the-gate")
            decide_to_stop(owner, challenge, gate)
            read_what_was_learned(partner, challenge)
            read_the_problem(partner, problem)
            see_the_thread(partner, challenge, NEW_NAME_DA, led_here=(TITLE, problem))
    with enter(SELLER) as seller:
        see_no_problem(seller, problem, challenge)


# --- problems -----------------------------------------------------------------------------------


def tell_without_network(phone: Somebody) -> None:
    """The page was open once; now there is no network, and what is written goes by itself."""
    report = "/challenges/report"
    phone.go(report)
    be_ready(phone, page_too=True)
    page = phone.page
    with no_network(phone):
        page.goto(report)
        page.fill("textarea[name=what]", WHAT)
        page.check("input[name=frequency][value=daily]")
        page.check("input[name=severity][value='3']")
        page.click("form[data-look] details summary")
        page.fill("input[name=title]", TITLE)
        keep(phone, "form[data-look] button[name=act][value=send]")
        phone.see("problem-kept-on-the-phone")
    wait_until_sent(phone)


def find_ones_own(sender: Somebody) -> str:
    """The address of what was just told."""
    sender.go("/challenges/mine")
    assert sender.page.get_attribute("html", "lang") == "sv"
    sender.press(f"main ol.runs a:has-text('{TITLE}')")
    return sender.path


def look_it_through(desk: Somebody, problem: str) -> None:
    """What tells who somebody is goes, and then others may read the rest."""
    page = desk.page
    desk.go("/challenges/desk")
    assert page.get_attribute("html", "lang") == "da"
    page.click("main details:has(input[name=q]) summary")
    page.fill("main input[name=q]", TITLE.lower())
    desk.press("main form:has(input[name=q]) button")
    desk.press(f"main a[href='{at_desk(problem)}']")
    desk.see("problem-at-the-desk")
    page.fill("form[action$='/check'] textarea[name=others]", TELLS)
    desk.press("form[action$='/check'] button:not([name=keep])")
    told(desk)
    assert TELLS not in page.inner_text("main .written")


def ask(desk: Somebody, problem: str) -> None:
    """Something that only the sender knows."""
    assert desk.path == at_desk(problem)
    desk.page.fill("textarea[name=question]", QUESTION)
    desk.press("form[action$='/ask'] button")
    told(desk)


def answer(sender: Somebody, problem: str) -> None:
    """It is the sender's turn, on the page of the problem."""
    sender.go(problem)
    expect(sender.page.locator("section.turn")).to_contain_text(QUESTION)
    sender.press("section.turn a.btn")
    sender.page.fill("textarea[name=text]", ANSWER)
    sender.press("form[action$='/answer'] button")
    assert sender.path == problem, sender.page.inner_text("main")


def gather(desk: Somebody, problem: str) -> str:
    """With the first that the page suggests; the address of that one."""
    page = desk.page
    desk.go(at_desk(problem))
    expect(page.get_by_text(ANSWER)).to_be_visible()
    desk.press(f"main a[href='{problem}/merge']")
    desk.see("problems-beside-each-other")
    first = page.locator("input[name=into]").first
    other = f"/challenges/problems/{first.get_attribute('value')}"
    first.check()
    page.fill("textarea[name=reason]", TOGETHER)
    desk.press("form[action$='/merge'][method=post] button")
    told(desk)
    return other


def is_gathered_with(sender: Somebody, problem: str, other: str, *, times: int = 1) -> None:
    """The sender's own page says what it is part of now, and nothing once it is taken apart."""
    sender.go(problem)
    expect(sender.page.locator(f"main aside a[href='{other}']")).to_have_count(times)


def take_apart(desk: Somebody, problem: str) -> None:
    """It was another one after all."""
    desk.press(f"main a[href='{problem}/merge']")
    expect(desk.page.get_by_text(TOGETHER)).to_be_visible()
    desk.page.fill("textarea[name=reason]", APART)
    desk.press("form[action$='/unmerge'] button")
    told(desk)


def accept_into_a_new_one(lead: Somebody, problem: str) -> str:
    """A colleague at the desk who may write challenges goes on; the challenge's address."""
    page = lead.page
    lead.go(at_desk(problem))
    form = "form[action$='/end/accepted']"
    page.click(f"details:has({form}) summary")
    page.fill(f"{form} [name=accepted-new_title]", OLD_NAME)
    page.fill(f"{form} [name=accepted-reason]", "Fler har sagt det. Nu tar vi det tillsammans.")
    lead.press(f"{form} button")
    told(lead)
    lead.go(f"/records/problem/{key_of(problem)}")
    lead.press(f"main ol.thread a:has-text('{OLD_NAME}')")
    return lead.path


# --- the challenge ------------------------------------------------------------------------------


def frame_anew(owner: Somebody, challenge: str) -> None:
    """Another name in both languages, and why the former one is left."""
    owner.go(challenge)
    owner.press(f"main a[href='{challenge}/reframe']")
    write = {
        "title_sv": NEW_NAME,
        "title_da": NEW_NAME_DA,
        "question_sv": "Hur kan det som skonar ryggen ligga där vi arbetar?",
        "question_da": "Hvordan kan det, der skåner ryggen, ligge, hvor vi arbejder?",
        "because_sv": BECAUSE,
    }
    for name, text in write.items():
        owner.page.fill(f"main [name={name}]", text)
    owner.press("form[action$='/reframe'] button")
    expect(owner.page.locator(".pair .was")).to_have_text(OLD_NAME)
    expect(owner.page.locator(".pair .became")).to_have_text(NEW_NAME)
    expect(owner.page.locator(".pair .why")).to_contain_text(BECAUSE)
    owner.see("seen-anew")


def show_to_everybody(owner: Somebody, challenge: str) -> None:
    """In words that were written for that."""
    owner.go(f"{challenge}/texts")
    owner.page.fill("[name=public_text_sv]", "Vi vill skona ryggen på den som hjälper andra.")
    owner.page.fill("[name=public_text_da]", "Vi vil skåne ryggen på den, der hjælper andre.")
    owner.press("form[action$='/texts'] button")
    owner.press("form[action$='/publish'] button")
    told(owner)


def find_by_the_old_name(reader: Somebody, challenge: str) -> None:
    """Which somebody abroad still calls it by."""
    reader.go("/challenges")
    reader.page.fill("main form.search input[name=q]", OLD_NAME.lower())
    reader.press("main form.search button")
    expect(reader.page.locator("ol.runs > li")).to_have_count(1)
    reader.press(f"ol.runs a[href='{challenge}']")
    assert NEW_NAME_DA in reader.page.inner_text("h1")


# --- the gate -----------------------------------------------------------------------------------


def open_a_gate(owner: Somebody, challenge: str) -> str:
    """With two who decide, of two organisations; its address."""
    page = owner.page
    owner.go(f"{challenge}/organisations")
    page.select_option("select[name=organisation]", label="Eksempelby Kommune")
    owner.press("form[action$='/organisations'] button")
    owner.go(f"{challenge}/gate")
    page.select_option("select[name=to_level]", "1")
    owner.press("form[action$='/gate'] button")
    for number, mail in enumerate((OWNER, PARTNER), start=1):
        page.fill("input[name=mail]", mail)
        owner.press("form[action$='/deciders'] button")
        expect(page.locator("main ul.ways > li")).to_have_count(number)
    return owner.path.removesuffix("/deciders")


def say_stop(decider: Somebody, gate: str, why: str) -> None:
    """Each on their own device, starting at the sheet."""
    decider.go(gate)
    decider.press(f"section.turn a[href='{gate}/opinion']")
    decider.page.check("input[name=opinion][value=stop]")
    decider.page.fill("textarea[name=remark]", why)
    decider.press("form[action$='/opinion'] button")
    told(decider)


def decide_to_stop(owner: Somebody, challenge: str, gate: str) -> None:
    """A stop without something learned is sent back; what was written stays."""
    page, button = owner.page, "form[action$='/decide'] button"
    owner.go(f"{gate}/meeting")
    owner.see("gate-on-the-screen")
    owner.press(f"main a[href='{gate}/decide']")
    page.check("input[name=decision][value=stop]")
    page.fill("textarea[name=reason]", REASON)
    owner.press(button)
    assert owner.path == f"{gate}/decide"
    expect(page.locator("textarea[name=reason]")).to_have_value(REASON)
    owner.visitor.problems.clear()  # the browser notes the 422
    page.fill("input[name=note_title]", LEARNED)
    page.fill("textarea[name=note_text]", "Fråga först vad som redan finns.")
    owner.press(button)
    assert owner.path == gate, page.inner_text("main")
    expect(page.locator("main .note.stop")).to_contain_text(REASON)
    owner.go(challenge)
    expect(page.locator("main .note.info")).to_contain_text(REASON)


def read_what_was_learned(reader: Somebody, challenge: str) -> None:
    """Among all that was stopped."""
    reader.go(f"/challenges/learned?q={LEARNED.partition(' ')[0]}")
    expect(reader.page.get_by_text(LEARNED).first).to_be_visible()
    expect(reader.page.locator(f"main a[href='{challenge}']").first).to_be_visible()


# --- who sees what ------------------------------------------------------------------------------


def read_the_problem(reader: Somebody, problem: str) -> None:
    """Somebody in care abroad reads what happens, and not where."""
    reader.go(problem)
    shown = reader.page.inner_text("main")
    assert WHAT.partition(TELLS)[0].strip() in shown
    assert TELLS not in shown


def see_the_thread(
    reader: Somebody,
    path: str,
    title: str,
    *,
    led_here: tuple[str, str] | None = None,
    came_of: tuple[str, str] | None = None,
) -> None:
    """From the page of a record: first the problem, then the challenge that came of it; the other
    one, (title, address), is a link."""
    reader.go(path)
    reader.press(f"main a[href='/records/{kind_of(path)}/{key_of(path)}']")
    names = [title]
    if led_here:
        names.insert(0, led_here[0])
    if came_of:
        names.append(came_of[0])
    expect(reader.page.locator("main ol.thread > li h2")).to_have_text(names)
    for name, there in filter(None, (led_here, came_of)):
        expect(reader.page.locator(f"main ol.thread a[href='{there}']")).to_have_text(name)


def see_no_problem(seller: Somebody, problem: str, challenge: str) -> None:
    """A company reads what everybody may read of the challenge, and nothing of what led to it."""
    ask_for = seller.page.context.request.get
    for path in (problem, f"{problem}/voice", f"/records/problem/{key_of(problem)}"):
        assert ask_for(f"{seller.site.url}{path}").status == 404, path
    for path in (challenge, f"/records/challenge/{key_of(challenge)}"):
        seller.go(path)
        shown = seller.page.content()
        assert NEW_NAME_DA in shown
        assert key_of(problem) not in shown
        assert TITLE not in shown


def key_of(path: str) -> str:
    """The key of what a page shows."""
    return path.rsplit("/", 1)[-1]


def kind_of(path: str) -> str:
    """What kind of record a page shows."""
    return "problem" if "/problems/" in path else "challenge"


def at_desk(problem: str) -> str:
    """The same problem at the desk."""
    return f"/challenges/desk/{key_of(problem)}"


def told(who: Somebody) -> None:
    """What was done is said on the next page."""
    expect(who.page.locator("main .note.ok")).to_have_count(1)
