"""Companies as an authority sees them: its own contacts, aid, the meter, mergers, open runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from lms.api import LocalisedText, Refused, contact_refusals
from lms_fairplay.days import today
from lms_fairplay.meter import Rates, first_day, meters
from lms_fairplay.queries.aid import aid_of
from lms_fairplay.services.declaring import last_day
from lms_fairplay.services.merging import merge

THEIRS = LocalisedText(da="Noget i Söderby", sv="Något i Söderby", en="Something in Söderby")
RATES = Rates(ceiling=300_000, ceiling_source="art. 3(2)", dkk=746, sek=1143, source="ECB, 2024")


def text_of(answer):
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture
def lead(field):
    return field.lead()


@pytest.fixture
def address(field):
    return f"/fairplay/companies/{field.lift.key}"


def fields(field, **changes):
    return {
        "authority": field.north.id,
        "measure": "Plads på forløbet",
        "run": field.run.key,
        "ground": "de_minimis",
        "value": "12.000",
        "currency": "DKK",
        "day": today().isoformat(),
    } | changes


# --- the list and the page ----------------------------------------------------------------------


def test_an_authority_sees_its_own_contacts_only(field, address):
    field.meet(field.contact("share"))
    field.meet(field.contact("share", authority_ids=(field.south.id,), what=THEIRS))
    seen = text_of(field.page(field.officer(), address))
    assert "Twenty minutes about hoists" in seen
    assert "Prøveskolen" not in seen
    assert "Söderby" not in seen
    other = text_of(field.page(field.officer(field.south, name="Olle"), address))
    assert "Something in Söderby" in other
    assert "Twenty minutes" not in other


def test_the_list_finds_by_words_and_category_and_keeps_to_known_companies(field, lead):
    field.company("Ukendt Robot ApS")
    field.meet(field.contact("share"), field.contact("share", field.rival, category="robots"))

    def names(query=""):
        seen = text_of(field.page(lead, f"/fairplay/companies{query}"))
        return [
            name for name in ("Prøve Lift", "Anden Lift", "Ukendt Robot", "Nordby") if name in seen
        ]

    assert names() == ["Prøve Lift", "Anden Lift"]
    assert names("?category=robots") == ["Anden Lift"]
    assert names("?q=anden+lift") == ["Anden Lift"]
    assert names("?all=1") == ["Prøve Lift", "Anden Lift", "Ukendt Robot"]
    assert names("?category=nonsense&page=99") == ["Prøve Lift", "Anden Lift"]


@pytest.mark.parametrize("role", ["teacher", "manager", "evaluator", ""])
def test_others_find_none_of_it(field, address, role):
    person = field.person("Tove", field.north, role)
    for path in ("/fairplay/companies", address, f"{address}/aid", f"{address}/merged"):
        assert field.page(person, path).status_code == 404


def test_what_is_no_company_has_no_page(field, lead):
    for key in (field.south.key, "nothing"):
        assert field.page(lead, f"/fairplay/companies/{key}").status_code == 404


# --- aid ----------------------------------------------------------------------------------------


def test_ct1_3_a_lead_writes_the_aid_line_and_the_place_is_free_i_24(field, lead, address):
    place = field.contact("place")
    assert field.ask(contact_refusals, [place])
    client = field.client(lead)
    written = text_of(client.get(f"{address}/aid?lang=en&run={field.run.key}"))
    assert f'selected value="{field.run.key}"' in written
    assert field.post(client, f"{address}/aid", **fields(field)).status_code == 303
    assert field.ask(contact_refusals, [place]) == []
    seen = text_of(client.get(f"{address}/aid?lang=en"))
    assert "12,000 DKK" in seen
    assert "1,609 EUR (12,003 DKK) of 300,000 EUR" in seen


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": "meget"}, "Write a whole number"),
        ({"value": "-5"}, "Write a whole number"),
        ({"value": "12.50"}, "Write a whole number"),
        ({"value": "1.2000"}, "Write a whole number"),
        ({"measure": ""}, "Write what the company gets."),
        ({"ground": "open_to_all", "value": "0"}, "Write why it is open to all"),
        ({"day": "i går"}, "Write the day as year"),
        ({"day": "2099-01-01"}, "Choose a day within two years."),
        ({"value": "9" * 12}, "from 0 to a thousand million"),
        ({"authority": "0"}, "Choose one from the list."),
        ({"run": "aaaaaaaaaaaaaaaa"}, "Choose one from the list."),
        ({"measure": "Plads til 010180-1238"}, "personal identity number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(field, lead, address, changes, said):
    client = field.client(lead)
    typed = fields(field, reason="", **{"measure": "Hele forløbet"} | changes)
    answer = client.get("/account?lang=en")
    answer = field.post(client, f"{address}/aid", **typed)
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in shown
    assert typed["value"] in shown
    assert field.ask(aid_of, [field.lift.id]) == []


def test_nobody_writes_for_an_authority_that_is_not_theirs(field, lead, address):
    client = field.client(lead)
    answer = field.post(client, f"{address}/aid", **fields(field, authority=field.south.id))
    assert answer.status_code == 422
    assert field.ask(aid_of, [field.lift.id]) == []


def test_an_aid_line_goes_from_estimated_to_granted_to_reported(field, lead, address):
    line = field.aid()
    client = field.client(lead)

    def state():
        return field.ask(aid_of, [field.lift.id])[0].state

    following = f"{address}/aid/{line.key}/next"
    for expected in ("granted", "reported", "reported"):
        seen = state()
        for _twice in range(2):  # what was sent twice goes on once
            assert field.post(client, following, state=seen).status_code == 303
            assert state() == expected
    other = field.client(field.lead(field.south, name="Sven"))
    assert field.post(other, following).status_code == 404
    rivals = f"/fairplay/companies/{field.rival.key}/aid/{line.key}/next"
    assert field.post(client, rivals).status_code == 404


def test_s09_the_meter_counts_every_authority_by_country_and_shows_ones_own_lines(
    field, lead, address
):
    field.aid(value=746_000, state="granted")
    field.aid(authority_id=field.school.id, value=746_000, measure="Skolens")
    field.aid(authority_id=field.south.id, value=11_430, currency="SEK", measure="Söders")
    field.aid(ground="block_exemption", value=999_999)
    field.aid(day=first_day(today()), value=999_999)
    field.aid(day=today() + timedelta(days=1), value=999_999)
    swedish, danish = sorted(
        field.ask(lambda: meters(aid_of([field.lift.id]), RATES, today())),
        key=lambda one: one.country,
        reverse=True,
    )
    assert (danish.country, danish.granted, danish.estimated) == ("DK", 100_000, 100_000)
    assert danish.foreseen == 134_049
    assert danish.left == 100_000 - danish.foreseen
    assert (swedish.country, swedish.whole) == ("SE", 1_000)
    assert "Foreseen after today: 134," in text_of(field.page(lead, f"{address}/aid"))
    for path in ("aid", "aid/draft"):
        seen = text_of(field.page(lead, f"{address}/{path}"))
        assert "300,000 EUR" in seen
        assert "2023/2831" in seen
        assert "Skolens" not in seen
        assert "Söders" not in seen


def test_the_draft_is_written_in_the_language_of_the_page_and_claims_no_more(field, lead, address):
    field.aid()
    for language, words in {
        "da": "De minimis-støtte",
        "sv": "mindre betydelse",
        "en": "It tells what is written down here and nothing more.",
    }.items():
        answer = field.client(lead).get(f"{address}/aid/draft?lang={language}")
        seen = text_of(answer)
        assert words.casefold() in seen.casefold()
        assert "Plads på et kompetenceforløb" in seen
    assert "No de minimis aid" in text_of(
        field.page(lead, f"/fairplay/companies/{field.rival.key}/aid/draft")
    )


# --- open to all --------------------------------------------------------------------------------


def test_ct1_3_a_lead_writes_once_that_a_run_is_open_to_all(field, lead):
    places = [field.contact("place", company) for company in (field.lift, field.rival)]
    assert len(field.ask(contact_refusals, places)) == 2
    client = field.client(lead)
    address = f"/fairplay/runs/{field.run.key}/open-to-all"
    assert text_of(client.get(address))
    assert field.post(client, address, authority=field.north.id, reason="").status_code == 422
    reason = "Åbent opslag med kriterier og frist."
    assert field.post(client, address, authority=field.north.id, reason=reason).status_code == 303
    assert field.ask(contact_refusals, places) == []
    assert reason in text_of(client.get(address))
    again = field.post(client, address, authority=field.north.id, reason="Igen")
    assert again.status_code == 422
    assert reason in text_of(field.page(lead, f"/catalogue/{field.run.key}"))
    stranger = field.lead(field.south, name="Sven")
    assert field.page(stranger, address).status_code == 404
    assert reason not in text_of(field.page(stranger, f"/catalogue/{field.run.key}"))


def test_a_run_open_to_all_shows_on_the_companys_own_page_once_it_has_a_place(field):
    field.aid(company_id=None, ground="open_to_all", reason="Åbent opslag.", value=0)
    assert field.ask(aid_of, [field.lift.id]) == []
    field.meet(field.contact("place"))
    seller = field.seller()
    assert "Åbent opslag." in text_of(field.page(seller, f"/fairplay/mine/{field.lift.key}/aid"))


def test_open_to_all_is_written_of_a_run_once(field):
    def line():
        return field.aid(company_id=None, ground="open_to_all", reason="Opslag", value=0)

    line()
    with pytest.raises(IntegrityError):
        line()


# --- mergers ------------------------------------------------------------------------------------


def merging(field, into, **changes):
    return {"into": into, "day": today().isoformat(), "reason": "CVR-registeret"} | changes


def test_a_company_that_merges_moves_nothing_and_is_read_with_its_successor(field, address):
    officer = field.officer()
    field.meet(field.contact("share"))
    field.declared()
    field.aid()
    client = field.client(field.site())
    answer = field.post(client, f"{address}/merged", **merging(field, "Anden Lift A/S"))
    assert answer.status_code == 303
    seen = text_of(field.page(officer, f"/fairplay/companies/{field.rival.key}"))
    assert "Twenty minutes about hoists" in seen
    assert "became part of Anden Lift A/S" in seen
    assert field.lines()[0].company_id == field.lift.id
    asked = [field.contact("teach", field.rival), field.contact("place", field.rival)]
    assert field.ask(contact_refusals, asked) == []


def test_a_merger_is_found_by_number_and_refused_where_it_cannot_be(field, address):
    heir = field.company("Arving ApS", registration_number="12345674")
    swede = field.company("Svensk AB", country="SE")
    client = field.client(field.site())
    path = f"{address}/merged"
    for fields_, said in (
        (merging(field, "Ingen"), "no company in the same country"),
        (merging(field, swede.name), "no company in the same country"),
        (merging(field, field.north.name), "no company in the same country"),
        (merging(field, "Prøve Lift ApS"), "became part of this one itself"),
        (merging(field, heir.name, day="2099-01-01"), "Choose a day that has come."),
        (merging(field, heir.name, reason=""), "Write where you know it from."),
    ):
        client.get("/account?lang=en")
        answer = field.post(client, path, **fields_)
        assert answer.status_code == 422
        assert said in answer.get_data(as_text=True)
    assert field.post(client, path, **merging(field, "DK 12 34 56 74")).status_code == 303
    assert field.post(client, path, **merging(field, field.rival.name)).status_code == 422
    back = f"/fairplay/companies/{heir.key}/merged"
    assert field.post(client, back, **merging(field, "Prøve Lift ApS")).status_code == 422
    assert field.page(field.lead(), path).status_code == 404


def test_i_23_who_buys_for_an_authority_merges_nothing(field, address):
    officer = field.officer()
    assert field.page(officer, f"{address}/merged").status_code == 404
    answer = field.post(
        field.client(officer), f"{address}/merged", **merging(field, "Anden Lift A/S")
    )
    assert answer.status_code == 404
    with pytest.raises(Refused):
        field.do(merge, field.lift, field.rival, today(), "CVR", field.actor(officer))


def test_a_merger_is_told_and_can_be_ended(field, address):
    people = [field.seller(), field.seller(field.rival, name="Rikke Rival"), field.officer()]
    stranger = field.officer(field.south, name="Olle")
    field.meet(field.contact("share", authority_ids=(field.north.id,)), by=people[2])
    field.declared()
    client = field.client(field.site())
    assert (
        field.post(client, f"{address}/merged", **merging(field, field.rival.name)).status_code
        == 303
    )
    joined, parted = (
        "Prøve Lift ApS is now part of Anden Lift A/S",
        "Prøve Lift ApS is not part of Anden Lift A/S any more",
    )
    assert [field.letters(one) for one in people] == [[joined]] * 3
    teach = field.contact("teach", field.rival)
    assert field.ask(contact_refusals, [teach]) == []
    assert field.page(people[2], f"{address}/apart").status_code == 404
    assert "read each by itself" in text_of(client.get(f"{address}/apart?lang=en"))
    assert field.post(client, f"{address}/apart", reason="").status_code == 422
    assert field.post(client, f"{address}/apart", reason="Forkert nummer").status_code == 303
    assert client.get(f"{address}/apart").status_code == 404
    assert [field.letters(one) for one in people] == [[joined, parted]] * 3
    assert field.letters(stranger) == []
    assert field.ask(contact_refusals, [teach])
    assert "Twenty minutes" not in text_of(field.page(people[1], "/fairplay/mine"))
    assert "Forkert nummer" in text_of(field.page(people[2], address))
    again = field.post(client, f"{address}/merged", **merging(field, field.rival.name))
    assert again.status_code == 303


# --- days ---------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        ("2026-04-14", 12, "2027-04-13"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-01", 1, "2026-12-31"),
        ("2026-08-31", 6, "2027-02-28"),
    ],
)
def test_a_declaration_holds_whole_months(first, months, last):

    assert last_day(date.fromisoformat(first), months) == date.fromisoformat(last)
