"""Pages for when something goes wrong: they help, they tell nothing, and they keep their status."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import abort

from lms.db import db
from lms.testing import csrf_of
from lms.web.limits import LIMITS
from lms.work import Conflict, unit_of_work
from tests.access.asking import ask
from tests.access.html import Page
from tests.access.table import LINES
from tests.access.world import World

STATUSES = (400, 403, 404, 405, 413, 429, 500, 503)
SECRET = "select password_hash from users_person where mail = a@b.example in /srv/hidden/path.py"
LEAKS = ("Traceback", "password_hash", "hidden/path", "a@b.example", "RuntimeError", "sqlalchemy")
ENDPOINTS = sorted({line.endpoint for line in LINES} - {"static"})


def replace_view(world: World, endpoint: str, view: Callable[..., Any]) -> None:
    view.lms_access = world.app.view_functions[endpoint].lms_access  # type: ignore[attr-defined]
    world.app.view_functions[endpoint] = view


@pytest.mark.parametrize("language", ["da", "sv", "en"])
@pytest.mark.parametrize("status", STATUSES)
def test_an_error_page_is_a_page_of_ours(world: World, status: int, language: str) -> None:
    def fails() -> None:
        abort(status)

    if status == 500:

        def fails() -> None:
            raise RuntimeError(SECRET)

    replace_view(world, "home.help", fails)
    answer = world.client("guest").get("/help", query_string={"lang": language})
    page = Page(answer.text)
    assert answer.status_code == status
    assert page.language == language
    assert [tag for tag, _attributes in page.tags].count("h1") == 1
    assert "/" in page.addresses()
    assert "/catalogue" in page.addresses()
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("Retry-After" in answer.headers) is (status in (429, 503))


@pytest.mark.parametrize(
    ("status", "ask_for"),
    [
        (404, lambda client: client.get("/nothing")),
        (405, lambda client: client.post("/catalogue")),
        (413, lambda client: client.post("/sign-in", data={"mail": "x" * 3_000_000})),
        (403, lambda c: c.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"})),
    ],
)
def test_real_causes_lead_to_these_pages(
    world: World, status: int, ask_for: Callable[[Any], Any]
) -> None:
    answer = ask_for(world.client("guest"))
    assert answer.status_code == status
    assert "<h1" in answer.text
    if status == 405:
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("url", ["/certificates/verify", "/api/v1/runs"])
def test_too_many_questions_are_429_with_a_time_to_wait(world: World, url: str) -> None:
    from lms.web import limits

    kept = dict(LIMITS)
    headers = world.bearer("learner")
    try:
        limits.LIMITS = dict.fromkeys(kept, 2)  # type: ignore[assignment]
        import lms.web.gate as gate

        gate.LIMITS = limits.LIMITS
        client = world.client("guest")
        answers = [client.get(url, headers=headers) for _ in range(3)]
    finally:
        limits.LIMITS = gate.LIMITS = kept
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_fault_in_any_view_tells_nothing_but_a_number(
    world: World, endpoint: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_arguments: object) -> str:
        raise RuntimeError(SECRET)

    replace_view(world, endpoint, broken)
    line = next(line for line in LINES if line.endpoint == endpoint)
    reader = "guest" if line.sides["own"].get("guest") else next(iter(line.sides["own"]))
    arguments = world.arguments(line.thing, "own", reader)
    assert arguments is not None
    with caplog.at_level(logging.ERROR, "lms.web"):
        answer = ask(world, reader, line.method, endpoint, arguments, fresh_token=True)
    assert answer.status_code == 500
    assert not [leak for leak in LEAKS if leak in answer.text]
    if endpoint.partition(".")[0].endswith("_api"):
        assert answer.mimetype == "application/problem+json"
        reference = answer.json["reference"]
    else:
        (reference,) = set(re.findall(r"\b[0-9a-f]{8}\b", Page(answer.text) and answer.text)) & set(
            re.findall(r"\b[0-9a-f]{8}\b", caplog.text)
        )
    assert f"error {reference} in" in caplog.text
    assert "Traceback" in caplog.text


def test_a_fault_leaves_nothing_behind(world: World) -> None:
    def broken() -> str:
        from sqlalchemy import text

        with unit_of_work():
            db.session.execute(text("UPDATE users_person SET name = 'x'"))
            raise RuntimeError("made up")

    replace_view(world, "home.help", broken)
    client = world.client("learner")
    assert client.get("/help").status_code == 500
    assert world.people["learner"].name in client.get("/account").text


@pytest.mark.parametrize("known", ["page", "api"])
def test_a_conflict_is_tried_three_times_and_then_503(world: World, known: str) -> None:
    tries = []

    def meets_another() -> str:
        tries.append(1)
        raise Conflict("two changes met")

    endpoint, url = (
        ("home.help", "/help") if known == "page" else ("catalogue_api.runs", "/api/v1/runs")
    )
    replace_view(world, endpoint, meets_another)
    answer = world.client("guest").get(url, headers=world.bearer("learner"))
    assert len(tries) == 3
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_conflict_that_passes_is_never_seen(world: World) -> None:
    tries = []
    view = world.app.view_functions["home.help"]

    def meets_another_once() -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise Conflict("two changes met")
        return view()

    replace_view(world, "home.help", meets_another_once)
    assert world.client("guest").get("/help").status_code == 200
    assert len(tries) == 3


def test_everything_typed_stays_when_a_page_was_open_too_long(world: World) -> None:
    client = world.client("learner")
    url = world.url("enrolment.ask", world.objects["open run"]["own"])
    answer = client.post(url, data={"csrf_token": "0" * 64, "goal": "Jeg vil kunne vise det."})
    assert answer.status_code == 422
    field = Page(answer.text, url).field_named("goal")
    assert field is not None
    assert field.value == "Jeg vil kunne vise det."
    token = csrf_of(client)
    answer = client.post(url, data={"csrf_token": token, "goal": field.value})
    assert answer.status_code == 303
