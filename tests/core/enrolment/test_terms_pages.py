"""Seats and ways in: every form of a run's terms, what it refuses, and who may see it."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time

import pytest

from lms.core.enrolment import presenting_terms as words
from lms.core.enrolment.models import EntryRule, Invitation, Reservation
from lms.core.enrolment.queries import invitation_by_token, terms_of
from lms.core.enrolment.services import lot
from lms.db import db


@pytest.fixture
def host(make_organisation):
    return make_organisation(name="Eksempelby Kommune")


@pytest.fixture
def run(make_run, host):
    return make_run(capacity=6, hosts=[host])


@pytest.fixture
def lead(make_person, make_access_role, host):
    person = make_person(name="Forløbsansvarlig", language="en")
    make_access_role(person=person, role="programme_lead", organisation=host)
    return person


@pytest.fixture
def browser(client, sign_in, lead):
    return sign_in(client, lead)


@pytest.fixture
def terms(lms_app, run):
    """`terms()`: the run's terms as they are now."""

    def read():
        with lms_app.app_context():
            return terms_of([run.id])[run.id]

    return read


@pytest.fixture
def row(lms_app):
    """`row(Model)`: the one row there is, or None."""

    def read(model):
        with lms_app.app_context():
            return db.session.query(model).one_or_none()

    return read


def page(run, path=""):
    return f"/catalogue/{run.key}/seats{path}"


WAYS = {"ways": ["open"], "first": "", "second": "", "third": "", "approval": "in_order"}
WAITING = {"waiting_rule": "first_come", "offer_hours": "72", "after_no": "leave"}
NUMBERS = {
    "capacity": "6",
    "minimum": "0",
    "decide_by": "",
    "per_employer": "",
    "withdraw_until": "",
}
QUESTION = {"kind": "text", "label_da": "Hvad spiser du?"}
FORMS = {
    "/ways": WAYS,
    "/waiting": WAITING,
    "/numbers": NUMBERS,
    "/questions/new": QUESTION,
    "/rules": {"unit": "", "function": "", "role": "teacher"},
    "/links": {"label": "Personalemøde", "days": "30"},
}


# --- the page -----------------------------------------------------------------------------------


def test_the_page_says_what_holds_and_leads_to_every_form(browser, run):
    text = browser.get(page(run)).text
    for path in ("/ways", "/waiting", "/numbers", "/questions/new", "/links", "/kept/new", "/days"):
        assert page(run, path) in text
    assert "Everybody; through their manager" in text
    assert "First come, first served" in text


@pytest.mark.parametrize("path", ["", *FORMS, "/kept/new", "/days", "/too-few/anyway"])
def test_whoever_leads_another_run_gets_404(
    client, sign_in, make_person, make_access_role, run, path
):
    neighbour = make_person()
    make_access_role(person=neighbour, role="programme_lead")
    assert sign_in(client, neighbour).get(page(run, path)).status_code in (200, 303)
    stranger = make_person()
    assert sign_in(client, stranger).get(page(run, path)).status_code == 404


def test_the_lead_of_a_neighbour_changes_nothing(
    client, sign_in, submit, make_person, make_access_role, make_organisation, run, terms
):
    neighbour = make_person()
    make_access_role(person=neighbour, role="programme_lead", organisation=make_organisation())
    before = terms()
    for path, fields in FORMS.items():
        assert submit(sign_in(client, neighbour), page(run, path), **fields).status_code == 404
    assert terms() == before


def test_who_leads_by_the_team_may(client, sign_in, make_person, make_team_member, run):
    person = make_person()
    make_team_member(run=run, person=person, role="programme_lead")
    browser = sign_in(client, person)
    assert browser.get(page(run)).status_code == 200
    assert page(run) in browser.get(f"/catalogue/{run.key}").text


def test_a_teacher_of_the_run_may_not(client, sign_in, make_person, make_team_member, run):
    person = make_person()
    make_team_member(run=run, person=person)
    assert sign_in(client, person).get(page(run)).status_code == 404


def test_a_run_that_is_over_is_read_and_not_changed(browser, submit, make_run, host):
    over = make_run(hosts=[host], state="completed")
    assert "Change<" not in browser.get(page(over)).text
    for path, fields in FORMS.items():
        assert submit(browser, page(over, path), **fields).status_code == 404


