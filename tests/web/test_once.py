"""What is sent twice is done once, and everybody hears the same answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import jsonify, redirect, request
from sqlalchemy import select

from lms.core.users.models import ApiToken
from lms.core.users.queries import digest
from lms.db import db, now
from lms.testing import csrf_of
from lms.web import Confirm, not_found, page
from lms.web.models import RateCount
from lms.work import is_held, unit_of_work
from tests.web.views_of_deeds import count_up, deed, flashes_of, write_down

# --- forms --------------------------------------------------------------------------------------


def test_a_form_sent_again_is_done_once_and_answered_the_same(client, karen, form_view, deeds):
    form_view(write_down)
    sent = {"csrf_token": csrf_of(client), "note": "Ny rytme"}
    first = client.post("/try", data=sent)
    assert flashes_of(client) == ["Written down."]
    second = client.post("/try", data=sent)
    assert (first.status_code, first.location) == (303, "/me?done=1")
    assert (second.status_code, second.location) == (303, "/me?done=1")
    assert deeds() == 1
    assert flashes_of(client) == ["Written down."]  # not twice on one page


def test_a_browser_that_dropped_the_first_answer_still_hears_it(
    lms_app, client, karen, form_view, deeds
):
    form_view(write_down)
    sent = {"csrf_token": csrf_of(client), "note": "x"}
    cookie = client.get_cookie("samspil").value
    client.post("/try", data=sent)
    client.set_cookie("samspil", cookie)
    client.post("/try", data=sent)
    assert flashes_of(client) == ["Written down."]
    assert deeds() == 1


def test_two_drawn_forms_are_two_deeds(client, karen, form_view, submit, deeds):
    form_view(write_down)
    for _ in range(2):
        submit(client, "/try", note="x")
    assert deeds() == 2


def test_a_form_sent_again_with_other_words_is_a_page_that_keeps_them(
    client, karen, form_view, deeds
):
    form_view(write_down)
    token = csrf_of(client)
    client.post("/try", data={"csrf_token": token, "note": "første"})
    answer = client.post("/try", data={"csrf_token": token, "note": "anden"})
    assert answer.status_code == 422
    assert "You have sent this before, with something else in it" in answer.text
    assert 'name="note" value="anden"' in answer.text
    assert token not in answer.text  # sent from here it is a form of its own
    assert deeds() == 1


def test_what_is_wrong_is_not_kept(client, karen, form_view, rows, deeds):
    form_view(write_down)
    token = csrf_of(client)
    number = "010203-1234"
    assert client.post("/try", data={"csrf_token": token, "note": number}).status_code == 422
    assert rows() == []
    assert client.post("/try", data={"csrf_token": token, "note": "x"}).status_code == 303
    assert deeds() == 1


def test_an_error_after_the_deed_undoes_it(lms_app, client, karen, form_view, rows, deeds):
    broken = []

    def view():
        assert Confirm().validate_on_submit()
        with unit_of_work():
            deed()
        if not broken:
            broken.append(1)
            raise RuntimeError("after the deed, before the answer")
        return redirect("/me", 303)

    form_view(view)
    lms_app.config["PROPAGATE_EXCEPTIONS"] = False
    sent = {"csrf_token": csrf_of(client)}
    assert client.post("/try", data=sent).status_code == 500
    assert (deeds(), rows()) == (0, [])
    assert client.post("/try", data=sent).status_code == 303
    assert deeds() == 1


def test_a_view_that_finds_its_deed_done_gives_the_first_answer(client, karen, form_view, deeds):
    """A second post sees what the first one left: nothing there any more."""

    def view():
        if Confirm().validate_on_submit() and db.session.scalar(select(RateCount.key_hash)):
            not_found()
        with unit_of_work():
            deed()
        return redirect("/me", 303)

    form_view(view)
    sent = {"csrf_token": csrf_of(client)}
    assert [client.post("/try", data=sent).status_code for _ in range(2)] == [303, 303]
    assert deeds() == 1


def test_so_does_one_that_does_not_even_look_at_the_form(client, karen, form_view, deeds):
    def view():
        if db.session.scalar(select(RateCount.key_hash)):
            return page("errors/page.html", 410, title="This link is used", text="")
        return write_down()

    form_view(view)
    sent = {"csrf_token": csrf_of(client)}
    assert [client.post("/try", data=sent).status_code for _ in range(2)] == [303, 303]
    assert client.post("/try", data={"csrf_token": csrf_of(client)}).status_code == 410
    assert deeds() == 1


def test_a_deed_before_a_404_is_done_and_may_be_tried_again(client, karen, form_view, rows, deeds):
    def view():
        Confirm().validate_on_submit()
        with unit_of_work():
            deed()
        not_found()

    form_view(view)
    assert client.post("/try", data={"csrf_token": csrf_of(client)}).status_code == 404
    assert (deeds(), rows()) == (1, [])


def test_a_page_as_the_answer_holds_nobody_up_and_is_not_kept(client, karen, form_view, rows):
    held = []

    def view():
        Confirm().validate_on_submit()
        with unit_of_work():
            deed()
        held.append(is_held())
        answer = page("errors/page.html", title="Look at this secret", text="")
        held.append(is_held())
        return answer

    form_view(view)
    sent = {"csrf_token": csrf_of(client)}
    assert "secret" in client.post("/try", data=sent).text
    assert held == [True, False]
    again = client.post("/try", data=sent)
    assert (again.status_code, rows()) == (200, [(200, "")])
    assert "That is done" in again.text
    assert "secret" not in again.text


def test_signing_out_everywhere_is_not_remembered(client, karen, submit, rows):
    assert submit(client, "/account/sign-out-everywhere").status_code == 303
    assert rows() == []


def test_several_units_of_work_are_one_key(client, karen, form_view, rows, deeds):
    def view():
        Confirm().validate_on_submit()
        for _ in range(2):
            with unit_of_work():
                deed()
        return redirect("/me", 303)

    form_view(view)
    sent = {"csrf_token": csrf_of(client)}
    assert [client.post("/try", data=sent).status_code for _ in range(2)] == [303, 303]
    assert (deeds(), rows()) == (2, [(303, "")])


def test_a_look_costs_nothing_and_a_post_two_statements(client, karen, form_view, count_queries):
    form_view(write_down)
    client.get("/try")

    def about_keys(queries):
        return [query.split()[0] for query in queries if "web_once_key" in query]

    with count_queries() as queries:
        client.get("/try")
    assert about_keys(queries) == []
    sent = {"csrf_token": csrf_of(client), "note": "x"}
    with count_queries() as queries:
        client.post("/try", data=sent)
    assert about_keys(queries) == ["INSERT", "UPDATE"]
    with count_queries() as queries:
        client.post("/try", data=sent)
    assert about_keys(queries) == ["INSERT", "SELECT"]
    with count_queries() as queries:
        client.post("/try", data={**sent, "csrf_token": csrf_of(client), "note": "010203-1234"})
    assert about_keys(queries) == ["SELECT"]


# --- the API ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_api_gives_the_same_answer_again(client, api_view, deeds, method):
    headers = {**api_view(count_up), "Idempotency-Key": "a key"}
    first, second = (
        client.open("/api/v1/try", method=method, json={"n": 1}, headers=headers) for _ in range(2)
    )
    assert first.status_code == second.status_code == 201
    assert first.json == second.json
    assert first.location == second.location
    assert first.mimetype == second.mimetype
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert deeds() == 1


def test_another_body_under_the_key_is_a_problem(client, api_view, deeds):
    headers = {**api_view(count_up), "Idempotency-Key": "a key"}
    client.post("/api/v1/try", json={"n": 1}, headers=headers)
    answer = client.post("/api/v1/try", json={"n": 2}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert deeds() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "nøgle", "a\tb"])
def test_a_header_that_is_no_key_is_a_problem(client, api_view, deeds, key):
    headers = {**api_view(count_up), "Idempotency-Key": key.encode().decode("latin-1")}
    answer = client.post("/api/v1/try", json={}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert deeds() == 0


def test_without_a_key_every_request_is_one_of_its_own(client, api_view, deeds):
    headers = api_view(count_up)
    for _ in range(2):
        assert client.post("/api/v1/try", json={}, headers=headers).status_code == 201
    assert deeds() == 2


def test_a_key_is_its_senders_alone(lms_app, client, api_view, maker, make_person, deeds):
    headers = {**api_view(count_up), "Idempotency-Key": "a key"}
    other = make_person()
    maker.write(
        ApiToken(
            person_id=other.id,
            name="Test",
            token_hash=digest("another secret"),
            created_at=now(),
            expires_at=now() + timedelta(days=30),
        )
    )
    client.post("/api/v1/try", json={}, headers=headers)
    headers["Authorization"] = "Bearer another secret"
    answer = client.post("/api/v1/try", json={}, headers=headers)
    assert "Idempotency-Replayed" not in answer.headers
    assert deeds() == 2


def test_a_refusal_of_the_api_may_be_tried_again(client, api_view, deeds):
    def view():
        if request.json["n"] == 0:
            return jsonify(error="no"), 422
        return count_up()

    headers = {**api_view(view), "Idempotency-Key": "a key"}
    assert client.post("/api/v1/try", json={"n": 0}, headers=headers).status_code == 422
    assert client.post("/api/v1/try", json={"n": 1}, headers=headers).status_code == 201
