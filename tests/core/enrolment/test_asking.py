"""Asking for a seat, from the page of a run to the page of the enrolment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contracts import (
    EnrolmentRequest,
    LocalisedText,
    Question,
    Refusal,
    RunFacts,
)
from lms.core.enrolment.models import Enrolment
from lms.core.enrolment.queries import terms_of
from lms.core.enrolment.services import set_terms
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, SPECIMEN_TYPE, Specimen


class Curious(Specimen):
    """Asks three questions, and refuses whoever wants to go to the moon."""

    __slots__ = ()

    @hookimpl
    def lms_enrolment_questions(self, runs: Sequence[RunFacts]) -> Mapping[int, Sequence[Question]]:
        questions = (
            Question(
                key="buddy",
                kind="text",
                label=LocalisedText(en="Who comes with you?", da="Hvem følges du med?"),
            ),
            Question(
                key="shift",
                kind="choice",
                label=LocalisedText(en="When do you work?", da="Hvornår arbejder du?"),
                choices=(
                    ("day", LocalisedText(en="Day", da="Dag")),
                    ("night", LocalisedText(en="Night", da="Nat")),
                ),
                required=True,
            ),
            Question(
                key="car",
                kind="yesno",
                label=LocalisedText(en="Do you have a car?", da="Har du bil?"),
            ),
        )
        return {run.id: questions for run in runs}

    @hookimpl
    def lms_check_enrolments(self, requests: Sequence[EnrolmentRequest]) -> Sequence[Refusal]:
        return [
            Refusal(
                code="moon",
                index=index,
                message=LocalisedText(en="Nobody goes to the moon.", da="Ingen rejser til månen."),
            )
            for index, request in enumerate(requests)
            if "moon" in request.goal
        ]


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Curious())]


@pytest.fixture
def worker(make_person, make_assignment):
    manager = make_person(name="Leder Prøve")
    person = make_person(name="Medarbejder Prøve", language="en")
    make_assignment(person=person, manager=manager)
    person.manager = manager
    return person


@pytest.fixture
def browser(client, sign_in, worker):
    return sign_in(client, worker)


def enrolments(app) -> list[Enrolment]:
    with app.app_context():
        return list(db.session.scalars(db.select(Enrolment).order_by(Enrolment.id)))


GOOD = {"goal": "Finde en bedre vej", f"q-{SPECIMEN}-shift": "day"}


def test_a_guest_is_sent_to_sign_in_and_back(client, make_run):
    run = make_run()
    response = client.get(f"/catalogue/{run.key}/ask")
    assert response.status_code == 303
    assert "/sign-in" in response.location
    assert run.key in response.location


def test_the_form_shows_core_and_plugin_questions(browser, make_run, worker):
    text = browser.get(f"/catalogue/{make_run().key}/ask").text
    for words in ("What would you like to be able to change", "Who comes with you?", "Night"):
        assert words in text
    assert worker.manager.name in text


def test_asking_stores_goal_and_answers_and_waits_for_the_manager(
    browser, submit, make_run, worker, lms_app
):
    run = make_run()
    url = f"/catalogue/{run.key}/ask"
    response = submit(browser, url, **GOOD, **{f"q-{SPECIMEN}-buddy": " En  kollega "})
    assert response.status_code == 303
    (row,) = enrolments(lms_app)
    assert response.location.endswith(f"/enrolments/{row.key}")
    assert (row.state, row.goal, row.manager_id) == (
        "awaiting_approval",
        "Finde en bedre vej",
        worker.manager.id,
    )
    assert row.answers == {f"{SPECIMEN}.shift": "day", f"{SPECIMEN}.buddy": "En kollega"}
    assert row.answer_due is not None
    page = browser.get(response.location).text
    assert "We have asked your manager" in page
    assert "Waits for your manager" in page


def test_what_is_missing_stands_at_its_field_and_what_was_typed_stays(browser, submit, make_run):
    url = f"/catalogue/{make_run().key}/ask"
    response = submit(browser, url, goal="", **{f"q-{SPECIMEN}-buddy": "<Min & kollega>"})
    assert response.status_code == 422
    assert "Two things need fixing" in response.text
    assert "Write in one sentence what you would like" in response.text
    assert "&lt;Min &amp; kollega&gt;" in response.text


def test_a_stale_token_keeps_everything(browser, make_run, lms_app):
    response = browser.post(f"/catalogue/{make_run().key}/ask", data={**GOOD, "csrf_token": "x"})
    assert response.status_code == 422
    assert "Finde en bedre vej" in response.text
    assert not enrolments(lms_app)


def test_a_plugins_refusal_stands_on_the_form(browser, submit, make_run, lms_app):
    url = f"/catalogue/{make_run().key}/ask"
    response = submit(browser, url, **{**GOOD, "goal": "To the moon"})
    assert response.status_code == 422
    assert "Nobody goes to the moon." in response.text
    assert "To the moon" in response.text
    assert not enrolments(lms_app)


def test_identity_numbers_are_refused(browser, submit, make_run, lms_app):
    url = f"/catalogue/{make_run().key}/ask"
    response = submit(browser, url, **{**GOOD, "goal": "Fru Hansen, 010180-1234, falder tit"})
    assert response.status_code == 422
    assert "personal identity number" in response.text
    assert not enrolments(lms_app)


@pytest.mark.parametrize("state", ["announced", "closed", "running", "completed", "cancelled"])
def test_a_run_that_takes_no_requests_says_so(browser, submit, make_run, lms_app, state):
    url = f"/catalogue/{make_run(state=state).key}/ask"
    shown = browser.get(url)
    assert shown.status_code == 200
    assert "takes no requests now" in shown.text
    assert "takes no requests now" in submit(browser, url, **GOOD).text
    assert not enrolments(lms_app)


def test_after_the_last_day_to_ask_nobody_can(browser, submit, make_run, lms_app):
    run = make_run(enrol_until=now() - timedelta(minutes=1))
    assert "takes no requests now" in submit(browser, f"/catalogue/{run.key}/ask", **GOOD).text
    assert not enrolments(lms_app)


def test_asking_twice_leads_to_the_one_enrolment(browser, submit, make_run, lms_app):
    url = f"/catalogue/{make_run().key}/ask"
    first, second = submit(browser, url, **GOOD), submit(browser, url, **GOOD)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert browser.get(url).location == first.location
    assert len(enrolments(lms_app)) == 1


def test_after_a_no_one_may_ask_again(browser, submit, make_run, make_enrolment, worker, lms_app):
    run = make_run()
    make_enrolment(run=run, person=worker, state="declined")
    url = f"/catalogue/{run.key}/ask"
    assert "You have asked here before" in browser.get(url).text
    assert submit(browser, url, **GOOD).status_code == 303
    assert [row.state for row in enrolments(lms_app)] == ["declined", "awaiting_approval"]


def test_a_run_that_is_not_mine_to_see_does_not_exist(browser, make_run):
    run = make_run(state="planned")
    assert browser.get(f"/catalogue/{run.key}/ask").status_code == 404
    assert browser.get("/catalogue/nothing/ask").status_code == 404


class FreeToTake(Specimen):
    """The same course type, where nobody has to be asked."""

    @hookimpl
    def lms_course_types(self):
        import dataclasses

        return (dataclasses.replace(SPECIMEN_TYPE, manager_decides=False),)


def test_without_a_managers_yes_a_seat_is_taken_at_once(lms_app_factory, sign_in, submit):
    from lms.testing.rows import Maker

    app = lms_app_factory(plugins=[(SPECIMEN, FreeToTake())])
    make = Maker(app)
    run = make.run(capacity=1)
    outcomes = []
    for _ in range(2):
        browser = sign_in(app.test_client(), make.person(language="en"))
        response = submit(browser, f"/catalogue/{run.key}/ask", goal="")
        assert response.status_code == 303
        outcomes.append(browser.get(response.location).text)
    assert "You have a seat" in outcomes[0]
    assert "you are on the waiting list" in outcomes[1]
    assert "Number 1 on the waiting list" in outcomes[1]
    assert [row.state for row in enrolments(app)] == ["seated", "waitlisted"]


class WithAPage(Specimen):
    """The same course type, into which one gets by a page of the plugin's own."""

    @hookimpl
    def lms_course_types(self):
        import dataclasses

        return (
            dataclasses.replace(
                SPECIMEN_TYPE,
                ways=("nomination",),
                entry_page="catalogue.run",
                manager_decides=False,
            ),
        )