# --- ways in ------------------------------------------------------------------------------------


def test_ways_and_who_says_yes(browser, submit, run, terms):
    response = submit(
        browser,
        page(run, "/ways"),
        **WAYS
        | {
            "ways": ["nomination", "key"],
            "entry_key": "Æblekage",
            "first": "cost_centre",
            "third": "line_manager",
            "approval": "any",
        },
    )
    assert response.status_code == 303
    assert terms().ways == ("key", "nomination")
    assert terms().entry_key == "Æblekage"
    assert terms().approvers == ("cost_centre", "line_manager")
    assert terms().approval == "any"
    assert "Who answers for the money, or the line manager" in browser.get(page(run)).text


def test_nobody_need_say_yes(browser, submit, run, terms):
    submit(browser, page(run, "/ways"), **WAYS)
    assert terms().approvers == ()


WHAT_IS_WRONG_ABOUT_WAYS_IS_SAID = [
    ({"ways": []}, "Choose at least one way in."),
    ({"ways": ["window"]}, "Choose one from the list."),
    ({"ways": ["key"]}, "Write the key that people shall use."),
    ({"entry_key": "x" * 61}, "Write at most 60 characters."),
    ({"first": "line_manager", "second": "line_manager"}, "This one says yes already."),
    ({"first": "line_manager", "third": "line_manager"}, "This one says yes already."),
    ({"first": "the king"}, "Choose one from the list."),
    ({"approval": "majority"}, "Choose one from the list."),
]


def test_what_is_wrong_about_ways_is_said(browser, submit, run, terms):
    before = terms()
    for changed, sentence in WHAT_IS_WRONG_ABOUT_WAYS_IS_SAID:
        response = submit(browser, page(run, "/ways"), **WAYS | changed)
        assert response.status_code == 422
        assert sentence in response.text
        assert terms() == before


# --- when it is full ----------------------------------------------------------------------------


def test_lots_get_a_day_where_the_run_is(browser, submit, run, terms):
    response = submit(
        browser,
        page(run, "/waiting"),
        **WAITING
        | {
            "waiting_rule": "lottery",
            "draw_day": "2099-07-01",
            "draw_clock": "12.30",
            "offer_hours": "24",
            "after_no": "return",
            "in_pairs": "y",
        },
    )
    assert response.status_code == 303
    found = terms()
    assert found.draw_at == datetime(2099, 7, 1, 10, 30, tzinfo=UTC)
    assert (found.waiting_rule, found.offer_hours) == ("lottery", 24)
    assert (found.after_no, found.in_pairs) == ("return", True)
    assert found.draw_digest
    shown = browser.get(f"/catalogue/{run.key}").text
    assert found.draw_digest in shown
    assert "Lots are drawn Wednesday 1 July 2099 at 12:30" in shown


WHAT_IS_WRONG_ABOUT_WAITING_IS_SAID_AND_STAYS = [
    ({"waiting_rule": "the tallest"}, "Choose one from the list."),
    ({"offer_hours": "0"}, "Write a whole number from 1 to 1440."),
    ({"offer_hours": "9" * 400}, "Write a whole number from 1 to 1440."),
    ({"offer_hours": "three"}, "Write a whole number from 1 to 1440."),
    ({"draw_day": "2099-07-01"}, "Write the time of the draw too."),
    ({"draw_clock": "12:30"}, "Write the day of the draw too."),
    ({"draw_day": "2099-07-01", "draw_clock": "noon"}, "Write the time as hours and minutes"),
    ({"draw_day": "1 July", "draw_clock": "12:30"}, "Write the day as year, month and day"),
    ({"draw_day": "2020-07-01", "draw_clock": "12:30"}, "That time has been."),
    ({"after_no": "sulk"}, "Choose one from the list."),
]


def test_what_is_wrong_about_waiting_is_said_and_stays(browser, submit, run, terms):
    before = terms()
    for changed, sentence in WHAT_IS_WRONG_ABOUT_WAITING_IS_SAID_AND_STAYS:
        response = submit(browser, page(run, "/waiting"), **WAITING | changed)
        assert response.status_code == 422
        assert sentence in response.text
        if "draw_clock" in changed:
            assert changed["draw_clock"] in response.text
        assert terms() == before


