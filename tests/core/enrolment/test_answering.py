"""Yes and no: on the manager's page, on a page of its own, and by a link from a mail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lms.contracts import Actor
from lms.core.enrolment.models import Transition
from lms.core.enrolment.queries import row_by_key
from lms.core.enrolment.views.base import may_decide
from lms.core.users.queries import actor_for_person
from lms.core.users.services import mint
from lms.db import db, now
from lms.work import unit_of_work


@pytest.fixture
def manager(make_person):
    return make_person(name="Leder Prøve", language="en")


@pytest.fixture
def ask_of(make_person, make_assignment, make_enrolment):
    """`ask_of(manager, run)`: somebody of the manager's people asks."""

    def ask(manager, run, **columns):
        person = make_person(language="en")
        make_assignment(person=person, manager=manager)
        columns = {"answer_due": now() + timedelta(days=10)} | columns
        return make_enrolment(
            run=run, person=person, manager=manager, state="awaiting_approval", **columns
        )

    return ask


@pytest.fixture
def link(lms_app):
    """`link(person, enrolment)`: the address in a mail."""

    def make(person, enrolment, purpose="enrolment.decide", days=3):
        with lms_app.app_context(), unit_of_work():
            return "/answer/" + mint(purpose, person.id, enrolment.id, timedelta(days=days))

    return make


@pytest.fixture
def browser(client, sign_in, manager):
    return sign_in(client, manager)


# --- the manager's page -------------------------------------------------------------------------


def test_the_managers_page_says_how_many_and_puts_the_most_urgent_first(
    browser, manager, ask_of, make_run
):
    run = make_run()
    late = ask_of(manager, run, goal="Later", answer_due=now() + timedelta(days=8))
    soon = ask_of(manager, run, goal="Sooner", answer_due=now() + timedelta(days=1))
    text = browser.get("/team").text
    assert "Two wait for your yes" in text
    assert text.index(soon.goal) < text.index(late.goal)
    assert text.count('class="ask turn"') == 1
    assert "Answer by tomorrow" in text


def test_somebody_elses_people_are_not_there(browser, make_person, ask_of, make_run, manager):
    run = make_run()
    ask_of(manager, run, goal="Mine")
    ask_of(make_person(), run, goal="Neighbours")
    text = browser.get("/team").text
    assert "One waits for your yes" in text
    assert "Neighbours" not in text


def test_nobody_waiting_is_said_kindly(browser, manager, make_assignment):
    make_assignment(manager=manager)
    assert "Nobody is waiting for your yes" in browser.get("/team").text


def test_who_has_no_people_is_told_so_kindly(client, sign_in, make_person):
    page = sign_in(client, make_person(language="en")).get("/team")
    assert "Nobody reports to you here." in page.text


def test_hours_away_count_seats_and_show_what_a_yes_would_add(
    browser, manager, ask_of, make_run, make_enrolment, clock
):
    moments = [clock.now + timedelta(days=7)]
    run = make_run(sessions=moments, session_minutes=210)
    make_enrolment(run=run, manager=manager, state="seated")
    ask_of(manager, run)
    text = browser.get("/team").text
    assert "has 3.5" in text
    assert ">7<" in text  # hours with the yes, in the table
    assert "The dotted parts" in text


def test_yes_gives_the_seat(browser, submit, manager, ask_of, make_run, maker):
    run = make_run(capacity=1)
    enrolment = ask_of(manager, run, goal="Mit mål")
    response = submit(browser, f"/enrolments/{enrolment.key}/answer", answer="yes", goal="Mit mål")
    assert response.status_code == 303
    assert response.location.endswith("/team")
    assert "has a seat" in browser.get("/team").text
    assert maker.reload(enrolment).state == "seated"
    assert maker.reload(run).taken == 1


