"""Pages of enrolment and learning ask at most ten questions, whatever the number of people."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import insert

from lms.core.catalogue.models import Run
from lms.core.enrolment.models import Approval, Enrolment
from lms.core.learning.models import Standing
from lms.core.users.models import Person
from lms.db import db, now
from lms.work import unit_of_work

MOST = 10
DECIDING = 14
"""Deciding judges everybody anew, whatever is written of how they stand."""
_numbers = itertools.count(1)


def crowd(app, run, size, state, **columns) -> None:
    """Many people in a run in two statements."""
    moment, first = now(), next(_numbers) * 100_000
    with app.app_context(), unit_of_work():
        people = db.session.scalars(
            insert(Person).returning(Person.id),
            [
                {
                    "name": f"Deltager {first + n}",
                    "search_text": f"deltager {first + n}",
                    "email_key": f"d{first + n}@x.example",
                    "created_at": moment,
                }
                for n in range(size)
            ],
        ).all()
        enrolments = db.session.scalars(
            insert(Enrolment).returning(Enrolment.id),
            [
                {
                    "run_id": run.id,
                    "person_id": person_id,
                    "state": state,
                    "goal": "x",
                    "created_at": moment,
                    "changed_at": moment,
                    "answer_due": moment + timedelta(days=3),
                    **columns,
                }
                for person_id in people
            ],
        ).all()
        if state == "awaiting_approval":
            asked = {"position": 1, "kind": "line_manager", "state": "open"}
            asked["approver_id"] = columns.get("manager_id")
            db.session.execute(
                insert(Approval), [{"enrolment_id": id_, **asked} for id_ in enrolments]
            )
        if state == "active":
            stand(enrolments)
            db.session.execute(
                db.update(Run).where(Run.id == run.id).values(taken=Run.taken + size)
            )


def stand(enrolment_ids) -> None:
    """How they stand is written whenever a fact about them changes."""
    db.session.execute(
        insert(Standing),
        [
            {
                "enrolment_id": enrolment_id,
                "result": "undecided",
                "rule_version": "1",
                "minutes_attended": 0,
                "minutes_held": 0,
                "outlook": "",
                "done": 0,
                "required": 0,
                "reasons": [],
                "changed_at": now(),
            }
            for enrolment_id in enrolment_ids
        ],
    )


@pytest.fixture
def world(lms_app, sign_in, make_person, make_assignment, make_run, make_team_member):
    manager, lead, evaluator = (make_person(language="en") for _ in range(3))
    make_assignment(manager=manager)
    run = make_run(
        state="running",
        capacity=1000,
        sessions=[now() - timedelta(days=1), now() + timedelta(days=7)],
    )
    asked = make_run(capacity=1)
    for person, role in ((lead, "programme_lead"), (evaluator, "evaluator")):
        make_team_member(run=run, person=person, role=role)
        make_team_member(run=asked, person=person, role=role)
    browsers = {
        name: sign_in(lms_app.test_client(), person)
        for name, person in (("manager", manager), ("lead", lead), ("evaluator", evaluator))
    }
    return lms_app, manager, run, asked, browsers


def pages_own(queries: list[str]) -> int:
    """Without the look at plugins' states, which each worker takes at most every other second."""
    return sum("host_plugin" not in statement for statement in queries)


def counts(world, count_queries) -> dict[str, int]:
    _app, _manager, run, asked, browsers = world
    found = {}
    for who, url in (
        ("manager", "/team"),
        ("lead", f"/catalogue/{run.key}/participants"),
        ("lead", f"/teach/{run.key}"),
        ("lead", f"/teach/{run.key}/complete"),
        ("lead", f"/teach/{run.key}/decide"),
        ("lead", f"/teach/{run.key}/sums"),
        ("lead", "/teach"),
        ("evaluator", f"/teach/{run.key}/sums"),
        ("lead", f"/catalogue/{asked.key}/ask"),
    ):
        with count_queries() as queries:
            response = browsers[who].get(url)
        assert response.status_code == 200, url
        found[f"{who} {url}"] = pages_own(queries)
    return found


def test_lists_cost_the_same_with_5_and_200_people(world, count_queries):
    app, manager, run, asked, _browsers = world
    sizes = []
    for size in (5, 195):
        crowd(app, run, size, "active", manager_id=manager.id)
        crowd(app, asked, size, "awaiting_approval", manager_id=manager.id)
        sizes.append(counts(world, count_queries))
    assert sizes[0] == sizes[1]
    most = {page: DECIDING if page.endswith("/decide") else MOST - 1 for page in sizes[1]}
    assert {page: n for page, n in sizes[1].items() if n > most[page]} == {}


@pytest.mark.parametrize(
    "state", ["awaiting_approval", "waitlisted", "offered", "active", "completed"]
)
def test_one_enrolment_costs_the_same_in_a_crowd(
    lms_app, sign_in, make_run, make_person, make_enrolment, count_queries, state
):
    run, person = make_run(capacity=1000), make_person(language="en")
    row = make_enrolment(run=run, person=person, state=state)
    if state in ("active", "completed"):
        with lms_app.app_context(), unit_of_work():
            stand([row.id])
    browser = sign_in(lms_app.test_client(), person)
    found = []
    for size in (5, 195):
        crowd(lms_app, run, size, "waitlisted", position=size)
        with count_queries() as queries:
            assert browser.get(f"/enrolments/{row.key}").status_code == 200
        found.append(pages_own(queries))
        with count_queries() as queries:
            assert browser.get(f"/catalogue/{run.key}").status_code == 200
    assert found[0] == found[1] <= MOST


def test_long_lists_come_in_pages(world, lms_app):
    app, manager, run, asked, browsers = world
    crowd(app, run, 130, "active")
    first = browsers["lead"].get(f"/teach/{run.key}").text
    assert "130 participants" in first
    assert first.count('value="present"') == 100
    second = browsers["lead"].get(f"/teach/{run.key}?page=2").text
    assert second.count('value="present"') == 30
    assert browsers["lead"].get(f"/teach/{run.key}?page=99").status_code == 200
    crowd(app, asked, 60, "awaiting_approval", manager_id=manager.id)
    assert "10 more come up" in browsers["manager"].get("/team").text