def test_a_time_that_does_not_exist_is_refused_and_one_that_comes_twice_is_told(
    browser, submit, run, terms
):
    lots = WAITING | {"waiting_rule": "lottery"}
    spring = lots | {"draw_day": "2099-03-29", "draw_clock": "02:30"}
    response = submit(browser, page(run, "/waiting"), **spring)
    assert response.status_code == 422
    assert "There is no 02:30 that night" in response.text
    autumn = lots | {"draw_day": "2099-10-25", "draw_clock": "02:30"}
    assert submit(browser, page(run, "/waiting"), **autumn).status_code == 303
    assert "The clocks show 02:30 twice that night." in browser.get(page(run)).text
    assert terms().draw_at == datetime(2099, 10, 25, 0, 30, tzinfo=UTC)


def test_the_rule_stays_while_people_wait(browser, submit, make_enrolment, run, terms):
    make_enrolment(run=run, state="waitlisted")
    text = browser.get(page(run, "/waiting")).text
    assert "People wait by this rule already" in text
    assert 'name="waiting_rule"' not in text
    assert (
        submit(browser, page(run, "/waiting"), **WAITING | {"waiting_rule": "shares"}).status_code
        == 422
    )
    without = {name: value for name, value in WAITING.items() if name != "waiting_rule"}
    assert (
        submit(browser, page(run, "/waiting"), **without | {"offer_hours": "5"}).status_code == 303
    )
    assert (terms().waiting_rule, terms().offer_hours) == ("first_come", 5)


# --- how many -----------------------------------------------------------------------------------


def test_numbers(browser, submit, run, terms, maker):
    response = submit(
        browser,
        page(run, "/numbers"),
        capacity="8",
        minimum="4",
        decide_by="2099-03-01",
        per_employer="2",
        withdraw_until="2099-07-02",
    )
    assert response.status_code == 303
    found = terms()
    assert maker.reload(run).capacity == 8
    assert (found.minimum, found.per_employer) == (4, 2)
    assert found.decide_by == datetime(2099, 3, 1, 22, 59, tzinfo=UTC)
    assert found.withdraw_until == datetime(2099, 7, 2, 21, 59, tzinfo=UTC)
    assert submit(browser, page(run, "/numbers"), **NUMBERS).status_code == 303
    assert (terms().minimum, terms().per_employer, terms().decide_by) == (0, None, None)


WHAT_IS_WRONG_ABOUT_NUMBERS_IS_SAID = [
    ({"capacity": ""}, "Write a whole number from 1 to 100000."),
    ({"capacity": "-3"}, "Write a whole number from 1 to 100000."),
    ({"capacity": "١٢"}, "Write a whole number from 1 to 100000."),
    ({"capacity": "1"}, "2 seats are taken or kept. Write at least that number."),
    ({"minimum": "7"}, "This is more than there are seats. Write fewer."),
    ({"per_employer": "0"}, "Write a whole number from 1 to 100000."),
    ({"decide_by": "2099-02-30"}, "Write the day as year, month and day"),
]


def test_what_is_wrong_about_numbers_is_said(browser, submit, make_enrolment, run, maker, terms):
    for _ in range(2):
        make_enrolment(run=run)
    before = terms()
    for changed, sentence in WHAT_IS_WRONG_ABOUT_NUMBERS_IS_SAID:
        response = submit(browser, page(run, "/numbers"), **NUMBERS | changed)
        assert response.status_code == 422
        assert sentence in response.text
        assert maker.reload(run).capacity == 6
        assert terms() == before


def test_more_seats_are_offered_to_those_who_wait(
    browser, submit, make_run, host, make_enrolment, maker
):
    full = make_run(capacity=1, hosts=[host])
    make_enrolment(run=full)
    waiting = make_enrolment(run=full, state="waitlisted")
    submit(browser, page(full, "/numbers"), **NUMBERS | {"capacity": "2"})
    assert maker.reload(waiting).state == "offered"


# --- questions and rules ------------------------------------------------------------------------