def test_yes_when_full_queues(browser, submit, manager, ask_of, make_run, make_enrolment, maker):
    run = make_run(capacity=1)
    make_enrolment(run=run, state="seated")
    enrolment = ask_of(manager, run)
    submit(browser, f"/enrolments/{enrolment.key}/answer", answer="yes", goal=enrolment.goal)
    assert maker.reload(enrolment).state == "waitlisted"
    assert "on the waiting list" in browser.get("/team").text


def test_the_goal_can_be_changed_but_not_emptied(browser, submit, manager, ask_of, make_run, maker):
    enrolment = ask_of(manager, make_run(), goal="Før")
    url = f"/enrolments/{enrolment.key}/answer"
    refused = submit(browser, url, answer="yes", goal=" ")
    assert refused.status_code == 422
    assert "leave it as it was" in refused.text
    submit(browser, url, answer="yes", goal="Efter")
    assert maker.reload(enrolment).goal == "Efter"


def test_no_needs_a_reason_that_the_one_who_asked_reads(
    browser, submit, client, sign_in, manager, ask_of, make_run, maker, lms_app
):
    from lms.core.users.models import Person

    enrolment = ask_of(manager, make_run())
    url = f"/enrolments/{enrolment.key}/answer"
    refused = submit(browser, url, answer="no", goal="x", reason="")
    assert refused.status_code == 422
    assert "Write why not now" in refused.text
    submit(browser, url, answer="no", goal="x", reason="Vi mangler folk i april")
    assert maker.reload(enrolment).state == "declined"
    with lms_app.app_context():
        person = db.session.get_one(Person, enrolment.person_id)
        db.session.expunge(person)
    own = sign_in(lms_app.test_client(), person).get(f"/enrolments/{enrolment.key}").text
    assert "Vi mangler folk i april" in own
    assert "Your manager said not this time" in own


@pytest.mark.parametrize("fields", [{}, {"answer": "maybe"}, {"answer": "yes" * 900}])
def test_an_answer_that_is_neither_yes_nor_no_changes_nothing(
    browser, submit, manager, ask_of, make_run, maker, fields
):
    enrolment = ask_of(manager, make_run())
    response = submit(browser, f"/enrolments/{enrolment.key}/answer", **fields)
    assert response.status_code == 422
    assert maker.reload(enrolment).state == "awaiting_approval"


def test_a_page_that_was_too_old_says_so(browser, submit, manager, make_enrolment, make_run):
    enrolment = make_enrolment(run=make_run(), manager=manager, state="withdrawn")
    response = submit(browser, f"/enrolments/{enrolment.key}/answer", answer="yes", goal="x")
    assert response.status_code == 422
    assert "The request has been taken back" in response.text


def test_neighbours_find_nothing(
    client, sign_in, submit, make_person, make_assignment, manager, ask_of, make_run, maker
):
    enrolment = ask_of(manager, make_run())
    other = make_person()
    make_assignment(manager=other)
    sign_in(client, other)
    for url in ("", "/answer", "/withdraw"):
        assert client.get(f"/enrolments/{enrolment.key}{url}").status_code == 404
    for url in ("/answer", "/withdraw", "/offer"):
        response = submit(client, f"/enrolments/{enrolment.key}{url}", answer="yes")
        assert response.status_code == 404
    assert maker.reload(enrolment).state == "awaiting_approval"


def test_the_one_who_asked_cannot_say_yes(
    client, sign_in, submit, lms_app, manager, ask_of, make_run, maker
):
    from lms.core.users.models import Person

    enrolment = ask_of(manager, make_run())
    with lms_app.app_context():
        person = db.session.get_one(Person, enrolment.person_id)
        db.session.expunge(person)
    sign_in(client, person)
    assert client.get(f"/enrolments/{enrolment.key}").status_code == 200
    response = submit(client, f"/enrolments/{enrolment.key}/answer", answer="yes")
    assert response.status_code == 404


