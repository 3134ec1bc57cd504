"""Who sees which runs: guests, those signed in, the team, hosts and their neighbours."""

from __future__ import annotations

import pytest


@pytest.fixture
def status(client, signed_in):
    """`status(run, who)`: the status of the run's page for a guest or a signed-in browser."""

    def ask(run, browser=None):
        return (browser or client).get(f"/catalogue/{run.key}").status_code

    return ask


def test_guests_see_public_runs_only(status, make_run):
    assert status(make_run()) == 200
    assert status(make_run(visibility="signed_in")) == 404
    assert status(make_run(visibility="invited")) == 404
    assert status(make_run(state="planned")) == 404


def test_signing_in_opens_what_is_for_those_signed_in(status, signed_in, make_run):
    learner = signed_in()
    assert status(make_run(visibility="signed_in"), learner) == 200
    assert status(make_run(visibility="invited"), learner) == 404
    assert status(make_run(state="planned"), learner) == 404


def test_the_team_sees_its_own_run_in_any_state(
    status, signed_in, make_run, make_person, make_team_member
):
    person = make_person()
    ours = make_run(visibility="invited", state="planned")
    theirs = make_run(visibility="invited", state="planned")
    make_team_member(run=ours, person=person, role="company_teacher")
    browser = signed_in(person=person)
    assert status(ours, browser) == 200
    assert status(theirs, browser) == 404


def test_a_host_sees_its_own_runs_and_not_the_neighbours(
    status, signed_in, make_run, make_organisation
):
    ours, neighbours = make_organisation(), make_organisation()
    browser = signed_in("institution_admin", ours)
    assert status(make_run(state="planned", hosts=[ours]), browser) == 200
    assert status(make_run(state="planned", hosts=[neighbours]), browser) == 404
    assert status(make_run(state="planned", hosts=[neighbours], partners=[ours]), browser) == 404


def test_who_sees_everything_sees_it_in_the_list_too(client, signed_in, make_run):
    make_run(title="Kun for inviterede", visibility="invited")
    assert b"Kun for inviterede" not in client.get("/catalogue").data
    assert b"Kun for inviterede" not in signed_in().get("/catalogue").data
    assert b"Kun for inviterede" in signed_in("site_admin").get("/catalogue").data


def test_names_of_people_are_for_those_signed_in(
    client, signed_in, make_run, make_person, make_team_member, make_assignment
):
    person, run = make_person(name="Underviser Ukendtsen"), make_run()
    make_assignment(person=person)
    make_team_member(run=run, person=person)
    guest = client.get(f"/catalogue/{run.key}").get_data(as_text=True)
    assert "Ukendtsen" not in guest
    assert "Social- og sundhedsassistent" in guest
    assert "Ukendtsen" in signed_in().get(f"/catalogue/{run.key}").get_data(as_text=True)
