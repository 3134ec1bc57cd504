"""Companies apply to a company track: the run and its call are made, guests apply, and all get an
answer with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from playwright.sync_api import Browser, expect

from lms.db import now
from tests.journeys.conftest import Visit
from tests.journeys.looking import Album
from tests.journeys.people import Somebody, somebody
from tests.journeys.running import Site

LEAD = "innovationskonsulent@region-eksempel.example"
TEACHER = "underviser@sosu-eksempel.example"
HOST = "velfaerdsteknologikonsulent@eksempelby.example"
NURSE = "sygeplejerske@eksempelby.example"
BUYER = "forloebsansvarlig@eksempelby.example"
OFFICER = "uddannelsesadministrator@sosu-eksempel.example"
ADMIN = "systemadministrator@klyngen-eksempel.example"
SELLER = "direktoer@proeveklinik.example"

COURSE = "Klar til kommunen"
CRITERIA = "Løsningen hører til i plejen, og virksomheden kan afsætte én til alle fem dage."
REASON, NO_REASON = "I har valgt et sted, plejen kender.", "Løsningen hører til i et andet fag."
WHY = "Vi vil lære, hvordan en kommune vælger."


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A company of which somebody fills in the form."""

    name: str
    number: str
    person: str
    mail: str


LIFT = Applicant(
    name="Løftehuset ApS (opdigtet)",
    number="00 10 01 29",
    person="Ida Ingeniør",
    mail="ida@loeftehuset.example",
)
CLINIC = Applicant(
    name="Prøveklinik A/S (opdigtet)",
    number="00100102",
    person="Direktør, Prøveklinik (opdigtet)",
    mail=SELLER,
)
SCRAP = Applicant(
    name="Skrotpladsen ApS (opdigtet)",
    number="00100137",
    person="Sara Skrot",
    mail="sara@skrotpladsen.example",
)
WRONG_NUMBER = "00 10 01 28"

TEAM = (
    ("programme_lead", LEAD),
    ("teacher", TEACHER),
    ("host_contact", HOST),
    ("procurement_contact", BUYER),
    ("panel_member", NURSE),
    ("panel_member", HOST),
)
BEGINS = 20
SEND = "main form:has(input[name=registration_number]) button.btn"


@dataclass(slots=True, kw_only=True)
class Track:
    """A site on which a track goes its way: the days, and where its pages are."""

    site: Site
    chromium: Browser
    album: Album
    today: datetime = field(default_factory=now)
    run: str = ""
    seat: str = ""
    receipts: dict[Applicant, str] = field(default_factory=dict)

    def wake(self, days: int) -> None:
        """So many days later, at noon."""
        day = self.today + timedelta(days=days)
        self.site.move_clock(day.replace(hour=11, minute=0, second=0, microsecond=0))

    def day(self, days: int) -> date:
        """The day so many days from today."""
        return (self.today + timedelta(days=days)).date()

    @property
    def enter(self) -> Visit:
        """Somebody at a desk."""
        return partial(somebody, self.chromium, self.site, album=self.album)

    @property
    def desk(self) -> Visit:
        """Somebody at a desk without scripts, at pages that others look at."""
        return partial(somebody, self.chromium, self.site, javascript=False)

    @property
    def phone(self) -> Visit:
        """Somebody with a phone."""
        return partial(self.enter, width=390, height=844)

    @contextmanager
    def guest(self) -> Iterator[Somebody]:
        """Somebody without scripts and without account."""
        with self.enter(javascript=False, album=replace(self.album, scripts=False)) as one:
            yield one


# --- before it opens ------------------------------------------------------------------------------


def make_the_run(admin: Somebody, track: Track) -> None:
    """From its first day, with three hosts."""
    page = admin.page
    admin.go("/build")
    admin.press(f"main a:has-text('{COURSE}')")
    admin.press("main a[href$='/run']")
    page.select_option("select[name=host]", label="Region Eksempel")
    page.select_option("select[name=host_2]", label="Eksempelby Kommune")
    page.select_option("select[name=host_3]", label="SOSU-skolen Eksempel")
    write(admin, venue="Det gule hus", town="Eksempelby", capacity="6")
    write(admin, start=track.day(BEGINS).isoformat(), clock="09:00")
    admin.press("main button[name=act][value=lay_out]")
    admin.press("main button[name=act][value=make]")
    assert admin.path.startswith("/catalogue/"), page.inner_text("main")
    track.run = admin.path.split("/")[2]


def name_the_team(admin: Somebody, track: Track) -> None:
    """Everybody whom this type of course needs."""
    for role, mail in TEAM:
        admin.go(f"/catalogue/{track.run}/team?role={role}")
        write(admin, email=mail)
        admin.press("main aside form button.btn")
        told(admin)


def write_the_call(lead: Somebody, track: Track) -> None:
    """The page of the run says that it is missing, and leads to it."""
    page, form = lead.page, f"/courses/calls/{track.run}/write"
    lead.go(f"/catalogue/{track.run}")
    lead.press(f"main a[href$='{form}']")
    write(lead, criteria_da=CRITERIA, criteria_sv="Lösningen hör till vården.")
    write(lead, places="2", people="2")
    write(lead, opens_day=track.day(1).isoformat(), opens_clock="08:00")
    write(lead, closes_day=track.day(10).isoformat(), closes_clock="12:00")
    lead.press("main form button.btn:not(.second)")
    refused(lead)  # everybody must be able to read by what it is decided
    expect(page.locator("textarea[name=criteria_da]")).to_have_value(CRITERIA)
    write(lead, criteria_en="The solution belongs to care.")
    lead.press("main form button.btn:not(.second)")
    told(lead)


# --- guests ---------------------------------------------------------------------------------------


