"""What is asked of somebody who wants a seat, what must be answered, and when companies hear."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from lms.api import (
    SYSTEM,
    EnrolmentRequest,
    Entry,
    ask_for_seat,
    change_run_state,
    enrolments_by_id,
    runs_by_id,
    unit_of_work,
)
from lms.core.settings.services import save
from lms.host import current_host
from lms.testing.rows import Maker
from lms_courses import asking
from lms_courses.types import COMPANY, STAFF, STUDENT, type_data

YES = {"courses.declaration": "yes"}


@pytest.fixture
def runs(lms_app: Flask, maker: Maker) -> dict[str, Any]:
    """A run of each type."""
    return {key: maker.run(course_type=type_data(key).plan) for key in (COMPANY, STAFF, STUDENT)}


def request_for(run_id: int, answers: dict[str, str]) -> EnrolmentRequest:
    run = runs_by_id([run_id])[run_id]
    return EnrolmentRequest(person_id=1, run=run, employer_id=None, goal="", answers=answers)


def test_enrolment_questions_follow_the_type(lms_app: Flask, runs: dict[str, Any]) -> None:
    with lms_app.app_context():
        facts = runs_by_id([run.id for run in runs.values()])
        (answer,) = current_host().gather("lms_enrolment_questions", runs=tuple(facts.values()))
    keys = {id_: [question.key for question in asked] for id_, asked in answer.value.items()}
    assert keys == {
        runs[COMPANY].id: ["declaration", "hope"],
        runs[STUDENT].id: ["group_wish"],
    }
    declaration = answer.value[runs[COMPANY].id][0]
    assert (declaration.kind, declaration.required) == ("yesno", True)


def test_enrolment_questions_of_nobody_need_no_query(lms_app: Flask, count_queries: Any) -> None:
    with lms_app.app_context(), count_queries() as queries:
        assert asking.questions(()) == {}
    assert not queries


@pytest.mark.parametrize("answers", [{}, {"courses.declaration": "no"}, {"declaration": "yes"}])
def test_check_enrolments_refuses_a_company_without_its_declaration(
    lms_app: Flask, runs: dict[str, Any], answers: dict[str, str]
) -> None:
    with lms_app.app_context():
        requests = (
            request_for(runs[STAFF].id, {}),
            request_for(runs[COMPANY].id, answers),
            request_for(runs[COMPANY].id, YES),
            request_for(runs[STUDENT].id, {}),
        )
        found = current_host().check("lms_check_enrolments", requests=requests)
    assert [(refusal.code, refusal.index) for refusal in found] == [("declaration", 1)]
    assert all(found[0].message.as_dict().values())


def test_settings_decide_whether_a_declaration_is_needed(
    lms_app: Flask, runs: dict[str, Any]
) -> None:
    with lms_app.app_context():
        with unit_of_work():
            save("courses", {"declaration_required": False, "group_size": 6}, SYSTEM)
        assert not asking.refusals([request_for(runs[COMPANY].id, {})])
        asked = asking.questions(list(runs_by_id([runs[COMPANY].id, runs[STUDENT].id]).values()))
        assert not asked[runs[COMPANY].id][0].required
        assert "6" in asked[runs[STUDENT].id][0].hint.en


def ask(person_id: int, run_id: int, source: str = "open") -> int:
    with unit_of_work():
        return ask_for_seat(person_id, run_id, SYSTEM, answers=YES, entry=Entry(source=source))


def states(ids: list[int]) -> list[str]:
    facts = enrolments_by_id(ids)
    return [facts[id_].state for id_ in ids]


def test_requests_of_companies_rest_until_the_run_is_closed_for_them(
    lms_app: Flask, maker: Maker
) -> None:
    run = maker.run(course_type=type_data(COMPANY).plan, capacity=2)
    people = [maker.person() for _ in range(3)]
    with lms_app.app_context():
        ids = [ask(person.id, run.id, "nomination") for person in people]
        assert states(ids) == ["requested"] * 3
        assert runs_by_id([run.id])[run.id].taken == 0
        with unit_of_work():
            change_run_state(run.id, "closed", SYSTEM)
        # In the order they came, as far as the seats reach.
        assert states(ids) == ["seated", "seated", "waitlisted"]
        assert runs_by_id([run.id])[run.id].taken == 2


def test_a_run_begun_without_closing_gives_resting_requests_the_free_seats(
    lms_app: Flask, maker: Maker
) -> None:
    run = maker.run(course_type=type_data(COMPANY).plan, capacity=1)
    people = [maker.person() for _ in range(2)]
    with lms_app.app_context():
        ids = [ask(person.id, run.id, "nomination") for person in people]
        with unit_of_work():
            change_run_state(run.id, "running", SYSTEM)
        assert states(ids) == ["active", "lapsed"]


def test_a_student_has_a_seat_at_once_and_staff_wait_for_their_manager(
    lms_app: Flask, maker: Maker, runs: dict[str, Any]
) -> None:
    person = maker.person()
    with lms_app.app_context():
        ids = [ask(person.id, runs[key].id) for key in (STUDENT, STAFF)]
        assert states(ids) == ["seated", "awaiting_approval"]
