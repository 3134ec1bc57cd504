"""What is asked of somebody who wants a seat, and who may get one in a company track."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from lms.api import (
    SYSTEM,
    EnrolmentRequest,
    Entry,
    ask_for_seat,
    enrolments_by_id,
    runs_by_id,
    unit_of_work,
)
from lms.core.settings.services import save
from lms.host import current_host
from lms.testing.rows import Maker
from lms_courses import asking
from lms_courses.types import COMPANY, STAFF, STUDENT, type_data


@pytest.fixture
def runs(lms_app: Flask, maker: Maker) -> dict[str, Any]:
    """A run of each type."""
    return {key: maker.run(course_type=type_data(key).plan) for key in (COMPANY, STAFF, STUDENT)}


def request_for(run_id: int, employer_id: int | None = None) -> EnrolmentRequest:
    run = runs_by_id([run_id])[run_id]
    return EnrolmentRequest(person_id=1, run=run, employer_id=employer_id, goal="")


def test_enrolment_questions_follow_the_type(lms_app: Flask, runs: dict[str, Any]) -> None:
    with lms_app.app_context():
        facts = runs_by_id([run.id for run in runs.values()])
        (answer,) = current_host().gather("lms_enrolment_questions", runs=tuple(facts.values()))
    keys = {id_: [question.key for question in asked] for id_, asked in answer.value.items()}
    assert keys == {runs[STUDENT].id: ["group_wish"]}


def test_enrolment_questions_of_nobody_need_no_query(lms_app: Flask, count_queries: Any) -> None:
    with lms_app.app_context(), count_queries() as queries:
        assert asking.questions(()) == {}
    assert not queries


def test_check_enrolments_refuses_people_whose_company_has_no_place(
    lms_app: Flask, runs: dict[str, Any], maker: Maker
) -> None:
    company = maker.organisation(kind="company")
    with lms_app.app_context():
        requests = (
            request_for(runs[STAFF].id),
            request_for(runs[COMPANY].id),
            request_for(runs[COMPANY].id, company.id),
            request_for(runs[STUDENT].id),
        )
        found = current_host().check("lms_check_enrolments", requests=requests)
    assert [(refusal.code, refusal.index) for refusal in found] == [
        ("company.no_place", 1),
        ("company.no_place", 2),
    ]
    assert all(found[0].message.as_dict().values())


def test_settings_decide_how_many_a_group_has(lms_app: Flask, runs: dict[str, Any]) -> None:
    with lms_app.app_context():
        with unit_of_work():
            save("courses", {"group_size": 6, "companies_baseline": 0}, SYSTEM)
        asked = asking.questions(list(runs_by_id([runs[STUDENT].id]).values()))
        assert "6" in asked[runs[STUDENT].id][0].hint.en


def ask(person_id: int, run_id: int, source: str = "open") -> int:
    with unit_of_work():
        return ask_for_seat(person_id, run_id, SYSTEM, entry=Entry(source=source))


def states(ids: list[int]) -> list[str]:
    facts = enrolments_by_id(ids)
    return [facts[id_].state for id_ in ids]


def test_somebody_of_a_company_whom_the_lead_gives_a_seat_has_it_at_once(
    lms_app: Flask, maker: Maker
) -> None:
    run = maker.run(course_type=type_data(COMPANY).plan, capacity=2)
    people = [maker.person() for _ in range(3)]
    with lms_app.app_context():
        ids = [ask(person.id, run.id, "nomination") for person in people]
        assert states(ids) == ["seated", "seated", "waitlisted"]


def test_a_student_has_a_seat_at_once_and_staff_wait_for_their_manager(
    lms_app: Flask, maker: Maker, runs: dict[str, Any]
) -> None:
    person = maker.person()
    with lms_app.app_context():
        ids = [ask(person.id, runs[key].id) for key in (STUDENT, STAFF)]
        assert states(ids) == ["seated", "awaiting_approval"]
