"""A company's case in a student module: proposed and negotiated, worked on with the agreement on
secrecy and without it, given feedback, handed over and graded by the school alone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lms.db import now
from tests.journeys.certificates import text_of
from tests.journeys.conftest import Visit
from tests.journeys.made_tracks import MadeTrack, WantedTrack, make_track
from tests.journeys.negotiated_cases import (
    COMPANY,
    RIGHTS,
    SCHOOL,
    SECRET,
    agree_on_secrecy,
    check,
    choose_the_need,
    comment,
    others_do_not_see,
    propose,
    publish,
    settle_rights,
    take_into,
    told,
    write_anew,
)
from tests.journeys.people import Somebody
from tests.journeys.running import Site

TEACHER = "underviser@ph-eksempel.example"  # leads the run as well
PRACTICE = "hjemmeplejeleder@proevestad.example"
SECRETIVE = "ergoterapeutstuderende@ph-eksempel.example"
OPEN = "sygeplejestuderende@ph-eksempel.example"
OPENS_NAME = "Sygeplejestuderende, Professionshøjskolen Eksempel"
OUTCOMES = (
    "Beskrive et behov, så en kollega kan kende det igen.",
    "Veje et forslag mod det, borgeren får ud af det.",
)
MODULE = WantedTrack(
    course_type="student_module",
    title="Måltider, nogen glæder sig til",
    outcomes=OUTCOMES,
    owner=SCHOOL,
    hosts=[SCHOOL],
    team=[
        (TEACHER, "teacher"),
        (TEACHER, "programme_lead"),
        ("assistent@proevestad.example", "practice_reviewer"),
        (PRACTICE, "panel_member"),
        (COMPANY, "panel_member"),
    ],
    begins=-15,
    step=2,
    opens=False,
    left_out=("activities",),
)
WITH, WITHOUT = "Gruppe A", "Gruppe uden aftale"
QUESTION, ANSWER = "Hvor mange spiser alene?", "Fire ud af ti, siger dem, vi har spurgt."
HIDDEN = "Hvor bred er den nye tallerken?"
PRAISE = "I har spurgt dem, der spiser alene."
SUMMARY = "Begynd med dem, der spiser alene, og sig, hvad I ikke ved."
RESULT = "Et bord med to stole"


@pytest.fixture
def made(site: Site) -> MadeTrack:
    """A student module whose days lie behind us, which waits for a case."""
    return make_track(site, MODULE)


def test_ct4_a_case_from_the_proposal_to_a_certificate(
    enter: Visit, made: MadeTrack, tmp_path: Path
) -> None:
    phone = partial(enter, width=390, height=844)
    run = made.run
    with enter(COMPANY) as company, enter(TEACHER) as teacher, phone(PRACTICE) as practice:
        case = propose(company)
        others_do_not_see(enter, case)
        comment(teacher, case)
        write_anew(company, case)
        settle_rights(teacher, case)
        choose_the_need(teacher, case)
        agree_on_secrecy(company, teacher, case)
        check(practice, case)
        publish(teacher, case)
        take_into(teacher, run, case)
        unseen(teacher).move_run(run, "open")
        with phone(SECRETIVE) as anton, phone(OPEN) as bine:
            for student in (anton, bine):
                student.go(f"/catalogue/{run}/ask")
                unseen(student).ask("At forstå, hvad der gør et måltid godt.")
            unseen(teacher).move_run(run, "running")
            say_yes_to_secrecy(anton, run)
            choose_to_be_without(bine, run)
            make_the_other_group(teacher, run)
            ask(bine, run, QUESTION)
            ask(anton, run, HIDDEN)
            answer(company, run)
            read_the_answer(anton, bine, run)
            feedback(teacher, practice, bine, run, "mid", "manager")
            write_the_result(bine, run)
            feedback(teacher, company, bine, run, "pitch", "")
            send(teacher, run)
            take_up(practice, bine)
        seats = grade(teacher, run)
        company_grades_nobody(company, run, seats)
        assert unseen(teacher).fill_registers(run) == 7
        unseen(teacher).decide(run, dict.fromkeys(seats, True))
    with phone(OPEN) as bine:
        bine.go(f"/catalogue/{run}")
        bine.press("main a[href^='/enrolments/']")
        seat = bine.path.split("/")[2]
        pdf, _says = unseen(bine).fetch_certificate(seat, tmp_path)
    printed = text_of(pdf)
    assert OPENS_NAME in printed
    assert "om en case fra Eksempel VR ApS (opdigtet) og Prøvestad Kommune (opdigtet)" in printed
    assert "Professionshøjskolen Eksempel har bedømt målene" in printed
    assert "virksomheden har ikke bedømt nogen" in printed


# --- the students -------------------------------------------------------------------------------


def say_yes_to_secrecy(student: Somebody, run: str) -> None:
    """Whose it is and what is secret is read before anybody begins (CT4-3)."""
    student.go(f"/catalogue/{run}")
    student.press(f"main a[href='/courses/runs/{run}/case']")
    shown = student.page.inner_text("main")
    assert RIGHTS in shown
    assert SECRET in shown
    student.see("before-you-start")
    student.press("main form[action$='/case/agree'] button")
    told(student)


def choose_to_be_without(student: Somebody, run: str) -> None:
    """Nobody has to promise anything to take part (I-32)."""
    student.go(f"/courses/runs/{run}/case")
    student.press(f"main a[href='/courses/runs/{run}/case/group']")
    student.page.select_option("main select[name=group]", "new")
    student.press("main form.form button.btn")
    told(student)
    expect(student.page.locator("main aside .badge.ok")).to_have_count(1)


def make_the_other_group(teacher: Somebody, run: str) -> None:
    """Who said yes is put into a group that works with the agreement."""
    page = teacher.page
    teacher.go(f"/teach/{run}/groups")
    row = page.locator("main tbody tr", has_text="Ergoterapeutstuderende")
    row.locator("input").fill(WITH)
    teacher.press("main .savebar button")
    told(teacher)
    teacher.go(f"/courses/runs/{run}/case/groups")
    mine = page.locator("main tbody tr", has_text=WITH)
    with page.expect_navigation():
        mine.locator("button").click()
    told(teacher)
    expect(mine.locator(".badge.wait")).to_have_count(1)
    teacher.see("terms-of-the-groups")


def ask(student: Somebody, run: str, question: str) -> None:
    """A question of the group."""
    student.go(f"/courses/runs/{run}/questions")
    student.press(f"main a[href='/courses/runs/{run}/questions/ask']")
    student.page.fill("main textarea[name=text]", question)
    student.press("main form.form button.btn")
    told(student)


def answer(company: Somebody, run: str) -> None:
    """Once for all groups (CT4-4)."""
    company.go(f"/courses/runs/{run}/questions")
    item = company.page.locator("main ul.list > li", has_text=QUESTION)
    with company.page.expect_navigation():
        item.locator("a[href^='/courses/questions/']").click()
    company.page.fill("main textarea[name=answer]", ANSWER)
    company.press("main form.form button.btn")
    told(company)


def read_the_answer(bound: Somebody, free: Somebody, run: str) -> None:
    """Both groups read it; what a group with the agreement asks, the other does not."""
    for student, hidden in ((bound, 1), (free, 0)):
        student.go(f"/courses/runs/{run}/questions")
        expect(student.page.get_by_text(ANSWER)).to_have_count(1)
        expect(student.page.get_by_text(HIDDEN)).to_have_count(hidden)
    free.see("questions-and-answers")


def feedback(
    teacher: Somebody, panellist: Somebody, student: Somebody, run: str, kind: str, speaks_as: str
) -> None:
    """A panel gives each group the same form, and all read theirs at once (CT4-5, CT4-6)."""
    page = teacher.page
    teacher.go(f"/courses/runs/{run}/panels/{kind}")
    page.fill("main input[name=day]", now().date().isoformat())
    page.fill("main input[name=clock]", "08:00")
    teacher.press("main form.form button.btn")
    told(teacher)
    lead = teacher.path
    panel = lead.removesuffix("/lead")
    panellist.go(panel)
    panellist.press("main ol.thread a")
    for _group in (WITH, WITHOUT):
        give(panellist, speaks_as)
    subjects = [str(link.get_attribute("href")) for link in page.locator("main tbody th a").all()]
    assert len(subjects) == 2
    for subject in subjects:
        teacher.go(subject)
        page.fill("main textarea[name=summary]", SUMMARY)
        teacher.press("main form.form button.btn")
        told(teacher)
    teacher.see("panel-before-it-is-sent")
    teacher.press(f"main form[action='{lead}'] button")
    told(teacher)
    student.go(f"/catalogue/{run}")
    student.press("main a[href^='/courses/feedback/']")
    expect(student.page.get_by_text(SUMMARY)).to_be_visible()
    expect(student.page.get_by_text(PRAISE)).to_be_visible()
    student.see("feedback")


def give(panellist: Somebody, speaks_as: str) -> None:
    """One form; a company is not asked as whom it speaks."""
    page = panellist.page
    if speaks_as:
        page.check(f"main input[name=role][value={speaks_as}]")
    else:
        expect(page.locator("main input[name=role]")).to_have_count(0)
    for scale in ("understood", "useful", "safe"):
        page.locator(f"main input[name={scale}][value='3']").check(force=True)
    page.fill("main textarea[name=good]", PRAISE)
    panellist.see("form-of-the-panel")
    panellist.press("main form.form p.row button.btn")
    told(panellist)


# --- what came of it ----------------------------------------------------------------------------


def write_the_result(student: Somebody, run: str) -> None:
    """Half a page, by the group."""
    student.go(f"/courses/runs/{run}/results")
    student.press(f"main a[href='/courses/runs/{run}/results/write']")
    student.page.fill("main input[name=title]", RESULT)
    student.page.fill("main textarea[name=text]", "Stil to stole, og lad den ene være til en gæst.")
    student.press("main form.form button.btn")
    told(student)


def send(teacher: Somebody, run: str) -> None:
    """What practice gets (CT4-7)."""
    teacher.go(f"/courses/runs/{run}/results")
    teacher.press(f"main a[href='/courses/runs/{run}/results/send']")
    teacher.page.locator("main label", has_text=RESULT).locator("input").check()
    teacher.press("main form.form button.btn")
    told(teacher)


def take_up(practice: Somebody, student: Somebody) -> None:
    """From what waits on the first page; the group reads what became of it (CT4-7)."""
    practice.go("/me")
    practice.press("main a[href^='/courses/results/']")
    practice.page.check("main input[name=response][value=taken_up]")
    practice.page.fill("main textarea[name=reason]", "Vi prøver det på to borde.")
    practice.see("result-for-practice")
    practice.press("main form.form button.btn")
    told(practice)
    student.go(practice.path)
    expect(student.page.locator("main .head .badge.ok")).to_have_count(1)
    student.see("result-taken-up")


def grade(teacher: Somebody, run: str) -> list[str]:
    """The school's own (I-34); the keys of the seats."""
    page = teacher.page
    teacher.go(f"/teach/{run}/assess")
    links = page.locator("main tbody th a").all()
    addresses = [str(link.get_attribute("href")) for link in links]
    for address in addresses:
        teacher.go(address)
        for place in range(len(OUTCOMES)):
            page.locator(f"main input[name='level-{place}'][value='2']").check(force=True)
        teacher.press("main .savebar button")
    return [address.rsplit("/", 1)[-1] for address in addresses]


def company_grades_nobody(company: Somebody, run: str, seats: list[str]) -> None:
    """Whatever it is on the panel (I-34)."""
    ask_for = company.page.context.request.get
    for path in (f"/teach/{run}/assess", f"/teach/{run}/assess/{seats[0]}", f"/teach/{run}"):
        assert ask_for(f"{company.site.url}{path}").status == 404, path


def unseen(who: Somebody) -> Somebody:
    """The same, on pages that other journeys look at."""
    return replace(who, album=None)
