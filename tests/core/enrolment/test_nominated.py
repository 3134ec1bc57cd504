"""Somebody nominated for a run with questions answers them first: on their page, from the mail,
over the API; reminded once, and let go when they say nothing."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.contracts import SYSTEM, Actor, LocalisedText, Question, Refusal
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment import hooks, queries, services
from lms.core.enrolment.models import Enrolment
from lms.core.messages.models import Mail
from lms.core.users.models import ApiToken
from lms.core.users.queries import digest
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.jobs import drain
from lms.journal.models import JournalEntry
from lms.testing.specimen import SPECIMEN, Specimen
from lms.work import unit_of_work

SHOES = Question(key="shoes", kind="text", label=LocalisedText(en="Which shoes?"), required=True)
CAKE = Question(key="cake", kind="text", label=LocalisedText(en="Which cake?"))


class Careful(Specimen):
    """Asks everybody for their shift, and refuses whoever works on the moon."""

    __slots__ = ()

    @hookimpl
    def lms_enrolment_questions(self, runs):
        question = Question(
            key="shift", kind="text", label=LocalisedText(en="When do you work?"), required=True
        )
        return {run.id: (question,) for run in runs if "vagt" in run.title.in_language("da")}

    @hookimpl
    def lms_check_enrolments(self, requests):
        return [
            Refusal(code="moon", message=LocalisedText(en="Nobody goes to the moon."), index=index)
            for index, request in enumerate(requests)
            if "moon" in request.answers.get("run.shoes", "")
        ]


@pytest.fixture
def lms_plugins():
    return [(SPECIMEN, Careful())]


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

    def make(name="Anna Prøve"):
        person = make_person(name=name, language="en")
        make_assignment(person=person, organisation=place, manager=manager)
        return person

    return make


@pytest.fixture
def asking_run(lms_app, make_run):
    """`asking_run(...)`: a run that asks for shoes, and its terms changed by these."""

    def make(capacity=3, title="Løft", questions=(SHOES, CAKE), **changes):
        run = make_run(capacity=capacity, title=title)
        with lms_app.app_context(), unit_of_work():
            terms = queries.terms_of([run.id])[run.id]
            services.set_terms(dataclasses.replace(terms, questions=questions, **changes), SYSTEM)
        return run

    return make


@pytest.fixture
def nominate(client, sign_in, manager, submit):
    """`nominate(run, people)`: the manager ticks them and presses; the answer."""
    browser = sign_in(client, manager)

    def press(run, *people, step="nominate", **fields):
        ticked = {f"p-{person.key}": "y" for person in people}
        url = f"/team/nominate/{run.key}"
        return submit(browser, url, step=step, goal="Løfte bedre", **ticked, **fields)

    press.browser = browser
    return press


@pytest.fixture
def enrolment(lms_app):
    """`enrolment(person)`: their one enrolment as it stands."""

    def read(person):
        with lms_app.app_context():
            return db.session.scalars(
                select(Enrolment).where(Enrolment.person_id == person.id)
            ).one()

    return read


def mails_to(app, person) -> list[Mail]:
    with app.app_context():
        drain()
        return list(
            db.session.scalars(select(Mail).where(Mail.person_id == person.id).order_by(Mail.id))
        )


def news_to(app, person) -> list[str]:
    """What they are told has become of their people, by state."""
    return [mail.values["state"] for mail in mails_to(app, person) if mail.kind == "news"]


def test_who_is_nominated_answers_the_questions_with_their_yes(
    lms_app, nominate, worker, manager, asking_run, enrolment, sign_in, submit
):
    anna, run = worker(), asking_run()
    assert "asked the questions of the run first" in nominate(run, anna, step="check").text
    done = nominate(run, anna)
    assert done.status_code == 303
    row = enrolment(anna)
    assert (row.state, row.goal) == ("requested", "Løfte bedre")
    assert row.answer_due is not None
    shown = nominate.browser.get(done.location).text
    assert "Waits for the person&#39;s own answers" in shown
    assert "Waits for the person&#39;s own answers" in nominate.browser.get("/team").text
    theirs = sign_in(lms_app.test_client(), anna)
    page = theirs.get(f"/enrolments/{row.key}").text
    assert "Waits for your answers" in page
    assert "Answer the questions of the run" in page
    url = f"/enrolments/{row.key}/questions"
    assert url in page
    with lms_app.test_request_context():
        (todo,) = hooks.lms_todo_items(Actor(person_id=anna.id))
    assert todo.url.endswith(url)
    asked = theirs.get(url).text
    assert "Which shoes?" in asked
    assert "Which cake?" in asked
    assert "Løfte bedre" in asked
    missing = submit(theirs, url, answer="yes")
    assert (missing.status_code, "Write an answer." in missing.text) == (422, True)
    refused = submit(theirs, url, answer="yes", **{"q-run-shoes": "moon boots"})
    assert (refused.status_code, "goes to the moon" in refused.text) == (422, True)
    assert submit(theirs, url, answer="yes", **{"q-run-shoes": "38"}).status_code == 303
    after = enrolment(anna)
    assert (after.state, after.answers) == ("seated", {"run.shoes": "38"})
    assert (after.goal, after.goal_signed_by_id) == ("Løfte bedre", manager.id)
    # Pressed twice, or gone back to: what was said stands.
    assert submit(theirs, url, answer="no").location.endswith(f"/enrolments/{row.key}")
    assert enrolment(anna).state == "seated"
    with lms_app.app_context():
        verbs = set(db.session.scalars(select(JournalEntry.verb)))
    assert "enrolment.nomination_confirmed" in verbs


def test_questions_that_need_no_answer_hold_nobody_up(nominate, worker, asking_run, enrolment):
    anna = worker()
    nominate(asking_run(questions=(CAKE,)), anna)
    assert enrolment(anna).state == "seated"


def test_a_plugins_question_is_asked_as_well(
    lms_app, nominate, worker, asking_run, enrolment, sign_in, submit
):
    anna = worker()
    nominate(asking_run(questions=(), title="Nattevagt"), anna)
    row = enrolment(anna)
    assert row.state == "requested"
    theirs, url = sign_in(lms_app.test_client(), anna), f"/enrolments/{row.key}/questions"
    submit(theirs, url, answer="yes", **{f"q-{SPECIMEN}-shift": "night"})
    after = enrolment(anna)
    assert (after.state, after.answers) == ("seated", {f"{SPECIMEN}.shift": "night"})


@pytest.mark.parametrize(("answer", "state"), [("yes", "seated"), ("no", "withdrawn")])
def test_the_mail_leads_to_answering(
    lms_app, nominate, worker, manager, asking_run, enrolment, submit, answer, state
):
    anna = worker()
    nominate(asking_run(), anna)
    (mail,) = mails_to(lms_app, anna)
    assert mail.kind == "questions_asked"
    assert "a few questions for you first" in mail.text
    url = re.search(r"/answer/[\w-]+", mail.text).group(0)
    browser = lms_app.test_client()
    assert "Which shoes?" in browser.get(url).text
    assert enrolment(anna).state == "requested"
    said = submit(browser, url, answer=answer, **{"q-run-shoes": "38"})
    assert said.status_code == 303
    assert enrolment(anna).state == state
    assert browser.get(url).status_code == 410
    assert news_to(lms_app, manager) == [state]


def test_who_does_not_answer_is_reminded_once_and_then_let_go(
    lms_app, nominate, worker, manager, asking_run, enrolment, clock, sign_in
):
    anna = worker()
    nominate(asking_run(), anna)
    mails_to(lms_app, anna)

    def remind():
        with lms_app.app_context(), unit_of_work():
            return services.remind()

    assert remind() == 0
    clock.move(days=6)
    assert [remind(), remind()] == [1, 0]
    mail = mails_to(lms_app, anna)[-1]
    assert "answers are still missing" in mail.subject
    assert "/answer/" in mail.text
    clock.move(days=5)
    with lms_app.app_context(), unit_of_work():
        assert services.lapse_overdue(SYSTEM) == 1
    row = enrolment(anna)
    assert row.state == "withdrawn"
    assert "did not come in time" in mails_to(lms_app, anna)[-1].text
    assert news_to(lms_app, manager) == ["lapsed"]
    browser = sign_in(lms_app.test_client(), anna)
    assert "There was no answer in time" in browser.get(f"/enrolments/{row.key}").text


def test_two_who_go_together_answer_each_for_themselves(
    lms_app, nominate, worker, asking_run, enrolment
):
    anna, bo = worker(), worker("Bo Prøve")
    nominate(asking_run(in_pairs=True), anna, bo, together="y")
    assert [enrolment(one).state for one in (anna, bo)] == ["requested"] * 2
    for person, state in ((anna, "awaiting_approval"), (bo, "seated")):
        with lms_app.app_context(), unit_of_work():
            actor, row = Actor(person_id=person.id), enrolment(person)
            assert services.confirm(row.id, actor) == state
    assert [enrolment(one).state for one in (anna, bo)] == ["seated"] * 2


def test_another_yes_is_asked_for_after_the_answers_only(
    lms_app, nominate, worker, asking_run, enrolment
):
    anna = worker()
    nominate(asking_run(approvers=("line_manager", "programme_lead")), anna)
    with lms_app.app_context():
        opened = select(JournalEntry.id).where(JournalEntry.verb == "enrolment.approval_opened")
        assert db.session.scalar(opened) is None
        row = enrolment(anna)
        with unit_of_work():
            state = services.confirm(row.id, Actor(person_id=anna.id))
        assert state == "awaiting_approval"
        assert db.session.scalar(opened) is not None


def test_nobody_else_answers_for_them_and_a_closed_run_says_so(
    lms_app, nominate, worker, asking_run, enrolment, sign_in, submit
):
    anna, run = worker(), asking_run()
    nominate(run, anna)
    row = enrolment(anna)
    url = f"/enrolments/{row.key}/questions"
    assert nominate.browser.get(url).status_code == 404
    theirs = sign_in(lms_app.test_client(), anna)
    together = theirs.get(f"/enrolments/{row.key}/together")
    assert together.location.endswith(f"/enrolments/{row.key}")
    with lms_app.app_context(), unit_of_work():
        change_run_state(run.id, "closed", SYSTEM)
    closed = submit(theirs, url, answer="yes", **{"q-run-shoes": "38"})
    assert (closed.status_code, "takes no requests now" in closed.text) == (422, True)
    assert submit(theirs, url, answer="no").status_code == 303
    assert enrolment(anna).state == "withdrawn"


def test_the_yes_over_the_api(lms_app, nominate, worker, asking_run, enrolment, maker):
    anna = worker()
    nominate(asking_run(), anna)
    maker.write(
        ApiToken(
            person_id=anna.id,
            token_hash=digest("token-of-anna"),
            name="proof",
            created_at=now(),
            expires_at=now() + timedelta(days=1),
        )
    )
    client, headers = lms_app.test_client(), {"Authorization": "Bearer token-of-anna"}
    url = f"/api/v1/enrolments/{enrolment(anna).key}/confirm"
    missing = client.post(url, json={}, headers=headers)
    assert missing.json["errors"] == [{"field": "run.shoes", "message": "Write an answer."}]
    done = client.post(url, json={"answers": {"run.shoes": "38"}}, headers=headers)
    assert (done.status_code, done.json["state"]) == (200, "seated")
    assert done.json["goal"] == "Løfte bedre"
    assert client.post(url, json={}, headers=headers).status_code == 409