def test_who_manages_the_run_answers_where_there_is_no_manager(
    client,
    sign_in,
    submit,
    make_person,
    make_team_member,
    make_run,
    make_enrolment,
    ask_of,
    manager,
    maker,
):
    run, lead = make_run(), make_person(language="en")
    make_team_member(run=run, person=lead, role="programme_lead")
    orphan = make_enrolment(run=run, state="awaiting_approval")
    other = ask_of(manager, run)
    sign_in(client, lead)
    page = client.get(f"/catalogue/{run.key}/participants").text
    assert f"/enrolments/{orphan.key}/answer" in page
    assert f"/enrolments/{other.key}/answer" not in page
    assert submit(client, f"/enrolments/{other.key}/answer", answer="yes").status_code == 404
    url = f"/enrolments/{orphan.key}/answer"
    response = submit(client, url, answer="yes", goal=orphan.goal)
    assert response.status_code == 303
    assert client.get(response.location).status_code == 200
    assert maker.reload(orphan).state == "seated"


# --- by link ------------------------------------------------------------------------------------


def test_looking_at_a_link_changes_nothing(client, link, manager, ask_of, make_run, maker, lms_app):
    enrolment = ask_of(manager, make_run(), goal="Kunne vise det")
    url = link(manager, enrolment)
    for _ in range(2):
        response = client.get(url)
        assert response.status_code == 200
        assert "Kunne vise det" in response.text
    assert maker.reload(enrolment).state == "awaiting_approval"


def test_a_link_answers_once(client, submit, link, manager, ask_of, make_run, maker, lms_app):
    enrolment = ask_of(manager, make_run(), goal="x")
    url = link(manager, enrolment)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    response = submit(client, url, answer="yes", goal="x")
    assert response.status_code == 303
    assert "has a seat" in client.get(response.location).text
    assert maker.reload(enrolment).state == "seated"
    again = submit(client, url, answer="no", reason="x")
    assert again.status_code == client.get(url).status_code == 410
    assert maker.reload(enrolment).state == "seated"
    with lms_app.app_context():
        last = db.session.scalars(db.select(Transition).order_by(Transition.id.desc())).first()
        assert last.by_id == manager.id


def test_a_refused_form_does_not_spend_the_link(
    client, submit, link, manager, ask_of, make_run, maker
):
    enrolment = ask_of(manager, make_run(), goal="x")
    url = link(manager, enrolment)
    response = submit(client, url, answer="no", goal="x", reason="")
    assert response.status_code == 422
    submit(client, url, answer="no", goal="x", reason="Ikke i april")
    assert maker.reload(enrolment).state == "declined"


def test_a_link_for_something_else_or_too_old_or_made_up_is_a_kind_page(
    client, submit, link, manager, ask_of, make_run, maker, make_person, clock
):
    enrolment = ask_of(manager, make_run())
    links = [
        link(manager, enrolment, purpose="reset"),
        link(make_person(), enrolment),  # not the manager of this one
        link(manager, enrolment, purpose="enrolment.offer"),
        "/answer/" + "x" * 22,
        link(manager, enrolment, days=1),
    ]
    clock.move(days=2)
    for url in links:
        assert client.get(url).status_code == 410
        assert submit(client, url, answer="yes", goal="x").status_code == 410
    assert maker.reload(enrolment).state == "awaiting_approval"


def test_two_at_once_use_a_link_once(lms_app, submit, link, manager, ask_of, make_run, maker):
    run = make_run()
    enrolment = ask_of(manager, run, goal="x")
    url = link(manager, enrolment)
    clients = [lms_app.test_client() for _ in range(4)]
    # Whoever presses has looked. What a process makes ready for its first page (aliases of tables
    # and the like) is no matter of threads, for a web worker has one.
    assert clients[0].get(url).status_code == 200
    with ThreadPoolExecutor(4) as pool:
        codes = list(
            pool.map(lambda one: submit(one, url, answer="yes", goal="x").status_code, clients)
        )
    assert sorted(codes) == [303, 410, 410, 410]
    assert maker.reload(enrolment).state == "seated"
    assert maker.reload(run).taken == 1


