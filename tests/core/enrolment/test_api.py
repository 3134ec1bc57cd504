"""Seats over the API."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.contracts import SYSTEM, LocalisedText, Question
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import queries, services
from lms.core.users.models import ApiToken
from lms.core.users.queries import digest
from lms.db import now
from lms.work import unit_of_work


@pytest.fixture
def api(lms_app, maker, make_person, make_assignment):
    """`api(person)`: a function that asks the API as that person."""

    def as_person(person):
        token = f"token-of-{person.id}"
        maker.write(
            ApiToken(
                person_id=person.id,
                token_hash=digest(token),
                name="proof",
                created_at=now(),
                expires_at=now() + timedelta(days=1),
            )
        )
        client = lms_app.test_client()

        def ask(method, path, **options):
            headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
            return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

        return ask

    return as_person


@pytest.fixture
def mine(api, make_person, make_assignment):
    person = make_person(language="en")
    make_assignment(person=person, manager=make_person())
    return api(person)


def test_without_a_token_there_is_nothing(client, make_run):
    for method, path in (("GET", "/enrolments"), ("POST", f"/runs/{make_run().key}/enrolments")):
        response = client.open(f"/api/v1{path}", method=method)
        assert response.status_code == 401
        assert response.mimetype == "application/problem+json"


def test_a_seat_is_asked_for_listed_and_read(mine, make_run):
    run = make_run()
    made = mine("POST", f"/runs/{run.key}/enrolments", json={"goal": "Kunne vise det"})
    assert made.status_code == 201
    body = made.json
    assert body["state"] == "awaiting_approval"
    assert body["goal"] == "Kunne vise det"
    assert body["run"] == run.key
    assert made.headers["Location"].endswith(f"/api/v1/enrolments/{body['key']}")
    assert mine("GET", f"/enrolments/{body['key']}").json == body
    assert mine("GET", "/enrolments").json == {"items": [body]}


def test_asking_twice_is_a_conflict(mine, make_run):
    path = f"/runs/{make_run().key}/enrolments"
    assert mine("POST", path, json={"goal": "x"}).status_code == 201
    again = mine("POST", path, json={"goal": "x"})
    assert again.status_code == 409
    assert again.mimetype == "application/problem+json"
    assert again.json["errors"][0]["field"] is None


def test_what_is_missing_is_named(mine, make_run):
    response = mine("POST", f"/runs/{make_run().key}/enrolments", json={})
    assert response.status_code == 422
    assert response.json["errors"] == [
        {
            "field": "goal",
            "message": "Write in one sentence what you would like to be able to change.",
        }
    ]


def test_a_closed_run_refuses(mine, make_run):
    path = f"/runs/{make_run(state='closed').key}/enrolments"
    response = mine("POST", path, json={"goal": "x"})
    assert response.status_code == 422
    assert "takes no requests now" in response.json["errors"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'"x"',
        b'{"goal": 3}',
        b'{"answers": []}',
        b'{"answers": {"a": 1}}',
        b'{"goal": null}',
    ],
)
def test_another_shape_is_a_problem(mine, make_run, body):
    path = f"/runs/{make_run().key}/enrolments"
    response = mine("POST", path, data=body, content_type="application/json")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"


def test_neighbours_find_nothing(api, mine, make_run, make_enrolment, make_person):
    other = make_enrolment(run=make_run(), person=make_person())
    assert mine("GET", f"/enrolments/{other.key}").status_code == 404
    assert mine("GET", "/enrolments").json == {"items": []}
    hidden = make_run(state="planned")
    assert mine("POST", f"/runs/{hidden.key}/enrolments", json={"goal": "x"}).status_code == 404


@given(goal=st.text(max_size=600))
def test_junk_is_never_an_error_of_ours(goal, api, make_person, make_run):
    response = api(make_person())("POST", f"/runs/{make_run().key}/enrolments", json={"goal": goal})
    assert response.status_code in (201, 422)


# --- what one can do with a seat, and for others ------------------------------------------------


@pytest.fixture
def worker(make_person, make_assignment):
    person, person_manager = make_person(language="en"), make_person(language="en")
    make_assignment(person=person, manager=person_manager)
    person.manager = person_manager
    return person


def change_terms(app, run, **changes):
    with app.app_context(), unit_of_work():
        terms = queries.terms_of([run.id])[run.id]
        services.set_terms(dataclasses.replace(terms, **changes), SYSTEM)


def test_a_key_is_sent_along(api, worker, make_run, lms_app):
    run = make_run()
    change_terms(lms_app, run, ways=("key",), entry_key="himmel")
    ask, path = api(worker), f"/runs/{run.key}/enrolments"
    missing = ask("POST", path, json={"goal": "x"})
    assert missing.json["errors"][0]["field"] == "entry_key"
    wrong = ask("POST", path, json={"goal": "x", "entry_key": "jord"})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "entry_key")
    right = ask("POST", path, json={"goal": "x", "entry_key": "Himmel"})
    assert (right.status_code, right.json["source"]) == (201, "key")


def test_an_invitation_opens_a_run_that_is_not_to_be_seen(api, worker, make_run, lms_app):
    run, ask = make_run(visibility="invited"), api(worker)
    change_terms(lms_app, run, ways=("link",))
    with lms_app.app_context(), unit_of_work():
        token = services.invite(run.id, "Prøve", SYSTEM)
    path = f"/runs/{run.key}/enrolments"
    assert ask("POST", path, json={"goal": "x"}).status_code == 404
    assert ask("POST", path, json={"goal": "x", "invitation": "x" * 22}).status_code == 404
    made = ask("POST", path, json={"goal": "x", "invitation": token})
    assert (made.status_code, made.json["source"]) == (201, "link")


def test_two_ask_together(api, worker, make_run, lms_app, make_person, make_assignment):
    run, ask = make_run(), api(worker)
    path, body = f"/runs/{run.key}/enrolments", {"goal": "x", "pair_with": "ingen@x.example"}
    refused = ask("POST", path, json=body)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "pair_with")
    change_terms(lms_app, run, in_pairs=True)
    assert "We know no colleague" in ask("POST", path, json=body).json["errors"][0]["message"]


@pytest.fixture
def asked_along(api, make_person, make_assignment, make_organisation, make_run, lms_app):
    """Two colleagues, and the enrolments of both: the first has asked for the second as well."""
    run, place, manager = make_run(), make_organisation(), make_person()
    change_terms(lms_app, run, in_pairs=True)
    people = [make_person(language="en") for _ in range(2)]
    for person in people:
        make_assignment(person=person, manager=manager, organisation=place)
    first, second = map(api, people)
    body = {"goal": "x", "pair_with": people[1].email}
    made = first("POST", f"/runs/{run.key}/enrolments", json=body)
    assert made.status_code == 201
    (theirs,) = second("GET", "/enrolments").json["items"]
    return run, first, second, made.json["key"], theirs["key"]


def test_a_colleague_says_yes_once_and_with_a_goal(asked_along):
    _run, first, second, own, theirs = asked_along
    path = f"/enrolments/{theirs}/confirm"
    for body in (b"", b"[]", b'{"answers": 3}'):
        broken = second("POST", path, data=body, content_type="application/json")
        assert broken.status_code == 400
    missing = second("POST", path, json={})
    assert (missing.status_code, missing.json["errors"][0]["field"]) == (422, "goal")
    assert first("POST", path, json={"goal": "x"}).status_code == 404
    assert first("POST", f"/enrolments/{own}/confirm", json={"goal": "x"}).status_code == 409
    said = second("POST", path, json={"goal": "Løfte bedre"})
    assert (said.status_code, said.json["state"]) == (200, "awaiting_approval")
    assert (said.json["goal"], said.json["pair"]["state"]) == ("Løfte bedre", "awaiting_approval")
    again = second("POST", path, json={"goal": "y"})
    assert again.status_code == 409
    assert again.json["errors"][0]["message"].startswith("Nobody waits for your yes here")


def test_a_yes_sent_again_with_its_key_is_answered_the_same(asked_along, lms_app):
    _run, _first, second, _own, theirs = asked_along
    headers = {"Idempotency-Key": "yes-1"}
    path = f"/enrolments/{theirs}/confirm"
    one, two = (second("POST", path, json={"goal": "x"}, headers=headers) for _ in range(2))
    assert (one.status_code, two.status_code, two.json) == (200, 200, one.json)
    assert two.headers["Idempotency-Replayed"] == "true"
    assert second("POST", path, json={"goal": "y"}, headers=headers).status_code == 422


def test_a_yes_answers_the_runs_questions_and_hears_what_stands_against_it(asked_along, lms_app):
    run, _first, second, _own, theirs = asked_along
    question = Question(
        key="shoes", kind="text", label=LocalisedText(en="Which shoes?"), required=True
    )
    change_terms(lms_app, run, questions=(question,))
    path, body = f"/enrolments/{theirs}/confirm", {"goal": "x"}
    missing = second("POST", path, json=body)
    assert (missing.status_code, missing.json["errors"][0]["field"]) == (422, "run.shoes")
    body |= {"answers": {"run.shoes": "38"}}
    with lms_app.app_context(), unit_of_work():
        change_run_state(run.id, "closed", SYSTEM)
    closed = second("POST", path, json=body)
    assert closed.status_code == 422
    assert closed.json["errors"][0]["field"] is None
    with lms_app.app_context(), unit_of_work():
        change_run_state(run.id, "open", SYSTEM)
    assert second("POST", path, json=body).json["answers"] == {"run.shoes": "38"}


def test_an_offer_is_taken_or_let_go_once(api, worker, make_run, make_enrolment):
    ask, due = api(worker), now() + timedelta(days=2)
    for deed, state in (("accept", "seated"), ("decline", "withdrawn")):
        row = make_enrolment(run=make_run(), person=worker, state="offered", answer_due=due)
        assert ask("GET", f"/enrolments/{row.key}").json["answer_due"] == due.isoformat()
        done = ask("POST", f"/enrolments/{row.key}/{deed}", json={})
        assert (done.status_code, done.json["state"]) == (200, state)
        again = ask("POST", f"/enrolments/{row.key}/{deed}", json={})
        assert again.status_code == 409
        assert again.mimetype == "application/problem+json"
        assert again.json["errors"]


def test_a_late_withdrawal_wants_a_reason(api, worker, make_run, make_enrolment, lms_app):
    run, ask = make_run(), api(worker)
    change_terms(lms_app, run, withdraw_until=now() - timedelta(days=1))
    row = make_enrolment(run=run, person=worker, state="seated")
    path = f"/enrolments/{row.key}/withdraw"
    late = ask("POST", path)
    assert (late.status_code, late.json["errors"][0]["field"]) == (422, "reason")
    done = ask("POST", path, json={"reason": "Syg"})
    assert (done.status_code, done.json["state"]) == (200, "withdrawn")
    assert ask("POST", path, json={"reason": "Syg"}).status_code == 409


@pytest.mark.parametrize("state", ["requested", "waitlisted", "seated", "completed", "withdrawn"])
def test_what_the_state_does_not_allow_is_a_conflict(
    api, worker, make_run, make_enrolment, maker, state
):
    row, ask = make_enrolment(run=make_run(), person=worker, state=state), api(worker)
    for deed in ("accept", "decline"):
        assert ask("POST", f"/enrolments/{row.key}/{deed}", json={}).status_code == 409
    assert maker.reload(row).state == state


def test_a_manager_reads_what_waits_and_answers(api, worker, make_run, make_enrolment):
    manager = api(worker.manager)
    rows = [
        make_enrolment(
            run=make_run(), person=worker, manager=worker.manager, state="awaiting_approval"
        )
        for _ in range(2)
    ]
    items = manager("GET", "/approvals").json["items"]
    assert [item["key"] for item in items] == [row.key for row in rows]
    assert items[0]["person"]["name"] == worker.name
    assert items[0]["approvals"][0]["state"] == "open"
    path = f"/enrolments/{rows[0].key}/answer"
    assert manager("POST", path, json={}).json["errors"][0]["field"] == "answer"
    assert manager("POST", path, json={"answer": "no"}).json["errors"][0]["field"] == "reason"
    assert api(worker)("POST", path, json={"answer": "yes"}).status_code == 404
    done = manager("POST", path, json={"answer": "yes", "goal": "Aftalt"})
    assert (done.status_code, done.json["state"], done.json["goal"]) == (200, "seated", "Aftalt")
    assert manager("POST", path, json={"answer": "yes"}).status_code == 409
    no = manager("POST", f"/enrolments/{rows[1].key}/answer", json={"answer": "no", "reason": "x"})
    assert no.json["state"] == "declined"
    assert no.json["approvals"][0]["state"] == "no"


def test_another_shape_of_a_deed_is_a_problem(api, worker, make_run, make_enrolment):
    row, ask = make_enrolment(run=make_run(), person=worker), api(worker)
    path = f"/enrolments/{row.key}/withdraw"
    for body in (b"[]", b'{"reason": 3}', b"no json", b'"x"'):
        response = ask("POST", path, data=body, content_type="application/json")
        assert response.status_code == 400
    assert ask("POST", path, json={"reason": "x" * 1001}).status_code == 422
    stranger = api(worker.manager)
    assert stranger("POST", path, json={}).status_code == 404
