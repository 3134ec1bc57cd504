"""The manager's desk and the list of a run: my people and their seats, what waits and for whom,
no-shows, cost centres, and whose names are in sight."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Approval, CostCentre, Enrolment, StandIn
from lms.core.users.models import Assignment, Person
from lms.db import db, now
from lms.testing import csrf_of
from lms.work import unit_of_work


def here():
    """The day it is where the site is."""
    return now().astimezone(ZoneInfo("Europe/Copenhagen")).date()


@pytest.fixture
def place(make_organisation):
    return make_organisation(name="Prøvelev Kommune")


@pytest.fixture
def unit(maker, place):
    return maker.unit(organisation=place, name="Distrikt Nord")


@pytest.fixture
def manager(make_person, make_assignment, unit):
    person = make_person(name="Leder Prøve", language="en")
    make_assignment(person=person, unit=unit)
    return person


@pytest.fixture
def worker(make_person, make_assignment, unit, manager):
    """`worker(name)`: somebody who reports to the manager."""

    def make(name, leader=manager):
        person = make_person(name=name, language="en")
        make_assignment(person=person, unit=unit, manager=leader)
        return person

    return make


@pytest.fixture
def as_(lms_app, sign_in):
    """`as_(person)`: a browser of their own."""
    return lambda person: sign_in(lms_app.test_client(), person)


# --- my people ----------------------------------------------------------------------------------


def test_my_people_stand_there_with_their_seats_and_what_comes(
    as_, manager, worker, make_run, make_enrolment, place
):
    anna, bo = worker("Anna Prøve"), worker("Bo Prøve")
    run = make_run(title="Løft uden løft")
    seat = make_enrolment(run=run, person=anna, employer=place, manager=manager, state="seated")
    make_enrolment(
        run=make_run(title="Bord"),
        person=anna,
        employer=place,
        state="offered",
        answer_due=now() + timedelta(days=2),
    )
    text = as_(manager).get("/team").text
    assert "Distrikt Nord" in text
    assert "Løft uden løft" in text
    assert f"/enrolments/{seat.key}/hand-over" in text
    assert "Answers the offer by" in text
    assert text.index(anna.name) < text.index(bo.name)
    assert text.count("No course yet") == 1


def test_a_new_manager_takes_over_and_other_workplaces_stay_out_of_sight(
    as_, manager, worker, make_person, make_run, make_enrolment, place
):
    anna = worker("Anna Prøve")
    ours = make_enrolment(
        run=make_run(title="Vores"), person=anna, employer=place, manager=make_person()
    )
    theirs = make_enrolment(run=make_run(title="Et andet sted"), person=anna)
    browser = as_(manager)
    text = browser.get("/team").text
    assert "Vores" in text
    assert "Et andet sted" not in text
    assert browser.get(f"/enrolments/{ours.key}").status_code == 200
    assert browser.get(f"/enrolments/{theirs.key}").status_code == 404


def test_people_come_in_pages_and_can_be_found_by_name(lms_app, as_, manager, worker, unit):
    first = worker("Aase Ærlig")
    with lms_app.app_context(), unit_of_work():
        place = db.session.execute(
            select(Assignment.function_id, Assignment.from_day).where(
                Assignment.person_id == first.id
            )
        ).one()
        people = db.session.scalars(
            insert(Person).returning(Person.id),
            [
                {"name": f"M {n:03}", "search_text": f"m {n:03}", "created_at": now()}
                for n in range(55)
            ],
        ).all()
        db.session.execute(
            insert(Assignment),
            [
                {
                    "person_id": one,
                    "organisation_id": unit.organisation_id,
                    "manager_id": manager.id,
                    **place._asdict(),
                }
                for one in people
            ],
        )
    browser = as_(manager)
    assert "M 048" in (page := browser.get("/team").text)
    assert "M 049" not in page
    assert "M 049" in browser.get("/team?page=2").text
    assert browser.get("/team?page=99").status_code == 200
    found = browser.get("/team?q=ærlig").text
    assert first.name in found
    assert "M 001" not in found
    assert "None of your people has that name." in browser.get("/team?q=nobody").text


def test_the_numbers_tell_who_has_no_course_yet(
    as_, manager, worker, make_run, make_enrolment, place
):
    worker("Anna Prøve")
    bo = worker("Bo Prøve")
    make_enrolment(run=make_run(), person=bo, employer=place, manager=manager, state="completed")
    text = as_(manager).get("/team").text
    assert "have no course yet this year" in text
    assert "Your 2 employees" in text


# --- what waits, and for whom -------------------------------------------------------------------


def test_who_stands_in_and_who_holds_the_money_reach_the_page_and_read_why(
    maker, as_, manager, worker, make_person, make_run, make_enrolment, place
):
    deputy, holder = make_person(language="en"), make_person(language="en")
    anna = worker("Anna Prøve")
    asked = make_enrolment(
        run=make_run(),
        person=anna,
        employer=place,
        manager=manager,
        state="awaiting_approval",
        goal="Et mål",
    )
    maker.write(
        StandIn(person_id=manager.id, stand_in_id=deputy.id, from_day=here(), to_day=here())
    )
    maker.write(
        Approval(
            enrolment_id=asked.id,
            position=2,
            kind="cost_centre",
            approver_id=holder.id,
            state="open",
        )
    )
    text = as_(deputy).get("/team").text
    assert "One waits for your yes" in text
    assert "You answer for Leder Prøve" in text
    assert "reports to Leder Prøve" in text
    assert "You answer for the money" in as_(holder).get("/team").text
    mine = as_(manager).get("/team").text
    assert "Et mål" in mine
    assert "You answer for" not in mine


# --- the list of a run --------------------------------------------------------------------------


@pytest.fixture
def full(make_run, make_person, make_enrolment, make_organisation, place, maker):
    """A run of the place's with people of two employers, two of them waiting."""
    run = make_run(hosts=[place], capacity=4)
    other = make_organisation(name="Nabolev Kommune")
    unit = maker.unit(organisation=other, name="Nabolevs distrikt")
    for name, employer, state, columns in (
        ("Aa", place, "seated", {}),
        ("Bb", other, "seated", {"unit_id": unit.id}),
        ("Dd", other, "waitlisted", {}),
        ("Cc", place, "waitlisted", {}),
    ):
        make_enrolment(
            run=run, person=make_person(name=name), employer=employer, state=state, **columns
        )
    return run, other


