"""The public pages: in three languages, within ten queries, and 404 for what is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.api import db, unit_of_work
from lms_technology_trials.models import Collaboration

Counting = Callable[[], AbstractContextManager[list[str]]]

PAGE = "/technology_trials/mit-hjem"


@pytest.fixture
def site(mit_hjem: Flask, client: FlaskClient) -> FlaskClient:
    return client


@pytest.mark.parametrize(
    ("lang", "title", "former", "aim"),
    [
        ("da", "Mit hjem som arbejdsplads", "APV i borgerens hjem", "En business case var et mål"),
        ("sv", "Mitt hem som arbetsplats", "Arbetsmiljöbedömning i", "En nyttokalkyl var ett mål"),
        ("en", "My home as a workplace", "Workplace assessment in", "A business case was an aim"),
    ],
)
def test_blueprints_show_the_collaboration_in_each_language(
    site: FlaskClient, lang: str, title: str, former: str, aim: str
) -> None:
    text = site.get(f"{PAGE}?lang={lang}").text
    assert f'<html lang="{lang}"' in text
    for words in (title, former, aim, "175", "257", "Kolding Kommune"):
        assert words in text, words
    assert text.count("<h1>") == 1
    assert "None" not in re.sub(r"<[^>]*>", " ", text)


def test_the_page_says_what_is_unknown(site: FlaskClient) -> None:
    text = site.get(f"{PAGE}?lang=en").text
    assert "The published source has no single findings." in text
    assert "2 of 3 municipalities" in text
    assert "0 of 1 tested" in text
    assert "time not stated" in text
    assert "number not stated" in text


def test_the_page_has_a_table_beside_every_drawing(site: FlaskClient) -> None:
    text = site.get(f"{PAGE}?lang=en").text
    assert text.count('role="table"') == 3
    assert text.count('<circle class="f-sea" cx=') == 6
    assert "style=" not in text


@pytest.mark.parametrize(
    "path", ["/technology_trials", PAGE, f"{PAGE}/opstartsworkshop", f"{PAGE}.json"]
)
def test_a_page_costs_at_most_ten_queries(
    site: FlaskClient, count_queries: Counting, path: str
) -> None:
    site.get(path)
    with count_queries() as queries:
        assert site.get(path).status_code == 200
    assert len(queries) <= 8, "\n".join(queries)


def test_somebody_signed_in_costs_no_more_than_ten(
    site: FlaskClient, count_queries: Counting, make_person: Any, sign_in: Any
) -> None:
    sign_in(site, make_person())
    site.get(PAGE)
    with count_queries() as queries:
        assert site.get(PAGE).status_code == 200
    assert len(queries) <= 10, "\n".join(queries)


def test_the_data_is_the_page_in_numbers(site: FlaskClient) -> None:
    response = site.get(f"{PAGE}.json")
    assert response.mimetype == "application/json"
    data = response.get_json()
    assert data["totals"]["workshop_minutes"] == 1380
    assert data["totals"]["role_entries_with_known_count"] == 63
    assert len(data["workshops"]) == 6
    assert sum(len(one["participants"]) for one in data["workshops"]) == 81
    assert [period["days"] for period in data["silent_periods"]] == [175, 257]
    assert data["coverage"]["kolding-kommune"]["opstartsworkshop"] == "inferred"
    assert data["test_series"][2]["tests"][0]["count"] is None
    assert data["materials"][0]["licence"] is None
    assert data["former_names"][0]["reason"]["da"]


def test_every_workshop_has_a_page_with_who_was_there(site: FlaskClient) -> None:
    page = site.get(PAGE).text
    links = sorted(set(re.findall(rf'href="({PAGE}/[a-z-]+)"', page)))
    assert len(links) == 6
    for link in links:
        assert site.get(link).status_code == 200
    text = site.get(f"{PAGE}/opstartsworkshop?lang=en").text
    assert "organisation not stated" in text
    assert "inferred from the role" in text
    assert "An aim we have not found again" in text
    assert "Home-care manager" in text


@pytest.mark.parametrize(
    "path",
    [
        "/technology_trials/not-there",
        "/technology_trials/not-there.json",
        "/technology_trials/%00",
        "/technology_trials/MIT-HJEM",
        "/technology_trials/" + "a" * 400,
        f"{PAGE}/not-there",
        f"{PAGE}/%F0%9F%98%80",
        f"{PAGE}/kick-off-workshop/more",
        f"{PAGE}.xml",
    ],
)
def test_junk_addresses_are_not_found(site: FlaskClient, path: str) -> None:
    assert site.get(path).status_code == 404


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_published_is_not_found(site: FlaskClient, mit_hjem: Flask, state: str) -> None:
    with mit_hjem.app_context(), unit_of_work():
        db.session.scalars(select(Collaboration)).one().state = state
    for path in (PAGE, f"{PAGE}.json", f"{PAGE}/kick-off-workshop"):
        assert site.get(path).status_code == 404
    assert "mit-hjem" not in site.get("/technology_trials").text


def test_former_names_are_searched(site: FlaskClient) -> None:
    assert PAGE in site.get("/technology_trials?q=apv+borgerens").text
    assert PAGE in site.get("/technology_trials?q=ARBETSPLATS").text
    assert PAGE not in site.get("/technology_trials?q=jordskælv").text
    for odd in ("%00", "%25%25", "_", "a" * 3000, "'"):
        assert site.get(f"/technology_trials?q={odd}").status_code == 200


def test_without_collaborations_the_list_says_so(client: FlaskClient) -> None:
    assert "Nothing is published yet" in client.get("/technology_trials?lang=en").text


def test_menu_links_lead_to_the_results(site: FlaskClient) -> None:
    text = site.get("/technology_trials?lang=en").text
    assert re.search(r'href="/technology_trials" aria-current="page">.*Results</a>', text)


def test_front_panels_tell_the_latest_story(site: FlaskClient) -> None:
    text = site.get("/?lang=en").text
    assert "The project was called “Workplace assessment in the citizen" in text
    assert f'href="{PAGE}"' in text


def test_front_panels_are_none_without_a_story(client: FlaskClient) -> None:
    assert "technology_trials/" not in client.get("/").text.replace("plugin-static", "")
