"""The run's team answers: on which terms, what is made of a yes, what is refused and when."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.api import Refused, db, now, stopped_clock, store, unit_of_work
from lms.core.catalogue.models import Run
from lms.core.messages.models import Mail
from lms.files.models import Document
from lms.jobs import drain
from lms.journal.models import JournalEntry
from lms.testing import csrf_of
from lms_courses.services.answering_offers import LIMITS_TOPIC
from lms_courses.services.offers import withdraw_offer


def address(offer: Any) -> str:
    return f"/courses/offers/{offer.key}"


def test_a_yes_makes_slot_team_and_contact_in_one_go(world: Any, fair: Any) -> None:
    offer = world.answer(world.offered())
    assert (offer.state, offer.sees, offer.reason) == ("approved", "number", "Det passer.")
    assert offer.materials_checked_at is not None
    (slot,) = world.slots()
    assert (slot.id, slot.person_id) == (offer.slot_id, world.engineer.id)
    assert (slot.organisation_id, slot.state, slot.sees) == (world.firm.id, "approved", "number")
    assert (slot.topic.da, slot.topic.en) == ("Sådan løfter en loftlift", "")
    assert (world.engineer.id, "company_teacher") in world.team()
    (contact,) = fair.made
    assert (contact.kind, contact.company_id, contact.run_id) == (
        "teach",
        world.firm.id,
        world.row.id,
    )
    assert contact.authority_ids == (world.host.id,)
    assert contact.at == world.days[0].starts_at  # the declaration holds on that day (I-17)
    assert "Sådan løfter en loftlift" in contact.what.da
    for person in (world.seller, world.engineer):
        assert "Yes, you teach: Sådan løfter en loftlift" in world.letters(person)
    desk = f'href="/teach/{world.row.key}/mine"'
    for person, teaches in ((world.seller, False), (world.engineer, True)):
        page = world.page(person, address(offer)).text
        assert "What was agreed" in page
        assert (desk in page) == teaches  # what was agreed of the class is for who teaches


def test_ct3_3_a_product_is_followed_by_limits_and_alternatives(world: Any) -> None:
    offer = world.offered(product="Liften")
    page = world.page(world.teacher, address(offer)).text
    assert "Minutes on limits and alternatives" in page
    assert "Tove Teori" in page
    assert re.search(r'value="nothing"[^>]*checked|checked[^>]*value="nothing"', page)
    with pytest.raises(Refused, match="limits_minutes"):
        world.answer(offer)
    short = {"limits_minutes": 14, "limits_teacher_id": world.teacher.id}
    with pytest.raises(Refused, match="limits_minutes"):
        world.answer(offer, **short)
    for who in (None, world.engineer.id, world.stranger.id):
        with pytest.raises(Refused, match="limits_teacher"):
            world.answer(offer, limits_minutes=20, limits_teacher_id=who)
    assert world.slots() == []
    offer = world.answer(offer, limits_minutes=20, limits_teacher_id=world.teacher.id)
    taught, limits = world.slots()
    assert (taught.id, limits.id) == (offer.slot_id, offer.limits_slot_id)
    assert (limits.topic, limits.minutes) == (LIMITS_TOPIC, 20)
    assert (limits.person_id, limits.organisation_id) == (world.teacher.id, world.host.id)
    assert (limits.product, limits.state) == ("", "approved")


def test_an_answer_by_form_says_what_is_missing_and_keeps_what_was_typed(world: Any) -> None:
    offer = world.offered(product="Liften")
    fields = {"revision": "1", "to": "approved", "reason": "Godt emne.", "sees": "functions"}
    sent = world.post(world.teacher, address(offer), **fields, limits_minutes="", limits_teacher="")
    assert sent.status_code == 422
    assert "Godt emne." in sent.text
    fields |= {"limits_minutes": "15", "limits_teacher": str(world.teacher.id)}
    sent = world.post(world.teacher, address(offer), **fields)
    assert "Look through the materials and the text for comparisons" in sent.text
    more = world.post(world.teacher, address(offer), **fields | {"sees": "names"}, checked="y")
    assert more.status_code == 422  # never more than was asked for
    assert world.slots() == []
    assert world.post(world.teacher, address(offer), **fields, checked="y").status_code == 303
    assert len(world.slots()) == 2
    client = world.client(world.lead)
    late = client.post(
        address(offer), data={"csrf_token": csrf_of(client), **fields}, follow_redirects=True
    )
    assert "answered or taken back meanwhile" in late.text
    assert len(world.slots()) == 2


def test_what_may_be_seen_is_never_more_than_was_asked_for(world: Any) -> None:
    with pytest.raises(Refused, match=r"sees\.more"):
        world.answer(world.offered(sees="nothing"), sees="number")


def test_a_no_has_a_reason_and_makes_nothing(world: Any, fair: Any) -> None:
    offer = world.offered()
    with pytest.raises(Refused, match="reason"):
        world.answer(offer, "refused", reason=" ")
    refused = world.answer(offer, "refused", reason="Emnet er taget.", checked=False)
    assert (refused.state, refused.materials_checked_at) == ("refused", None)
    assert (world.slots(), fair.made) == ([], [])
    assert "Not this time: Sådan løfter en loftlift" in world.letters(world.seller)
    assert "Emnet er taget." in world.page(world.seller, address(offer)).text
    with pytest.raises(Refused, match="late"):
        world.answer(offer)


def test_i_17_a_declaration_that_lapsed_since_refuses_and_nothing_is_done(
    world: Any, fair: Any
) -> None:
    offer = world.offered()
    fair.undeclared.add(world.firm.id)
    fields = {"revision": "1", "to": "approved", "reason": "Godt.", "sees": "number"}
    sent = world.post(world.teacher, address(offer), **fields, checked="y")
    assert sent.status_code == 422
    assert "The company has no declaration." in sent.text
    assert "Godt." in sent.text
    assert (world.now(offer.key).state, world.slots(), fair.made) == ("offered", [], [])
    assert (world.engineer.id, "company_teacher") not in world.team()


def test_two_offers_share_the_minutes_of_a_day(world: Any) -> None:
    first, second = world.offered(minutes=100), world.offered(minutes=100, topic="Andet")
    world.answer(first)
    with pytest.raises(Refused, match="no_room"):
        world.answer(second)
    page = world.page(world.teacher, address(second)).text
    assert "The day has 80 minutes that nobody has taken." in page


def test_a_page_that_is_too_old_answers_nothing(world: Any) -> None:
    from dataclasses import replace

    offer = world.offered()
    with pytest.raises(Refused, match="meanwhile"):
        world.answer(replace(offer, revision=0))


@pytest.mark.parametrize(
    ("day", "company", "team"),
    [
        ({"state": "cancelled"}, "The day is cancelled.", "session_gone"),
        ({"state": "moved"}, "The day was moved.", ""),
        ({"starts_at": now() - timedelta(hours=1)}, "The day has been.", "session_gone"),
    ],
)
def test_a_day_that_changes_is_told(
    world: Any, day: dict[str, Any], company: str, team: str
) -> None:
    offer = world.offered()
    world.change_day(**day)
    for person in (world.seller, world.teacher):
        assert company in world.page(person, address(offer)).text
    if team:
        with pytest.raises(Refused, match=team):
            world.answer(offer)
        world.answer(offer, "refused")
    else:
        world.answer(offer)


def test_a_teacher_who_left_the_company_is_not_approved_and_sees_nothing_more(
    world: Any,
) -> None:
    offer = world.offered()
    kept = world.answer(world.offered(topic="Andet"))
    desk = f"/teach/{world.row.key}/mine"
    assert "Andet" in world.page(world.engineer, desk).text
    world.leaves(world.engineer)
    with pytest.raises(Refused, match="teacher_left"):
        world.answer(offer)
    said = "Whoever was to teach does not work for the company any more."
    assert said in world.page(world.teacher, address(offer)).text
    assert said in world.page(world.seller, address(kept)).text
    assert "Andet" not in world.page(world.engineer, desk).text
    assert world.page(world.engineer, address(kept)).status_code == 404


def test_a_run_that_ended_meanwhile_takes_nobody_in(world: Any) -> None:
    offer = world.offered()
    with world.app.app_context(), unit_of_work():
        db.session.execute(update(Run).values(state="cancelled"))
    with pytest.raises(Refused, match=r"run\.over"):
        world.answer(offer)


def test_what_was_agreed_may_be_taken_back_until_it_begins(world: Any) -> None:
    offer = world.offered(product="Liften")
    offer = world.answer(offer, limits_minutes=15, limits_teacher_id=world.teacher.id)
    assert world.post(world.seller, f"{address(offer)}/withdraw").status_code == 303
    assert world.now(offer.key).state == "withdrawn"
    assert [slot.state for slot in world.slots()] == ["withdrawn", "withdrawn"]
    held = world.answer(world.offered(topic="Andet"))
    world.change_day(starts_at=now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="taught"):
        world.do(withdraw_offer, held, world.actor(world.seller))
    assert world.slots()[-1].state == "approved"


def test_who_works_for_a_company_answers_nothing_even_on_the_team(world: Any) -> None:
    turncoat = world.person("Ole Over", world.rival)
    world.make.team_member(run=world.row, person=turncoat)
    offer = world.offered()
    assert world.page(turncoat, address(offer)).status_code == 404
    assert world.post(turncoat, address(offer), to="approved").status_code == 404


def test_materials_go_to_the_slot_and_the_company_teacher_reads_their_own(world: Any) -> None:
    offer = world.offered()

    def put() -> None:
        store(
            b"Sider.",
            media_type="text/plain",
            file_name="sider.txt",
            title="Sider om liften",
            language="da",
            subject=("courses_slot_offer", offer.id),
            actor=world.actor(world.seller),
            visibility="internal",
        )

    world.do(put)
    with world.app.app_context():
        key = db.session.scalar(select(Document.key))
    file = f"/files/{key}"
    assert world.client(world.teacher).get(file).status_code == 200
    assert world.client(world.rival_seller).get(file).status_code == 404
    approved = world.answer(offer)
    assert world.fair.made[0].documents == (
        key,
    )  # everything shared stands in the information pack
    for person in (world.engineer, world.seller, world.teacher, world.lead):
        assert world.client(person).get(file).status_code == 200, person.name
    for person in (world.rival_seller, world.stranger):
        assert world.client(person).get(file).status_code == 404, person.name
    assert "Sider om liften" in world.page(world.engineer, f"/teach/{world.row.key}/mine").text
    assert "Sider om liften" in world.page(world.teacher, address(approved)).text


def test_every_look_at_the_class_is_written_down_once_a_day(world: Any) -> None:
    learner = world.person("Lis Lærende", world.host)
    world.make.enrolment(run=world.row, person=learner, state="active")
    world.answer(world.offered())
    desk = f"/teach/{world.row.key}/mine"
    for _time in range(2):
        page = world.page(world.engineer, desk).text
        assert "Lis Lærende" not in page
        assert "That you have seen this is written down." in page
    looks = select(JournalEntry).where(JournalEntry.verb == "learning.class_seen")
    with world.app.app_context():
        (look,) = db.session.scalars(looks)
        assert (look.actor_id, look.subject_id) == (world.engineer.id, world.row.id)
        assert look.data == {"level": "number", "number": 1}
    with stopped_clock(now() + timedelta(days=1)):
        world.page(world.engineer, desk)
    with world.app.app_context():
        assert len(db.session.scalars(looks).all()) == 2


def test_offers_wait_among_the_things_to_do_and_on_the_page_of_the_run(world: Any) -> None:
    offer = world.offered()
    for person in (world.teacher, world.lead):
        assert address(offer) in world.page(person, "/me").text, person.name
        assert address(offer) in world.page(person, f"/courses/runs/{world.row.key}/offers").text
    for person in (world.stranger, world.seller):
        answered = world.page(person, f"/courses/runs/{world.row.key}/offers")
        assert answered.status_code == 404
    assert "/offers" in world.page(world.lead, f"/catalogue/{world.row.key}").text
    for person in (world.stranger, world.seller):
        assert address(offer) not in world.page(person, "/me").text
    assert "/offer" in world.page(world.seller, f"/catalogue/{world.row.key}").text
    world.answer(offer)
    assert address(offer) not in world.page(world.teacher, "/me").text


def test_who_answers_is_reminded_before_and_after_the_last_day(world: Any) -> None:
    offer = world.offered()

    def subjects() -> list[str]:
        with world.app.app_context():
            drain()
            rows = db.session.scalars(
                select(Mail.values).where(Mail.person_id == world.teacher.id).order_by(Mail.id)
            )
            return [row["subject"]["en"] for row in rows if "subject" in row]

    begin = len(subjects())
    soon = "Three working days left to answer: Sådan løfter en loftlift"
    with stopped_clock(offer.answer_by - timedelta(days=1)):
        assert subjects()[begin:].count(soon) == 1
    with stopped_clock(offer.answer_by + timedelta(days=2)):
        found = subjects()
        assert found.count(soon) == 1
        assert found.count("A company still waits for your answer: Sådan løfter en loftlift") == 1
        assert "The answer is late" in world.page(world.seller, address(offer)).text
    quick = world.offered(topic="Andet")
    world.answer(quick)
    with stopped_clock(quick.answer_by + timedelta(days=2)):
        assert not any("left to answer: Andet" in one for one in subjects())


def test_the_meter_of_minutes_tells_companies_citizens_and_others(world: Any) -> None:
    from lms.api import add_teaching_slot

    citizens = world.make.organisation(name="Opdigtet Ældreråd", kind="association")
    world.answer(
        world.offered(product="Liften"), limits_minutes=15, limits_teacher_id=world.teacher.id
    )
    world.do(
        add_teaching_slot,
        world.days[0].id,
        world.actor(world.lead),
        topic=LIMITS_TOPIC,
        minutes=30,
        state="approved",
        organisation_id=citizens.id,
    )
    page = world.page(world.lead, f"/catalogue/{world.row.key}").text
    assert "Of 90 minutes, companies teach 45, citizens 30 and others 15." in page
    assert page.count('class="f-rav"') == 2


def test_i_17_without_a_declaration_fair_play_lets_nobody_teach(
    lms_app_factory: Any, world_in: Any
) -> None:
    world = world_in(lms_app_factory(plugins=["courses", "fairplay"]))
    offer = world.offered()
    assert "has no declaration of neutrality" in world.page(world.seller, address(offer)).text
    with pytest.raises(Refused, match="declaration"):
        world.answer(offer)
    assert (world.now(offer.key).state, world.slots()) == ("offered", [])
