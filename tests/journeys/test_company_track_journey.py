"""A company track from its call to the certificates: written, applied to by guests, read by nobody
before it is over, answered with reasons, worked in, heard on a feedback day, and completed."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.journeys.called_companies import (
    ADMIN,
    BEGINS,
    CLINIC,
    HOST,
    LEAD,
    LIFT,
    NO_REASON,
    NURSE,
    OFFICER,
    REASON,
    SCRAP,
    SELLER,
    TEACHER,
    Applicant,
    Track,
    answer,
    apply,
    apply_with_a_wrong_number,
    asked_the_company_first,
    make_the_run,
    move_on,
    name_the_team,
    nobody_reads,
    read_why_not,
    refused,
    stopped_without_aid,
    told,
    write,
    write_aid,
    write_that_it_is_open,
    write_the_call,
)
from tests.journeys.certificates import code_in, text_of
from tests.journeys.conftest import SiteFactory
from tests.journeys.looking import Album
from tests.journeys.people import PASSWORD, Somebody

CLAIMS = {
    "citizen": "Du kan blive siddende, til du selv vil op.",
    "staff": "Du løfter ikke alene længere.",
    "manager": "Færre melder sig syge med ryggen.",
}
ADVICE = "Prøv det først på en aftenvagt."
PLAN = "Vi måler før og efter, på samme måde."
COMMENT = "Vi kan være med fra marts, hvis I selv tager udstyret med."
DAYS_TO_FEEDBACK = BEGINS + 4 * 14
COMMENTS = "section.panel form button.btn"
NO_APPROVAL = "giver ingen fordel i et udbud"


def test_from_a_call_to_certificates(
    new_site: SiteFactory, chromium: Browser, album: Album, tmp_path: Path
) -> None:
    """CT1-1 to CT1-8 in one go, on one kind of database."""
    track = Track(site=new_site("company_track"), chromium=chromium, album=album)
    track.site.start()
    companies_are_called(track)
    track.wake(2)
    guests_apply(track)
    track.wake(11)
    all_are_answered(track)
    a_company_works(track)
    track.wake(DAYS_TO_FEEDBACK)
    the_panel_is_heard(track)
    printed = text_of(somebody_gets_a_certificate(track, tmp_path))
    assert LIFT.person in printed
    assert NO_APPROVAL in printed  # I-25
    with track.enter(album=None) as stranger:
        stranger.verify(code_in(printed), LIFT.person)


def companies_are_called(track: Track) -> None:
    """A run, its team, its call."""
    with track.desk(ADMIN) as admin:
        make_the_run(admin, track)
        name_the_team(admin, track)
    with track.enter(LEAD) as lead:
        write_the_call(lead, track)
        move_on(lead, track, "announced")


def guests_apply(track: Track) -> None:
    """Three companies, one of them at the second try; their number is all that the lead sees."""
    with track.phone() as first:
        track.receipts[LIFT] = apply_with_a_wrong_number(first, track)
    with track.guest() as guest:
        for one in (CLINIC, SCRAP):
            track.receipts[one] = apply(guest, track, one)
    with track.enter(LEAD) as lead:
        nobody_reads(lead, track)


def all_are_answered(track: Track) -> None:
    """Two get a place once what it is worth is written down, one a reason."""
    with track.enter(LEAD) as lead:
        stopped_without_aid(lead, track)
        write_aid(lead, track)
        answer(lead, track, LIFT, "confirmed", REASON)
        write_that_it_is_open(lead, track)
        asked_the_company_first(lead, track, CLINIC)
        answer(lead, track, SCRAP, "refused", NO_REASON)
    with track.guest() as guest:
        read_why_not(guest, track)


def a_company_works(track: Track) -> None:
    """Somebody comes in by a mail, writes and signs; a host comments; the run begins."""
    with track.phone() as ida:
        come_in_by_the_mail(ida, track)
        write_claims(ida, track)
        write_and_sign_the_plan(ida, track)
        with track.desk(HOST) as host:
            comment(host, track)
            refused(host, LIFT.name, "Vores kontakter")
            declare(ida)
            host.press(COMMENTS)
            told(host)
    with track.enter(LEAD) as lead:
        move_on(lead, track, "closed")
        move_on(lead, track, "running")


def the_panel_is_heard(track: Track) -> None:
    """Two on the panel write on phones; nothing is sent while a tender is coming."""
    with track.enter(LEAD) as lead:
        panel = set_up_the_panel(lead, track)
        for mail in (NURSE, HOST):
            with track.phone(mail) as member:
                give_feedback(member, panel)
        sum_up(lead, panel)
        with track.phone(LIFT.mail) as ida, track.desk(SELLER) as seller:
            with track.desk(OFFICER) as officer:
                tender = expect_a_tender(officer, track)
                press_send(lead, panel)
                refused(lead, "SOSU-skolen Eksempel")
                publish_the_pack(officer, tender)
            send_to_all(lead, panel)
            own = read_feedback(ida, track, LIFT)
            others = read_feedback(seller, track, CLINIC)
            reads_nothing_of_others(ida, others, CLINIC)
            reads_nothing_of_others(seller, own, LIFT)


def somebody_gets_a_certificate(track: Track, folder: Path) -> Path:
    """The teacher decides; the certificate as somebody saves it."""
    with track.desk(TEACHER) as teacher:
        teacher.fill_registers(track.run)
        teacher.decide(track.run, {track.seat: True})
    with track.phone(LIFT.mail, album=None) as ida:
        return ida.fetch_certificate(track.seat, folder)[0]


# --- a company's work -----------------------------------------------------------------------------


def come_in_by_the_mail(ida: Somebody, track: Track) -> None:
    """Choose a password by the link in the mail, and find the seat that waits."""
    with track.desk(ADMIN) as admin:
        link = admin.link_in_mail("inviteret", to=LIFT.person)
    ida.go(link.removeprefix(track.site.url))
    write(ida, new_password=PASSWORD)
    ida.press("main form button")
    assert ida.path == "/me", ida.page.inner_text("main")
    ida.press("main a[href^='/enrolments/']")
    track.seat = ida.path.split("/")[2]
    ida.press(f"main a[href$='/courses/runs/{track.run}/company']")
    ida.see("own-work")


def write_claims(ida: Somebody, track: Track) -> None:
    """Three times, each for one whom it shall help."""
    ida.press(f"main a[href$='/courses/runs/{track.run}/claims']")
    write(ida, **CLAIMS)
    ida.press("main form.form button.btn")
    told(ida)


def write_and_sign_the_plan(ida: Somebody, track: Track) -> None:
    """Half a plan cannot be signed; a whole one is signed as it is saved."""
    page, there = ida.page, f"/courses/runs/{track.run}/plan"
    ida.go(f"/courses/runs/{track.run}/company")
    ida.press(f"main a[href$='{there}']")
    write(ida, tried="En rejsestol ved sengen")
    ida.press("main form.form button.btn")
    ida.press(f"form[action='{there}/sign'] button")
    expect(page.locator("main .note.stop").first).to_be_visible()
    for box in page.locator("main form.form textarea").all():
        box.fill(f"{box.get_attribute('name')}: {PLAN}")
    write(ida, begins_on=track.day(BEGINS + 90).isoformat())
    ida.press("main form.form button.btn")
    told(ida)
    ida.press(f"form[action='{there}/sign'] button")
    told(ida)
    expect(page.locator("main form.form")).to_have_count(0)


def comment(host: Somebody, track: Track) -> None:
    """A contact at a host reads claims and plan, and writes what they say to it."""
    host.go(f"/catalogue/{track.run}")
    host.press(f"main a[href$='/courses/runs/{track.run}/plans']")
    host.press(f"main a:has-text('{LIFT.name}')")
    shown = host.page.inner_text("main")
    assert PLAN in shown
    assert CLAIMS["staff"] in shown
    write(host, comment=COMMENT)
    host.press(COMMENTS)


# --- the feedback day -----------------------------------------------------------------------------


def set_up_the_panel(lead: Somebody, track: Track) -> str:
    """From the page of the run; the address of the panel."""
    lead.go(f"/catalogue/{track.run}")
    lead.press("main a[href$='/panels/feedback_day']")
    write(lead, day=track.day(DAYS_TO_FEEDBACK).isoformat(), clock="09:00")
    lead.press("main form.form button.btn")
    told(lead)
    return lead.path.removesuffix("/lead")


def give_feedback(member: Somebody, panel: str) -> None:
    """From the first page; after the one company comes the other."""
    page = member.page
    member.go("/me")
    member.press(f"main a[href$='{panel}']")
    member.press(f"main a[href^='{panel}/forms/']")
    for number in range(2):
        if page.locator("input[name=role]").count():
            page.check("main input[name=role][value=staff]")
        for scale in ("understood", "useful", "safe"):
            page.check(f"main input[name={scale}][value='{number + 2}']")
        write(member, better=f"{ADVICE} {page.inner_text('h1')}")
        if number == 0:
            member.see("feedback-form")
        member.press("main form.form button.btn")
        told(member)
    assert member.path == panel


def sum_up(lead: Somebody, panel: str) -> None:
    """The draft is what the panel wrote."""
    for one in (LIFT, CLINIC):
        lead.go(f"{panel}/lead")
        lead.press(f"main a:has-text('{one.name}')")
        assert lead.page.input_value("[name=summary]").count(ADVICE) == 2
        write(lead, summary=summary_of(one))
        lead.press("main form.form button.btn")
        told(lead)


def declare(one: Somebody) -> None:
    """On the company's own page, which says that it is missing."""
    one.go("/fairplay/mine")
    one.press("main .turn a[href$='/declaration']")
    one.page.check("main input[name=sure]")
    one.press("main form:has(input[name=sure]) button.btn")
    told(one)


