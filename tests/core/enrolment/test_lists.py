"""Many at once: what was said of a row when it was tried is what becomes of it, or nothing does."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.contracts import SYSTEM
from lms.core.enrolment import lists
from lms.core.enrolment.forecasting import STATE_OUTCOMES
from lms.core.enrolment.models import Enrolment, Import, ImportRow
from lms.core.enrolment.queries import terms_of
from lms.core.enrolment.queries.imports import import_by_key
from lms.core.enrolment.services import (
    Rule,
    importing,
    keep_for,
    set_entry_rules,
    set_terms,
    withdraw,
)
from lms.db import db
from lms.files.sheets import read_pasted
from lms.jobs import drain
from lms.work import unit_of_work


@pytest.fixture
def lead(lms_app, make_person, make_run, make_team_member, sign_in):
    """The lead of an open run, in a browser: (browser, run)."""
    run = make_run(capacity=2)
    person = make_person(language="en")
    make_team_member(run=run, person=person, role="programme_lead")
    return sign_in(lms_app.test_client(), person), run


@pytest.fixture
def people(make_person, make_assignment, make_organisation):
    """`people(number, ...)`: people with a place at one employer."""

    def make(number, employer=None):
        employer = employer or make_organisation()
        made = [make_person() for _ in range(number)]
        for person in made:
            make_assignment(person=person, organisation=employer)
        return made

    return make


def straight(app, run, **changes):
    """Let a request become a seat without anybody's yes."""
    from dataclasses import replace

    with app.app_context(), unit_of_work():
        set_terms(replace(terms_of([run.id])[run.id], approvers=(), **changes), SYSTEM)


def outcomes(app, run):
    with app.app_context():
        rows = db.session.execute(
            db.select(ImportRow.number, ImportRow.state, ImportRow.outcome)
            .join(Import, Import.id == ImportRow.import_id)
            .where(Import.run_id == run.id)
            .order_by(ImportRow.number)
        ).all()
    return [tuple(row) for row in rows]


def states(app, run):
    with app.app_context():
        found = db.session.scalars(db.select(Enrolment.state).where(Enrolment.run_id == run.id))
        return Counter(found)


def test_a_list_is_tried_then_done(lms_app, lead, people, submit):
    browser, run = lead
    straight(lms_app, run)
    cells = "E-mail\tGoal\n" + "".join(f"{one.email}\tLearn\n" for one in people(3))
    tried = submit(browser, f"/catalogue/{run.key}/list", pasted=cells)
    assert tried.status_code == 303
    assert states(lms_app, run) == {}
    assert [row[2] for row in outcomes(lms_app, run)] == ["seat", "seat", "queue"]
    text = browser.get(tried.location).text
    assert "Enrol 3 people" in text
    assert submit(browser, tried.location).status_code == 303
    assert states(lms_app, run) == {"seated": 2, "waitlisted": 1}
    assert "3 people were enrolled as it was tried." in browser.get(tried.location).text
    submit(browser, tried.location)
    assert "carried out already" in browser.get(tried.location).text
    assert states(lms_app, run).total() == 3


def test_what_is_wrong_stands_at_its_row_and_can_be_fetched(lms_app, lead, people, submit):
    browser, run = lead
    straight(lms_app, run)
    (one,) = people(1)
    cells = (
        f"mål;e-mail\n;{one.email}\n;{one.email.upper()}\n;nobody\n;=1+1\n"
        ";stranger@elsewhere.example\nCPR 010190-1234;a@b.example\n" + "x" * 501 + ";c@b.example\n"
    )
    tried = submit(browser, f"/catalogue/{run.key}/list", pasted=cells)
    assert [row[2] for row in outcomes(lms_app, run)] == ["seat"] + ["error"] * 6
    text = browser.get(tried.location).text
    for sentence in (
        "stands further up the list",
        "no e-mail address here",
        "Nobody here has this address",
        "personal identity number",
        "The goal is too long",
    ):
        assert sentence in text
    assert "0101" not in text
    sheet = browser.get(tried.location + "/errors.csv")
    assert sheet.mimetype == "text/csv"
    assert "'=1+1" in sheet.data.decode("utf-8-sig")
    assert "0101" not in sheet.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "nothing in the list"),
        (b"Name\nAnna\n", "no column with e-mail"),
        (b"%PDF-1.7 x", "CSV"),
        ("E-mail;mål\nå@b.example;æøå\n".encode("cp1252"), None),
    ],
)
def test_files_of_every_kind_get_a_sentence(lead, submit, data, sentence):
    browser, run = lead
    answer = submit(
        browser, f"/catalogue/{run.key}/list", file=(io.BytesIO(data), "liste.csv"), pasted=""
    )
    if sentence is None:
        assert answer.status_code == 303
    else:
        assert answer.status_code == 422
        assert sentence in answer.text


def test_what_would_now_come_out_otherwise_is_left_out(lms_app, lead, people, submit, make_person):
    browser, run = lead
    straight(lms_app, run)
    first, second, third = people(3)
    cells = "E-mail\n" + "".join(f"{one.email}\n" for one in (first, second, third))
    tried = submit(browser, f"/catalogue/{run.key}/list", pasted=cells)
    straight(lms_app, run)
    with lms_app.app_context(), unit_of_work():
        from lms.core.enrolment.services import ask_for_seat

        ask_for_seat(second.id, run.id, SYSTEM)
    submit(browser, tried.location)
    assert [row[1] for row in outcomes(lms_app, run)] == ["done", "left_out", "done"]
    assert "Has a seat here already" in browser.get(tried.location).text
    assert states(lms_app, run) == {"seated": 2, "waitlisted": 1}


