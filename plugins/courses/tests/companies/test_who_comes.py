"""Who comes in with a company that has applied, and what is known of them afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.api import EnrolmentRequest, Refused, enrolments_in_run, now, unit_of_work
from lms.core.users.models import Person
from lms.db import db
from lms.host import current_host
from lms_courses import asking
from lms_courses.models import Application, Call
from lms_courses.services.applications import take_back
from lms_courses.services.deciding import accept_place
from lms_courses.services.forgetting import forget_people


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


def test_who_works_elsewhere_is_not_put_into_a_company(track: Any) -> None:
    """Whoever writes a municipality's mail into an application moves nobody into a company."""
    track.open()
    anna = track.make.person(name="Anna Andetsteds", email="anna@kommune.example")
    track.make.assignment(person=anna, organisation=track.host)
    people = [("Anna", "anna@kommune.example"), ("Ida Ingeniør", "ida@alfa.example")]
    key = track.apply("Alfa ApS", track.numbers[0], people=people)
    alone = track.apply("Beta ApS", track.numbers[1], people=people[:1])
    track.over()
    assert track.answer(key, "confirmed").left_out == ("Anna",)
    assert seats(track) == {"Ida Ingeniør": "seated"}
    with pytest.raises(Refused, match="nobody"):
        track.answer(alone, "confirmed")
    assert track.states()["Beta ApS"] == "sent"


def test_a_known_company_and_its_people_are_the_same(track: Any) -> None:
    track.open()
    company = track.make.organisation(
        name="Alfa A/S", kind="company", registration_number="00100102"
    )
    ida = track.make.person(name="Ida Ingeniør", email="ida@alfaaps.example")
    track.make.assignment(person=ida, organisation=company)
    key = track.apply("Alfa ApS", "DK 00 10 01 02")
    town = track.make.organisation(kind="municipality", registration_number="00100110")
    wrong = track.apply("Beta ApS", "00100110")
    track.over()
    track.answer(key, "confirmed", checked=True)
    assert track.fair.made[0].company_id == company.id
    with track.app.app_context():
        (row,) = enrolments_in_run(track.run.id, limit=9)
        assert (row.enrolment.person_id, row.enrolment.employer_id) == (ida.id, company.id)
    with pytest.raises(Refused, match="no_company"):
        track.answer(wrong, "confirmed", checked=True)
    assert town.id != company.id


def test_a_stranger_gets_into_a_known_company_only_when_somebody_has_asked_it(
    track: Any, sign_in: Any, submit: Any
) -> None:
    """Anybody may write the number of a company, and mail addresses of their own."""
    track.open()
    company = track.make.organisation(
        name="Alfa A/S", kind="company", registration_number="00100102"
    )
    track.make.assignment(person=track.make.person(), organisation=company)
    key = track.apply("Alfa ApS", track.numbers[0], people=[("Sy Snyd", "sy@snyd.example")])
    track.over()
    with pytest.raises(Refused, match="checked"):
        track.answer(key, "waiting")
    client = sign_in(track.app.test_client(), track.lead)
    url = f"{track.desk(key)}?lang=en"
    page = client.get(url).text
    for shown in ("Alfa A/S", "People of it here", "I have checked that these people speak for it"):
        assert shown in page
    answer = submit(client, url, to="confirmed", reason="Passer godt.")
    assert (answer.status_code, seats(track)) == (422, {})
    assert "Ask it yourself whether it has applied" in answer.text
    assert "Passer godt." in answer.text
    answer = submit(client, url, to="confirmed", reason="Passer godt.", checked="y")
    assert (answer.status_code, seats(track)) == (303, {"Sy Snyd": "seated"})


def test_a_place_on_the_list_is_checked_when_it_is_given_out(track: Any) -> None:
    """Who takes an offered place is not asked again, so whoever puts them on the list is."""
    track.open(places=1)
    company = track.make.organisation(kind="company", registration_number="00100110")
    first, second = (
        track.apply(name, number)
        for name, number in zip(("Alfa", "Beta"), track.numbers, strict=False)
    )
    track.over()
    track.answer(first, "confirmed")
    track.answer(second, "waiting", checked=True)
    with track.app.app_context():
        with unit_of_work():
            take_back(first)
        with unit_of_work():
            assert not accept_place(second).refusals
    assert track.fair.made[-1].company_id == company.id


