"""Verbs on work: who may accept and return it, and what counts by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import LANGUAGES, SYSTEM, Actor
from lms.core.learning.models import Work
from lms.core.learning.services import (
    accept_work,
    return_work,
    settle_work,
    start_work,
    submit_work,
)
from lms.core.refused import Refused
from lms.db import db, now
from lms.work import unit_of_work
from tests.core.learning.facts import make_activity


@pytest.fixture
def run(make_run):
    return make_run(state="running", sessions=[now() - timedelta(days=3)])


@pytest.fixture
def do(lms_app):
    def call(service, *arguments, **options):
        with lms_app.app_context(), unit_of_work():
            return service(*arguments, **options)

    return call


@pytest.fixture
def teacher(make_person, make_team_member, run):
    person = make_person(name="Tove Teacher")
    make_team_member(run=run, person=person)
    return Actor(person_id=person.id)


@pytest.fixture
def learner(make_person):
    return make_person(name="Lis Learner")


@pytest.fixture
def submitted(maker, do, run, learner, make_enrolment):
    """Work of the learner that waits to be looked at."""
    seat = make_enrolment(run=run, person=learner, state="active")
    task = make_activity(maker, run, title="Plan")
    return do(submit_work, do(start_work, task.id, seat.id, SYSTEM), Actor(person_id=learner.id))


@pytest.fixture
def from_a_company(make_person, make_organisation, make_assignment, make_team_member, run):
    """Teaches the run and works for a company."""
    person = make_person(name="Kim Konsulent")
    make_assignment(person=person, organisation=make_organisation(kind="company"))
    make_team_member(run=run, person=person)
    return Actor(person_id=person.id)


@pytest.fixture
def company_teacher(make_person, make_team_member, run):
    person = make_person(name="Kaj Gæst")
    make_team_member(run=run, person=person, role="company_teacher")
    return Actor(person_id=person.id)


def refusal(error):
    (one,) = error.value.refusals
    assert all(one.message.in_language(code) for code in LANGUAGES)
    return one.code


@pytest.mark.parametrize("verb", [accept_work, return_work])
def test_a_teacher_looks_at_it(lms_app, do, teacher, submitted, verb):
    do(verb, submitted, teacher, score=70)
    with lms_app.app_context():
        row = db.session.get(Work, submitted.id)
        assert (row.decided_by_id, row.score) == (teacher.person_id, 70)


@pytest.mark.parametrize("verb", [accept_work, return_work])
def test_nobody_judges_their_own_work(do, learner, submitted, verb):
    with pytest.raises(Refused) as error:
        do(verb, submitted, Actor(person_id=learner.id))
    assert refusal(error) == "own"


@pytest.mark.parametrize("verb", [accept_work, return_work, settle_work])
def test_who_works_for_a_company_judges_nobody(
    lms_app, do, submitted, from_a_company, company_teacher, verb
):
    for actor in (from_a_company, company_teacher):
        with pytest.raises(Refused) as error:
            do(verb, submitted, actor)
        assert refusal(error) == "company"
    with lms_app.app_context():
        assert db.session.get(Work, submitted.id).state == "submitted"


def test_what_counts_by_itself_was_decided_by_nobody(lms_app, do, learner, submitted):
    back = do(settle_work, submitted, Actor(person_id=learner.id), done=False, score=40)
    assert (back.state, back.score) == ("returned", 40)
    again = do(settle_work, back, Actor(person_id=learner.id), score=90)
    assert (again.state, again.score) == ("accepted", 90)
    with lms_app.app_context():
        assert db.session.get(Work, submitted.id).decided_by_id is None