def test_a_type_with_a_page_of_its_own_asks_there_and_its_lead_gives_seats_late(
    lms_app_factory, sign_in
):
    from lms.api import SYSTEM, Entry, Refused, ask_for_seat, enrolments_by_id, unit_of_work
    from lms.testing.rows import Maker

    app = lms_app_factory(plugins=[(SPECIMEN, WithAPage())])
    make = Maker(app)
    run, person = make.run(), make.person(language="en")
    browser = sign_in(app.test_client(), person)
    assert "Your seat</h2>" not in browser.get(f"/catalogue/{run.key}").text
    answer = browser.get(f"/catalogue/{run.key}/ask")
    assert (answer.status_code, answer.location) == (303, f"/catalogue/{run.key}")
    closed = make.run(state="closed")
    with app.app_context():
        with unit_of_work(), pytest.raises(Refused, match="not_open"):
            ask_for_seat(person.id, closed.id, SYSTEM, entry=Entry(source="nomination"))
        with unit_of_work():
            late = Entry(source="nomination", after_day=True)
            made = ask_for_seat(person.id, closed.id, SYSTEM, entry=late)
        assert enrolments_by_id([made])[made].state == "seated"
    # Where the terms of a run let people ask, they ask as everywhere.
    open_run = make.run()
    with app.app_context(), unit_of_work():
        terms = terms_of([open_run.id])[open_run.id]
        set_terms(replace(terms, ways=("open",)), SYSTEM)
    assert "Your seat</h2>" in browser.get(f"/catalogue/{open_run.key}").text


@given(
    goal=st.text(max_size=700),
    buddy=st.text(max_size=700),
    shift=st.text(max_size=50),
    car=st.text(max_size=50),
)
def test_junk_is_never_an_error_of_ours(
    goal, buddy, shift, car, lms_app, make_run, make_person, sign_in, submit
):
    browser = sign_in(lms_app.test_client(), make_person(language="en"))
    response = submit(
        browser,
        f"/catalogue/{make_run().key}/ask",
        **{
            "goal": goal,
            f"q-{SPECIMEN}-buddy": buddy,
            f"q-{SPECIMEN}-shift": shift,
            f"q-{SPECIMEN}-car": car,
        },
    )
    assert response.status_code in (303, 422)
