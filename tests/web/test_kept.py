"""What was typed while signed out is sent again only by whoever typed it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from lms.db import now
from lms.testing import csrf_of, sign_in_as

PASSWORD = "fire rolige heste løber"
TYPED = "Jeg vil kunne vise det for de andre"


@pytest.fixture
def people(make_person):
    """Two people with a password."""
    return [make_person(password=PASSWORD, language="en") for _ in range(2)]


def typed_and_refused(client):
    """Post something; the hidden field of the page that asks to sign in again."""
    answer = client.post("/account/choices", data={"csrf_token": csrf_of(client), "note": TYPED})
    assert answer.status_code == 401
    found = re.search(r'name="kept" value="([^"]+)"', answer.text)
    assert found
    return unescape(found[1])


def sign_in(client, person, kept):
    return client.post(
        "/sign-in",
        data={
            "csrf_token": csrf_of(client),
            "mail": person.email,
            "password": PASSWORD,
            "kept": kept,
        },
    )


def run_out(client):
    """The sign-in of this browser runs out."""
    with client.session_transaction() as cookie:
        cookie["seen"] = int(now().timestamp()) - 3600


def test_the_same_person_sends_it_again(client, people):
    sign_in_as(client, people[0])
    client.get("/account")
    run_out(client)
    kept = typed_and_refused(client)
    assert TYPED in sign_in(client, people[0], kept).text


def test_another_person_in_the_same_browser_does_not(client, people):
    sign_in_as(client, people[0])
    client.get("/account")
    run_out(client)
    kept = typed_and_refused(client)
    answer = sign_in(client, people[1], kept)
    assert answer.status_code == 303
    assert TYPED not in answer.text


def test_not_even_for_what_is_typed_after_the_page_that_said_so(client, people):
    sign_in_as(client, people[0])
    client.get("/account")
    run_out(client)
    client.get("/account")
    kept = typed_and_refused(client)
    assert sign_in(client, people[1], kept).status_code == 303


def test_what_nobody_known_typed_is_sent_by_who_signs_in_next(client, people):
    kept = typed_and_refused(client)
    assert TYPED in sign_in(client, people[1], kept).text


def test_but_not_from_another_browser(lms_app, client, people):
    kept = typed_and_refused(client)
    assert sign_in(lms_app.test_client(), people[1], kept).status_code == 303
