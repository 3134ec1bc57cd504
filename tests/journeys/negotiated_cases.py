"""A case of a company on its way into a run: proposed, negotiated with school and practice,
published and taken, by those who speak for each side."""

from __future__ import annotations

from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import Visit
from tests.journeys.people import Somebody

COMPANY = "direktoer@eksempel-vr.example"
SCHOOL = "Professionshøjskolen Eksempel"
HOST = "Prøvestad Kommune (opdigtet)"
RIVAL = "direktoer@proeveklinik.example"
NEED = "Måltid i ro"
CASE = "Ro ved bordet"
FIRST_GIVEN, BETTER_GIVEN = "Et besøg.", "Et besøg, og svar hver fredag."
COMMENT = "Kan I svare hver uge? De studerende går i stå uden svar."
RIGHTS = "Det, I laver, er jeres. Virksomheden må høre om det, når I selv fortæller det."
SECRET = "Tegningerne af den nye tallerken."
PAPER: FilePayload = {
    "name": "aftale.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\nnothing\nstartxref\n0\n%%EOF",
}


def propose(company: Somebody) -> str:
    """In one form; its address (CT4-2)."""
    page = company.page
    company.go("/courses/cases")
    company.press("main a[href='/courses/cases/propose']")
    page.select_option("main select[name=institution]", label=SCHOOL)
    for name, text in {
        "title": CASE,
        "problem": "Mange spiser alene ved et bord, hvor der er uro.",
        "why": "Den, der spiser for lidt, bliver hurtigere syg.",
        "question": "Hvordan kunne et måltid blive noget, man glæder sig til?",
        "given": FIRST_GIVEN,
        "limits": "Ingen data om rigtige borgere.",
        "hours": "12",
    }.items():
        page.fill(f"main [name={name}]", text)
    page.select_option("main select[name=practice_host]", label=HOST)
    company.see("case-being-proposed")
    company.press("main button[name=act][value=send]")
    told(company)
    return company.path


def others_do_not_see(enter: Visit, case: str) -> None:
    """Another company finds no such case (I-23)."""
    with enter(RIVAL, album=None) as rival:
        answer = rival.page.context.request.get(f"{rival.site.url}{case}")
        assert answer.status == 404


def comment(teacher: Somebody, case: str) -> None:
    """The teacher asks for more (CT4-2)."""
    teacher.go(case)
    teacher.page.fill("main textarea[name=text]", COMMENT)
    teacher.press("main form[action$='/comments'] button")
    told(teacher)


def write_anew(company: Somebody, case: str) -> None:
    """The company answers with a new version; what changed can be read."""
    company.go(case)
    expect(company.page.get_by_text(COMMENT)).to_be_visible()
    company.press(f"main a[href='{case}/edit']")
    company.page.fill("main textarea[name=given]", BETTER_GIVEN)
    company.page.fill("main input[name=note]", "Svar hver uge.")
    company.press("main form.form p.row button.btn")
    told(company)
    company.press(f"main a[href='{case}/versions']")
    expect(company.page.locator("main ins").first).to_be_visible()
    company.see("versions-of-a-case")


def settle_rights(teacher: Somebody, case: str) -> None:
    """In plain words; students own what they make."""
    teacher.go(f"{case}/rights")
    teacher.page.check("main input[name=ownership][value=owned_by_students]")
    teacher.page.fill("main textarea[name=rights]", RIGHTS)
    teacher.page.check("main input[name=with_nda]")
    teacher.press("main form.form p.row button.btn")
    told(teacher)


def choose_the_need(teacher: Somebody, case: str) -> None:
    """A challenge that everybody may read (CT4-1)."""
    page = teacher.page
    teacher.press(f"main a[href='{case}/need']")
    page.fill("main input[name=q]", NEED)
    teacher.press("main form.search button, main form[role=search] button")
    page.locator("main label", has_text=NEED).locator("input[name=need]").check()
    teacher.press("main form.form button.btn")
    told(teacher)


def agree_on_secrecy(company: Somebody, teacher: Somebody, case: str) -> None:
    """Never without the school as a party (I-33); it holds once it is signed."""
    page = company.page
    company.go(f"{case}/nda")
    page.fill("main textarea[name=secret]", SECRET)
    page.fill("main input[name=from_day]", "2026-01-01")
    save = "main form.form p.row button.btn"
    company.press(save)
    assert company.path == f"{case}/nda", "an agreement without the school"
    expect(page.locator("main textarea[name=secret]")).to_have_value(SECRET)
    company.visitor.problems.clear()  # the browser notes the 422
    page.check("main input[name=with_institution]")
    page.set_input_files("main input[type=file]", [PAPER])
    company.press(save)
    told(company)
    teacher.go(case)
    teacher.press("main form[action*='/ndas/'][action$='/sign'] button")
    told(teacher)


def check(practice: Somebody, case: str) -> None:
    """Practice finds it real and decent, on a phone."""
    practice.go(case)
    practice.see("case-for-practice")
    practice.press("main form[action$='/practice'] button")
    told(practice)


def publish(teacher: Somebody, case: str) -> None:
    """Nothing is missing any more."""
    for state in ("approved", "open"):
        teacher.go(case)
        teacher.press(f"main a[href='{case}/to/{state}']")
        teacher.press("main form.form button.btn")
        told(teacher)
    teacher.see("case-published")


def take_into(teacher: Somebody, run: str, case: str) -> None:
    """Outcomes are linked; the run keeps this version."""
    page = teacher.page
    teacher.go(f"/catalogue/{run}")
    teacher.press(f"main a[href='/courses/runs/{run}/cases']")
    page.fill("main input[name=q]", CASE)
    teacher.press("main form.search button, main form[role=search] button")
    teacher.press(f"main th a[href$='{case.rsplit('/', 1)[-1]}']")
    for place in ("0", "1"):
        page.check(f"main input[name=outcomes][value='{place}']")
    teacher.see("case-being-taken")
    teacher.press("main form.form button.btn")
    told(teacher)


def told(who: Somebody) -> None:
    """What was done is said on the next page."""
    expect(who.page.locator("main .note.ok")).not_to_have_count(0)
