"""Addresses are typed, cut and guessed: nothing in them breaks a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

NAMES = ("q", "type", "host", "spoken", "free", "page", "lang", "limit")


@pytest.mark.parametrize(
    "query",
    [
        "page=abc",
        "page=1" + "0" * 30,
        "page=-1",
        "page=0",
        "page=%00",
        "page=²",
        "lang=xx",
        "spoken=xx",
        "spoken=da&spoken=xx&spoken=%00",
        "type=%00",
        "type='%20OR%201=1--",
        "host=%00&host=" + "a" * 5000,
        "q=%00%00",
        "q=a%00b",
        "q=" + "a" * 20_000,
        "q=%ED%A0%80",
        "q=%F0%9F%98%80",
        "q=" + "+".join(["ord"] * 3000),
        "free=maybe",
        "&&&===",
        "endpoint=x&self=y&values=z",
        "_external=1&_scheme=javascript&_anchor=x&_method=POST",
        "_anchor=a&_anchor=b",
    ],
)
def test_no_parameter_breaks_the_list(client, make_run, query):
    make_run()
    assert client.get(f"/catalogue?{query}").status_code == 200
    assert client.get(f"/?{query}").status_code == 200


@pytest.mark.parametrize("key", ["%00", "a" * 16, "A" * 16, "'", "a" * 5000, "æ", "..%2f..", "1 2"])
def test_a_key_that_cannot_be_is_not_found(client, signed_in, key):
    admin = signed_in("site_admin")
    for browser in (client, admin):
        assert browser.get(f"/catalogue/{key}").status_code in (404, 308)
    assert admin.get(f"/catalogue/{key}/state").status_code in (404, 308)


def test_a_parameter_named_like_a_part_of_the_address_changes_nothing(client, make_run):
    run = make_run()
    response = client.get(f"/catalogue/{run.key}?key=other&endpoint=x&_external=1")
    assert response.status_code == 200
    assert f'href="/catalogue/{run.key}?key=other' in response.get_data(as_text=True)


@given(query=st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=40)), max_size=6))
def test_whatever_is_asked_is_answered(client, query):
    assert client.get("/catalogue", query_string=query).status_code == 200


@given(state=st.text(max_size=30), reason=st.text(max_size=60))
def test_whatever_is_sent_to_the_state_page_is_answered(signed_in, make_run, submit, state, reason):
    run = make_run()
    browser = signed_in("site_admin")
    response = submit(browser, f"/catalogue/{run.key}/state", state=state, reason=reason)
    assert response.status_code in (303, 422)
