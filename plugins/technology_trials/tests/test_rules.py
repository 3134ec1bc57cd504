"""The course type, its conditions, what a run must name, and what its certificates say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask

from lms.api import (
    SYSTEM,
    CompletionFacts,
    ContactFacts,
    LocalisedText,
    RunStateChange,
    contact_refusals,
    course_plan,
    enrolments_by_id,
    now,
    runs_by_id,
    slots_of,
    unit_of_work,
)
from lms.host import current_host
from lms_technology_trials import certificates, rules
from lms_technology_trials.course_type import COURSE_TYPE, KEY, PRACTICE_LOG, SAFE_USE
from lms_technology_trials.services import set_safe_use, write_log

Counting = Callable[[], AbstractContextManager[list[str]]]


def test_course_types_bring_the_trial_in_three_languages(lms_app: Flask) -> None:
    with lms_app.app_context():
        plan = course_plan(KEY)
    assert plan == COURSE_TYPE
    assert [phase.key for phase in plan.phases] == [
        "choose",
        "prepare",
        "hands-on",
        "practice-1",
        "midway",
        "practice-2",
        "decide",
    ]
    phases = {phase.key for phase in plan.phases}
    assert {module.phase for module in plan.modules} <= phases
    assert sum(module.minutes for module in plan.modules) == 420
    texts = [
        plan.title,
        plan.summary,
        *(p.title for p in plan.phases),
        *(p.purpose for p in plan.phases),
    ]
    texts += [text for m in plan.modules for text in (m.title, m.content)]
    assert all(text.da and text.sv and text.en for text in texts)
    assert plan.certificate_kind == "competence"
    assert plan.rule.conditions["attendance"] == {"percent": 80}
    assert set(plan.rule.conditions) == {"attendance", "declared", PRACTICE_LOG, SAFE_USE}


# --- conditions ---------------------------------------------------------------------------------


def standing(app: Flask, enrolment_id: int) -> dict[str, bool | None]:
    with app.app_context():
        facts = enrolments_by_id([enrolment_id])[enrolment_id]
        answer = current_host().ask_owner(
            "technology_trials", "lms_completion_conditions", enrolments=(facts,)
        )
    assert answer is not None
    return {result.name: result.met for result in answer[enrolment_id]}


def write(app: Flask, verb: Callable[..., None], *arguments: Any) -> None:
    with app.app_context(), unit_of_work():
        verb(*arguments, SYSTEM)


def test_completion_conditions_are_undecided_until_something_is_written(
    lms_app: Flask, participant: Any
) -> None:
    assert standing(lms_app, participant.id) == {PRACTICE_LOG: None, SAFE_USE: None}


@pytest.mark.parametrize(
    ("uses", "reason", "met"),
    [
        (0, None, None),
        (2, None, None),
        (3, None, True),
        (9, None, True),
        (0, "Borgeren var uro", True),
    ],
)
def test_completion_conditions_count_uses_and_reasons_alike(
    lms_app: Flask, participant: Any, uses: int, reason: str | None, met: bool | None
) -> None:
    write(lms_app, write_log, participant.id, uses, reason)
    assert standing(lms_app, participant.id)[PRACTICE_LOG] is met


@pytest.mark.parametrize("passed", [True, False, None])
def test_completion_conditions_follow_the_safe_use_check(
    lms_app: Flask, participant: Any, passed: bool | None
) -> None:
    write(lms_app, set_safe_use, participant.id, passed)
    assert standing(lms_app, participant.id)[SAFE_USE] is passed


def test_completion_conditions_ask_what_the_runs_own_rule_asks(
    lms_app: Flask, trial: Any, make_run: Any, make_enrolment: Any, maker: Any
) -> None:
    rule = {"version": "mild", "conditions": {PRACTICE_LOG: {"uses": 1}}}
    run = make_run(
        version=maker.version(course_type=COURSE_TYPE), course_type=COURSE_TYPE, rule=rule
    )
    enrolment = make_enrolment(run=run, state="active")
    write(lms_app, write_log, enrolment.id, 1, None)
    assert standing(lms_app, enrolment.id)[PRACTICE_LOG] is True


def test_completion_conditions_of_many_cost_no_more_than_of_one(
    lms_app: Flask, trial: Any, make_enrolment: Any, count_queries: Counting
) -> None:
    ids = [make_enrolment(run=trial.row, state="active").id for _number in range(6)]
    with lms_app.app_context():
        facts = list(enrolments_by_id(ids).values())
        with count_queries() as queries:
            assert len(rules.conditions(facts)) == 6
    assert len(queries) <= 3


# --- opening ------------------------------------------------------------------------------------


def opening(trial: Any, new: str = "open") -> list[str]:
    change = RunStateChange(run=trial.facts, old="announced", new=new)
    with trial.app.app_context():
        refusals = current_host().check("lms_check_run_states", changes=(change,))
    assert all(r.message.da and r.message.sv and r.message.en for r in refusals)
    return [refusal.code for refusal in refusals]


def test_check_run_states_wants_two_solutions_or_a_reason(trial: Any) -> None:
    assert opening(trial) == ["technology_trials.no_solution"]
    trial.tries("Prøvebrillen")
    assert opening(trial) == ["technology_trials.one_solution"]
    trial.tries("Prøvebrillen", reason="Der findes kun den i Norden.")
    assert opening(trial) == []
    trial.tries("Prøvebrillen", "Øverummet")
    assert opening(trial) == []
    trial.tries(reason="Ingen findes.")
    assert opening(trial) == ["technology_trials.no_solution"]


def test_check_run_states_keeps_companies_to_half(trial: Any) -> None:
    trial.tries("Prøvebrillen", "Øverummet")
    trial.teaches(210, company=True)
    assert opening(trial) == []
    trial.teaches(1, company=True, state="withdrawn")
    assert opening(trial) == []
    trial.teaches(5, company=True, state="offered")
    change = RunStateChange(run=trial.facts, old="announced", new="open")
    with trial.app.app_context():
        (refusal,) = rules.refusals((change,))
    assert refusal.code == "technology_trials.company_minutes"
    assert "215" in refusal.message.da
    assert "210" in refusal.message.da
    assert "Giv 5 minutter" in refusal.message.da


def test_check_run_states_counts_a_product_as_a_companys(trial: Any) -> None:
    trial.tries("Prøvebrillen", "Øverummet")
    trial.teaches(211, company=False, product="Prøvebrillen")
    assert opening(trial) == ["technology_trials.company_minutes"]


@pytest.mark.parametrize("new", ["cancelled", "closed", "running"])
def test_check_run_states_stops_only_the_opening(trial: Any, new: str) -> None:
    assert opening(trial, new) == []


def test_check_run_states_leaves_other_types_alone(lms_app: Flask, make_run: Any) -> None:
    run = make_run(state="announced")
    with lms_app.app_context():
        facts = runs_by_id([run.id])[run.id]
        assert rules.refusals([RunStateChange(run=facts, old="announced", new="open")]) == []


def test_minutes_name_companies_and_never_people(trial: Any, make_person: Any) -> None:
    trial.tries("Prøvebrillen", "Øverummet")
    person = make_person(name="Hemmelig Person")
    trial.teaches(60, company=False)
    trial.teaches(30, company=True)
    with trial.app.app_context():
        known = rules.technology_of([trial.row.id])[trial.row.id]
    trial.teaches(20, company=False, product="Øverummet", person_id=person.id)
    with trial.app.app_context():
        minutes = rules.minutes_of(trial.facts, slots_of(trial.row.id), known)
    assert (minutes.companies, minutes.others, minutes.limit) == (50, 60, 210)
    assert "Hemmelig" not in str(minutes)


def test_i_19_no_company_is_let_to_teach_more_than_its_half(trial: Any) -> None:
    def asked(kind: Any = "teach", run_id: int | None = trial.row.id) -> Any:
        contact = ContactFacts(
            kind=kind,
            authority_ids=(trial.host.id,),
            company_id=trial.company.id,
            at=now(),
            what=LocalisedText(da="Underviser"),
            run_id=run_id,
        )
        with trial.app.app_context():
            return contact_refusals([contact])

    trial.teaches(210, company=True)
    assert asked() == []
    trial.teaches(10, company=True)
    (refusal,) = asked()
    assert refusal.code == "technology_trials.company_minutes"
    assert "220 of 420 minutes" in refusal.message.en
    assert asked(kind="feedback") == []
    assert asked(run_id=None) == []


# --- certificates -------------------------------------------------------------------------------


def completion(enrolment: Any, result: str = "met") -> CompletionFacts:
    return CompletionFacts(
        enrolment_id=enrolment.id,
        enrolment_key=enrolment.key,
        run_id=enrolment.run_id,
        person_id=enrolment.person_id,
        course_type=KEY,
        result=result,  # type: ignore[arg-type]
        rule_version="1",
        minutes_attended=400,
        minutes_held=420,
        reasons=(),
    )


def test_certificate_details_name_the_category_and_not_the_brand(
    trial: Any, participant: Any
) -> None:
    trial.tries("Prøvebrillen", "Øverummet")
    with trial.app.app_context():
        details = certificates.details([completion(participant)])[participant.id]
    assert details.kind == "competence"
    assert "XR-briller" in details.statement.da
    assert "XR headsets" in details.statement.en
    for text in (
        details.statement,
        details.not_line,
        details.assessment_method,
        details.assessed_by,
    ):
        assert "Prøvebrillen" not in text.everything()
        assert text.da
        assert text.sv
        assert text.en
    assert details.practised_with == ("Prøvebrillen", "Øverummet")
    assert details.outcomes
    assert "Prøveskolen" in details.assessed_by.da


def test_certificate_details_of_what_was_not_met_say_attendance_only(
    trial: Any, participant: Any
) -> None:
    trial.tries("Prøvebrillen", "Øverummet")
    with trial.app.app_context():
        details = certificates.details([completion(participant, "not_met")])[participant.id]
    assert details.kind == "attendance"
    assert details.outcomes == ()
    assert details.practised_with == ()
    assert "400" in details.statement.da


def test_certificate_details_need_no_technology(trial: Any, participant: Any) -> None:
    with trial.app.app_context():
        details = certificates.details([completion(participant)])[participant.id]
    assert "en ny teknologi" in details.statement.da