def test_a_question_is_added_changed_and_removed(browser, submit, run, terms):
    choice = {"kind": "choice", "label_da": "Menu?", "label_en": "Menu?", "required": "y"}
    choice |= {"choices_da": "Kød\n\nIntet kød", "choices_en": "Meat\nNo meat"}
    assert submit(browser, page(run, "/questions/new"), **choice).status_code == 303
    (question,) = terms().questions
    assert question.required
    assert [(key, text.da, text.en) for key, text in question.choices] == [
        ("1", "Kød", "Meat"),
        ("2", "Intet kød", "No meat"),
    ]
    address = page(run, f"/questions/{question.key}")
    assert "Intet kød" in browser.get(address).text
    fewer = choice | {"choices_da": "Fisk\nIntet kød", "choices_en": "Fish\nNo meat"}
    assert submit(browser, address, **fewer).status_code == 303
    (changed,) = terms().questions
    assert changed.key == question.key
    assert [key for key, _text in changed.choices] == ["3", "2"]
    assert submit(browser, address + "/remove").status_code == 303
    assert terms().questions == ()
    assert browser.get(address).status_code == 404


WHAT_IS_WRONG_ABOUT_A_QUESTION_IS_SAID = [
    ({"label_da": ""}, "Write the question in at least one language."),
    ({"kind": "essay"}, "Choose one from the list."),
    ({"kind": "choice"}, "Write at least two answers, one on each line."),
    ({"kind": "choice", "choices_da": "a\nb", "choices_sv": "a"}, "as many answers in each"),
    ({"kind": "choice", "choices_da": "x\n" * 21}, "Write at most 20 answers."),
    ({"label_da": "x" * 201}, "Write at most 200 characters."),
]


def test_what_is_wrong_about_a_question_is_said(browser, submit, run, terms):
    for changed, sentence in WHAT_IS_WRONG_ABOUT_A_QUESTION_IS_SAID:
        response = submit(browser, page(run, "/questions/new"), **QUESTION | changed)
        assert response.status_code == 422
        assert sentence in response.text
        assert terms().questions == ()


def test_ten_questions_are_enough(browser, submit, run, terms):
    for number in range(10):
        submit(browser, page(run, "/questions/new"), **QUESTION | {"label_da": f"Nummer {number}"})
    response = submit(browser, page(run, "/questions/new"), **QUESTION)
    assert response.status_code == 422
    assert "ten questions at most" in response.text
    assert [question.label.da for question in terms().questions][9] == "Nummer 9"
    middle = terms().questions[4]
    submit(browser, page(run, f"/questions/{middle.key}"), **QUESTION)
    assert terms().questions[4].label.da == "Hvad spiser du?"


def test_a_rule_for_an_organisation_found_by_name(
    browser, submit, make_organisation, make_unit, run, row, lms_app
):
    region = make_organisation(name="Region Eksempel")
    unit = make_unit(organisation=region, name="Afdeling Syd")
    found = browser.get(page(run, "/rules?q=eksempel region")).text
    address = page(run, f"/rules?organisation={region.key}")
    assert f"organisation={region.key}" in found
    assert "Afdeling Syd" in browser.get(address).text
    fields = {"unit": str(unit.id), "function": "", "role": ""}
    assert submit(browser, address, **fields).status_code == 303
    rule = row(EntryRule)
    assert (rule.organisation_id, rule.unit_id, rule.function_id) == (region.id, unit.id, None)
    submit(browser, address, **fields)  # once more makes no second one
    assert row(EntryRule) is not None
    assert "Region Eksempel, Afdeling Syd" in browser.get(page(run, "/rules")).text
    assert submit(browser, page(run, f"/rules/{row(EntryRule).id}/remove")).status_code == 303
    assert row(EntryRule) is None


def test_a_rule_says_something_and_stays_within_its_organisation(
    browser, submit, make_organisation, make_unit, run, row
):
    empty = {"unit": "", "function": "", "role": ""}
    response = submit(browser, page(run, "/rules"), **empty)
    assert response.status_code == 422
    assert "Choose an organisation, a function or an access role." in response.text
    other = make_unit()
    address = page(run, f"/rules?organisation={make_organisation().key}")
    assert submit(browser, address, **empty | {"unit": str(other.id)}).status_code == 422
    assert row(EntryRule) is None
    assert "No organisation is called that" in browser.get(page(run, "/rules?q=qqqq")).text
    assert browser.get(page(run, "/rules?organisation=nobody")).status_code == 404


