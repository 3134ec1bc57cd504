"""CT1-3: places are given after the call is over, with a reason, and not without aid (I-24)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from lms.api import Refused, enrolments_in_run, unit_of_work, withdraw
from lms.core.catalogue.models import Run
from lms.core.organisations.models import Organisation
from lms.core.users.models import Person
from lms.db import db
from lms.journal.models import JournalEntry
from lms_courses.models import Application
from lms_courses.services.applications import take_back
from lms_courses.services.deciding import accept_place


def seats(track: Any) -> dict[str, str]:
    """Who is in the run, by name: the state of their seat."""
    with track.app.app_context():
        rows = enrolments_in_run(track.run.id, limit=100)
        return {row.person_name: row.enrolment.state for row in rows}


@pytest.fixture
def three(track: Any) -> list[str]:
    """Three companies have applied for two places, and the call is over."""
    track.open()
    keys = [
        track.apply(name, number)
        for name, number in zip(("Alfa ApS", "Beta ApS", "Gamma ApS"), track.numbers, strict=False)
    ]
    track.over()
    return keys


def test_a_place_makes_the_company_known_invites_its_people_and_seats_them(
    track: Any, three: list[str]
) -> None:
    outcome = track.answer(three[0], "confirmed", "I passer til kriterierne.")
    assert not outcome.refusals
    with track.app.app_context():
        company = db.session.scalars(
            select(Organisation).where(Organisation.registration_number == "00100102")
        ).one()
        assert (company.name, company.kind, company.country) == ("Alfa ApS", "company", "DK")
        person = db.session.scalars(select(Person).where(Person.name == "Ida Ingeniør")).one()
        assert person.state == "invited"
        company_id = company.id
    assert seats(track) == {"Ida Ingeniør": "seated"}
    (contact,) = track.fair.made
    assert (contact.kind, contact.company_id, contact.run_id) == ("place", company_id, track.run.id)
    assert contact.authority_ids == (track.host.id,)
    mails = {mail.to_address: mail for mail in track.post() if mail.person_id is None}
    assert "I passer til kriterierne." in mails["kim@alfaaps.example"].text


def test_ct1_3_no_place_without_an_aid_line(
    track: Any, three: list[str], sign_in: Any, submit: Any
) -> None:
    """The missing item is named, nothing typed is lost, and the company is known from then on, so
    that somebody can write the line."""
    track.fair.without_aid = {"Alfa ApS"}
    client = sign_in(track.app.test_client(), track.lead)
    url = f"{track.desk(three[0])}?lang=en"
    answer = submit(client, url, to="confirmed", reason="Passer godt.")
    assert answer.status_code == 422
    assert "Alfa ApS lacks an aid line." in answer.text
    assert "Passer godt." in answer.text
    assert seats(track) == {}
    assert track.states()["Alfa ApS"] == "sent"
    assert "People of it here" in client.get(url).text
    assert track.fair.made == []
    # The others are not held up by it, and neither is this one when the line is there.
    assert not track.answer(three[1], "confirmed").refusals
    track.fair.without_aid = set()
    assert submit(client, url, to="confirmed", reason="Passer godt.").status_code == 303
    assert track.states()["Alfa ApS"] == "confirmed"


def test_every_answer_has_a_reason_and_a_letter(track: Any, three: list[str]) -> None:
    with pytest.raises(Refused, match="reason"):
        track.answer(three[0], "refused", "   ")
    track.answer(three[0], "confirmed", "Ja, fordi det hører til plejen.")
    track.answer(three[1], "waiting", "I passer, men der er flere.")
    track.answer(three[2], "refused", "Det hører ikke til plejen.")
    with pytest.raises(Refused, match="answered"):
        track.answer(three[2], "confirmed")
    mails = {}
    for mail in track.post():
        if mail.person_id is None:
            mails[mail.to_address] = mail
    assert "Ja, fordi det hører til plejen." in mails["kim@alfaaps.example"].text
    assert "I passer, men der er flere." in mails["kim@betaaps.example"].text
    refused = mails["kim@gammaaps.example"].text
    assert "Det hører ikke til plejen." in refused
    assert "Løsningen hører til plejen." in refused  # the criteria again


def test_no_more_places_than_the_call_has(track: Any, three: list[str]) -> None:
    track.answer(three[0], "confirmed")
    track.answer(three[1], "confirmed")
    with pytest.raises(Refused, match="full"):
        track.answer(three[2], "confirmed")


def test_answers_come_after_the_last_day(track: Any) -> None:
    track.open()
    key = track.apply("Alfa ApS", track.numbers[0])
    with pytest.raises(Refused, match="not_over"):
        track.answer(key, "refused")


def test_a_place_that_is_given_up_is_offered_to_who_waits_first(
    track: Any, three: list[str], submit: Any
) -> None:
    track.answer(three[0], "confirmed")
    track.answer(three[1], "confirmed")
    track.answer(three[2], "waiting", "Der er flere end pladser.")
    client = track.app.test_client()
    url = f"/courses/applications/{three[0]}"
    assert submit(client, f"{url}/take-back", reason="Vi flytter.").status_code == 303
    assert track.states() == {
        "Alfa ApS": "withdrawn",
        "Beta ApS": "confirmed",
        "Gamma ApS": "offered",
    }
    letter = next(m for m in track.post() if m.effect.endswith(":3") and "courses:" in m.effect)
    assert letter.to_address == "kim@gammaaps.example"
    answer = submit(client, f"/courses/applications/{three[2]}/accept")
    assert answer.status_code == 303
    assert track.states()["Gamma ApS"] == "confirmed"
    with track.app.app_context(), unit_of_work(), pytest.raises(Refused, match="answered"):
        accept_place(three[2])
    by_mail = {(m.to_address, m.kind) for m in track.post() if m.person_id is not None}
    assert ("ida@gammaaps.example", "seated") in by_mail


def test_a_place_goes_on_after_the_run_is_closed_for_requests(track: Any) -> None:
    track.open(places=1)
    first, second = (
        track.apply(name, number)
        for name, number in zip(("Alfa", "Beta"), track.numbers, strict=False)
    )
    track.over()
    track.answer(first, "confirmed")
    track.answer(second, "waiting")
    with track.app.app_context():
        with unit_of_work():
            db.session.execute(update(Run).where(Run.id == track.run.id).values(state="closed"))
        with unit_of_work():
            take_back(first)
        with unit_of_work():
            assert not accept_place(second).refusals
    assert track.states() == {"Alfa": "withdrawn", "Beta": "confirmed"}
    with track.app.app_context():
        rows = enrolments_in_run(track.run.id, limit=9)
        assert sorted(row.enrolment.state for row in rows) == ["seated", "withdrawn"]


def test_an_offer_that_lacks_aid_is_told_to_who_leads_and_kept(
    track: Any, three: list[str], submit: Any
) -> None:
    """The company does not read what is missing with the authority, and cannot cure it."""
    track.answer(three[0], "confirmed")
    track.answer(three[1], "confirmed")
    track.answer(three[2], "waiting")
    with track.app.app_context(), unit_of_work():
        take_back(three[0])
    track.fair.without_aid = {"Gamma ApS"}
    client = track.app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    for _ in range(2):
        submit(client, f"/courses/applications/{three[2]}/accept")
    page = client.get(f"/courses/applications/{three[2]}?lang=en").text
    assert "mangler en støttelinje" not in page
    assert "Something is missing with us first" in page
    assert track.states()["Gamma ApS"] == "offered"
    (letter,) = [m for m in track.post() if m.effect.startswith("courses.place_held_up")]
    assert letter.person_id == track.lead.id
    assert "Gamma ApS has said yes." in letter.text


def test_the_company_takes_its_place_itself(track: Any, three: list[str], submit: Any) -> None:
    """The journal names nobody as the doer of what a company did."""
    track.answer(three[0], "confirmed")
    track.answer(three[1], "confirmed")
    track.answer(three[2], "waiting")
    with track.app.app_context():
        with unit_of_work():
            take_back(three[0])
        last = db.session.scalar(select(func.max(JournalEntry.id)))
    submit(track.app.test_client(), f"/courses/applications/{three[2]}/accept")
    with track.app.app_context():
        new = db.session.scalars(select(JournalEntry).where(JournalEntry.id > last)).all()
        assert {entry.actor_id for entry in new} == {None}
        (said,) = [entry for entry in new if entry.verb == "courses.application_decided"]
        assert said.data["on_behalf_of"] == track.lead.id
        row = db.session.scalars(select(Application).where(Application.key == three[2])).one()
        assert row.decided_by_id == track.lead.id
    assert track.states()["Gamma ApS"] == "confirmed"


def test_seats_that_do_not_reach_are_said(track: Any) -> None:
    track.open(people=2)
    people = [("Ida Ingeniør", "ida@alfa.example"), ("Bo Byg", "bo@alfa.example")]
    key = track.apply("Alfa ApS", track.numbers[0], people=people)
    track.over()
    for _ in range(11):
        track.make.enrolment(run=track.run, person=track.make.person(), state="seated")
    with pytest.raises(Refused, match="no_seats"):
        track.answer(key, "confirmed")
    assert track.states() == {"Alfa ApS": "sent"}


def test_somebody_may_leave_and_the_company_keeps_its_place(track: Any, three: list[str]) -> None:
    track.answer(three[0], "confirmed")
    with track.app.app_context():
        (row,) = enrolments_in_run(track.run.id, limit=9)
        with unit_of_work():
            withdraw(row.enrolment.id, track.actor, "Syg")
    assert track.states()["Alfa ApS"] == "confirmed"


def test_a_place_is_given_up_while_there_is_something_to_give_up(
    track: Any, three: list[str]
) -> None:
    """Whoever was there was there, and nobody is offered a place that cannot be taken."""
    track.answer(three[0], "confirmed", "Hører til plejen.")
    track.answer(three[1], "confirmed")
    track.answer(three[2], "waiting")
    with track.app.app_context():
        with unit_of_work():
            db.session.execute(update(Run).where(Run.id == track.run.id).values(state="running"))
        with unit_of_work():
            take_back(three[0], "Vi flytter.")
        row = db.session.scalars(select(Application).where(Application.key == three[0])).one()
        assert (row.reason, row.left_because) == ("Hører til plejen.", "Vi flytter.")
        with unit_of_work():
            db.session.execute(update(Run).where(Run.id == track.run.id).values(state="completed"))
        with unit_of_work(), pytest.raises(Refused, match="over"):
            take_back(three[1])
    assert track.states() == {
        "Alfa ApS": "withdrawn",
        "Beta ApS": "confirmed",
        "Gamma ApS": "waiting",
    }
    page = track.app.test_client().get(f"/courses/applications/{three[1]}?lang=en").text
    assert "Give up the place" not in page
