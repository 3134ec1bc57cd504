"""A company's own page: what it sees, what it can say, and what it never sees (CT1-6, S09)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.api import LocalisedText, contact_refusals, now
from lms_fairplay.days import today
from lms_fairplay.models import Merger

SECRET = LocalisedText(da="Rivalens hemmelighed", sv="Rivalens hemlighet", en="The rival's secret")


def text_of(answer):
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.fixture
def seller(field):
    return field.seller()


def test_ct1_6_s09_a_company_sees_its_own_lines_aid_and_declarations_and_no_others(field, seller):
    field.aid(measure="Plads til to")
    field.aid(field.rival, measure="Rivalens plads")
    field.declared()
    field.declared(field.rival)
    field.meet(field.contact("teach"))
    field.meet(field.contact("teach", field.rival, what=SECRET, confidential=True, private=True))
    seen = text_of(field.page(seller, "/fairplay/mine"))
    assert "Twenty minutes about hoists" in seen
    assert "Nordby Kommune" in seen
    assert "Prøveskolen" in seen
    assert "Holds to" in seen
    aid = text_of(field.page(seller, f"/fairplay/mine/{field.lift.key}/aid"))
    assert "Plads til to" in aid
    assert "12,000 DKK" in aid
    assert "1,609 EUR" in aid
    draft = text_of(field.page(seller, f"/fairplay/mine/{field.lift.key}/aid/draft"))
    assert "It tells what is written down here and nothing more." in draft
    for page in (seen, aid, draft):
        assert "rival" not in page.casefold()
        assert "Anden Lift" not in page


def test_who_took_part_is_said_in_words(field, seller):
    people = {"participant": 12, "decision_maker": 2}
    field.meet(field.contact("share", authority_ids=(field.north.id,), people=people))
    assert "2 decision makers, 12 participants" in text_of(field.page(seller, "/fairplay/mine"))


def test_ct1_6_the_pages_of_other_companies_are_not_there(field, seller):
    field.meet(field.contact("share", field.rival))
    theirs = field.lines()[0].key
    for address in (
        f"/fairplay/mine?company={field.rival.key}",
        f"/fairplay/mine/{field.rival.key}/aid",
        f"/fairplay/mine/{field.rival.key}/aid/draft",
        f"/fairplay/mine/{field.rival.key}/declaration",
        f"/fairplay/mine/lines/{theirs}/correction",
        "/fairplay/companies",
        f"/fairplay/companies/{field.lift.key}",
        f"/fairplay/companies/{field.lift.key}/aid",
    ):
        assert field.page(seller, address).status_code == 404, address
    client = field.client(seller)
    for address in (
        f"/fairplay/mine/{field.rival.key}/declaration",
        f"/fairplay/mine/lines/{theirs}/correction",
    ):
        assert field.post(client, address, sure="yes", text="Nej").status_code == 404


def test_who_has_left_the_company_sees_nothing_of_it(field):
    former = field.maker.person()
    field.maker.assignment(
        person=former, organisation=field.lift, to_day=today() - timedelta(days=2)
    )
    assert field.page(former, "/fairplay/mine").status_code == 404


def test_i_23_who_changes_to_a_company_reads_nothing_of_the_authority_any_more(field):
    field.meet(field.contact("share", field.rival))
    officer = field.officer()
    assert field.page(officer, "/fairplay/companies").status_code == 200
    field.maker.assignment(person=officer, organisation=field.lift)
    assert field.page(officer, "/fairplay/companies").status_code == 404
    assert field.page(officer, f"/fairplay/companies/{field.rival.key}").status_code == 404
    assert field.page(officer, "/fairplay/mine").status_code == 200


def test_i_17_a_company_signs_and_may_teach_from_then_on(field, seller):
    teach = field.contact("teach", at=now() + timedelta(days=200))
    assert field.ask(contact_refusals, [teach])
    client = field.client(seller)
    address = f"/fairplay/mine/{field.lift.key}/declaration"
    read = text_of(client.get(f"{address}?lang=en"))
    assert "We do not sell meanwhile." in read
    assert f"You sign as {seller.name}." in read
    unsure = field.post(client, address, version="1")
    assert unsure.status_code == 422
    assert "Say yes before you sign." in unsure.get_data(as_text=True)
    assert field.post(client, address, version="0", sure="yes").status_code == 422
    assert field.post(client, address, version="1", sure="yes").status_code == 303
    assert field.ask(contact_refusals, [teach]) == []
    late = field.contact("teach", at=now() + timedelta(days=366))
    assert field.ask(contact_refusals, [late])
    assert seller.name in text_of(client.get("/fairplay/mine?lang=en"))


@pytest.mark.parametrize("who", ["seller", "officer"])
def test_i_17_a_word_is_ended_by_the_company_or_an_officer_with_a_reason(field, seller, who):
    person = seller if who == "seller" else field.officer()
    field.declared()
    teach = field.contact("teach")
    address = f"/fairplay/companies/{field.lift.key}/declaration/end"
    rival = field.seller(field.rival, name="Rikke Rival")
    for other in (rival, field.lead()):
        assert field.page(other, address).status_code == 404
        assert field.post(field.client(other), address, reason="Nej").status_code == 404
    client = field.client(person)
    assert "End the declaration" in text_of(client.get(f"{address}?lang=en"))
    assert field.post(client, address, reason="").status_code == 422
    assert field.ask(contact_refusals, [teach]) == []
    assert field.post(client, address, reason="Vi har solgt imens").status_code == 303
    assert [one.code for one in field.ask(contact_refusals, [teach])] == ["declaration"]
    assert field.post(client, address, reason="Igen").status_code == 422
    assert "Vi har solgt imens" in text_of(field.page(seller, "/fairplay/mine"))


def test_a_stale_page_signs_nothing(field, seller):
    client = field.client(seller)
    address = f"/fairplay/mine/{field.lift.key}/declaration"
    assert client.post(address, data={"sure": "yes", "csrf_token": "old"}).status_code == 422
    assert field.ask(contact_refusals, [field.contact("teach")])


def test_i_23_an_officer_who_has_gone_to_a_company_hears_of_no_correction(field, seller):
    gone, lead = field.officer(), field.lead()
    field.maker.assignment(person=gone, organisation=field.rival)
    field.meet(field.contact("share", authority_ids=(field.north.id,)), by=lead)
    (line,) = field.lines()
    field.post(field.client(seller), f"/fairplay/mine/lines/{line.key}/correction", text="Nej")
    assert field.letters(gone) == []
    assert field.letters(lead) == ["Prøve Lift ApS asks for a correction"]


def test_s09_a_correction_and_its_answer_stay_beside_the_line(field, seller):
    officer = field.officer()
    other = field.officer(field.south, name="Olle Upphandling")
    field.meet(field.contact("share", authority_ids=(field.north.id,)))
    (line,) = field.lines()
    client = field.client(seller)
    address = f"/fairplay/mine/lines/{line.key}/correction"
    assert "Twenty minutes" in text_of(client.get(f"{address}?lang=en"))
    assert field.post(client, address, text="").status_code == 422
    assert field.post(client, address, text="Det var tredive minutter").status_code == 303
    assert field.letters(officer) == ["Prøve Lift ApS asks for a correction"]
    assert field.letters(other) == []
    company = f"/fairplay/companies/{field.lift.key}"
    seen = text_of(field.page(officer, company))
    assert "Det var tredive minutter" in seen
    answering = next(part for part in seen.split('"') if "/corrections/" in part)
    assert field.page(other, answering).status_code == 404
    assert field.page(seller, answering).status_code == 404
    officers = field.client(officer)
    assert "Det var tredive minutter" in text_of(officers.get(answering))
    assert field.post(officers, answering, text="Ja, tredive").status_code == 303
    again = field.post(officers, answering, text="Nej")
    assert again.status_code == 422
    assert "Nej</textarea>" in again.get_data(as_text=True)
    assert field.letters(seller) == ["Nordby Kommune has answered your correction"]
    own = text_of(field.page(seller, "/fairplay/mine"))
    assert "Det var tredive minutter" in own
    assert "Ja, tredive" in own
    assert field.lines()[0].what == line.what


def test_a_company_that_merged_is_read_together_with_its_successor(field):
    field.meet(field.contact("share"))
    field.declared()
    field.aid()
    field.written(
        Merger(
            company_id=field.lift.id,
            into_id=field.rival.id,
            day=today(),
            reason="Fusion",
            written_at=now(),
        )
    )
    heir = field.seller(field.rival, name="Arne Arving")
    seen = text_of(field.page(heir, "/fairplay/mine"))
    assert "Twenty minutes about hoists" in seen
    assert "Prøve Lift ApS" in seen
    assert "12,000 DKK" in text_of(field.page(heir, f"/fairplay/mine/{field.rival.key}/aid"))


def test_who_administers_the_site_and_works_for_no_company_is_told_so(field):
    root = field.maker.person()
    field.maker.access_role(person=root, role="site_admin")
    assert "You work for no company here" in text_of(field.page(root, "/fairplay/mine"))


def test_only_people_of_companies_and_those_who_look_after_contacts_have_links(field, seller):
    officer, teacher = field.officer(), field.person("Tove", field.north, "teacher")
    linked = {
        person.id: [
            word
            for word in ("/fairplay/mine", "/fairplay/companies")
            if f'href="{word}"' in text_of(field.page(person, "/account"))
        ]
        for person in (seller, officer, teacher)
    }
    assert linked == {
        seller.id: ["/fairplay/mine"],
        officer.id: ["/fairplay/companies"],
        teacher.id: [],
    }
