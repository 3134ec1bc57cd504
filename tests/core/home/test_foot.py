"""The pages at the foot: accessibility, personal data, help."""

from __future__ import annotations

import re

import pytest

from lms.contracts import DataPolicy
from lms.core.home import presenting
from lms.web.i18n import set_language


@pytest.mark.parametrize("language", ["da", "sv", "en"])
@pytest.mark.parametrize("address", ["/accessibility", "/privacy", "/help"])
def test_they_speak_three_languages_and_cost_nothing(client, count_queries, address, language):
    client.get(address)
    with count_queries() as queries:
        response = client.get(f"{address}?lang={language}")
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.get_data(as_text=True)
    assert len(queries) <= 1


@pytest.mark.parametrize("address", ["/was", "/tilgaengelighed", "/tillganglighet"])
def test_the_addresses_people_try_lead_there(client, address):
    response = client.get(f"{address}?lang=sv")
    assert response.status_code == 301
    assert response.location == "/accessibility?lang=sv"
    assert client.get(f"{address}?_external=1&_scheme=x").location == "/accessibility"


def test_what_is_kept_about_people_is_read_from_what_rooms_declare(lms_app, client):
    from lms.host import current_host

    with lms_app.app_context():
        policies = [owned.item for owned in current_host().data_policies().values()]
    about_people = [policy for policy in policies if policy.person_columns]
    text = client.get("/privacy?lang=en").get_data(as_text=True)
    assert len(about_people) > 5
    assert text.count('scope="row"') == len(about_people)


def test_how_long_is_said_in_years_where_it_can_be(lms_app):
    def kept(months):
        policy = DataPolicy(
            table="t", purpose="why.", person_columns=("id",), retention_months=months
        )
        (line,) = presenting.kept_data([policy])
        return line.purpose, line.kept

    with lms_app.test_request_context("/"):
        set_language("en")
        assert kept(3) == ("Why", "3 months")
        assert kept(12) == ("Why", "1 year")
        assert kept(60) == ("Why", "5 years")
        assert kept(None) == ("Why", "As long as you are here")


def test_every_word_of_the_field_is_there_in_all_three_languages(lms_app):
    for word, meaning in presenting._glossary():
        assert all(word.as_dict().values())
        assert all(meaning.as_dict().values())
    assert len(presenting._glossary()) >= 25


def test_the_words_stand_in_the_alphabet_of_the_page(client):
    text = client.get("/help?lang=en").get_data(as_text=True)
    words = re.findall(r'<th scope="row" role="rowheader">([^<]+)', text)
    assert [word.strip() for word in words] == sorted((w.strip() for w in words), key=str.casefold)
