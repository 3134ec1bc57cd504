"""Runs over the API: the same as on the pages, for whoever the token acts as."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.core.users.models import ApiToken
from lms.core.users.queries import digest
from lms.db import now


@pytest.fixture
def ask(client, maker, make_person, make_access_role):
    """`ask(path, role=None)`: the API's answer for somebody with that role."""

    def get(path, role=None):
        person = make_person()
        if role:
            make_access_role(person=person, role=role)
        token = f"token-{person.key}"
        maker.write(
            ApiToken(
                person_id=person.id,
                token_hash=digest(token),
                name="prøve",
                created_at=now(),
                expires_at=now() + timedelta(days=1),
            )
        )
        return client.get(path, headers={"Authorization": f"Bearer {token}"})

    return get


def test_without_a_token_there_is_a_problem_document(client):
    response = client.get("/api/v1/runs")
    assert response.status_code == 401
    assert response.mimetype == "application/problem+json"


def test_a_page_of_runs_has_the_shape_that_is_written_down(ask, make_run):
    run = make_run(title="Et hold", price=100)
    body = ask("/api/v1/runs").get_json()
    assert {name: body[name] for name in ("total", "page", "limit", "next")} == {
        "total": 1,
        "page": 1,
        "limit": 20,
        "next": None,
    }
    (item,) = body["items"]
    assert item["key"] == run.key
    assert item["title"] == {"da": "Et hold", "sv": "Et hold", "en": "Et hold"}
    assert item["free"] == 12
    assert item["price"] == 100
    assert item["starts_at"].endswith("+00:00")


def test_pages_lead_on_with_their_filters(ask, many_runs):
    many_runs(5)
    body = ask("/api/v1/runs?limit=2&q=mange").get_json()
    assert len(body["items"]) == 2
    assert body["next"] == "/api/v1/runs?q=mange&page=2&limit=2"
    last = ask("/api/v1/runs?limit=2&page=3").get_json()
    assert len(last["items"]) == 1
    assert last["next"] is None


@pytest.mark.parametrize("query", ["page=0", "page=x", "limit=0", "limit=101", "page=9" + "9" * 30])
def test_a_number_that_cannot_be_is_a_problem(ask, query):
    response = ask(f"/api/v1/runs?{query}")
    assert response.status_code == 400
    assert response.get_json()["status"] == 400


def test_one_run_with_its_sessions(ask, make_run, maker):
    run = make_run(sessions=3)
    body = ask(f"/api/v1/runs/{run.key}").get_json()
    assert [session["position"] for session in body["sessions"]] == [1, 2, 3]
    assert body["sessions"][0]["minutes"] == 180
    assert body["outcomes"][0]["en"] == "Can try something."


def test_what_is_not_the_readers_to_see_is_a_problem_404(ask, make_run):
    run = make_run(visibility="invited")
    response = ask(f"/api/v1/runs/{run.key}")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"
    assert ask(f"/api/v1/runs/{run.key}", "site_admin").status_code == 200
    assert ask("/api/v1/runs/%00").status_code == 404


def test_a_list_takes_ten_queries_at_most(ask, many_runs, count_queries):
    many_runs(500)
    with count_queries() as queries:
        ask("/api/v1/runs?limit=100")
    asked = [q for q in queries if not q.startswith("INSERT")]
    assert len(asked) <= 12, "\n".join(asked)