def expect_a_tender(officer: Somebody, track: Track) -> str:
    """From now on nobody gets anything alone; the address of the tender."""
    page = officer.page
    officer.go("/fairplay/desk")
    officer.press("main a[href$='/desk/tenders/new']")
    page.select_option("select[name=category]", index=1)
    write(officer, title="Senge til øvestuen")
    write(officer, expected_on=track.day(DAYS_TO_FEEDBACK + 60).isoformat())
    officer.press("main form:has([name=expected_on]) button.btn")
    told(officer)
    return officer.path


def publish_the_pack(officer: Somebody, tender: str) -> None:
    """All get what one has got; a tender waits no longer for that."""
    officer.press(f"form[action='{tender}/packs'] button")
    officer.wait_for(tender, "form[action$='/publish'] button")
    officer.press("form[action$='/publish'] button")
    told(officer)
    officer.press("main a[href*='/fairplay/packs/']")
    expect(officer.page.get_by_text(LIFT.name).first).to_be_visible()


def send_to_all(lead: Somebody, panel: str) -> None:
    """Nothing is in the way any more."""
    press_send(lead, panel)
    told(lead)


def press_send(lead: Somebody, panel: str) -> None:
    """On the page of who leads the panel."""
    lead.go(f"{panel}/lead")
    lead.press("section.panel form button.btn")


def read_feedback(reader: Somebody, track: Track, one: Applicant) -> str:
    """From what the company has in the run, and again on its page of contacts; the address."""
    reader.go(f"/courses/runs/{track.run}/company")
    reader.press("main a[href*='/courses/feedback/']")
    expect(reader.page.get_by_text(summary_of(one))).to_be_visible()
    reader.see("feedback")
    address = reader.path
    reader.press(f"form[action^='{address}'] button")
    told(reader)
    reader.go("/fairplay/mine")
    shown = reader.page.inner_text("main")
    assert "Eksempelby Kommune" in shown
    assert not [other.name for other in (LIFT, CLINIC) if other != one and other.name in shown]
    return address


def reads_nothing_of_others(reader: Somebody, address: str, other: Applicant) -> None:
    """What the panel said to another company is not there for this one."""
    answer = reader.page.context.request.get(f"{reader.site.url}{address}")
    assert answer.status == 404
    assert other.name not in answer.text()


def summary_of(one: Applicant) -> str:
    """What a company is told."""
    return f"{ADVICE} Det siger panelet til {one.name}."
