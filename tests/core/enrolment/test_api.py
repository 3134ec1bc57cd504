"""Seats over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.users.models import ApiToken
from lms.core.users.queries import digest
from lms.db import now


@pytest.fixture
def api(lms_app, maker, make_person, make_assignment):
    """`api(person)`: a function that asks the API as that person."""

    def as_person(person):
        token = f"token-of-{person.id}"
        maker.write(
            ApiToken(
                person_id=person.id,
                token_hash=digest(token),
                name="proof",
                created_at=now(),
                expires_at=now() + timedelta(days=1),
            )
        )
        client = lms_app.test_client()

        def ask(method, path, **options):
            headers = {"Authorization": f"Bearer {token}"}
            return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

        return ask

    return as_person


@pytest.fixture
def mine(api, make_person, make_assignment):
    person = make_person(language="en")
    make_assignment(person=person, manager=make_person())
    return api(person)


def test_without_a_token_there_is_nothing(client, make_run):
    for method, path in (("GET", "/enrolments"), ("POST", f"/runs/{make_run().key}/enrolments")):
        response = client.open(f"/api/v1{path}", method=method)
        assert response.status_code == 401
        assert response.mimetype == "application/problem+json"


def test_a_seat_is_asked_for_listed_and_read(mine, make_run):
    run = make_run()
    made = mine("POST", f"/runs/{run.key}/enrolments", json={"goal": "Kunne vise det"})
    assert made.status_code == 201
    body = made.json
    assert body["state"] == "awaiting_approval"
    assert body["goal"] == "Kunne vise det"
    assert body["run"] == run.key
    assert made.headers["Location"].endswith(f"/api/v1/enrolments/{body['key']}")
    assert mine("GET", f"/enrolments/{body['key']}").json == body
    assert mine("GET", "/enrolments").json == {"items": [body]}


def test_asking_twice_is_a_conflict(mine, make_run):
    path = f"/runs/{make_run().key}/enrolments"
    assert mine("POST", path, json={"goal": "x"}).status_code == 201
    again = mine("POST", path, json={"goal": "x"})
    assert again.status_code == 409
    assert again.mimetype == "application/problem+json"
    assert again.json["errors"][0]["field"] is None


def test_what_is_missing_is_named(mine, make_run):
    response = mine("POST", f"/runs/{make_run().key}/enrolments", json={})
    assert response.status_code == 422
    assert response.json["errors"] == [
        {
            "field": "goal",
            "message": "Write in one sentence what you would like to be able to change.",
        }
    ]


def test_a_closed_run_refuses(mine, make_run):
    path = f"/runs/{make_run(state='closed').key}/enrolments"
    response = mine("POST", path, json={"goal": "x"})
    assert response.status_code == 422
    assert "takes no requests now" in response.json["errors"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'"x"',
        b'{"goal": 3}',
        b'{"answers": []}',
        b'{"answers": {"a": 1}}',
        b'{"goal": null}',
    ],
)
def test_another_shape_is_a_problem(mine, make_run, body):
    path = f"/runs/{make_run().key}/enrolments"
    response = mine("POST", path, data=body, content_type="application/json")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"


def test_neighbours_find_nothing(api, mine, make_run, make_enrolment, make_person):
    other = make_enrolment(run=make_run(), person=make_person())
    assert mine("GET", f"/enrolments/{other.key}").status_code == 404
    assert mine("GET", "/enrolments").json == {"items": []}
    hidden = make_run(state="planned")
    assert mine("POST", f"/runs/{hidden.key}/enrolments", json={"goal": "x"}).status_code == 404


@given(goal=st.text(max_size=600))
def test_junk_is_never_an_error_of_ours(goal, api, make_person, make_run):
    response = api(make_person())("POST", f"/runs/{make_run().key}/enrolments", json={"goal": goal})
    assert response.status_code in (201, 422)
