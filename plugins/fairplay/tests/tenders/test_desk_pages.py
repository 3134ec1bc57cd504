"""CT1-7 on pages: the officer registers, decides, makes the pack in one action and publishes it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from lms.api import LocalisedText, db, now
from lms.jobs.models import Job
from lms_fairplay.queries.packs import job_key
from lms_fairplay.todo import todo_items

NEW = "/fairplay/desk/tenders/new"


@pytest.fixture
def officer(buying):
    return buying.field.client(buying.person)


def fields(buying: Any, **changes: str) -> dict[str, str]:
    values = {
        "authority": buying.field.north.key,
        "category": "moving",
        "title": "Loftlifte 2027",
        "expected_on": buying.day(60).isoformat(),
    }
    return values | changes


def read(client: Any, address: str) -> str:
    mark = "&" if "?" in address else "?"
    answer = client.get(f"{address}{mark}lang=en")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_ct1_7_from_a_tender_to_a_public_pack(buying, officer):
    field = buying.field
    buying.meet("teach", what=LocalisedText(da="Lift", sv="Lift", en="Hoists shown"))
    answer = field.post(officer, NEW, **fields(buying))
    assert answer.status_code == 303
    address = answer.location
    page = read(officer, address)
    assert "Stops contacts" in page
    assert "Hoists shown" in page
    (running,) = buying.running(buying.tender(address.rsplit("/", 1)[1]))
    decided = {f"{running.key}-decision": "goes_on", f"{running.key}-reason": "Det er aftalt"}
    assert field.post(officer, f"{address}/running/{running.key}", **decided).status_code == 303
    assert "Goes on" in read(officer, address)
    assert field.post(officer, f"{address}/packs").status_code == 303
    assert "Being made" in read(officer, address)
    pack = buying.made(buying.tender(address.rsplit("/", 1)[1]))
    guest = field.app.test_client()
    assert guest.get(f"/fairplay/packs/{pack.key}").status_code == 404
    assert guest.get(f"/files/{pack.document_key}").status_code == 404
    assert officer.get(f"/files/{pack.document_key}").status_code == 200
    assert field.post(officer, f"{address}/packs/1/publish").status_code == 303
    public = guest.get(f"/fairplay/packs/{pack.key}?lang=en")
    assert "Hoists shown" in public.get_data(as_text=True)
    kept = field.app.test_client().get(f"/fairplay/packs/{pack.key}").headers["Cache-Control"]
    assert kept == "public, max-age=60"
    assert guest.get(f"/files/{pack.document_key}").mimetype == "application/octet-stream"
    assert "The pack is public" in read(officer, address)


def test_bad_input_comes_back_with_its_words(buying, officer):
    field = buying.field
    past = field.post(officer, f"{NEW}?lang=en", **fields(buying, expected_on="2020-01-01"))
    assert past.status_code == 422
    text = past.get_data(as_text=True)
    assert "That day is over" in text
    assert "Loftlifte 2027" in text
    for category in ("", "spaceships"):
        wrong = field.post(officer, NEW, **fields(buying, category=category))
        assert wrong.status_code == 422
    foreign = fields(buying, authority=field.south.key)
    assert field.post(officer, NEW, **foreign).status_code == 422
    assert field.post(officer, NEW, **fields(buying)).status_code == 303
    twice = field.post(officer, f"{NEW}?lang=en", **fields(buying))
    assert twice.status_code == 422
    assert "There is a tender with this title" in twice.get_data(as_text=True)


def test_a_tender_in_all_categories_is_chosen_and_not_slipped_into(buying, officer):
    answer = buying.field.post(officer, NEW, **fields(buying, category="*"))
    assert buying.tender(answer.location.rsplit("/", 1)[1]).category == ""


def test_a_decision_without_a_reason_comes_back_beside_its_own_form(buying, officer):
    buying.meet("teach")
    buying.meet("teach", subject_id=8)
    tender = buying.register()
    first, second = buying.running(tender)
    address = f"/fairplay/desk/tenders/{tender.key}/running/{second.key}?lang=en"
    answer = buying.field.post(officer, address, **{f"{second.key}-decision": "stops"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{second.key}-reason-e"' in text
    assert f'id="{first.key}-reason-e"' not in text


def test_a_pack_that_misses_something_says_so_and_offers_no_publishing(
    buying, officer, quick_press
):
    tender = buying.register()
    pack = buying.pack(tender)
    buying.meet("share")
    address = f"/fairplay/desk/tenders/{tender.key}"
    page = read(officer, address)
    assert "More contacts were written since the pack was made: 1" in page
    assert "/publish" not in page
    buying.field.post(officer, f"{address}/packs/{pack.number}/publish")
    assert buying.packs(tender)[0].state == "made"
    assert "More contacts were written" in read(officer, address)


def test_ending_changing_and_opening(buying, officer):
    field, tender = buying.field, buying.register()
    address = f"/fairplay/desk/tenders/{tender.key}"
    assert "Loftlifte" in read(officer, f"{address}/change")
    changed = {"title": "Nye lifte", "expected_on": buying.day(9).isoformat()}
    assert field.post(officer, f"{address}/change", **changed).status_code == 303
    assert field.post(officer, f"{address}/open").status_code == 303
    assert "Open for bids" in read(officer, address)
    assert field.post(officer, f"{address}/end/dropped", reason=" ").status_code == 422
    assert field.post(officer, f"{address}/end/dropped", reason="Ingen penge").status_code == 303
    assert "Ingen penge" in read(officer, address)
    assert officer.get(f"{address}/end/forgotten").status_code == 404


def test_others_tenders_do_not_exist(buying):
    field, tender = buying.field, buying.register()
    address = f"/fairplay/desk/tenders/{tender.key}"
    stranger = field.client(field.officer(field.south, "Sven Köp"))
    lead = field.client(field.lead())
    seller = field.client(field.seller())
    for client in (stranger, lead, seller):
        assert client.get(address).status_code == 404
        assert field.post(client, f"{address}/packs").status_code == 404
    assert "Loftlifte" not in read(stranger, "/fairplay/desk")


def test_who_went_to_a_company_follows_tenders_no_more(buying):
    field, tender = buying.field, buying.register()
    field.maker.assignment(person=buying.person, organisation=field.lift)
    client = field.client(buying.person)
    assert client.get(f"/fairplay/desk/tenders/{tender.key}").status_code == 404


def test_companies_and_the_desk_lead_to_each_other(buying, officer):
    assert 'href="/fairplay/desk"' in read(officer, "/fairplay/companies")
    assert 'href="/fairplay/companies"' in read(officer, "/fairplay/desk")
    lead = buying.field.client(buying.field.lead())
    assert 'href="/fairplay/desk"' not in read(lead, "/fairplay/companies")


def test_the_desk_filters_contacts(buying, officer):
    field = buying.field
    buying.meet("share", what=LocalisedText(da="Om lifte", sv="Om lyftar", en="About hoists"))
    buying.meet(
        "meet", category="meals", what=LocalisedText(da="Om mad", sv="Om mat", en="About meals")
    )
    buying.meet("meet", category="", what=LocalisedText(da="Om alt", sv="Om allt", en="On it all"))
    all_of_it = read(officer, "/fairplay/desk")
    assert all(words in all_of_it for words in ("About hoists", "About meals", "On it all"))
    meals = read(officer, "/fairplay/desk?category=meals")
    assert "About meals" in meals
    assert "About hoists" not in meals
    assert "About meals" not in read(officer, "/fairplay/desk?kind=share")
    unnamed = read(officer, "/fairplay/desk?category=-")
    assert "On it all" in unnamed
    assert "About meals" not in unnamed
    nothing_meant = f"/fairplay/desk?category=x&kind=y&authority={field.south.key}&page=99"
    assert "About hoists" in read(officer, nothing_meant)


def test_the_desk_and_a_tender_take_at_most_ten_queries_with_200_runs(
    buying, officer, lms_app, quick_press
):
    from lms.testing import counted_queries

    field = buying.field
    runs = [field.maker.run(hosts=[field.north], sessions=1) for _ in range(200)]
    made = [
        buying.contact("meet", run_id=run.id, subject_id=run.id, at=now() + timedelta(hours=n))
        for n, run in enumerate(runs)
    ]
    field.meet(*made, by=buying.person)
    tender = buying.register()
    assert buying.tender(tender).undecided == 200
    buying.pack(tender)
    for address in ("/fairplay/desk", f"/fairplay/desk/tenders/{tender.key}"):
        officer.get(address)
        with counted_queries(lms_app) as queries:
            assert officer.get(address).status_code == 200
        assert len(queries) <= 10, queries


def test_what_waits_is_told(buying, quick_press):
    def waiting() -> list[str]:
        with buying.field.app.test_request_context():
            return [item.key for item in todo_items(buying.actor)]

    assert waiting() == []
    buying.meet("teach")
    tender = buying.register()
    assert waiting() == ["fairplay.decide"]
    buying.decide(tender, buying.running(tender)[0], "stops")
    pack = buying.pack(tender)
    assert waiting() == ["fairplay.publish"]
    buying.publish(tender, pack)
    assert waiting() == []


def test_a_public_pack_speaks_three_languages_in_pages(buying, quick_press):
    field = buying.field
    for number in range(60):
        buying.meet("share", what=LocalisedText(da=f"D{number}", sv=f"S{number}", en=f"E{number}"))
    tender = buying.register()
    pack = buying.pack(tender)
    buying.publish(tender, pack)
    guest = field.app.test_client()
    for language, letter in (("da", "D"), ("sv", "S"), ("en", "E")):
        page = guest.get(f"/fairplay/packs/{pack.key}?lang={language}").get_data(as_text=True)
        assert len(re.findall(rf">{letter}\d+\b", page)) == 50
    second = guest.get(f"/fairplay/packs/{pack.key}?lang=en&page=2").get_data(as_text=True)
    assert len(re.findall(r">E\d+\b", second)) == 10


def test_a_public_pack_stays_what_it_was(buying, quick_press):
    field = buying.field
    buying.meet("share", what=LocalisedText(da="Før", sv="Förut", en="Before"))
    tender = buying.register()
    pack = buying.pack(tender)
    buying.publish(tender, pack)
    buying.meet("share", what=LocalisedText(da="Efter", sv="Efteråt", en="Afterwards"))
    page = field.app.test_client().get(f"/fairplay/packs/{pack.key}?lang=en")
    assert "Before" in page.get_data(as_text=True)
    assert "Afterwards" not in page.get_data(as_text=True)


def test_a_pack_tells_how_far_it_is_and_that_it_could_not_be_made(buying, officer):
    tender = buying.register()
    buying.ask(tender)
    address = f"/fairplay/desk/tenders/{tender.key}"

    def job_is(**values: object) -> None:
        pack = buying.packs(tender)[0]
        found = update(Job).where(Job.unique_key == job_key(pack.key)).values(**values)
        buying.field.do(db.session.execute, found)

    job_is(state="running", done_count=120, total_count=302)
    page = read(officer, address)
    assert "120 of 302" in page
    assert "Make the information pack" not in page
    job_is(state="failed")
    page = read(officer, address)
    assert "It could not be made" in page
    assert f'action="{address}/packs"' in page