def test_an_offer_is_answered_by_link(client, submit, link, make_run, make_enrolment, maker):
    run = make_run(capacity=2)
    taken, left = (
        make_enrolment(run=run, state="offered", answer_due=now() + timedelta(days=3))
        for _ in range(2)
    )
    waiting = make_enrolment(run=run, state="waitlisted")
    people = {}
    for enrolment, answer in ((taken, "yes"), (left, "no")):
        people[enrolment.id] = _person(enrolment.person_id)
        url = link(people[enrolment.id], enrolment, purpose="enrolment.offer")
        assert client.get(url).status_code == 200
        assert submit(client, url, answer=answer).status_code == 303
    assert maker.reload(taken).state == "seated"
    assert maker.reload(left).state == "withdrawn"
    assert maker.reload(waiting).state == "offered"
    assert maker.reload(run).taken == 2


def _person(person_id: int):
    from types import SimpleNamespace

    return SimpleNamespace(id=person_id)


# --- one's own enrolment ------------------------------------------------------------------------


@pytest.fixture
def own(lms_app, sign_in, make_person, make_enrolment):
    """`own(run, state)`: a browser of somebody with an enrolment in that state, and its row."""

    def make(run, state, **columns):
        person = make_person(language="en")
        enrolment = make_enrolment(run=run, person=person, state=state, **columns)
        return sign_in(lms_app.test_client(), person), enrolment

    return make


def test_every_state_has_a_page(own, make_run):
    from lms.core.enrolment.states import STATES

    run = make_run(capacity=20)
    for state in STATES:
        if state == "requested":
            continue
        browser, enrolment = own(run, state, answer_due=now() + timedelta(days=2))
        for url in (f"/enrolments/{enrolment.key}", f"/catalogue/{run.key}"):
            response = browser.get(url)
            assert response.status_code == 200, (state, url)
            assert "Your seat" in response.text
            assert "<h2>Your seat</h2>" not in response.text or "away" not in response.text


def test_an_offer_is_taken_on_the_page(own, submit, make_run, maker):
    browser, enrolment = own(make_run(), "offered", answer_due=now() + timedelta(days=2))
    assert "Take the seat" in browser.get(f"/enrolments/{enrolment.key}").text
    response = submit(browser, f"/enrolments/{enrolment.key}/offer", answer="yes")
    assert response.status_code == 303
    assert maker.reload(enrolment).state == "seated"
    again = submit(browser, f"/enrolments/{enrolment.key}/offer", answer="yes")
    assert again.status_code == 422
    assert "This changed in the meantime" in again.text


def test_withdrawing_offers_the_seat_to_the_next_at_once(
    own, submit, make_run, make_enrolment, maker
):
    run = make_run(capacity=1)
    browser, enrolment = own(run, "seated")
    first, second = (make_enrolment(run=run, state="waitlisted") for _ in range(2))
    assert browser.get(f"/enrolments/{enrolment.key}/withdraw").status_code == 200
    url = f"/enrolments/{enrolment.key}/withdraw"
    assert submit(browser, url, reason="Nyt job").status_code == 303
    states = [maker.reload(row).state for row in (enrolment, first, second)]
    assert states == ["withdrawn", "offered", "waitlisted"]
    assert maker.reload(first).answer_due > now()
    assert maker.reload(run).taken == 1
    assert submit(browser, url, reason="").status_code == 422


def test_the_timeline_tells_by_relation_and_never_a_name(
    own, browser, manager, submit, ask_of, make_run, make_person, make_team_member, lms_app, sign_in
):
    run = make_run()
    lead = make_person(name="Hemmelig Person", language="en")
    make_team_member(run=run, person=lead, role="programme_lead")
    enrolment = ask_of(manager, run, goal="x")
    submit(browser, f"/enrolments/{enrolment.key}/answer", answer="yes", goal="x")
    submit(sign_in(lms_app.test_client(), lead), f"/enrolments/{enrolment.key}/withdraw", reason="")
    from lms.core.users.models import Person

    with lms_app.app_context():
        person = db.session.get_one(Person, enrolment.person_id)
        db.session.expunge(person)
    text = sign_in(lms_app.test_client(), person).get(f"/enrolments/{enrolment.key}").text
    assert "Your manager said yes" in text
    assert "You were withdrawn" in text
    assert "by those who run it" in text
    assert "Hemmelig Person" not in text.split("Who runs it")[0]


