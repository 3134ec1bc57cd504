"""The catalogue: what is found, what is counted, and how much it costs to draw."""

from __future__ import annotations

import re

import pytest

from lms.contracts import LocalisedText
from lms.db import search_key

MOST_QUERIES = 10


def titles(response):
    return re.findall(r'<h3[^>]*><a href="[^"]*">([^<]+)</a>', response.get_data(as_text=True))


@pytest.mark.parametrize("number", [5, 500])
@pytest.mark.parametrize("role", [None, "site_admin"])
def test_the_list_takes_as_many_queries_for_500_runs_as_for_5(
    signed_in, client, many_runs, count_queries, number, role
):
    many_runs(number)
    reader = signed_in(role) if role else client
    reader.get("/catalogue")
    with count_queries() as queries:
        response = reader.get("/catalogue?q=mange&spoken=da&free=1")
    assert response.status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)


def test_the_pager_leads_through_all_pages_and_keeps_the_filters(client, many_runs):
    many_runs(45)
    first = client.get("/catalogue?q=mange&spoken=da&lang=en").get_data(as_text=True)
    assert "45 courses about" in first
    assert "page=2" in first
    assert "spoken=da" in first
    last = client.get("/catalogue?q=mange&page=3")
    assert len(titles(last)) == 5
    assert len(titles(client.get("/catalogue?q=mange&page=999999"))) == 5


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Ærø på ny", "ÆRØ"),
        ("Ærø på ny", "ærø"),
        ("Åses hverdag", "åSE"),
        ("Åses hverdag", "A\u030ases"),
        ("Fra 50 % til 100_%", "50 % 100_"),
    ],
)
def test_words_are_found_in_any_case_and_in_any_order(client, make_run, title, asked):
    make_run(title=title, search_text=search_key(f"{title} Prøvelev"))
    make_run(title="Noget andet", search_text=search_key("Noget andet"))
    assert titles(client.get("/catalogue", query_string={"q": asked})) == [title]
    assert titles(client.get("/catalogue", query_string={"q": f"prøvelev {asked}"})) == [title]


def test_a_sign_of_the_database_means_itself(client, make_run):
    make_run(title="Uden tegn")
    assert titles(client.get("/catalogue?q=%25")) == []
    assert titles(client.get("/catalogue?q=_")) == []


def test_filters_narrow_by_kind_and_widen_within_one(client, make_run, make_organisation):
    one, two = make_organisation(name="Første By"), make_organisation(name="Anden By")
    make_run(title="A", hosts=[one], languages=["da"])
    make_run(title="B", hosts=[two], languages=["sv", "en"])
    make_run(title="C", hosts=[two], languages=["en"], course_type="gone")
    assert titles(client.get(f"/catalogue?host={one.key}")) == ["A"]
    assert sorted(titles(client.get(f"/catalogue?host={one.key}&host={two.key}"))) == [
        "A",
        "B",
        "C",
    ]
    assert titles(client.get(f"/catalogue?host={two.key}&spoken=sv")) == ["B"]
    assert titles(client.get("/catalogue?type=gone")) == ["C"]
    assert titles(client.get("/catalogue?type=specimen&spoken=da")) == ["A"]


def test_a_partner_is_no_host(client, make_run, make_organisation):
    partner = make_organisation()
    make_run(title="A", partners=[partner])
    assert titles(client.get(f"/catalogue?host={partner.key}")) == []


def test_free_seats_are_seats_one_may_ask_for(client, make_run, clock):
    make_run(title="Ledig")
    make_run(title="Fuldt", capacity=2, taken=2)
    make_run(title="Lukket", state="closed")
    make_run(title="Senere", state="announced")
    make_run(title="For sent", enrol_until=clock.now.replace(year=2020))
    assert titles(client.get("/catalogue?free=1")) == ["Ledig"]


def test_what_begins_comes_before_what_has_begun_and_unknown_days_last_of_the_first(
    client, make_run, clock
):
    make_run(title="I gang", state="running", sessions=[clock.now.replace(year=2020)])
    make_run(title="Uden dag", state="announced", sessions=0)
    make_run(title="Snart")
    assert titles(client.get("/catalogue")) == ["Snart", "Uden dag", "I gang"]


@pytest.mark.parametrize("state", ["planned", "completed", "evaluated", "archived", "cancelled"])
def test_what_is_over_or_not_announced_is_not_listed(client, make_run, state):
    make_run(title="Skjult", state=state)
    assert titles(client.get("/catalogue")) == []


def test_the_numbers_beside_the_filters_say_what_a_click_would_show(client, make_run):
    make_run(languages=["da"])
    make_run(languages=["da", "en"])
    make_run(languages=["en"], capacity=1, taken=1)
    text = client.get("/catalogue?spoken=da").get_data(as_text=True)
    counts = dict(
        re.findall(r'name="spoken" value="(\w\w)"[^>]*>.*?<span class="count">(\d+)', text)
    )
    assert counts == {"da": "2", "sv": "0", "en": "2"}
    assert re.search(r'name="free".*?<span class="count">2', text)


def test_a_filter_that_finds_nothing_says_how_to_go_on(client, make_run):
    make_run()
    response = client.get("/catalogue?q=findesikke&lang=en")
    assert response.status_code == 200
    assert b"Nothing fits all of that" in response.data


def test_a_title_in_another_language_says_so(client, make_run):
    make_run(title=LocalisedText(sv="Från idé till plan"))
    assert 'lang="sv"><a' in client.get("/catalogue?lang=da").get_data(as_text=True)


def test_a_kind_of_course_nobody_knows_is_called_that(client, make_run):
    make_run(course_type="gone")
    text = client.get("/catalogue?lang=en").get_data(as_text=True)
    assert "A kind of course that is not installed here" in text
    assert ">gone<" not in text
