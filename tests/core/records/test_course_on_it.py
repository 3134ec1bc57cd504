"""A course stands on the thread, for those who may see it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from lms.contracts import GUEST, SYSTEM
from lms.core.catalogue.records import describe, find
from lms.core.records.services import link_records
from lms.core.records.tracing import thread_of
from lms.work import unit_of_work


def test_a_run_that_is_not_public_is_on_nobodys_thread_but_its_own_peoples(
    lms_app: Flask, make_run: Callable[..., Any]
) -> None:
    with lms_app.app_context():
        shown = make_run(title="Velfærdsteknologi i hjemmet")
        inside = make_run(title="Kun for os", visibility="internal")
        with unit_of_work():
            link_records(("course", shown.key), ("course", inside.key), SYSTEM)
        assert set(describe([shown.key, inside.key], SYSTEM)) == {shown.key, inside.key}
        assert set(describe([shown.key, inside.key], GUEST)) == {shown.key}
        seen = thread_of("course", shown.key, GUEST)
        assert seen is not None
        assert [node.facts.key for node in seen.nodes] == [shown.key]
        assert thread_of("course", inside.key, GUEST) is None
        assert [facts.key for facts in find("velfærdsteknologi", GUEST)] == [shown.key]
        assert not find("kun for os", GUEST)


def test_who_manages_the_host_may_link_its_runs(
    lms_app: Flask,
    client: FlaskClient,
    sign_in: Callable[..., FlaskClient],
    submit: Callable[..., Any],
    make_run: Callable[..., Any],
    make_person: Callable[..., Any],
    make_organisation: Callable[..., Any],
    make_access_role: Callable[..., Any],
) -> None:
    host, lead = make_organisation(name="Aalunde Kommune"), make_person(name="Grethe")
    make_access_role(person=lead, role="programme_lead", organisation=host)
    first, second = (make_run(title=title, hosts=[host]) for title in ("Seng", "Lift"))
    asked = {"other_kind": "course", "other_key": second.key, "side": "came_of_it"}
    page = f"/records/course/{first.key}/links"
    assert submit(client, page, **asked).status_code == 401
    sign_in(client, lead)
    assert "To the thread" in client.get(f"/catalogue/{first.key}?lang=en").text
    assert submit(client, page, **asked).status_code == 303
    stranger = lms_app.test_client()
    assert "To the thread" in stranger.get(f"/catalogue/{second.key}?lang=en").text
    shown = stranger.get(f"/records/course/{second.key}?lang=en").text
    assert "Seng" in shown
    assert "Add to the thread" not in shown


def test_nobody_links_what_they_may_not_see(
    client: FlaskClient,
    sign_in: Callable[..., FlaskClient],
    submit: Callable[..., Any],
    make_run: Callable[..., Any],
    make_person: Callable[..., Any],
    make_organisation: Callable[..., Any],
    make_access_role: Callable[..., Any],
) -> None:
    own, theirs = make_organisation(name="Aalunde"), make_organisation(name="Bækby")
    lead = make_person(name="Grethe")
    make_access_role(person=lead, role="programme_lead", organisation=own)
    first = make_run(title="Seng", hosts=[own])
    hidden = make_run(title="Kun for Bækby", hosts=[theirs], visibility="internal")
    sign_in(client, lead)
    for key in (hidden.key, "nothing"):
        asked = {"other_kind": "course", "other_key": key, "side": "came_of_it"}
        assert submit(client, f"/records/course/{first.key}/links", **asked).status_code == 404
        asked["other_key"] = first.key
        assert submit(client, f"/records/course/{key}/links", **asked).status_code == 404
    assert "Kun for" not in client.get(f"/records/course/{first.key}?what=course&q=kun").text


def test_a_thread_costs_the_same_however_long(
    lms_app: Flask,
    client: FlaskClient,
    make_run: Callable[..., Any],
    count_queries: Callable[[], Any],
) -> None:
    runs = [make_run(title=f"Hold {n}") for n in range(12)]
    counts = []
    for first, second in pairwise(runs):
        with lms_app.app_context(), unit_of_work():
            link_records(("course", first.key), ("course", second.key), SYSTEM)
        with count_queries() as seen:
            assert client.get(f"/records/course/{runs[0].key}").status_code == 200
        counts.append(len(seen))
    assert len(set(counts[1:])) == 1
    assert counts[-1] <= 5
