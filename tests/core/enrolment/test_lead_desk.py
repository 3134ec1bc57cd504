"""The programme lead's desk, what waits for them at home, and what everybody reads of a run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.core.enrolment.models import Reservation, Terms
from lms.core.enrolment.queries.desk import desk, to_decide
from lms.core.users.queries import actor_for_person
from lms.db import now

MOST = 10


@pytest.fixture
def host(make_organisation):
    return make_organisation(name="Eksempelby Kommune")


@pytest.fixture
def lead(make_person, make_access_role, host):
    person = make_person(name="Forløbsansvarlig", language="en")
    make_access_role(person=person, role="programme_lead", organisation=host)
    return person


@pytest.fixture
def browser(client, sign_in, lead):
    return sign_in(client, lead)


@pytest.fixture
def with_terms(maker):
    """`with_terms(run, minimum=3)`: the run has terms of its own."""

    def write(run, **columns):
        values = {"ways": ["open"], "approval": "in_order", "approvers": [], "questions": []}
        maker.write(Terms(run_id=run.id, **values | columns))
        return run

    return write


def test_runs_that_must_be_decided_on_come_first(
    browser, make_run, host, with_terms, make_enrolment
):
    soon = make_run(title="Begynder snart", hosts=[host], sessions=[now() + timedelta(days=3)])
    few = with_terms(make_run(title="For få", hosts=[host], capacity=10), minimum=4)
    make_enrolment(run=few)
    make_enrolment(run=few, state="awaiting_approval")
    make_enrolment(run=soon, state="waitlisted")
    make_run(title="Naboens hold")
    make_run(title="Forbi", hosts=[host], state="completed")
    text = browser.get("/lead").text
    assert "1 run has too few people" in text
    table = text[text.index("Runs you lead") :]
    assert table.index("For få") < table.index("Begynder snart")
    assert "Too few: 4 needed" in table
    assert "1 of 10" in table
    assert "1 asked" in table
    assert "1 wait" in table
    assert "In 3 days" in table
    assert "Naboens hold" not in text
    assert "Forbi" not in text
    assert text.count('class="turn"') == 1
    assert "Seats taken: For få 1/10" in text


def test_organisations_without_anyone_are_named(
    lms_app, lead, make_run, make_organisation, host, make_enrolment, maker
):
    partner, kept = make_organisation(name="Partner"), make_organisation(name="Reserveret")
    run = make_run(hosts=[host], partners=[partner], capacity=10, held=2)
    maker.write(Reservation(run_id=run.id, organisation_id=kept.id, seats=2))
    make_enrolment(run=run, employer=host)
    make_enrolment(run=run, employer=partner, state="withdrawn")
    with lms_app.app_context():
        (row,), total, _few = desk(actor_for_person(lead.id), limit=10)
    assert total == 1
    assert list(row.without) == ["Partner", "Reserveret"]
    assert (row.free, row.held, row.taken) == (7, 2, 1)


def test_who_leads_by_the_team_only_has_the_desk_too(
    client, sign_in, make_person, make_team_member, make_run
):
    person = make_person(language="en")
    make_team_member(run=make_run(title="Mit hold"), person=person, role="programme_lead")
    browser = sign_in(client, person)
    text = browser.get("/lead").text
    assert "1 run is on its way" in text
    assert "Mit hold" in text


def test_who_leads_nothing_has_no_desk(client, sign_in, make_person, make_team_member, make_run):
    person = make_person()
    make_team_member(run=make_run(), person=person)
    assert sign_in(client, person).get("/lead").status_code == 404


def test_a_role_without_a_run_is_said_kindly(browser):
    text = browser.get("/lead").text
    assert "You lead no run just now" in text
    assert 'href="/lead"' in text  # in the menu


def test_what_waits_stands_at_home(browser, make_run, host, with_terms, make_enrolment):
    few = make_run(title="For få", hosts=[host])
    with_terms(few, minimum=4, decide_by=now() + timedelta(days=5))
    lots = make_run(title="Lodder", hosts=[host])
    soon = now() + timedelta(hours=3)
    with_terms(lots, waiting_rule="lottery", draw_digest="x", draw_seed="y", draw_at=soon)
    far = make_run(title="Senere", hosts=[host], sessions=[now() + timedelta(days=90)])
    with_terms(far, minimum=4)
    decided = make_run(title="Afgjort", hosts=[host])
    with_terms(decided, minimum=4, decide_by=now(), minimum_decision="run_anyway")
    text = browser.get("/me").text
    assert "Decide what happens to a run with too few people" in text
    assert f"/catalogue/{few.key}/seats" in text
    assert "See to it that lots are drawn" in text
    assert f"/catalogue/{lots.key}/draw" in text
    assert "Senere" not in text
    assert "Afgjort" not in text


def test_nobody_else_is_asked_to_decide(lms_app, make_person, make_run, with_terms):
    with_terms(make_run(), minimum=4, decide_by=now())
    person = make_person()
    with lms_app.app_context():
        assert to_decide(actor_for_person(person.id), until=now() + timedelta(days=1)) == []


def test_the_desk_asks_as_much_for_one_run_as_for_sixty(
    browser, count_queries, make_run, make_version, host, make_enrolment, with_terms
):
    version = make_version()

    def asked(url):
        browser.get(url)
        with count_queries() as queries:
            assert browser.get(url).status_code == 200
        return len(queries)

    make_enrolment(run=with_terms(make_run(version=version, hosts=[host]), minimum=3))
    few = {url: asked(url) for url in ("/lead", "/me")}
    for number in range(60):
        run = make_run(version=version, hosts=[host], sessions=1)
        if number % 2:
            with_terms(run, minimum=3, decide_by=now())
    many = {url: asked(url) for url in ("/lead", "/me")}
    assert few == many
    assert max(many.values()) <= MOST
    text = browser.get("/lead").text
    assert "31 runs have too few people" in text
    assert "Page 1 of 2" in text
    assert browser.get("/lead?page=2").status_code == 200


def test_the_pages_of_a_run_ask_little(browser, count_queries, make_run, host, with_terms):
    run = with_terms(make_run(hosts=[host]), minimum=3, waiting_rule="lottery", draw_digest="x")
    paths = ("", "/ways", "/waiting", "/numbers", "/rules", "/links", "/days", "/too-few/merge")
    for address in (
        *(f"/catalogue/{run.key}/seats{path}" for path in paths),
        f"/catalogue/{run.key}/draw",
        f"/catalogue/{run.key}",
    ):
        browser.get(address)
        with count_queries() as queries:
            assert browser.get(address).status_code == 200
        assert len(queries) <= MOST, (address, *queries)


def test_everybody_reads_how_seats_are_given(client, make_run, with_terms):
    run = with_terms(
        make_run(capacity=10, held=1),
        ways=["open", "nomination"],
        approvers=["line_manager", "programme_lead"],
        minimum=4,
        per_employer=2,
        in_pairs=True,
        waiting_rule="shares",
        decide_by=now() + timedelta(days=5),
    )
    text = client.get(f"/catalogue/{run.key}?lang=en").text
    assert "How seats are given" in text
    for sentence in (
        "Everybody; through their manager.",
        "The line manager, then the programme lead.",
        "The workplaces share. The next seat goes to",
        "At least 4 people must have a seat. That is decided by",
        "At most 2 seats for each employer.",
        "1 seat is kept for certain workplaces",
        "Two colleagues can ask together.",
    ):
        assert sentence in text
    assert "/seats" not in text
