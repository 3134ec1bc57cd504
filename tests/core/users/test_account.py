"""One's own account."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.core.users.models import Person, SignIn
from lms.db import db

PASSWORD = "tre ord og en bro"
NEW = "kaffe havregryn cykelhjelm"


@pytest.fixture
def anne(make_person):
    return make_person(name="Visitator, Prøvelev", password=PASSWORD)


@pytest.fixture
def inside(client, sign_in, anne):
    return sign_in(client, anne)


def open_keys(app, person):
    with app.app_context():
        query = select(SignIn.key).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
        return set(db.session.execute(query).scalars())


def test_the_page_takes_few_queries(inside, anne, make_assignment, count_queries):
    for _ in range(3):
        make_assignment(person=anne)
    with count_queries() as statements:
        page = inside.get("/account")
    assert page.status_code == 200
    assert anne.email in page.text
    assert "Firefox" in page.text
    assert len(statements) <= 6


def test_language_and_colours_are_kept(inside, submit, maker, anne):
    assert submit(inside, "/account/choices", language="sv", theme="dark").status_code == 303
    person = maker.reload(anne)
    assert (person.language, person.theme) == ("sv", "dark")
    page = inside.get("/account").text
    assert '<html lang="sv" data-theme="dark">' in page


@pytest.mark.parametrize("wrong", [{"language": "xx", "theme": "dark"}, {"language": "da"}, {}])
def test_other_choices_are_refused(inside, submit, maker, anne, wrong):
    assert submit(inside, "/account/choices", **wrong).status_code == 422
    assert maker.reload(anne).theme == "auto"


def test_nobody_gives_themselves_more_than_the_form_has(inside, submit, maker, anne):
    more = {column.name: "left" for column in Person.__table__.columns if column.name != "id"}
    fields = more | {"id": "999", "role": "site_admin", "language": "da", "theme": "light"}
    assert submit(inside, "/account/choices", **fields).status_code == 303
    person = maker.reload(anne)
    assert (person.name, person.email, person.state) == (anne.name, anne.email, "active")
    assert person.password_hash == anne.password_hash


def test_a_new_password_signs_out_everywhere_else(lms_app, inside, sign_in, submit, anne, maker):
    elsewhere = sign_in(lms_app.test_client(), anne)
    with inside.session_transaction() as cookie:
        before = cookie["in"]
    answer = submit(inside, "/account/password", password=PASSWORD, new_password=NEW)
    assert answer.status_code == 303
    assert maker.reload(anne).password_hash != anne.password_hash
    with inside.session_transaction() as cookie:
        assert cookie["in"] != before
    assert inside.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_the_password_so_far_is_asked_for_and_counted(inside, submit, anne, maker):
    for _ in range(5):
        answer = submit(inside, "/account/password", password="forkert", new_password=NEW)
        assert answer.status_code == 422
        assert "forkert" not in answer.text
    answer = submit(inside, "/account/password", password=PASSWORD, new_password=NEW)
    assert answer.status_code == 429
    assert maker.reload(anne).password_hash == anne.password_hash


@pytest.mark.parametrize("weak", ["kort", "velkommen2026!", "x" * 500, ""])
def test_weak_passwords_are_refused(inside, submit, anne, maker, weak):
    answer = submit(inside, "/account/password", password=PASSWORD, new_password=weak)
    assert answer.status_code == 422
    assert maker.reload(anne).password_hash == anne.password_hash


def test_one_browser_can_be_signed_out(lms_app, inside, sign_in, submit, anne, make_person):
    elsewhere = sign_in(lms_app.test_client(), anne)
    (key,) = open_keys(lms_app, anne) - {_own_key(lms_app, inside)}
    assert submit(inside, f"/account/sign-ins/{key}/end").status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert inside.get("/account").status_code == 200
    other = make_person()
    sign_in(lms_app.test_client(), other)
    (theirs,) = open_keys(lms_app, other)
    assert submit(inside, f"/account/sign-ins/{theirs}/end").status_code == 404
    assert open_keys(lms_app, other) == {theirs}


def _own_key(app, client):
    from lms.core.users.queries import digest

    with client.session_transaction() as cookie:
        token = cookie["in"]
    with app.app_context():
        query = select(SignIn.key).where(SignIn.token_hash == digest(token))
        return db.session.execute(query).scalar_one()


def test_signing_out_everywhere_means_here_too(lms_app, inside, sign_in, submit, anne):
    elsewhere = sign_in(lms_app.test_client(), anne)
    assert submit(inside, "/account/sign-out-everywhere").status_code == 303
    assert inside.get("/account").status_code == 303
    assert elsewhere.get("/account").status_code == 303
    assert open_keys(lms_app, anne) == set()


def test_a_guest_is_asked_to_sign_in(client):
    answer = client.get("/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")