def test_a_name_alone_opens_no_company_that_has_people(track: Any) -> None:
    track.open()
    known = track.make.organisation(
        name="Nord Robot AS", kind="company", country="NO", registration_number=None
    )
    track.make.assignment(person=track.make.person(), organisation=known)
    empty = track.make.organisation(
        name="Syd Robot AS", kind="company", country="NO", registration_number=None
    )
    one, other = (track.apply(name, country="NO") for name in ("Nord Robot AS", "Syd Robot AS"))
    track.over()
    track.answer(one, "confirmed")
    with pytest.raises(Refused, match="checked"):
        track.answer(other, "confirmed")
    track.answer(other, "confirmed", checked=True)
    first, second = (contact.company_id for contact in track.fair.made)
    assert first not in (known.id, empty.id)
    assert second == empty.id


def test_a_seat_is_never_another_employers(track: Any) -> None:
    """Somebody with two workplaces asks for the one they began at last."""
    track.open()
    company = track.make.organisation(kind="company", registration_number="00100102")
    both = track.make.person(name="To Steder", email="to@alfa.example")
    track.make.assignment(person=both, organisation=company)
    track.make.assignment(person=both, organisation=track.host)
    people = [("To Steder", "to@alfa.example"), ("Ida Ingeniør", "ida@alfa.example")]
    key = track.apply("Alfa ApS", track.numbers[0], people=people)
    track.over()
    assert track.answer(key, "confirmed", checked=True).left_out == ("To Steder",)
    with track.app.app_context():
        rows = enrolments_in_run(track.run.id, limit=9)
        assert [row.enrolment.employer_id for row in rows] == [company.id]


def test_how_many_each_may_send_holds_for_nominations_too(track: Any) -> None:
    track.open(people=2)
    company = track.make.organisation(kind="company", registration_number="00100102")
    key = track.apply("Alfa ApS", track.numbers[0])
    track.over()
    track.answer(key, "confirmed", checked=True)
    with track.app.app_context():
        (first,) = (row.enrolment.person_id for row in enrolments_in_run(track.run.id, limit=9))
        asked = [
            EnrolmentRequest(
                person_id=person.id,
                run=track.facts,
                employer_id=company.id,
                goal="",
                source="nomination",
            )
            for person in (track.make.person(), track.make.person())
        ]
        assert [(one.code, one.index) for one in asking.refusals(asked)] == [
            ("company.too_many", 1)
        ]
        # Who has a seat is not counted twice.
        again = replace(asked[1], person_id=first)
        assert asking.refusals([asked[0], again]) == []


def test_the_desk_does_not_know_the_key_of_a_receipt(
    track: Any, three: list[str], sign_in: Any
) -> None:
    """Who has the key of a receipt can take the application back and accept the place."""
    client = sign_in(track.app.test_client(), track.lead)
    pages = client.get(f"/courses/calls/{track.run.key}/decide").text
    pages += client.get(track.desk(three[0])).text
    assert track.desk(three[0]) in pages
    assert not [key for key in three if key in pages]
    assert client.get(f"/courses/calls/{track.run.key}/decide/{three[0]}").status_code == 404


def test_the_contact_is_known_with_the_place_and_forgotten_without_one(track: Any) -> None:
    """Names of companies that came to nothing are blanked a year after the call."""
    track.open(places=1)
    people = [("Kim fra Alfa", "kim@alfa.example")]
    first = track.apply("Alfa", track.numbers[0], people=people)
    second = track.apply("Beta", track.numbers[1])
    third = track.apply("Gamma", track.numbers[2])
    track.over()
    track.answer(first, "confirmed")
    track.answer(second, "refused")
    with track.app.app_context():
        with unit_of_work():
            take_back(third, "Vi flytter.")
        with unit_of_work():
            assert forget_people() == 0
            old = now() - timedelta(days=366)
            db.session.execute(update(Call).values(opens_at=old - timedelta(days=9), closes_at=old))
        with unit_of_work():
            assert (forget_people(), forget_people()) == (2, 0)
        rows = {row.name: row for row in db.session.scalars(select(Application))}
        contact = db.session.scalars(select(Person).where(Person.name == "Kim fra Alfa")).one()
        assert rows["Alfa"].contact_id == contact.id
        assert rows["Alfa"].people[0]["email"] == "kim@alfa.example"
        for name in ("Beta", "Gamma"):
            assert (rows[name].contact_name, rows[name].contact_email) == ("", "")
            assert (rows[name].people, rows[name].contact_id) == ([], None)
        assert rows["Beta"].reason == "Efter kriterierne."


def test_a_copy_of_ones_data_hands_out_no_addresses_of_others(track: Any) -> None:
    with track.app.app_context():
        policies = current_host().data_policies()
    policy = policies["courses_application"].item
    assert (policy.export, policy.retention_months) == (False, 12)
