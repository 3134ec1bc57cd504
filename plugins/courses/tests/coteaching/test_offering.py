"""A company offers to teach: what it says, what is asked early, what is refused, taking back."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import g
from sqlalchemy import select, update

from lms.api import Refused, db, now, unit_of_work
from lms.core.catalogue.models import Run
from lms.files.models import Document
from lms_courses.claim_remarks import claim_remarks
from lms_courses.models import SlotOffer
from lms_courses.services.offers import withdraw_offer
from lms_courses.working_days import is_working_day


def fields(world: Any, **changes: Any) -> dict[str, Any]:
    return {
        "session": str(world.days[0].id),
        "topic": "Sådan løfter en loftlift",
        "minutes": "45",
        "text": "Deltagerne prøver liften.",
        "names_product": "no",
        "product": "",
        "category": "",
        "teacher": str(world.engineer.id),
        "sees": "functions",
    } | changes


def url(world: Any) -> str:
    return f"/courses/runs/{world.row.key}/offer"


def offers(world: Any) -> list[SlotOffer]:
    with world.app.app_context():
        rows = list(db.session.scalars(select(SlotOffer).order_by(SlotOffer.id)))
        db.session.expunge_all()
        return rows


def test_ct3_1_a_company_offers_topic_minutes_materials_and_product(world: Any) -> None:
    page = world.page(world.seller, url(world)).text
    assert "Who tells what" in page  # the guide for who teaches along
    assert "Ida Ingeniør" in page
    assert "Rie Rival" not in page
    assert 'name="company"' not in page  # whoever works for one is not asked which
    sent = world.post(
        world.seller,
        url(world),
        **fields(world, names_product="yes", product="Liften"),
        materials=(BytesIO(b"Sider om liften."), "sider.txt"),
    )
    assert sent.status_code == 303
    (offer,) = offers(world)
    assert (offer.company_id, offer.teacher_id) == (world.firm.id, world.engineer.id)
    assert (offer.topic, offer.minutes, offer.product) == (
        "Sådan løfter en loftlift",
        45,
        "Liften",
    )
    assert (offer.state, offer.sees) == ("offered", "functions")
    with world.app.app_context():
        documents = db.session.execute(select(Document.subject_kind, Document.subject_id)).all()
    assert [tuple(row) for row in documents] == [("courses_slot_offer", offer.id)]
    receipt = world.page(world.engineer, f"/courses/offers/{offer.key}").text
    assert "Waits for an answer" in receipt
    assert "sider.txt" in receipt
    assert "Take it back" in receipt
    assert "Sådan løfter en loftlift" in world.page(world.seller, "/courses/offers").text
    subject = "A company offers to teach: Sådan løfter en loftlift"
    assert subject in world.letters(world.teacher)
    assert world.letters(world.lead) == []  # the team answers where there is one
    assert world.letters(world.rival_seller) == []


def test_ct3_1_the_answer_is_due_within_ten_working_days(world: Any) -> None:
    offer = world.offered()
    assert offer.answer_by - now() <= timedelta(days=25)
    day, left = now().date(), 10
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, {"DK"})
    assert offer.answer_by.date() == day


def test_i_23_other_companies_and_strangers_see_nothing_of_it(world: Any) -> None:
    offer = world.offered()
    for person in (world.rival_seller, world.stranger):
        assert world.page(person, f"/courses/offers/{offer.key}").status_code == 404
        assert world.post(person, f"/courses/offers/{offer.key}/withdraw").status_code == 404
    assert offer.topic not in world.page(world.rival_seller, "/courses/offers").text
    assert offer.topic not in world.page(world.rival_seller, f"/catalogue/{world.row.key}").text
    assert world.page(world.stranger, "/courses/offers").status_code == 404
    assert world.page(world.stranger, url(world)).status_code == 404
    answered = world.post(world.seller, f"/courses/offers/{offer.key}", to="approved")
    assert answered.status_code == 404  # nobody answers for themselves


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minutes": "181"}, "The day has 180 minutes. Write fewer."),
        ({"minutes": "mange"}, "Write a whole number"),
        (
            {"minutes": "170", "names_product": "yes", "product": "Liften"},
            "Leave 15 minutes of the day for limits and alternatives: write at most 165.",
        ),
        ({"names_product": "yes"}, "Write the name of the product."),
        ({"names_product": ""}, "Choose yes or no."),
        ({"teacher": "999999"}, "Choose one from the list."),
        ({"session": "999999"}, "Choose one from the list."),
        ({"sees": "addresses"}, "Choose one"),
        ({"topic": ""}, "Write what it is about."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_comes_back(
    world: Any, changes: dict[str, str], sentence: str
) -> None:
    sent = world.post(world.seller, url(world), **fields(world, **changes))
    assert sent.status_code == 422
    assert sentence in sent.text
    assert "Deltagerne prøver liften." in sent.text
    assert offers(world) == []


def test_comparisons_are_pointed_at_before_they_are_sent(world: Any) -> None:
    typed = fields(world, text="Den er bedre end andre og markedets bedste.")
    sent = world.post(world.seller, url(world), **typed)
    assert sent.status_code == 422
    assert "This compares: “bedre end”, “markedets bedste”." in sent.text
    assert offers(world) == []
    again = world.post(world.seller, url(world), **typed, looked="y")
    assert again.status_code == 303
    (offer,) = offers(world)
    shown = world.page(world.teacher, f"/courses/offers/{offer.key}").text
    assert "This compares: “bedre end”" in shown  # who approves sees the same


@pytest.mark.once
def test_words_that_compare_are_known_in_three_languages(lms_app: Any) -> None:
    def said(text: str, others: tuple[str, ...] = ()) -> list[str]:
        with lms_app.test_request_context("/"):
            g.lms_language = "en"
            found = claim_remarks([text], "Opdigtet Lift ApS", others)
            return [one.sentence for one in found]

    for text in (
        "Vår lyft är säkrare än alla andra.",
        "Ours is faster than the rest.",
        "Den er markedsledende.",
        "Vi slår vores konkurrenter.",
        "The market's best lift.",
    ):
        assert "compar" in said(text)[0], text
    for text in (
        "Liften løfter 200 kg og larmer lidt.",
        "Bedre endnu: prøv selv.",  # "bedre end" is no part of another word
        "Vi fra Opdigtet Lift ApS viser den.",
    ):
        assert said(text) == [], text
    assert "Skalaløft A/S" in said("I modsætning til Skalaløft A/S larmer den ikke.")[1]
    assert "Kranen" in said("Kranen er tung.", ("Kranen",))[0]


def test_i_17_a_missing_declaration_is_said_early_and_the_offer_is_taken(
    world: Any, fair: Any
) -> None:
    assert "has no declaration" not in world.page(world.seller, url(world)).text
    fair.undeclared.add(world.firm.id)
    assert "has no declaration" in world.page(world.seller, url(world)).text
    assert world.post(world.seller, url(world), **fields(world)).status_code == 303
    (offer,) = offers(world)
    for person in (world.seller, world.teacher):
        page = world.page(person, f"/courses/offers/{offer.key}").text
        assert "Before the yes, this has to be in place" in page
        assert "has no declaration" in page


def test_the_same_offer_twice_is_one(world: Any) -> None:
    world.offered()
    with pytest.raises(Refused, match=r"topic\.twice"):
        world.offered(topic="sådan  LØFTER en loftlift")
    world.offered(topic="Noget andet")
    again = world.post(world.seller, url(world), **fields(world))
    assert again.status_code == 422
    assert "You have offered this for that day already." in again.text
    assert len(offers(world)) == 2


def test_what_was_taken_back_may_be_offered_again(world: Any) -> None:
    offer = world.offered()
    sent = world.post(world.engineer, f"/courses/offers/{offer.key}/withdraw")
    assert sent.status_code == 303
    assert world.now(offer.key).state == "withdrawn"
    subject = "A company took its offer back: Sådan løfter en loftlift"
    assert subject in world.letters(world.teacher)
    world.post(world.engineer, f"/courses/offers/{offer.key}/withdraw")
    assert world.now(offer.key).revision == 2  # the second press changed nothing
    with pytest.raises(Refused, match="late"):
        world.do(withdraw_offer, offer, world.actor(world.seller))
    world.offered()


@pytest.mark.parametrize("state", ["planned", "completed", "cancelled", "evaluated"])
def test_a_run_that_is_over_takes_no_offers(world: Any, state: str) -> None:
    with world.app.app_context(), unit_of_work():
        db.session.execute(update(Run).values(state=state))
    with pytest.raises(Refused, match=r"run\.over"):
        world.offered()
    page = world.page(world.seller, url(world))
    if page.status_code == 200:  # one that is not announced is not even seen
        assert "This run takes no offers now" in page.text
        assert world.post(world.seller, url(world), **fields(world)).status_code == 422
    else:
        assert state == "planned"


@pytest.mark.parametrize("day", [{"state": "cancelled"}, {"state": "held"}, {"starts_at": None}])
def test_a_day_that_is_over_or_cancelled_is_not_offered(world: Any, day: dict[str, Any]) -> None:
    first = world.days[0].id
    if "starts_at" in day:
        day = {"starts_at": now() - timedelta(hours=1)}
    world.change_day(**day)
    with pytest.raises(Refused, match=r"session\.gone"):
        world.offered(session_id=first)
    sent = world.post(world.seller, url(world), **fields(world, session=str(first)))
    assert sent.status_code == 422


def test_only_a_colleague_teaches_and_only_for_ones_own_company(world: Any) -> None:
    with pytest.raises(Refused, match=r"teacher\.elsewhere"):
        world.offered(teacher_id=world.rival_seller.id)
    with pytest.raises(PermissionError):
        world.offered(company_id=world.rival.id)
    assert offers(world) == []
