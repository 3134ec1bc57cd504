"""Links from mails that come late, twice, to others, or to what is over: each has its sentence."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import queries, services
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.services import Entry
from lms.core.users.models import Person
from lms.core.users.services import mint
from lms.db import db, now
from lms.testing import csrf_of
from lms.testing.specimen import SPECIMEN, Specimen
from lms.work import unit_of_work

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Specimen())]


@pytest.fixture
def client(client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def manager(make_person):
    return make_person(name="Leder Prøve", language="en")


@pytest.fixture
def lead(make_person):
    return make_person(name="Ansvarlig Prøve", language="en")


@pytest.fixture
def stand_in(make_person):
    return make_person(name="Vikar Prøve", language="en")


@pytest.fixture
def run(make_run, make_team_member, lead):
    found = make_run(capacity=5)
    make_team_member(run=found, person=lead, role="programme_lead")
    return found


@pytest.fixture
def ask(lms_app, make_person, make_assignment, maker):
    """`ask(run, manager, approvers, approval)`: somebody asks; their enrolment as it stands."""

    def make(run, manager, approvers=("line_manager",), approval="in_order", person=None):
        if person is None:
            person = make_person(language="en")
            make_assignment(person=person, manager=manager)
        with lms_app.app_context(), unit_of_work():
            terms = queries.terms_of([run.id])[run.id]
            changed = dataclasses.replace(terms, approvers=approvers, approval=approval)
            services.set_terms(changed, SYSTEM)
            actor = Actor(person_id=person.id)
            key = services.ask_for_seat(person.id, run.id, actor, goal="Mål", entry=Entry())
        with lms_app.app_context():
            row = db.session.get_one(Enrolment, key)
            db.session.expunge(row)
        return row

    return make


@pytest.fixture
def link(lms_app):
    """`link(person, enrolment)`: the address in a mail."""

    def make(person, enrolment, purpose="enrolment.decide", days=3):
        person_id = person if isinstance(person, int) else person.id
        with lms_app.app_context(), unit_of_work():
            token = mint(purpose, person_id, enrolment.id, timedelta(days=days))
        return f"/answer/{token}"

    return make


# --- several who are asked ----------------------------------------------------------------------


def test_one_after_the_other_each_by_their_own_link(
    client, submit, run, manager, lead, ask, link, maker
):
    enrolment = ask(run, manager, ("line_manager", "programme_lead"))
    first, second = link(manager, enrolment), link(lead, enrolment)
    early = client.get(second)
    assert early.status_code == 200
    assert "It is not your turn yet. The manager answers first." in early.text
    assert submit(client, second, answer="yes").status_code == 422
    shown = client.get(first).text
    assert "Whose yes is needed" in shown
    assert "Is asked later" in shown
    assert submit(client, first, answer="yes", goal="Mål").status_code == 303
    assert maker.reload(enrolment).state == "awaiting_approval"
    assert "Said yes" in client.get(second).text
    assert submit(client, second, answer="yes", goal="Mål").status_code == 303
    after = maker.reload(enrolment)
    assert after.state == "seated"
    assert after.goal_signed_by_id == manager.id  # the lead left the goal as it was


def test_where_any_is_enough_the_second_reads_who_was_first(
    client, submit, run, manager, lead, ask, link
):
    enrolment = ask(run, manager, ("line_manager", "programme_lead"), "any")
    first, second = link(manager, enrolment), link(lead, enrolment)
    assert submit(client, second, answer="yes", goal="Mål").status_code == 303
    text = client.get(first).text
    assert "This is answered already: the programme lead said yes" in text
    assert "Yes, give the seat" not in text
    assert submit(client, first, answer="no", reason="Nej").status_code == 422


def test_a_stand_in_answers_and_the_manager_reads_it(
    client, submit, run, manager, stand_in, ask, link, lms_app, clock, sign_in
):
    with lms_app.app_context(), unit_of_work():
        day = now().date()
        services.set_stand_in(manager.id, stand_in.id, day, day + timedelta(days=2), SYSTEM)
    enrolment = ask(run, manager)
    theirs, own, late = (link(one, enrolment, days=9) for one in (stand_in, manager, stand_in))
    assert submit(client, theirs, answer="yes", goal="Mål").status_code == 303
    assert "answered already: a stand-in for the manager said yes" in client.get(own).text
    clock.move(days=4)
    assert "You said yes" in client.get(late).text
    with lms_app.app_context():
        person = db.session.get_one(Person, enrolment.person_id)
        db.session.expunge(person)
    page = sign_in(lms_app.test_client(), person).get(f"/enrolments/{enrolment.key}").text
    assert "A stand-in for your manager said yes" in page
    assert stand_in.name not in page


def test_a_stand_in_whose_days_are_over_has_nothing_to_answer(
    client, submit, run, manager, stand_in, ask, link, lms_app, clock, maker
):
    with lms_app.app_context(), unit_of_work():
        day = now().date()
        services.set_stand_in(manager.id, stand_in.id, day, day, SYSTEM)
    enrolment = ask(run, manager)
    url = link(stand_in, enrolment, days=9)
    clock.move(days=2)
    response = client.get(url)
    assert response.status_code == 410
    assert "Somebody else answers now" in response.text
    assert submit(client, url, answer="yes").status_code == 410
    assert maker.reload(enrolment).state == "awaiting_approval"


# --- late, used, twice, back --------------------------------------------------------------------


def test_late_used_and_strange_links_say_which_they_are(
    client, submit, run, manager, ask, link, clock, make_person
):
    enrolment = ask(run, manager)
    used, late = link(manager, enrolment, days=30), link(manager, enrolment, days=1)
    strange = link(make_person(), enrolment, days=30)
    assert submit(client, used, answer="no", reason="Ikke nu").status_code == 303
    clock.move(days=2)
    for url, words in (
        (used, "You have answered this already"),
        (late, "The time for this link is over"),
        (strange, "This link is not for you to answer any more"),
        ("/answer/" + "x" * 22, "This link has done its work"),
    ):
        response = client.get(url)
        assert response.status_code == 410
        assert words in response.text
        assert submit(client, url, answer="yes").status_code == 410


def test_a_double_click_answers_once_and_so_does_the_back_button(
    client, run, manager, ask, link, maker
):
    enrolment = ask(run, manager)
    url = link(manager, enrolment)
    sent = {"answer": "yes", "goal": "Mål", "csrf_token": csrf_of(client)}
    codes = [client.post(url, data=sent).status_code for _ in range(2)]
    assert codes == [303, 303]
    assert maker.reload(enrolment).state == "seated"
    assert maker.reload(run).taken == 1
    back = client.post(url, data={**sent, "csrf_token": csrf_of(client), "answer": "no"})
    assert back.status_code == 410
    assert "You have answered this already" in back.text


# --- what is over -------------------------------------------------------------------------------


def test_a_run_that_is_cancelled_leaves_nothing_to_answer(
    client, submit, run, manager, ask, link, lms_app, make_enrolment
):
    enrolment = ask(run, manager)
    offered = make_enrolment(run=run, state="offered", answer_due=now() + timedelta(days=2))
    decide = link(manager, enrolment)
    take = link(offered.person_id, offered, "enrolment.offer")
    with lms_app.app_context(), unit_of_work():
        change_run_state(run.id, "cancelled", SYSTEM, "For få")
    assert "The run is cancelled, so there is nothing left to answer." in client.get(decide).text
    assert "The run is cancelled, so there is no seat to take." in client.get(take).text
    for url in (decide, take):
        assert submit(client, url, answer="yes").status_code == 422


def test_a_run_that_is_closed_for_requests_still_takes_a_yes(
    client, submit, run, manager, ask, link, lms_app, maker
):
    enrolment = ask(run, manager)
    with lms_app.app_context(), unit_of_work():
        change_run_state(run.id, "closed", SYSTEM)
    assert submit(client, link(manager, enrolment), answer="yes", goal="Mål").status_code == 303
    assert maker.reload(enrolment).state == "seated"


def test_what_was_taken_back_says_so(client, run, manager, ask, link, lms_app):
    enrolment = ask(run, manager)
    url = link(manager, enrolment)
    with lms_app.app_context(), unit_of_work():
        services.withdraw(enrolment.id, Actor(person_id=enrolment.person_id))
    assert "The request has been taken back" in client.get(url).text


def test_an_offer_that_was_not_taken_in_time_says_so(
    client, submit, run, make_enrolment, link, lms_app, clock
):
    offered = make_enrolment(run=run, state="offered", answer_due=now() + timedelta(days=1))
    url = link(offered.person_id, offered, "enrolment.offer", days=5)
    assert "1 day" in client.get(url).text or "hours left" in client.get(url).text
    clock.move(days=2)
    with lms_app.app_context(), unit_of_work():
        services.lapse_overdue(SYSTEM)
    assert "The time to answer is over, and the seat was offered" in client.get(url).text
    assert submit(client, url, answer="yes").status_code == 422


# --- managers -----------------------------------------------------------------------------------


def test_a_manager_who_has_left_hears_who_answers_instead(
    client, submit, run, manager, lead, ask, link, lms_app, maker
):
    enrolment = ask(run, manager)
    url = link(manager, enrolment)
    with lms_app.app_context(), unit_of_work():
        db.session.get_one(Person, manager.id).state = "left"
    response = client.get(url)
    assert response.status_code == 410
    assert "This link belongs to somebody who has left" in response.text
    assert submit(client, url, answer="yes").status_code == 410
    answered = submit(client, link(lead, enrolment), answer="yes", goal="Mål")
    assert answered.status_code == 303
    assert maker.reload(enrolment).state == "seated"


def test_who_is_their_own_manager_is_answered_by_the_lead(
    client, submit, run, lead, ask, link, make_person, make_assignment, maker
):
    person = make_person(language="en")
    make_assignment(person=person, manager=person)
    enrolment = ask(run, None, person=person)
    own = link(person, enrolment)
    response = client.get(own)
    assert response.status_code == 410
    assert "Nobody answers about themselves" in response.text
    assert submit(client, own, answer="yes").status_code == 410
    assert submit(client, link(lead, enrolment), answer="yes", goal="Mål").status_code == 303
    assert maker.reload(enrolment).state == "seated"


def test_managers_of_each_other_answer_each_other(
    client, submit, run, ask, link, make_person, make_assignment, maker
):
    one, other = make_person(language="en"), make_person(language="en")
    make_assignment(person=one, manager=other)
    make_assignment(person=other, manager=one)
    first, second = ask(run, other, person=one), ask(run, one, person=other)
    assert "Nobody answers about themselves" in client.get(link(one, first)).text
    assert submit(client, link(other, first), answer="yes", goal="Mål").status_code == 303
    assert submit(client, link(one, second), answer="yes", goal="Mål").status_code == 303
    assert [maker.reload(row).state for row in (first, second)] == ["seated", "seated"]


def test_who_decides_sees_days_away_and_no_clashes(
    client, run, manager, ask, link, lms_app, make_run, make_enrolment, maker
):
    enrolment = ask(run, manager)
    day = maker.sessions_of(run)[0].starts_at
    elsewhere = make_run(title="Et andet hold", sessions=[day])
    with lms_app.app_context():
        person = db.session.get_one(Person, enrolment.person_id)
        db.session.expunge(person)
    make_enrolment(run=elsewhere, person=person, state="seated")
    text = client.get(link(manager, enrolment)).text
    assert "Away from work" in text
    assert "Et andet hold" not in text


def test_the_goal_as_asked_and_as_agreed_stand_beside_each_other(
    client, submit, run, manager, ask, link, lms_app, sign_in
):
    enrolment = ask(run, manager)
    submit(client, link(manager, enrolment), answer="yes", goal="Aftalt")
    with lms_app.app_context():
        person = db.session.get_one(Person, enrolment.person_id)
        db.session.expunge(person)
    text = sign_in(lms_app.test_client(), person).get(f"/enrolments/{enrolment.key}").text
    assert "Aftalt" in text
    assert "As it was asked:" in text
    assert "Mål" in text
    assert "Signed" in text