def apply_with_a_wrong_number(guest: Somebody, track: Track) -> str:
    """One digit is wrong: that is said, and nothing that was typed is gone. The receipt."""
    page = guest.page
    guest.go("/courses/calls")
    guest.press(f"main a[href$='/courses/calls/{track.run}']")
    guest.see("call")
    guest.press(f"main a[href$='/courses/calls/{track.run}/apply']")
    fill_in(guest, replace(LIFT, number=WRONG_NUMBER))
    guest.press(SEND)
    refused(guest, "nummer")
    expect(page.locator("input[name=registration_number][aria-invalid=true]")).to_have_count(1)
    expect(page.locator("textarea[name=why]")).to_have_value(WHY)
    guest.see("wrong-number")
    write(guest, registration_number=LIFT.number)
    guest.press(SEND)
    return receipt_of(guest)


def apply(guest: Somebody, track: Track, one: Applicant) -> str:
    """The receipt of a company that knows its number."""
    guest.go(f"/courses/calls/{track.run}/apply")
    fill_in(guest, one)
    guest.press(SEND)
    return receipt_of(guest)


def fill_in(guest: Somebody, one: Applicant) -> None:
    """The form of an application."""
    write(guest, name=one.name, registration_number=one.number, why=WHY)
    write(guest, contact_name=one.person, contact_email=one.mail)
    write(guest, person_1_name=one.person, person_1_email=one.mail)
    guest.page.check("main input[name=size][value=small]")
    guest.page.check("main input[name=declared]")


def receipt_of(guest: Somebody) -> str:
    """Its address, which is in the mail too."""
    assert guest.path.startswith("/courses/applications/"), guest.page.inner_text("main")
    expect(guest.page.get_by_text(WHY)).to_be_visible()
    return guest.path


def nobody_reads(lead: Somebody, track: Track) -> None:
    """Before the last day is over there is a number, and nothing else."""
    move_on(lead, track, "open")
    for path in (f"/courses/calls/{track.run}", f"/courses/calls/{track.run}/decide"):
        lead.go(path)
        shown = lead.page.inner_text("main")
        assert "3 virksomheder har søgt." in shown
        for one in (LIFT, CLINIC, SCRAP):
            assert one.name not in shown


# --- answers --------------------------------------------------------------------------------------


def stopped_without_aid(lead: Somebody, track: Track) -> None:
    """No place without an aid line: who can write it is said, and what was written stays."""
    press_answer(lead, track, LIFT, "confirmed", REASON)
    refused(lead, LIFT.name)
    expect(lead.page.locator("textarea[name=reason]")).to_have_value(REASON)


def answer(lead: Somebody, track: Track, one: Applicant, to: str, reason: str) -> None:
    """Answer one company beside the criteria."""
    press_answer(lead, track, one, to, reason)
    assert lead.path == f"/courses/calls/{track.run}/decide", lead.page.inner_text("main")
    told(lead)


def press_answer(lead: Somebody, track: Track, one: Applicant, to: str, reason: str) -> None:
    """From the list of all who applied."""
    there = f"/courses/calls/{track.run}/decide"
    lead.go(there)
    lead.press(f"main a[href^='{there}/']:has-text('{one.name}')")
    lead.page.check(f"main input[name=to][value={to}]")
    write(lead, reason=reason)
    lead.press("section.panel form button")


def asked_the_company_first(lead: Somebody, track: Track, one: Applicant) -> None:
    """Anybody can write the number of a company that is known here."""
    press_answer(lead, track, one, "confirmed", REASON)
    refused(lead)
    lead.page.check("main input[name=checked]")
    lead.press("section.panel form button")
    told(lead)


def write_aid(lead: Somebody, track: Track) -> None:
    """The company is known by now, and found among all."""
    page = lead.page
    lead.go("/fairplay/companies?all=1")
    lead.press(f"main a:has-text('{LIFT.name}')")
    lead.press("nav.tabs a[href$='/aid']")
    page.select_option("select[name=ground]", "de_minimis")
    page.select_option("select[name=run]", track.run)
    write(lead, measure="En plads i fem halve dage", value="12.000")
    lead.press("main form:has([name=measure]) button.btn")
    told(lead)


def write_that_it_is_open(lead: Somebody, track: Track) -> None:
    """For the others: everybody could apply on equal terms."""
    lead.go(f"/catalogue/{track.run}")
    lead.press(f"main a[href$='/fairplay/runs/{track.run}/open-to-all']")
    write(lead, reason="En åben indkaldelse med kriterier og frist.")
    lead.press("main form:has([name=reason]) button.btn")
    told(lead)


def read_why_not(guest: Somebody, track: Track) -> None:
    """The reason, and by what it was decided."""
    guest.go(track.receipts[SCRAP])
    expect(guest.page.get_by_text(NO_REASON)).to_be_visible()
    expect(guest.page.get_by_text(CRITERIA)).to_be_visible()


# --- hands ----------------------------------------------------------------------------------------


def move_on(lead: Somebody, track: Track, state: str) -> None:
    """On the state page, which other journeys look at."""
    replace(lead, album=None).move_run(track.run, state)


def write(who: Somebody, **texts: str) -> None:
    """Type into fields, by their names."""
    for name, text in texts.items():
        who.page.fill(f"main [name={name}]", text)


def told(who: Somebody) -> None:
    """What was done is said on the next page."""
    expect(who.page.locator("main .note.ok").first).to_be_visible()


def refused(who: Somebody, *words: str) -> None:
    """The page comes again and says why."""
    said = who.page.locator("main [role=alert]").first
    expect(said).to_be_visible()
    for word in words:
        expect(said).to_contain_text(word)
    who.visitor.problems.clear()  # the browser notes the 422
