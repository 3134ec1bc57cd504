"""Who is on a run's team: named by the lead, told by mail, taken off again."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import select

from lms.contracts import Actor
from lms.core.catalogue.models import TeamMember
from lms.core.catalogue.queries import may_in_run, run_to_work_in, runs_by_id
from lms.core.catalogue.services import name_for, take_off_team
from lms.core.messages.models import Mail
from lms.core.refused import Refused
from lms.db import db, now
from lms.jobs import drain
from lms.journal.models import JournalEntry
from lms.testing.specimen import SPECIMEN
from lms.work import unit_of_work
from tests.core.catalogue.demanding import Demanding


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Demanding())]


@pytest.fixture
def house(make_organisation):
    return make_organisation(name="Øksnehavn Kommune")


@pytest.fixture
def run(make_run, house):
    return make_run(course_type="demanding", hosts=[house])


@pytest.fixture
def lead(signed_in, make_person, make_team_member, run):
    person = make_person(language="en")
    make_team_member(run=run, person=person, role="programme_lead")
    return signed_in(person=person)


@pytest.fixture
def colleague(make_person, make_assignment, house):
    person = make_person(language="da", name="Ulla Udvikler", email="ulla@oeksnehavn.example")
    make_assignment(person=person, organisation=house)
    return person


def said(response):
    return html.unescape(response.get_data(as_text=True))


def team(app, run):
    with app.app_context():
        rows = db.session.execute(
            select(TeamMember.person_id, TeamMember.role).where(TeamMember.run_id == run.id)
        )
        return sorted(tuple(row) for row in rows)


def name(submit, browser, run, role, email):
    return submit(browser, f"/catalogue/{run.key}/team", role=role, email=email)


def test_the_lead_sees_each_function_with_its_task_and_what_is_missing(
    lead, run, signed_in, client, make_team_member, make_person
):
    """CT1-1: the functions of the type stand there from the start."""
    page = said(lead.get(f"/catalogue/{run.key}/team"))
    listener = page[page.index("Listener") : page.index("Judge")]
    assert "Listens to everybody." in listener
    assert "Missing" in listener
    assert "Before it opens for requests" in listener
    assert "Missing" not in page[page.index("Friend of the house") :]
    make_team_member(run=run, person=(teacher := make_person()), role="teacher")
    for browser in (signed_in(), signed_in(person=teacher)):
        assert browser.get(f"/catalogue/{run.key}/team").status_code == 404
    assert client.get(f"/catalogue/{run.key}/team").status_code == 303


def test_somebody_is_named_told_by_mail_and_stands_on_the_runs_page(
    lms_app, lead, run, submit, colleague, client
):
    assert name(submit, lead, run, "listener", " ULLA@Oeksnehavn.example ").status_code == 303
    assert (colleague.id, "listener") in team(lms_app, run)
    page = said(lead.get(f"/catalogue/{run.key}"))
    assert "Ulla Udvikler" in page
    assert "Ulla Udvikler" not in said(client.get(f"/catalogue/{run.key}"))
    with lms_app.app_context():
        drain()
        (mail,) = db.session.scalars(select(Mail).where(Mail.kind == "team_named"))
        assert mail.person_id == colleague.id
        assert "Listener (da)" in mail.text
        assert "Listens to everybody. (da)" in mail.text
        (entry,) = db.session.scalars(
            select(JournalEntry).where(JournalEntry.verb == "catalogue.team_named")
        )
        assert entry.data == {"person": colleague.id, "role": "listener"}


def test_who_is_taken_off_at_once_gets_no_mail(lms_app, lead, run, submit, colleague):
    name(submit, lead, run, "listener", "ulla@oeksnehavn.example")
    off = submit(lead, f"/catalogue/{run.key}/team/off", person=colleague.key, role="listener")
    assert off.status_code == 303
    again = submit(lead, f"/catalogue/{run.key}/team/off", person=colleague.key, role="listener")
    assert again.status_code == 303
    assert "off the team already" in said(lead.get(again.location))
    with lms_app.app_context():
        drain()
        states = db.session.scalars(select(Mail.state).where(Mail.kind == "team_named")).all()
        assert states == ["dropped"]


def test_nobody_is_found_who_works_somewhere_else(
    lms_app, lead, run, submit, make_person, make_assignment
):
    """An address tells no more about people elsewhere than about people who are not here."""
    stranger = make_person(email="fremmed@andetsteds.example")
    make_assignment(person=stranger)
    answers = [
        said(name(submit, lead, run, "listener", address))
        for address in ("fremmed@andetsteds.example", "ingen@andetsteds.example", "ikke en adresse")
    ]
    for page in answers:
        assert "Nobody with that address works at Øksnehavn Kommune." in page
    assert "fremmed@andetsteds.example" in answers[0]
    assert len(team(lms_app, run)) == 1


def test_nobody_is_named_twice_and_for_nothing_that_is_not_offered(
    lms_app, lead, run, submit, colleague
):
    address = "ulla@oeksnehavn.example"
    assert name(submit, lead, run, "teacher", address).status_code == 303
    twice = name(submit, lead, run, "teacher", address)
    assert twice.status_code == 422
    assert "has that task in the run already" in said(twice)
    for role in ("company_teacher", "site_admin", "", "\x00"):
        assert name(submit, lead, run, role, address).status_code == 422
    assert [role for id_, role in team(lms_app, run) if id_ == colleague.id] == ["teacher"]


def test_somebody_stays_responsible(lms_app, lead, run, submit, colleague):
    with lms_app.app_context():
        (only,) = team(lms_app, run)
        with pytest.raises(Refused), unit_of_work():
            take_off_team(run.id, only[0], "programme_lead", Actor(person_id=only[0]))
        with unit_of_work():
            name_for(run.id, colleague.id, "programme_lead", Actor(person_id=only[0]))
        with unit_of_work():
            take_off_team(run.id, only[0], "programme_lead", Actor(person_id=only[0]))
    assert team(lms_app, run) == [(colleague.id, "programme_lead")]
    assert lead.get(f"/catalogue/{run.key}/team").status_code == 404


def test_a_function_allows_in_its_run_what_its_type_says(
    lms_app, run, make_run, colleague, make_team_member
):
    """The judge of a demanding run may see the class of that run, and of no other."""
    other = make_run(course_type="specimen")
    for where, role in ((run, "judge"), (other, "judge")):
        make_team_member(run=where, person=colleague, role=role)
    judge = Actor(person_id=colleague.id)
    with lms_app.app_context():
        facts = runs_by_id([run.id, other.id])
        for permission, may in (("learning.teach", True), ("catalogue.manage", False)):
            assert may_in_run(judge, facts[run.id], permission) == may
            assert bool(run_to_work_in(run.key, judge, permission)) == may
        assert not may_in_run(judge, facts[other.id], "learning.teach")
        assert run_to_work_in(other.key, judge, "learning.teach") is None


def test_i13_who_goes_to_a_company_mid_run_assesses_nobody_and_the_page_says_so(
    lms_app, sign_in, lead, run, colleague, make_organisation, make_assignment, make_team_member
):
    make_team_member(run=run, person=colleague, role="teacher")
    assert "so assesses nobody" not in said(lead.get(f"/catalogue/{run.key}/team"))
    company = make_organisation(name="Prøvefirma ApS", kind="company")
    make_assignment(person=colleague, organisation=company, from_day=now().date())
    page = said(lead.get(f"/catalogue/{run.key}/team"))
    assert "Works for a company now, so assesses nobody" in page
    own = sign_in(lms_app.test_client(), colleague)
    answer = own.get(f"/teach/{run.key}/assess?lang=en")
    assert answer.location == f"/teach/{run.key}/complete"
    page = said(own.get(f"/teach/{run.key}/complete?lang=en"))
    assert "You work for a company now, so you assess nobody here." in page
    assert f"/teach/{run.key}/assess" not in page


def test_a_role_that_nobody_knows_any_more_can_be_taken_off(
    lead, run, submit, colleague, make_team_member, lms_app
):
    make_team_member(run=run, person=colleague, role="piper")
    assert "piper" in said(lead.get(f"/catalogue/{run.key}/team"))
    submit(lead, f"/catalogue/{run.key}/team/off", person=colleague.key, role="piper")
    assert (colleague.id, "piper") not in team(lms_app, run)
