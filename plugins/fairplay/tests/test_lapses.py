"""A declaration that ends in the middle of a run: who hears of it, once, and what waits (I-17)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lms.api import db
from lms_fairplay.days import said_day, today
from lms_fairplay.lapses import tell_of_lapses
from lms_fairplay.models import Declaration
from lms_fairplay.services.declaring import end_declaration
from lms_fairplay.todo import todo_items

SOON = "The declaration of neutrality of Prøve Lift ApS ends soon"
OVER = "The declaration of neutrality of Prøve Lift ApS has ended"


@pytest.fixture
def seller(field):
    return field.seller()


@pytest.fixture
def lead(field):
    return field.lead()


def keys(field, person):
    with field.app.test_request_context():
        return [item.key for item in todo_items(field.actor(person))]


def declared_until(field, days, company=None):
    return field.declared(company, from_day=today() + timedelta(days=days - 365), days=365)


def test_company_and_lead_hear_30_days_before_and_when_it_has_ended(field, seller, lead, clock):
    rival = field.seller(field.rival, name="Rikke Rival")
    stranger = field.lead(field.south, name="Sven")
    field.meet(field.contact("share"), by=lead)
    declared_until(field, 31)
    assert field.do(tell_of_lapses) == 0
    clock.move(days=1)
    assert field.do(tell_of_lapses) == 2
    assert field.do(tell_of_lapses) == 0
    clock.move(days=30)
    assert field.do(tell_of_lapses) == 0
    clock.move(days=1)
    assert field.do(tell_of_lapses) == 2
    clock.move(days=40)
    assert field.do(tell_of_lapses) == 0
    assert field.letters(seller) == field.letters(lead) == [SOON, OVER]
    assert field.letters(rival) == field.letters(stranger) == []


def test_i_23_a_lead_who_has_gone_to_a_company_hears_nothing_of_it(field, seller, lead):
    gone = field.lead(name="Gorm Gået")
    field.maker.assignment(person=gone, organisation=field.rival)
    field.meet(field.contact("share"))
    declared_until(field, 5)
    field.do(tell_of_lapses)
    assert (field.letters(lead), field.letters(gone)) == ([SOON], [])


def test_who_has_signed_anew_hears_nothing(field, seller):
    field.meet(field.contact("share"))
    declared_until(field, 5)
    declared_until(field, 300)
    assert field.do(tell_of_lapses) == 0
    assert keys(field, seller) == []


def test_a_day_is_said_in_the_language_of_the_letter():
    said = said_day(date(2026, 5, 4))
    assert said.as_dict() == {"da": "4. maj 2026", "sv": "4 maj 2026", "en": "4 May 2026"}


@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_a_run_that_is_over_makes_nobody_write(field, seller, maker, state):
    over = maker.run(hosts=[field.north], state=state)
    field.meet(field.contact("share", run_id=over.id))
    declared_until(field, 5)
    assert field.do(tell_of_lapses) == 0


def test_a_declaration_that_was_ended_earlier_counts_as_ended(field, seller):
    field.meet(field.contact("share"), by=seller)
    word = declared_until(field, 200)

    def end():
        db.session.get_one(Declaration, word.id).ended_on = today() - timedelta(days=1)

    field.do(end)
    assert field.do(tell_of_lapses) == 1
    assert field.letters(seller) == [OVER]


def test_what_was_ended_today_held_to_yesterday(field, seller):
    field.meet(field.contact("share"), by=seller)
    declared_until(field, 200)
    field.do(end_declaration, field.lift.id, "Fortrudt", field.actor(seller))
    assert field.do(tell_of_lapses) == 1
    assert field.letters(seller) == [OVER]


def test_each_company_of_somebody_signs_for_itself(field, seller):
    field.maker.assignment(person=seller, organisation=field.rival)
    field.meet(field.contact("share"), field.contact("share", field.rival))
    declared_until(field, 300)
    assert keys(field, seller) == ["fairplay.sign"]
    declared_until(field, 300, field.rival)
    assert keys(field, seller) == []


def test_the_worker_does_it_by_the_clock(field, seller, lead):
    from lms.jobs import drain, enqueue

    field.meet(field.contact("share"))
    declared_until(field, 5)
    field.do(enqueue, "fairplay.lapses", {})
    with field.app.app_context():
        drain()
    assert field.letters(seller) == field.letters(lead) == [SOON]


def test_what_waits_for_a_company_and_for_its_authority(field, seller, lead):
    teacher = field.person("Tove", field.north, "teacher")
    assert keys(field, seller) == keys(field, lead) == []
    field.meet(field.contact("share"))
    assert keys(field, seller) == ["fairplay.sign"]
    assert keys(field, lead) == []
    declared_until(field, 12)
    assert keys(field, seller) == ["fairplay.sign"]
    assert keys(field, lead) == ["fairplay.lapsing"]
    (line, _other) = field.lines()
    client = field.client(seller)
    address = f"/fairplay/mine/lines/{line.key}/correction"
    assert field.post(client, address, text="Det passer ikke").status_code == 303
    assert keys(field, lead) == ["fairplay.corrections", "fairplay.lapsing"]
    declared_until(field, 100)
    assert keys(field, seller) == []
    assert keys(field, lead) == ["fairplay.corrections"]
    assert keys(field, teacher) == []


def test_what_waits_is_asked_in_one_question(field, seller, lead, count_queries):
    field.meet(field.contact("share"))
    for person in (seller, lead):
        actor = field.actor(person)
        with field.app.test_request_context(), count_queries() as queries:
            todo_items(actor)
        assert len(queries) == 1