@pytest.fixture
def lead(make_person, make_access_role, place):
    person = make_person(language="en")
    make_access_role(person=person, role="programme_lead", organisation=place)
    return person


def test_the_list_is_filtered_and_the_queue_stands_in_its_order(as_, lead, full):
    run, other = full
    browser, url = as_(lead), f"/catalogue/{run.key}/participants"
    everybody = browser.get(url).text
    assert "4 people" in everybody
    assert everybody.index(">Cc<") < everybody.index(">Dd<")
    waiting = browser.get(f"{url}?state=waitlisted").text
    assert waiting.index(">Dd<") < waiting.index(">Cc<")
    assert "Number 1" in waiting
    assert ">Aa<" not in waiting
    theirs = browser.get(f"{url}?employer={other.key}").text
    assert ">Bb<" in theirs
    assert ">Aa<" not in theirs
    both = browser.get(f"{url}?employer={other.key}&state=completed").text
    assert "Nobody here fits both filters." in both
    assert "4 people" in browser.get(f"{url}?state=nonsense&employer=nonsense&page=x").text


def test_the_list_goes_out_as_a_table_in_which_nothing_is_a_formula(
    as_, lead, full, make_person, make_enrolment
):
    run, _other = full
    make_enrolment(run=run, person=make_person(name="=1+1"), state="seated", goal="@SUM(A1)")
    answer = as_(lead).get(f"/catalogue/{run.key}/participants.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Name"
    assert len(rows) == 6
    strange = next(row for row in rows if "1+1" in row[0])
    assert strange[0] == "'=1+1"
    assert strange[-1] == "'@SUM(A1)"


def test_who_only_teaches_reads_no_other_employers_name_and_takes_no_table(
    as_, full, make_person, make_team_member
):
    run, other = full
    teacher = make_person(language="en")
    make_team_member(run=run, person=teacher, role="teacher")
    browser, url = as_(teacher), f"/catalogue/{run.key}/participants"
    text = browser.get(url).text
    assert "Prøvelev Kommune" in text
    assert "Nabolev" not in text
    assert "Another workplace" in text
    assert other.key not in text
    assert ">Bb<" in browser.get(f"{url}?employer=others").text
    assert ">Bb<" in browser.get(f"{url}?employer={other.key}").text  # no such filter for them
    assert browser.get(f"{url}.csv").status_code == 404


def test_a_company_that_leads_a_run_reads_its_own_name_only(
    as_, full, make_person, make_assignment, make_organisation, make_team_member
):
    run, _other = full
    company = make_organisation(name="Opdigtet VR ApS", kind="company")
    person = make_person(language="en")
    make_assignment(person=person, organisation=company)
    make_team_member(run=run, person=person, role="programme_lead")
    browser, url = as_(person), f"/catalogue/{run.key}/participants"
    text = browser.get(url).text
    assert ">Aa<" in text
    assert "Nabolev" not in text
    table = browser.get(f"{url}.csv").data.decode("utf-8-sig")
    assert "Aa" in table
    assert "Nabolev" not in table


# --- never came ---------------------------------------------------------------------------------


def test_who_never_came_is_marked_while_the_run_is_under_way(
    as_, submit, lead, make_run, make_person, make_enrolment, place, maker
):
    run = make_run(hosts=[place], state="running")
    gone = make_enrolment(run=run, person=make_person(name="Aa"), state="active", employer=place)
    browser, url = as_(lead), f"/enrolments/{gone.key}/no-show"
    assert "Never came" in browser.get(f"/catalogue/{run.key}/participants").text
    assert "cannot be taken back" in browser.get(url).text
    assert maker.reload(gone).state == "active"
    assert submit(browser, url, reason="Hørte intet").status_code == 303
    assert maker.reload(gone).state == "no_show"
    again = submit(browser, url)
    assert again.status_code == 422
    assert "Only who takes part" in again.text


def test_a_manager_does_not_mark_who_never_came(
    as_, manager, worker, make_run, make_enrolment, place
):
    row = make_enrolment(
        run=make_run(state="running"),
        person=worker("Anna Prøve"),
        employer=place,
        manager=manager,
        state="active",
    )
    assert as_(manager).get(f"/enrolments/{row.key}/no-show").status_code == 404


# --- cost centres -------------------------------------------------------------------------------


@pytest.fixture
def admin(make_person, make_access_role, make_assignment, place):
    person = make_person(language="en", email="admin@proevelev.example")
    make_assignment(person=person, organisation=place)
    make_access_role(person=person, role="institution_admin", organisation=place)
    return person


def test_cost_centres_are_written_changed_and_removed(
    lms_app, as_, submit, admin, place, unit, manager
):
    browser, url = as_(admin), f"/organisations/{place.key}/cost-centres"
    wrong = submit(browser, url, unit="", code="4711", holder="nobody@proevelev.example")
    assert wrong.status_code == 422
    assert "Nobody who works there has that mail." in wrong.text
    for code in ("4711", "4712"):
        assert submit(browser, url, unit="", code=code, holder=manager.email).status_code == 303
    submit(browser, url, unit=unit.key, code="9", holder=admin.email)
    with lms_app.app_context():
        rows = db.session.execute(
            select(CostCentre.key, CostCentre.unit_id, CostCentre.code, CostCentre.holder_id)
        ).all()
    found = {row.unit_id: (row.code, row.holder_id) for row in rows}
    assert found == {None: ("4712", manager.id), unit.id: ("9", admin.id)}
    key = next(row.key for row in rows if row.unit_id is None)
    assert "4712" in browser.get(url).text
    end = f"{url}/{key}/end"
    assert browser.post(end, data={"csrf_token": csrf_of(browser)}).status_code == 303
    assert "4712" not in browser.get(url).text
    assert browser.post(end, data={"csrf_token": csrf_of(browser)}).status_code == 404


def test_cost_centres_of_others_do_not_exist(as_, admin, make_organisation):
    other = make_organisation()
    assert as_(admin).get(f"/organisations/{other.key}/cost-centres").status_code == 404


# --- handing over -------------------------------------------------------------------------------


@pytest.fixture
def seat(worker, manager, make_run, make_enrolment, place):
    run = make_run(capacity=1)
    return make_enrolment(
        run=run, person=worker("Anna Prøve"), employer=place, manager=manager, state="seated"
    )


def holder_of(app, run_id) -> list[int]:
    with app.app_context():
        return list(
            db.session.scalars(
                select(Enrolment.person_id).where(
                    Enrolment.run_id == run_id, Enrolment.state == "seated"
                )
            )
        )


def test_a_seat_goes_to_a_colleague_without_one(
    lms_app, as_, submit, manager, worker, seat, make_person, make_assignment, maker
):
    bo = worker("Bo Prøve")
    stranger = make_person(name="Fremmed")
    make_assignment(person=stranger)
    browser, url = as_(manager), f"/enrolments/{seat.key}/hand-over"
    page = browser.get(url).text
    assert "Bo Prøve" in page
    assert "Fremmed" not in page
    assert submit(browser, url, person=stranger.key).status_code == 422
    assert submit(browser, url).status_code == 422
    assert submit(browser, url, person=bo.key, reason="Syg").status_code == 303
    assert holder_of(lms_app, seat.run_id) == [bo.id]
    assert maker.reload(seat).state == "withdrawn"
    assert "has not begun" in browser.get(url).text


def test_who_runs_it_and_works_elsewhere_writes_a_mail_and_sees_nobody(
    lms_app, as_, submit, worker, seat, make_person, make_team_member, maker
):
    bo = worker("Bo Prøve")
    lead = make_person(language="en")
    with lms_app.app_context():
        run = db.session.get_one(Run, seat.run_id)
    make_team_member(run=run, person=lead, role="programme_lead")
    browser, url = as_(lead), f"/enrolments/{seat.key}/hand-over"
    assert "Bo Prøve" not in browser.get(url).text
    wrong = submit(browser, url, mail="nobody@proevelev.example")
    assert wrong.status_code == 422
    assert "Nobody who works there has that mail." in wrong.text
    assert submit(browser, url, mail=bo.email).status_code == 303
    assert holder_of(lms_app, seat.run_id) == [bo.id]


def test_neither_the_one_who_has_it_nor_another_manager_hands_it_over(
    as_, seat, make_person, make_assignment, maker
):
    other = make_person()
    make_assignment(manager=other)
    assert as_(other).get(f"/enrolments/{seat.key}/hand-over").status_code == 404
    with maker.app.app_context():
        owner = db.session.get_one(Person, seat.person_id)
    assert as_(owner).get(f"/enrolments/{seat.key}/hand-over").status_code == 404
