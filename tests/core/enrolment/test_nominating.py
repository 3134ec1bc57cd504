"""Nominating several at once: what is said before is what comes of it, nobody else's people, pairs,
plugins' refusals, other yeses, lots, and who hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.contracts import LocalisedText, Refusal
from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Approval, CostCentre, Enrolment, StandIn, Terms
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.journal.models import JournalEntry
from lms.testing.specimen import SPECIMEN, Specimen


class Picky:
    """A plugin that refuses whoever has the goal "nej tak"."""

    __slots__ = ()

    @hookimpl
    def lms_check_enrolments(self, requests):
        return [
            Refusal(code="picky", message=LocalisedText(en="Not with this goal."), index=index)
            for index, request in enumerate(requests)
            if request.goal == "nej tak"
        ]


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Specimen()), ("picky", Picky())]


@pytest.fixture
def place(make_organisation):
    return make_organisation()


@pytest.fixture
def manager(make_person, make_assignment, place):
    person = make_person(name="Leder Prøve", language="en")
    make_assignment(person=person, organisation=place)
    return person


@pytest.fixture
def worker(make_person, make_assignment, place, manager):
    """`worker(name)`: somebody who reports to the manager."""

    def make(name, leader=manager, organisation=place):
        person = make_person(name=name)
        make_assignment(person=person, organisation=organisation, manager=leader)
        return person

    return make


@pytest.fixture
def browser(client, sign_in, manager):
    return sign_in(client, manager)


@pytest.fixture
def terms(maker):
    """`terms(run, ...)`: the written terms of a run."""

    def write(run, **columns):
        values = {
            "ways": ["open", "nomination"],
            "approval": "in_order",
            "approvers": ["line_manager"],
            "questions": [],
        }
        maker.write(Terms(run_id=run.id, **(values | columns)))
        return run

    return write


@pytest.fixture
def press(submit):
    """`press(browser, run, step, people, ...)`: tick these people and press a button."""

    def send(browser, run, step, people, **fields):
        ticked = {f"p-{person.key}": "y" for person in people}
        return submit(browser, f"/team/nominate/{run.key}", step=step, **ticked, **fields)

    return send


def in_run(app, run) -> dict[int, tuple[str, str]]:
    """Person -> (state, goal)."""
    with app.app_context():
        rows = db.session.execute(
            select(Enrolment.person_id, Enrolment.state, Enrolment.goal).where(
                Enrolment.run_id == run.id
            )
        )
        return {row.person_id: (row.state, row.goal) for row in rows}


def counts(app) -> tuple[int, ...]:
    with app.app_context():
        return tuple(
            db.session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Enrolment, JournalEntry, Approval)
        )


# --- looking first, then doing ------------------------------------------------------------------


def test_three_are_nominated_and_what_was_said_before_comes_true(
    lms_app, browser, press, worker, make_run, maker
):
    anna, bo, cai = worker("Anna Prøve"), worker("Bo Prøve"), worker("Cai Prøve")
    run = make_run(capacity=2)
    before = counts(lms_app)
    people = [anna, bo, cai]
    own = {f"g-{bo.key}": "Hans egen sætning"}
    checked = press(browser, run, "check", people, goal="Løfte bedre", **own)
    assert checked.status_code == 200
    assert checked.text.count("Gets a seat") == 2
    assert "Waits as number 1" in checked.text
    assert "Nothing has happened yet" in checked.text
    assert "Hans egen sætning" in checked.text
    assert counts(lms_app) == before
    assert maker.reload(run).taken == 0
    done = press(browser, run, "nominate", people, goal="Løfte bedre", **own)
    assert done.status_code == 303
    assert in_run(lms_app, run) == {
        anna.id: ("seated", "Løfte bedre"),
        bo.id: ("seated", "Hans egen sætning"),
        cai.id: ("waitlisted", "Løfte bedre"),
    }
    page = browser.get(done.location).text
    assert "3 people are nominated." in page
    assert "Anna Prøve: Has a seat" in page
    assert "Cai Prøve: Is number 1 on the waiting list" in page
    assert f'name="p-{anna.key}"' not in page  # who has a seat cannot be ticked


def test_the_managers_own_yes_is_given_and_each_is_told(
    lms_app, browser, press, worker, manager, make_run
):
    anna = worker("Anna Prøve")
    run = make_run()
    press(browser, run, "nominate", [anna], goal="Mål")
    with lms_app.app_context():
        row = db.session.execute(
            select(Enrolment.source, Enrolment.nominated_by_id, Enrolment.goal_signed_by_id)
        ).one()
        told = db.session.scalars(select(JournalEntry.verb)).all()
    assert tuple(row) == ("nomination", manager.id, manager.id)
    assert "enrolment.nominated" in told
    assert "enrolment.approval_opened" not in told


def test_who_cannot_be_is_left_out_with_a_reason_and_the_others_are_nominated(
    lms_app, browser, press, worker, make_run, make_enrolment
):
    anna, bo, cai = worker("Anna Prøve"), worker("Bo Prøve"), worker("Cai Prøve")
    run = make_run()
    make_enrolment(run=run, person=bo, state="waitlisted")
    refused = {f"g-{cai.key}": "nej tak"}
    people = [anna, bo, cai]
    text = press(browser, run, "check", people, **refused).text
    assert "Has a seat here already, or stands in the queue." in text
    assert "Not with this goal." in text
    assert press(browser, run, "nominate", people, **refused).status_code == 303
    found = in_run(lms_app, run)
    assert (anna.id in found, bo.id in found, cai.id in found) == (True, True, False)
    nobody = press(browser, run, "nominate", [cai], **refused)
    assert nobody.status_code == 422
    assert "Nobody could be nominated." in nobody.text


def test_another_yes_that_is_missing_is_named(
    lms_app, browser, press, worker, make_run, terms, maker, make_person, place
):
    holder = make_person(name="Økonomi Prøve")
    maker.write(CostCentre(organisation_id=place.id, code="1", holder_id=holder.id))
    run = terms(make_run(), approvers=["line_manager", "cost_centre"])
    led = terms(make_run(), approvers=["line_manager", "programme_lead"])
    anna = worker("Anna Prøve")
    assert "One more yes is needed, from Økonomi Prøve" in press(browser, run, "check", [anna]).text
    assert "from those who run it" in press(browser, led, "check", [anna]).text
    press(browser, run, "nominate", [anna])
    assert in_run(lms_app, run)[anna.id][0] == "awaiting_approval"


def test_before_lots_are_drawn_everybody_waits(browser, press, worker, make_run, terms):
    run = terms(make_run(), waiting_rule="lottery", draw_seed="0" * 32, draw_digest="0" * 64)
    assert "Waits until lots are drawn" in press(browser, run, "check", [worker("Anna Prøve")]).text


# --- pairs --------------------------------------------------------------------------------------


def test_two_who_go_together_get_both_seats_or_neither(
    lms_app, browser, press, worker, make_run, terms, maker
):
    anna, bo, cai = worker("Anna Prøve"), worker("Bo Prøve"), worker("Cai Prøve")
    run = terms(make_run(capacity=1), in_pairs=True)
    assert "These two go together" in browser.get(f"/team/nominate/{run.key}").text
    text = press(browser, run, "check", [anna, bo], together="y").text
    assert text.count("Waits as number") == 2
    press(browser, run, "nominate", [anna, bo], together="y")
    assert {state for state, _goal in in_run(lms_app, run).values()} == {"waitlisted"}
    assert maker.reload(run).taken == 0
    three = press(browser, run, "check", [anna, bo, cai], together="y")
    assert three.status_code == 422
    assert "Tick exactly two people" in three.text


def test_one_of_a_pair_refused_keeps_the_other_out(
    lms_app, browser, press, worker, make_run, terms
):
    anna, bo = worker("Anna Prøve"), worker("Bo Prøve")
    run = terms(make_run(), in_pairs=True)
    refused = {f"g-{bo.key}": "nej tak"}
    text = press(browser, run, "check", [anna, bo], together="y", **refused).text
    assert "Cannot go without the other" in text
    assert "Not with this goal." in text
    assert press(browser, run, "nominate", [anna, bo], together="y", **refused).status_code == 422
    assert not in_run(lms_app, run)


def test_where_nobody_goes_in_pairs_nobody_does(browser, press, worker, make_run):
    run, people = make_run(), [worker("Anna Prøve"), worker("Bo Prøve")]
    answer = press(browser, run, "check", people, together="y")
    assert answer.status_code == 422
    assert "nobody goes in pairs" in answer.text


# --- whom, and for what -------------------------------------------------------------------------


def test_nobody_elses_people_can_be_nominated(lms_app, browser, press, worker, make_run, maker):
    anna = worker("Anna Prøve")
    other = worker("Otto Fremmed", leader=None)
    run = make_run()
    assert "Otto Fremmed" not in browser.get(f"/team/nominate/{run.key}?q=otto").text
    answer = press(browser, run, "nominate", [anna, other])
    assert answer.status_code == 422
    assert "is not yours to nominate" in answer.text
    assert not in_run(lms_app, run)
    nothing = press(browser, run, "check", [])
    assert nothing.status_code == 422
    assert "Tick those whom you want to nominate." in nothing.text


def test_a_stand_in_nominates_and_the_yes_counts(
    lms_app, client, sign_in, press, worker, manager, make_person, make_run, maker
):
    deputy, anna, run = make_person(language="en"), worker("Anna Prøve"), make_run()
    browser = sign_in(client, deputy)
    assert browser.get(f"/team/nominate/{run.key}").status_code == 404
    day = now().date()
    days = {"from_day": day - timedelta(days=1), "to_day": day + timedelta(days=1)}
    maker.write(StandIn(person_id=manager.id, stand_in_id=deputy.id, **days))
    assert press(browser, run, "nominate", [anna]).status_code == 303
    assert in_run(lms_app, run)[anna.id][0] == "seated"


def test_who_manages_the_run_nominates_whom_they_may_see(
    lms_app, client, sign_in, press, worker, make_person, make_access_role, make_run, place,
    make_organisation,
):  # fmt: skip
    lead = make_person(language="en")
    make_access_role(person=lead, role="programme_lead", organisation=place)
    anna = worker("Anna Prøve")
    stranger = worker("Sten Fremmed", organisation=make_organisation())
    run, elsewhere = make_run(hosts=[place]), make_run()
    browser = sign_in(client, lead)
    page = browser.get(f"/team/nominate/{run.key}").text
    assert anna.name in page
    assert stranger.name not in page
    assert browser.get(f"/team/nominate/{elsewhere.key}").status_code == 404
    assert press(browser, run, "nominate", [anna]).status_code == 303
    # The line manager has not said yes yet.
    assert in_run(lms_app, run)[anna.id][0] == "awaiting_approval"


def test_runs_that_take_nominations_are_found_by_title(
    browser, worker, make_run, terms, sign_in, lms_app, make_person
):
    worker("Anna Prøve")
    run = make_run(title="Løft uden løft")
    terms(make_run(title="Kun med link"), ways=["link"])
    make_run(title="Lukket for ønsker", state="closed")
    make_run(title="For sent", enrol_until=now() - timedelta(days=1))
    text = browser.get("/team/nominate").text
    assert "Løft uden løft" in text
    assert not [title for title in ("Kun med link", "Lukket for", "For sent") if title in text]
    assert f"/team/nominate/{run.key}" in browser.get("/team/nominate?q=uden+LØFT").text
    assert "No course fits that search" in browser.get("/team/nominate?q=xyzzy").text
    nobody = sign_in(lms_app.test_client(), make_person())
    assert nobody.get("/team/nominate").status_code == 404


def test_a_run_without_nomination_has_no_such_page(browser, worker, make_run, terms):
    worker("Anna Prøve")
    run = terms(make_run(), ways=["open"])
    assert browser.get(f"/team/nominate/{run.key}").status_code == 404


def test_what_else_is_on_stands_beside_each_person(
    browser, worker, make_run, make_enrolment, manager, place
):
    anna = worker("Anna Prøve")
    moment = (now() + timedelta(days=20)).replace(minute=0, second=0, microsecond=0)
    run = make_run(title="Ønsket", sessions=[moment])
    seen = make_run(title="Set af mig", sessions=[moment + timedelta(hours=1)])
    hidden = make_run(title="Ikke min at se", sessions=[moment - timedelta(hours=1)])
    beside = make_run(title="Lige efter", sessions=[moment + timedelta(hours=3)])
    for other, columns in (
        (seen, {"employer": place}),
        (beside, {"employer": place}),
        (hidden, {}),
    ):
        make_enrolment(run=other, person=anna, state="seated", **columns)
    text = browser.get(f"/team/nominate/{run.key}").text
    assert "Set af mig" in text
    assert "Is elsewhere" in text
    assert "Ikke min at se" not in text
    assert "Lige efter" not in text


def test_ticks_stay_while_one_searches_for_more(browser, press, worker, make_run):
    anna, bo = worker("Anna Prøve"), worker("Bo Prøve")
    run = make_run()
    text = press(browser, run, "find", [anna], q="bo", goal="Mit mål").text
    assert f'name="p-{bo.key}"' in text
    box = text[text.index(f'name="p-{anna.key}"') - 120 :][:300]
    assert "checked" in box
    assert "Mit mål" in text


def test_a_closed_run_says_so_and_takes_nobody(lms_app, browser, press, worker, make_run):
    anna, run = worker("Anna Prøve"), make_run(state="closed")
    assert "takes no requests now" in browser.get(f"/team/nominate/{run.key}").text
    assert press(browser, run, "nominate", [anna]).status_code == 422
    assert not in_run(lms_app, run)


@pytest.mark.parametrize("size", [3, 30])
def test_the_page_costs_the_same_whatever_the_number_of_people(
    browser, worker, make_run, count_queries, size
):
    run = make_run()
    for number in range(size):
        worker(f"M {number}")
    with count_queries() as queries:
        assert browser.get(f"/team/nominate/{run.key}").status_code == 200
    assert sum("host_plugin" not in one for one in queries) <= 10, queries


def test_a_crowd_never_gets_more_seats_than_there_are(lms_app, browser, press, worker, make_run):
    run = make_run(capacity=7)
    people = [worker(f"M {number:02}") for number in range(20)]
    press(browser, run, "nominate", people)
    states = sorted(state for state, _goal in in_run(lms_app, run).values())
    assert states == ["seated"] * 7 + ["waitlisted"] * 13
    with lms_app.app_context():
        assert db.session.get_one(Run, run.id).taken == 7