# --- seats kept ---------------------------------------------------------------------------------


def test_seats_are_kept_changed_and_let_go(browser, submit, make_organisation, run, row, maker):
    region = make_organisation(name="Region Eksempel")
    assert region.key in browser.get(page(run, "/kept/new?q=region")).text
    address = page(run, f"/kept/new?organisation={region.key}")
    assert submit(browser, address, seats="3", release_day="2099-01-01").status_code == 303
    kept = row(Reservation)
    assert (kept.seats, maker.reload(run).held) == (3, 3)
    assert kept.release_at == datetime(2099, 1, 1, 22, 59, tzinfo=UTC)
    assert browser.get(address).location.endswith(page(run, f"/kept/{kept.key}"))
    assert submit(browser, page(run, f"/kept/{kept.key}"), seats="2").status_code == 303
    assert maker.reload(run).held == 2
    text = browser.get(f"/catalogue/{run.key}").text
    assert "2 seats are kept for certain workplaces" in text
    assert submit(browser, page(run, f"/kept/{kept.key}/release")).status_code == 303
    assert maker.reload(run).held == 0
    shown = browser.get(page(run)).text
    assert "2 seats are free for anybody now." in shown
    assert "Let go " in shown


def test_nobody_outside_reads_for_whom_seats_are_kept(
    client, browser, submit, make_organisation, run
):
    region = make_organisation(name="Hemmelig Region")
    submit(browser, page(run, f"/kept/new?organisation={region.key}"), seats="3")
    guest = client.application.test_client()
    assert "Hemmelig" not in guest.get(f"/catalogue/{run.key}?lang=en").text


WHAT_CANNOT_BE_KEPT_IS_SAID = [
    ({"seats": "7"}, "There are not so many seats free."),
    ({"seats": "0"}, "Write a whole number from 1 to 100000."),
    ({"seats": "2", "release_day": "2020-01-01"}, "That day has been."),
    ({"seats": "2", "release_day": "soon"}, "Write the day as year, month and day"),
]


def test_what_cannot_be_kept_is_said(browser, submit, make_organisation, run, row):
    for fields, sentence in WHAT_CANNOT_BE_KEPT_IS_SAID:
        response = submit(
            browser, page(run, f"/kept/new?organisation={make_organisation().key}"), **fields
        )
        assert response.status_code == 422
        assert sentence in response.text
        assert row(Reservation) is None


def test_a_stale_button_lets_nothing_go(browser, submit, make_organisation, run, row, maker):
    region = make_organisation()
    submit(browser, page(run, f"/kept/new?organisation={region.key}"), seats="3")
    browser.post(page(run, f"/kept/{row(Reservation).key}/release"), data={"csrf_token": "old"})
    assert maker.reload(run).held == 3
    assert "This page was open for a long time." in browser.get(page(run)).text


# --- links --------------------------------------------------------------------------------------


def test_a_link_is_shown_once_and_can_be_stopped(browser, submit, run, row, lms_app):
    response = submit(browser, page(run, "/links"), label="Personalemøde", days="10", uses="5")
    assert response.status_code == 200
    (token,) = re.findall(r'value="http://localhost/join/([\w-]+)"', response.text)
    assert response.headers["Cache-Control"] == "no-store"
    link = row(Invitation)
    assert (link.label, link.uses_left) == ("Personalemøde", 5)
    again = browser.get(page(run, "/links")).text
    assert "Personalemøde" in again
    assert token not in again
    with lms_app.app_context():
        assert invitation_by_token(token).id == link.id
    assert submit(browser, page(run, f"/links/{link.key}/revoke")).status_code == 303
    with lms_app.app_context():
        assert invitation_by_token(token) is None
    assert "Stopped" in browser.get(page(run, "/links")).text


WHAT_IS_WRONG_ABOUT_A_LINK_IS_SAID = [
    ({"label": "", "days": "30"}, "Write who the link is for"),
    ({"label": "x" * 101, "days": "30"}, "Write at most 100 characters."),
    ({"label": "Alle", "days": "366"}, "Write a whole number from 1 to 365."),
    ({"label": "Alle", "days": "30", "uses": "many"}, "Write a whole number from 1 to"),
]


