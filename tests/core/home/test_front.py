"""The front page: what begins soon, what came of it, what is promised."""

from __future__ import annotations

import json
import re

import pytest

from lms.contracts import LocalisedText, Panel
from lms.core.home import queries
from lms.core.home.hooks import PROGRAMME, lms_demo
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen


def text_of(client, **query):
    return client.get("/", query_string=query).get_data(as_text=True)


class Teller(Specimen):
    """Tells a story, or breaks."""

    broken = False

    @hookimpl
    def lms_front_panels(self, actor):
        if self.broken:
            raise RuntimeError("out of order")
        return [
            Panel(
                template="specimen/story.html",
                values={
                    "words": "Tre byer & to firmaer",
                    "numbers": [(LocalisedText(en="workshops"), 1234)],
                },
                title=LocalisedText(en="It turned out otherwise"),
            )
        ]


@pytest.fixture
def teller():
    return Teller()


@pytest.fixture
def lms_plugins(teller):
    return [(SPECIMEN, teller)]


@pytest.fixture(autouse=True)
def story_template(lms_app):
    """The plugin is an object and brings no folder of templates, so its one template lies here."""
    from jinja2 import ChoiceLoader, DictLoader

    own = lms_app.jinja_env.loader
    lms_app.jinja_env.loader = ChoiceLoader(
        [DictLoader({"specimen/story.html": "<p>{{ words }}</p>"}), own]
    )


def test_lms_front_panels_are_drawn_with_their_numbers(client, teller):
    text = text_of(client, lang="en")
    assert "It turned out otherwise" in text
    assert "<p>Tre byer &amp; to firmaer</p>" in text
    assert '<dt>workshops</dt><dd class="fig">1,234</dd>' in text


def test_a_story_that_cannot_be_told_is_left_out(client, teller):
    teller.broken = True
    response = client.get("/")
    assert response.status_code == 200
    assert b"story-1" not in response.data


@pytest.mark.usefixtures("with_programme")
def test_promises_stand_as_stated_and_nothing_is_counted(client):
    text = text_of(client, lang="en")
    rows = re.findall(r'data-l="Promised"><span class="nowrap">([^<]+)</span>', text)
    assert rows == ["20", "30", "10", "3–6", "30–35", "30–35", "250–300"]
    assert text.count("not counted yet") == len(rows)
    assert "CareWare Nordic 2" in text


def test_without_a_programme_nothing_is_promised(client):
    assert 'id="promised"' not in text_of(client)


def test_the_programme_can_be_loaded_twice(lms_app):
    given = json.loads(PROGRAMME.read_text(encoding="utf-8"))
    with lms_app.app_context():
        for _ in range(2):
            lms_demo()["10-programme"]()
        found = queries.programme()
    assert found is not None
    assert [target.code for target in found.targets] == [t["code"] for t in given["targets"]]


def test_three_runs_that_begin_soonest_and_can_be_asked_for(client, make_run, clock):
    days = [clock.now.replace(year=2090 + n) for n in range(5)]
    for n, day in enumerate(days):
        make_run(title=f"Hold {n}", sessions=[day])
    make_run(title="Lukket", state="closed", sessions=[days[0]])
    make_run(title="Begyndt", state="running", sessions=[clock.now.replace(year=2020)])
    text = text_of(client, lang="en")
    assert re.findall(r'<h3><a href="/catalogue/\w{16}">([^<]+)</a>', text) == [
        "Hold 0",
        "Hold 1",
        "Hold 2",
    ]
    assert "See all 7 courses" in text


def test_kinds_of_course_lead_into_the_catalogue(client):
    assert 'href="/catalogue?type=specimen"' in text_of(client)


@pytest.mark.usefixtures("with_programme")
@pytest.mark.parametrize("role", [None, "site_admin"])
def test_the_page_takes_ten_queries_at_most(signed_in, client, make_run, count_queries, role):
    for _ in range(4):
        make_run()
    reader = signed_in(role) if role else client
    reader.get("/")
    with count_queries() as asked:
        assert reader.get("/").status_code == 200
    assert len(asked) <= 10, "\n".join(asked)


@pytest.mark.usefixtures("with_programme")
@pytest.mark.parametrize(
    ("language", "unit"), [("da", "Udfordringer"), ("sv", "Utmaningar"), ("en", "Challenges")]
)
def test_the_page_speaks_three_languages(client, language, unit):
    text = text_of(client, lang=language)
    assert f'<html lang="{language}"' in text
    assert unit in text


def test_guests_begin_at_the_front_and_people_at_what_waits(client, signed_in):
    assert 'href="/me"' not in text_of(client)
    menu = text_of(signed_in())
    assert '<a href="/me"' in menu
    assert signed_in().get("/").status_code == 200
