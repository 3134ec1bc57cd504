"""The page of completion: who stands how, found quickly, whatever the size of the run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM
from lms.core.learning.services import Presence, set_attendance
from lms.core.learning.services.standing import recompute
from lms.db import db, now
from lms.jobs import drain
from lms.jobs.models import Job
from lms.work import unit_of_work
from tests.core.learning.facts import make_activity

RULE = {
    "version": "r1",
    "conditions": {"attendance": {"percent": 80}, "activities": {}, "agreement": {}},
}
MOST_QUERIES = 10


@pytest.fixture
def run(make_run):
    moments = [now() - timedelta(days=9), now() + timedelta(days=2)]
    return make_run(state="running", sessions=moments, session_minutes=100, capacity=50, rule=RULE)


@pytest.fixture
def teacher(client, sign_in, make_person, make_team_member, run):
    person = make_person(language="en")
    make_team_member(run=run, person=person)
    return sign_in(client, person)


@pytest.fixture
def people(run, make_person, make_enrolment):
    names = ("Anna", "Bent", "Cilla", "Dan", "Eva", "Finn")
    return [make_enrolment(run=run, person=make_person(name=n), state="active") for n in names]


@pytest.fixture
def here(lms_app, maker, run, people):
    """Anna, Bent and Cilla were there on the first day, Dan, Eva and Finn were not."""
    first = maker.sessions_of(run)[0]
    lines = [
        Presence(enrolment_id=row.id, mode="present" if n < 3 else "absent")
        for n, row in enumerate(people)
    ]
    with lms_app.app_context(), unit_of_work():
        set_attendance(first.id, lines, SYSTEM)


def test_who_falls_behind_is_found_at_once(teacher, run, people, here):
    everybody = teacher.get(f"/teach/{run.key}/complete").text
    assert "Falling behind (3)" in everybody
    assert "Anna" in everybody
    behind = teacher.get(f"/teach/{run.key}/complete?how=slipping").text
    assert "Anna" not in behind
    assert all(name in behind for name in ("Dan", "Eva", "Finn"))
    assert "Can no longer be reached" in behind
    nobody = teacher.get(f"/teach/{run.key}/complete?how=met").text
    assert "Nobody stands like that just now." in nobody
    assert teacher.get(f"/teach/{run.key}/complete?how=nonsense").status_code == 200


def test_a_word_said_on_a_filtered_page_comes_back_to_it(teacher, submit, run, people, here):
    url = f"/teach/{run.key}/complete?how=slipping"
    answer = submit(
        teacher, url, **{f"word-{people[3].key}": "no", f"note-{people[3].key}": "Ring"}
    )
    assert answer.status_code == 303
    assert "how=slipping" in answer.headers["Location"]


def test_the_participant_reads_what_is_still_needed_first(
    lms_app, sign_in, run, make_person, make_enrolment, maker
):
    make_activity(maker, run, title="Plan")
    person = make_person(language="en")
    row = make_enrolment(run=run, person=person, manager=make_person(), state="active")
    text = sign_in(lms_app.test_client(), person).get(f"/enrolments/{row.key}").text
    assert "Still needed" in text
    assert "Still to do: Plan." in text
    assert "0 of 1 required activity is accepted" in text
    assert "Write a learning agreement together with your manager." in text
    assert f"/enrolments/{row.key}/agreement" in text


def test_everybody_is_judged_anew_at_the_press_of_a_button(lms_app, teacher, submit, run, people):
    assert submit(teacher, f"/teach/{run.key}/recompute").status_code == 303
    with lms_app.app_context():
        drain()
        (job,) = db.session.scalars(db.select(Job).where(Job.type == "learning.recompute")).all()
        assert (job.state, job.done_count) == ("done", 6)


@pytest.mark.parametrize("page", ["complete", "complete?how=slipping", "assess"])
def test_a_page_asks_a_fixed_number_of_questions(
    lms_app, teacher, run, people, here, count_queries, page
):
    with lms_app.app_context(), unit_of_work():
        recompute(run.id)
    url = f"/teach/{run.key}/{page}"
    teacher.get(url)
    with count_queries() as queries:
        assert teacher.get(url).status_code == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)


def test_a_participants_own_page_asks_few_questions(
    lms_app, sign_in, run, make_person, make_enrolment, count_queries
):
    person = make_person()
    row = make_enrolment(run=run, person=person, manager=make_person(), state="active")
    with lms_app.app_context(), unit_of_work():
        recompute(run.id)
    browser = sign_in(lms_app.test_client(), person)
    for page in (f"/enrolments/{row.key}", f"/enrolments/{row.key}/agreement"):
        browser.get(page)
        with count_queries() as queries:
            assert browser.get(page).status_code == 200
        assert len(queries) <= MOST_QUERIES, "\n".join(queries)