def test_what_is_wrong_about_a_link_is_said(browser, submit, run, row):
    for fields, sentence in WHAT_IS_WRONG_ABOUT_A_LINK_IS_SAID:
        response = submit(browser, page(run, "/links"), **fields)
        assert response.status_code == 422
        assert sentence in response.text
        assert row(Invitation) is None


# --- too few ------------------------------------------------------------------------------------


@pytest.fixture
def short(browser, submit, run):
    submit(browser, page(run, "/numbers"), **NUMBERS | {"minimum": "3"})
    return run


def test_under_its_minimum_there_are_three_choices(browser, short):
    text = browser.get(page(short)).text
    assert "0 people have a seat, and it takes 3" in text
    for choice in ("anyway", "merge", "cancel"):
        assert page(short, f"/too-few/{choice}") in text
        assert browser.get(page(short, f"/too-few/{choice}")).status_code == 200
    assert browser.get(page(short, "/too-few/party")).status_code == 404


def test_it_runs_anyway(browser, submit, short, terms):
    assert submit(browser, page(short, "/too-few/anyway")).status_code == 303
    assert terms().minimum_decision == "run_anyway"
    assert "You decided that it runs anyway." in browser.get(page(short)).text
    assert browser.get(page(short, "/too-few/cancel")).status_code == 303


def test_it_is_cancelled_with_a_reason(browser, submit, short, make_enrolment, maker, terms):
    seat = make_enrolment(run=short)
    address = page(short, "/too-few/cancel")
    assert "1 person who has a seat" in browser.get(address).text
    response = submit(browser, address, reason="")
    assert response.status_code == 422
    assert "Write a reason, so that everybody hears it." in response.text
    assert submit(browser, address, reason="Vi er for få.").status_code == 303
    assert maker.reload(short).state == "cancelled"
    assert maker.reload(seat).state == "cancelled"
    assert terms().minimum_decision == "cancel"


def test_everybody_moves_into_another_run_of_the_course(
    browser, submit, short, make_run, make_version, make_enrolment, maker, host, lms_app
):
    seat = make_enrolment(run=short)
    elsewhere = make_run(hosts=[host])
    neighbours = make_run()
    with lms_app.app_context():
        for other in (elsewhere, neighbours):
            row = db.session.get_one(type(other), other.id)
            row.course_version_id = short.course_version_id
        db.session.commit()
    address = page(short, "/too-few/merge")
    text = browser.get(address).text
    assert elsewhere.key in text
    assert neighbours.key not in text
    wrong = submit(browser, address, into=neighbours.key, reason="For få")
    assert wrong.status_code == 422
    assert submit(browser, address, into=elsewhere.key, reason="For få").status_code == 303
    assert maker.reload(seat).state == "cancelled"
    assert maker.reload(elsewhere).taken == 1
    assert maker.reload(short).state == "cancelled"


def test_without_another_run_nobody_can_be_moved(browser, short):
    text = browser.get(page(short, "/too-few/merge")).text
    assert "There is no other open run of this course" in text


# --- lots ---------------------------------------------------------------------------------------


@pytest.fixture
def people(make_person):
    return [make_person(name=f"Venter {n}", language="en") for n in range(3)]


@pytest.fixture
def lots(browser, submit, run, make_enrolment, people):
    """Their requests, which wait for the draw of the run."""
    submit(browser, page(run, "/waiting"), **WAITING | {"waiting_rule": "lottery"})
    return [make_enrolment(run=run, person=person, state="waitlisted") for person in people]


def test_before_the_draw_the_fingerprint_is_shown_and_the_lead_draws(
    browser, submit, run, lots, terms
):
    address = f"/catalogue/{run.key}/draw"
    text = browser.get(address).text
    assert terms().draw_digest in text
    assert "Draw lots now" in text
    assert submit(browser, address).status_code == 303
    after = terms()
    assert hashlib.sha256(after.draw_seed.encode()).hexdigest() == after.draw_digest
    text = browser.get(address).text
    assert after.draw_seed in text
    ranked = sorted(lots, key=lambda row: lot(after.draw_seed, row.key))
    places = [text.index(str(lot(after.draw_seed, row.key))) for row in ranked]
    assert places == sorted(places)
    assert "Venter 0" in text
    again = submit(browser, address)
    assert again.status_code == 422
    assert terms() == after