def test_a_long_list_is_a_job_that_goes_on_where_it_stopped(
    lms_app, lead, people, submit, monkeypatch
):
    browser, run = lead
    straight(lms_app, run)
    monkeypatch.setattr("lms.core.enrolment.views.importing.AT_ONCE", 2)
    monkeypatch.setattr(lists, "PIECE", 2)
    cells = "E-mail\n" + "".join(f"{one.email}\n" for one in people(5))
    tried = submit(browser, f"/catalogue/{run.key}/list", pasted=cells)
    shown = browser.get(tried.location)
    assert "is being tried" in shown.text
    assert shown.headers["Refresh"] == "3"
    with lms_app.app_context():
        drain()
    submit(browser, tried.location)
    with lms_app.app_context():
        found = import_by_key(tried.location.rpartition("/")[2], run.id)
        steps = iter([None])

        def interrupted(_done, _total):
            next(steps)  # the second piece meets a process that is gone

        with pytest.raises(StopIteration):
            lists.do_list(found, SYSTEM, interrupted)
    assert states(lms_app, run) == {"seated": 2, "waitlisted": 2}
    with lms_app.app_context():
        drain()
    assert states(lms_app, run) == {"seated": 2, "waitlisted": 3}
    assert {row[1] for row in outcomes(lms_app, run)} == {"done"}


def test_rules_for_who_may_ask_do_not_bind_those_who_enrol(lms_app, lead, people, submit):
    browser, run = lead
    straight(lms_app, run, ways=("rule",))
    with lms_app.app_context(), unit_of_work():
        set_entry_rules(run.id, [Rule(role="evaluator")], SYSTEM)
    (one,) = people(1)
    tried = submit(browser, f"/catalogue/{run.key}/list", pasted=f"E-mail\n{one.email}\n")
    submit(browser, tried.location)
    assert states(lms_app, run) == {"seated": 1}


SIZES = st.lists(st.integers(0, 2), min_size=1, max_size=12)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=SIZES,
    before=st.lists(st.integers(0, 2), max_size=4),
    capacity=st.integers(1, 8),
    kept=st.integers(0, 4),
    most=st.sampled_from([None, 1, 3]),
    rule=st.sampled_from(["first_come", "shares", "lottery"]),
    yes=st.booleans(),
)
def test_what_was_said_is_what_happens(
    lms_app, make_run, make_organisation, people, order, before, capacity, kept, most, rule, yes
):
    run = make_run(capacity=capacity)
    employers = [make_organisation() for _ in range(3)]
    straight(lms_app, run, per_employer=most, waiting_rule=rule)
    with lms_app.app_context():
        with unit_of_work():
            keep_for(run.id, employers[0].id, min(kept, capacity), None, SYSTEM)
        from lms.core.enrolment.services import ask_for_seat

        for employer in before:
            (one,) = people(1, employers[employer])
            with unit_of_work():
                ask_for_seat(one.id, run.id, SYSTEM)
    if yes:
        from dataclasses import replace

        with lms_app.app_context(), unit_of_work():
            terms = terms_of([run.id])[run.id]
            set_terms(replace(terms, approvers=("line_manager",)), SYSTEM)
    listed = [people(1, employers[employer])[0] for employer in order]
    sheet = read_pasted("E-mail\n" + "".join(f"{one.email}\n" for one in listed))
    with lms_app.app_context():
        with unit_of_work():
            _id, key = importing.keep_list(run.id, sheet, "", SYSTEM)
        lists.try_list(import_by_key(key, run.id))
        with unit_of_work():
            importing.begin_list(import_by_key(key, run.id), SYSTEM)
        lists.do_list(import_by_key(key, run.id), SYSTEM)
        rows = db.session.execute(
            db.select(ImportRow.state, ImportRow.outcome, Enrolment.state)
            .outerjoin(Enrolment, Enrolment.id == ImportRow.enrolment_id)
            .where(Enrolment.run_id == run.id)
        ).all()
    assert len(rows) == len(listed), "a row was left out although nothing else happened"
    for done, outcome, state in rows:
        assert done == "done"
        # A seat kept for one's workplace may be offered right after one has joined the queue.
        assert STATE_OUTCOMES[state] == outcome


def test_a_seat_given_back_between_trying_and_doing_changes_no_word(
    lms_app, lead, people, submit, make_enrolment
):
    browser, run = lead
    straight(lms_app, run)
    seats = [make_enrolment(run=run, state="seated") for _ in range(2)]
    (one,) = people(1)
    tried = submit(browser, f"/catalogue/{run.key}/list", pasted=f"E-mail\n{one.email}\n")
    assert [row[2] for row in outcomes(lms_app, run)] == ["queue"]
    with lms_app.app_context(), unit_of_work():
        withdraw(seats[0].id, SYSTEM)
    submit(browser, tried.location)
    assert [row[1] for row in outcomes(lms_app, run)] == ["left_out"]
    assert "Try the list again" in browser.get(tried.location).text
    assert states(lms_app, run)["seated"] == 1