def test_the_seat_panel_in_its_ways(client, sign_in, make_person, make_run, make_enrolment):
    free, full = make_run(capacity=3), make_run(capacity=1)
    make_enrolment(run=full, state="seated")
    english = {"Accept-Language": "en"}
    assert (
        "Sign in and ask for a seat" in client.get(f"/catalogue/{free.key}", headers=english).text
    )
    sign_in(client, make_person(language="en"))
    assert "Ask my manager" in client.get(f"/catalogue/{free.key}").text
    assert "You can join the waiting list" in client.get(f"/catalogue/{full.key}").text
    closed = make_run(state="closed")
    assert "Nobody can ask for a seat any more" in client.get(f"/catalogue/{closed.key}").text


def test_todo_items_wait_for_managers_and_for_the_offered(
    lms_app, manager, ask_of, make_run, make_enrolment
):
    from lms.core.enrolment import hooks

    run = make_run()
    ask_of(manager, run)
    offered = make_enrolment(run=run, state="offered", answer_due=now() + timedelta(days=1))
    with lms_app.test_request_context():
        (decide,) = hooks.lms_todo_items(Actor(person_id=manager.id))
        (take,) = hooks.lms_todo_items(Actor(person_id=offered.person_id))
        assert hooks.lms_todo_items(Actor()) == ()
    assert decide.due is not None
    assert "/answer" in decide.url
    assert offered.key in take.url


def test_my_courses_stand_on_my_page(lms_app, make_run, make_enrolment, make_person):
    from lms.contracts import PersonFacts
    from lms.core.enrolment import hooks

    one, other = make_person(), make_person()
    make_enrolment(run=make_run(), person=one)
    persons = [
        PersonFacts(id=person.id, key=person.key, name=person.name, language="da")
        for person in (one, other)
    ]
    with lms_app.test_request_context():
        panels = hooks.lms_person_panels(persons, Actor(person_id=one.id))
    assert len(panels[one.id][0].values["seats"]) == 1
    assert other.id not in panels


def test_where_the_manager_has_left_the_programme_lead_answers(
    lms_app, ask_of, make_person, make_run, make_team_member
):
    gone, lead, run = make_person(state="left"), make_person(), make_run(state="open")
    make_team_member(run=run, person=lead, role="programme_lead")
    made = ask_of(gone, run)
    with lms_app.test_request_context():
        actor = actor_for_person(lead.id)
        row = row_by_key(made.key, actor)
        assert row is not None
        assert row.manager_name is None
        assert may_decide(row, actor)


def test_a_late_withdrawal_asks_why_before_and_at_its_field(
    own, submit, make_run, maker, lms_app, clock
):
    import dataclasses

    from lms.contracts import SYSTEM
    from lms.core.enrolment import queries, services

    run = make_run()
    browser, enrolment = own(run, "seated")
    with lms_app.app_context(), unit_of_work():
        terms = queries.terms_of([run.id])[run.id]
        until = now() + timedelta(minutes=5)
        services.set_terms(dataclasses.replace(terms, withdraw_until=until), SYSTEM)
    url = f"/enrolments/{enrolment.key}/withdraw"
    assert "without saying why until" in browser.get(url).text
    assert "without saying why until" in browser.get(f"/enrolments/{enrolment.key}").text
    clock.move(minutes=10)
    assert "The day for withdrawing was" in browser.get(url).text
    refused = submit(browser, url, reason="")
    assert refused.status_code == 422
    assert 'id="reason-e"' in refused.text
    assert submit(browser, url, reason="Syg").status_code == 303
    assert maker.reload(enrolment).state == "withdrawn"