def test_whoever_is_in_the_run_checks_their_own_lot_and_sees_no_names(
    client, sign_in, make_person, submit, browser, run, people, lots, terms
):
    submit(browser, f"/catalogue/{run.key}/draw")
    own = lots[1]
    reader = sign_in(client, people[1])
    text = reader.get(f"/catalogue/{run.key}/draw").text
    assert str(lot(terms().draw_seed, own.key)) in text
    assert own.key in text
    for other in (lots[0], lots[2]):
        assert other.key[:4] in text
        assert other.key not in text
    assert "Venter 0" not in text
    assert submit(reader, f"/catalogue/{run.key}/draw").status_code == 404
    assert sign_in(client, make_person()).get(f"/catalogue/{run.key}/draw").status_code == 404


def test_an_empty_draw_is_not_held(browser, submit, run, terms):
    submit(browser, page(run, "/waiting"), **WAITING | {"waiting_rule": "lottery"})
    response = submit(browser, f"/catalogue/{run.key}/draw")
    assert response.status_code == 422
    assert response.text.count("Nobody waits yet, so there is nothing to draw.") == 2
    assert "Draw lots now" not in response.text
    assert terms().drawn_at is None


def test_a_run_without_lots_has_no_draw(browser, run):
    assert browser.get(f"/catalogue/{run.key}/draw").status_code == 404


# --- the days -----------------------------------------------------------------------------------


def day_of(maker, run, path=""):
    session = maker.sessions_of(run)[0]
    return session, page(run, f"/days/{session.key}{path}")


def test_a_session_is_moved(browser, submit, run, maker):
    _session, address = day_of(maker, run)
    assert address in browser.get(page(run, "/days")).text
    response = submit(
        browser, address, day="2099-07-01", begins="09:00", ends="12:30", venue="Salen"
    )
    assert response.status_code == 303
    moved = maker.sessions_of(run)[0]
    assert moved.starts_at == datetime(2099, 7, 1, 7, tzinfo=UTC)
    assert (moved.venue, moved.state) == ("Salen", "moved")


WHAT_IS_WRONG_ABOUT_A_DAY_IS_SAID = [
    ({"day": ""}, "Write the day."),
    ({"begins": "nine"}, "Write the time as hours and minutes"),
    ({"ends": "08:00"}, "Choose a time that is still to come, and that ends after it begins."),
    ({"day": "2020-07-01"}, "Choose a time that is still to come"),
    ({"day": "2099-03-29", "begins": "02:30"}, "There is no 02:30 that night"),
    ({"venue": "x" * 201}, "Write at most 200 characters."),
]


def test_what_is_wrong_about_a_day_is_said(browser, submit, run, maker):
    session, address = day_of(maker, run)
    fields = {"day": "2099-07-01", "begins": "09:00", "ends": "12:30", "venue": "Salen"}
    for changed, sentence in WHAT_IS_WRONG_ABOUT_A_DAY_IS_SAID:
        response = submit(browser, address, **fields | changed)
        assert response.status_code == 422
        assert sentence in response.text
        assert maker.sessions_of(run)[0].starts_at == session.starts_at


def test_a_session_is_cancelled_with_a_reason(browser, submit, run, maker):
    _session, address = day_of(maker, run, "/cancel")
    assert submit(browser, address, reason="").status_code == 422
    assert submit(browser, address, reason="Underviseren er syg").status_code == 303
    assert maker.sessions_of(run)[0].state == "cancelled"
    late = submit(browser, address, reason="Igen")
    assert late.status_code == 422
    assert "cannot be changed any more" in late.text


def test_a_session_of_another_run_is_not_there(browser, run, make_run, maker):
    session = maker.sessions_of(make_run())[0]
    assert browser.get(page(run, f"/days/{session.key}")).status_code == 404


# --- words --------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "clock", "twice"),
    [
        (date(2026, 10, 25), time(2, 30), True),
        (date(2026, 10, 25), time(3, 0), False),
        (date(2026, 10, 25), time(1, 59), False),
        (date(2026, 10, 24), time(2, 30), False),
    ],
)
def test_a_time_comes_twice_on_one_night(day, clock, twice):
    for zone in ("Europe/Copenhagen", "Europe/Stockholm"):
        assert words.comes_twice(day, clock, zone) is twice
