"""Who writes what: the log, the safe-use check, and what a run tries; and the panels about them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.host import current_host
from lms_technology_trials.facts import PracticeFacts
from lms_technology_trials.queries import practice_of, technology_of

Counting = Callable[[], AbstractContextManager[list[str]]]


def known(app: Flask, enrolment: Any) -> PracticeFacts | None:
    with app.app_context():
        return practice_of([enrolment.id]).get(enrolment.id)


@pytest.fixture
def own(client: FlaskClient, sign_in: Any, participant: Any, maker: Any) -> FlaskClient:
    """The participant, signed in."""
    from lms.core.users.models import Person

    with maker.app.app_context():
        from lms.db import db

        person = db.session.get_one(Person, participant.person_id)
    found: FlaskClient = sign_in(client, person)
    return found


@pytest.fixture
def teacher(
    lms_app: Flask, sign_in: Any, trial: Any, make_person: Any, make_team_member: Any
) -> FlaskClient:
    """Somebody who teaches the run."""
    person = make_person()
    make_team_member(run=trial.row, person=person, role="teacher")
    found: FlaskClient = sign_in(lms_app.test_client(), person)
    return found


def test_enrolment_panels_let_the_participant_write_the_log(
    own: FlaskClient, lms_app: Flask, participant: Any, submit: Any
) -> None:
    page = own.get(f"/enrolments/{participant.key}?lang=en")
    assert "In practice at your work" in page.text
    assert f"/technology_trials/practice/{participant.key}/log" in page.text
    assert 'safe-use"' not in page.text
    answer = submit(
        own, f"/technology_trials/practice/{participant.key}/log", uses="2", non_use_reason=""
    )
    assert answer.status_code == 303
    assert known(lms_app, participant) == PracticeFacts(enrolment_id=participant.id, uses=2)
    assert "2 uses of 3" in own.get(f"/enrolments/{participant.key}?lang=en").text


def test_sending_twice_counts_once(
    own: FlaskClient, lms_app: Flask, participant: Any, submit: Any
) -> None:
    for _time in range(2):
        submit(own, f"/technology_trials/practice/{participant.key}/log", uses="3")
    found = known(lms_app, participant)
    assert found is not None
    assert found.uses == 3


def test_a_reason_not_to_use_it_is_kept(
    own: FlaskClient, lms_app: Flask, participant: Any, submit: Any
) -> None:
    path = f"/technology_trials/practice/{participant.key}/log"
    submit(own, path, uses="0", non_use_reason="Det gjorde arbejdet utrygt.")
    found = known(lms_app, participant)
    assert found is not None
    assert found.non_use_reason == "Det gjorde arbejdet utrygt."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"uses": "tre"}, "Not a valid integer"),
        ({"uses": "-1"}, "Write a number from 0 to 999."),
        ({"uses": "1000"}, "Write a number from 0 to 999."),
        ({"uses": ""}, "Write a number, 0 if you have not used it."),
        ({"uses": "1", "non_use_reason": "010203-1234 sagde nej"}, "personal identity number"),
        ({"uses": "1", "non_use_reason": "x" * 1001}, "Write at most 1,000 characters."),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence(
    own: FlaskClient,
    lms_app: Flask,
    participant: Any,
    submit: Any,
    fields: dict[str, str],
    sentence: str,
) -> None:
    own.get("/?lang=en")
    path = f"/technology_trials/practice/{participant.key}/log?lang=en"
    answer = submit(own, path, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text or sentence.split(maxsplit=1)[0] == "Not"
    assert known(lms_app, participant) is None
    for value in fields.values():
        assert value[:200] in answer.text


def test_nobody_checks_themselves(
    own: FlaskClient, lms_app: Flask, participant: Any, submit: Any
) -> None:
    path = f"/technology_trials/practice/{participant.key}/safe-use"
    assert submit(own, path, safe_use="passed").status_code == 404
    assert known(lms_app, participant) is None


def test_the_teacher_checks_safe_use(
    teacher: FlaskClient, lms_app: Flask, participant: Any, submit: Any
) -> None:
    text = teacher.get(f"/enrolments/{participant.key}?lang=en").text
    assert "Set the safe-use check" in text
    path = f"/technology_trials/practice/{participant.key}/safe-use"
    for choice, passed in (("passed", True), ("not_passed", False), ("not_yet", None)):
        assert submit(teacher, path, safe_use=choice).status_code == 303
        found = known(lms_app, participant)
        assert found is not None
        assert found.safe_use_passed is passed
    for wrong in ("", "perhaps"):
        assert submit(teacher, path, safe_use=wrong).status_code == 422


@pytest.mark.parametrize("role", ["company_teacher", "evaluator"])
def test_those_who_do_not_teach_it_find_nothing(
    lms_app: Flask,
    sign_in: Any,
    trial: Any,
    participant: Any,
    make_person: Any,
    make_team_member: Any,
    submit: Any,
    role: str,
) -> None:
    person = make_person()
    make_team_member(run=trial.row, person=person, role=role)
    client = sign_in(lms_app.test_client(), person)
    path = f"/technology_trials/practice/{participant.key}"
    assert client.get(path).status_code == 404
    assert submit(client, f"{path}/log", uses="3").status_code == 404
    assert submit(client, f"{path}/safe-use", safe_use="passed").status_code == 404


def test_the_manager_may_read_and_not_write(
    lms_app: Flask,
    sign_in: Any,
    trial: Any,
    make_person: Any,
    make_enrolment: Any,
    submit: Any,
) -> None:
    manager = make_person()
    enrolment = make_enrolment(run=trial.row, state="active", manager=manager)
    client = sign_in(lms_app.test_client(), manager)
    text = client.get(f"/enrolments/{enrolment.key}?lang=en").text
    assert "Safe-use check" in text
    assert "Write in the log" not in text
    path = f"/technology_trials/practice/{enrolment.key}/log"
    assert submit(client, path, uses="3").status_code == 404


@pytest.mark.parametrize("state", ["seated", "completed", "withdrawn"])
def test_the_log_is_open_while_the_run_is_under_way(
    lms_app: Flask,
    sign_in: Any,
    trial: Any,
    make_person: Any,
    make_enrolment: Any,
    submit: Any,
    state: str,
) -> None:
    person = make_person()
    enrolment = make_enrolment(run=trial.row, person=person, state=state)
    client = sign_in(lms_app.test_client(), person)
    path = f"/technology_trials/practice/{enrolment.key}/log"
    assert submit(client, path, uses="3").status_code == 404


@pytest.mark.parametrize("key", ["x", "aaaaaaaaaaaaaaaa", "%00", "A" * 16])
def test_junk_keys_are_not_found(teacher: FlaskClient, key: str) -> None:
    assert teacher.get(f"/technology_trials/practice/{key}").status_code == 404
    assert teacher.get(f"/technology_trials/runs/{key}").status_code == 404


def test_enrolment_panels_cost_three_queries_for_ones_own(
    lms_app: Flask, participant: Any, count_queries: Counting
) -> None:
    from lms.api import actor_for_person, enrolments_by_id
    from lms_technology_trials.panels import enrolment_panels

    with lms_app.test_request_context():
        facts = enrolments_by_id([participant.id])[participant.id]
        actor = actor_for_person(participant.person_id)
        with count_queries() as queries:
            panels = enrolment_panels([facts], actor)
    assert len(panels[participant.id]) == 1
    assert len(queries) <= 3


# --- what a run tries ---------------------------------------------------------------------------


@pytest.fixture
def lead(
    lms_app: Flask, sign_in: Any, trial: Any, make_person: Any, make_team_member: Any
) -> FlaskClient:
    """Somebody who leads the run."""
    person = make_person()
    make_team_member(run=trial.row, person=person, role="programme_lead")
    found: FlaskClient = sign_in(lms_app.test_client(), person)
    return found


def test_run_panels_show_what_is_tried_and_the_minutes(trial: Any, client: FlaskClient) -> None:
    path = f"/catalogue/{trial.row.key}?lang=en"
    assert "It is not stated yet what this run tries." in client.get(path).text
    trial.tries("Prøvebrillen", "Øverummet")
    trial.teaches(60, company=False)
    trial.teaches(100, company=True)
    text = client.get(path).text
    for words in ("XR headsets", "Prøvebrillen", "Øverummet", "Prøvefirma ApS", "Within the limit"):
        assert words in text, words
    assert "companies teach 100 of the run&#39;s 420 minutes" in text
    assert "Change what the run tries" not in text
    trial.teaches(111, company=True)
    assert "Too much" in client.get(path).text


def test_run_panels_leave_other_types_alone(client: FlaskClient, make_run: Any) -> None:
    assert "What we try out" not in client.get(f"/catalogue/{make_run().key}?lang=en").text


def test_run_badges_name_the_category(trial: Any, client: FlaskClient) -> None:
    assert "XR headsets" not in client.get("/catalogue?lang=en").text
    trial.tries("Prøvebrillen", "Øverummet")
    assert "XR headsets" in client.get("/catalogue?lang=en").text


def test_run_badges_of_many_runs_are_one_query(
    lms_app: Flask, trial: Any, count_queries: Counting
) -> None:
    from lms_technology_trials.panels import run_badges

    facts = [trial.facts] * 20
    with lms_app.app_context(), count_queries() as queries:
        run_badges(facts)
    assert len(queries) == 1


def test_the_lead_says_what_the_run_tries_and_opens_it(
    lead: FlaskClient, trial: Any, submit: Any
) -> None:
    assert "Change what the run tries" in lead.get(f"/catalogue/{trial.row.key}?lang=en").text
    refused = submit(lead, f"/catalogue/{trial.row.key}/state?lang=en", state="open", reason="")
    assert refused.status_code == 422
    assert "names no solutions" in refused.text
    answer = submit(
        lead,
        f"/technology_trials/runs/{trial.row.key}",
        category_da="XR-briller",
        solutions="Prøvebrillen; Prøvefirma ApS\r\nØverummet\r\n\r\n",
        only_one_reason="",
    )
    assert answer.status_code == 303
    with trial.app.app_context():
        facts = technology_of([trial.row.id])[trial.row.id]
    assert [(one.name, one.organisation) for one in facts.solutions] == [
        ("Prøvebrillen", "Prøvefirma ApS"),
        ("Øverummet", ""),
    ]
    assert (
        "Prøvebrillen; Prøvefirma ApS" in lead.get(f"/technology_trials/runs/{trial.row.key}").text
    )
    opened = submit(lead, f"/catalogue/{trial.row.key}/state", state="open", reason="")
    assert opened.status_code == 303


def test_changing_the_solutions_keeps_the_rest(lead: FlaskClient, trial: Any, submit: Any) -> None:
    from dataclasses import replace

    from lms.api import SYSTEM, LocalisedText, unit_of_work
    from lms_technology_trials.services import write_technology

    trial.tries("Prøvebrillen")
    rule = LocalisedText(da="Stop ved et nej", sv="Stopp vid ett nej", en="Stop at a no")
    with trial.app.app_context(), unit_of_work():
        before = technology_of([trial.row.id])[trial.row.id]
        write_technology(replace(before, stop_rule=rule), SYSTEM)
    submit(
        lead, f"/technology_trials/runs/{trial.row.key}", category_en="Headsets", solutions="A\nB"
    )
    with trial.app.app_context():
        after = technology_of([trial.row.id])[trial.row.id]
    assert after.stop_rule == rule
    assert after.category == LocalisedText(en="Headsets")


@pytest.mark.parametrize(
    "fields",
    [
        {"solutions": "A\nB"},
        {"category_da": "XR", "solutions": "A; x\na; y"},
        {"category_da": "XR", "solutions": "\n".join(f"S{n}" for n in range(21))},
        {"category_da": "XR", "solutions": "x" * 121},
        {"category_da": "x" * 201},
        {"category_da": "XR", "only_one_reason": "x" * 501},
    ],
)
def test_what_cannot_be_read_comes_back(
    lead: FlaskClient, trial: Any, submit: Any, fields: dict[str, str]
) -> None:
    answer = submit(lead, f"/technology_trials/runs/{trial.row.key}", **fields)
    assert answer.status_code == 422
    assert "summary" in answer.text
    with trial.app.app_context():
        assert technology_of([trial.row.id]) == {}


def test_only_those_who_manage_the_run_say_what_it_tries(
    teacher: FlaskClient, client: FlaskClient, trial: Any, submit: Any
) -> None:
    path = f"/technology_trials/runs/{trial.row.key}"
    assert teacher.get(path).status_code == 404
    assert submit(teacher, path, category_da="XR").status_code == 404
    assert client.get(path).status_code in (302, 303, 401)


def test_data_policy_covers_every_table(lms_app: Flask) -> None:
    from lms_technology_trials.models import Collaboration

    with lms_app.app_context():
        policies = {
            table
            for table, owned in current_host().data_policies().items()
            if owned.plugin == "technology_trials"
        }
    assert policies == set(Collaboration.metadata.tables)
