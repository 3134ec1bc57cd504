"""`lms users` from a shell."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from lms.cli.people import users
from lms.core.users import queries


@pytest.fixture
def run(lms_app, monkeypatch):
    monkeypatch.setattr("lms.app.create_app", lambda: lms_app)

    def call(*words, code=0):
        result = CliRunner().invoke(users, words)
        assert result.exit_code == code, result.output
        return result.output

    return call


def test_the_first_administrator_comes_in_by_a_printed_link(run, lms_app, client, submit):
    mail = "admin@proevelev.example"
    words = ["--name", "Administrator", "--email", mail, "--role", "site_admin", "--link"]
    output = run("invite", *words)
    path = re.search(r"http://localhost(/welcome/\S+)", output).group(1)
    answer = submit(client, path, new_password="kaffe havregryn cykelhjelm")
    assert answer.status_code == 303
    with lms_app.app_context():
        known = queries.credentials(mail)
        assert queries.actor_for_person(known.person_id).may("site.admin")
    assert mail in run("list")
    assert "that mail" in run("invite", "--name", "Igen", "--email", mail, code=1)


def test_roles_are_given_and_taken(run, lms_app, make_person, make_organisation):
    person, place = make_person(), make_organisation(name="Prøvelev Teknisk Skole")
    run("add-role", person.email, "teacher", "--organisation", "teknisk skole")
    with lms_app.app_context():
        assert queries.actor_for_person(person.id).may("learning.teach", place.id)
    run("remove-role", person.email, "teacher", "--organisation", place.key)
    with lms_app.app_context():
        assert queries.roles_of(person.id) == []
    assert "from the list" in run("add-role", person.email, "made_up", code=1)
    assert "0 organisations" in run(
        "add-role", person.email, "teacher", "--organisation", "nothing", code=1
    )
    assert "Nobody has the mail" in run("add-role", "x@y.example", "teacher", code=1)
    assert "institution_admin" in run("roles")


def test_out_and_in_and_a_link(run, maker, make_person, client):
    person = make_person(password="tre ord og en bro")
    path = run("reset-password", person.email).splitlines()[0].removeprefix("http://localhost")
    assert client.get(path).status_code == 200
    run("suspend", person.email)
    assert maker.reload(person).state == "suspended"
    assert client.get(path).status_code == 404
    assert "shut out" in run("reset-password", person.email, code=1)
    run("reopen", person.email)
    assert maker.reload(person).state == "active"


def test_a_token_for_the_api(run, lms_app, make_person):
    person = make_person()
    token = run("api-token", person.email, "--name", "Udtræk").strip()
    with lms_app.app_context():
        assert queries.actor_for_api_token(token).person_id == person.id
