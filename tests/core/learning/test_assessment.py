"""Assessment: levels by people who agree, and never of oneself or by a company."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor, CertificateDetails, LocalisedText
from lms.core.learning.details import certificate_details
from lms.core.learning.models import Assessment, Standing
from lms.core.learning.queries import completions_of
from lms.core.learning.services import (
    Finding,
    assess,
    decide_completions,
    take_assessment_back,
)
from lms.core.refused import Refused
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen
from lms.work import unit_of_work

OUTCOMES = [
    {"da": "Se problemet", "sv": "Se problemet", "en": "See the problem"},
    {"da": "Prøve det", "sv": "Prova det", "en": "Try it"},
]


@pytest.fixture
def version(make_version):
    return make_version(outcomes=OUTCOMES)


@pytest.fixture
def make_ruled(make_run, version):
    def make(**options):
        rule = {"version": "a", "conditions": {"assessment": options}}
        return make_run(
            version=version, state="running", sessions=[now() - timedelta(days=3)], rule=rule
        )

    return make


@pytest.fixture
def do(lms_app):
    def call(service, *arguments, **options):
        with lms_app.app_context(), unit_of_work():
            return service(*arguments, **options)

    return call


@pytest.fixture
def make_teacher(make_person, make_team_member):
    def make(run, name="Tove Teacher"):
        person = make_person(name=name, language="en")
        make_team_member(run=run, person=person)
        return person

    return make


def finding(outcome, level, **more):
    return Finding(outcome=outcome, level=level, method="work", **more)


def standing_of(app, enrolment):
    with app.app_context():
        return db.session.scalar(
            db.select(Standing.result).where(Standing.enrolment_id == enrolment.id)
        )


def states(app):
    with app.app_context():
        rows = db.session.execute(
            db.select(Assessment.outcome, Assessment.level, Assessment.state).order_by(
                Assessment.outcome, Assessment.id
            )
        )
        return [tuple(row) for row in rows]


def codes(error) -> list[str]:
    return [refusal.code for refusal in error.value.refusals]


def test_every_outcome_at_the_level_completes(lms_app, do, make_ruled, make_enrolment):
    row = make_enrolment(run=make_ruled(), state="active")
    do(assess, row.id, [finding(0, 2)], SYSTEM)
    assert standing_of(lms_app, row) == "undecided"
    do(assess, row.id, [finding(1, 1)], SYSTEM)
    assert standing_of(lms_app, row) == "not_met"
    do(assess, row.id, [finding(1, 3)], SYSTEM)
    assert standing_of(lms_app, row) == "met"
    assert states(lms_app) == [(0, 2, "final"), (1, 3, "final")]


def test_two_assessors_must_agree(lms_app, do, make_ruled, make_enrolment, make_teacher):
    run = make_ruled(assessors=2)
    row = make_enrolment(run=run, state="active")
    a, b = (Actor(person_id=make_teacher(run, name).id) for name in ("Ann", "Bo"))
    both = [finding(0, 2), finding(1, 2)]
    do(assess, row.id, both, a)
    assert standing_of(lms_app, row) == "undecided"
    assert {state for _o, _l, state in states(lms_app)} == {"draft"}
    do(assess, row.id, [finding(0, 2), finding(1, 3)], b)
    assert states(lms_app) == [
        (0, 2, "final"),
        (0, 2, "final"),
        (1, 2, "draft"),
        (1, 3, "draft"),
    ]
    assert standing_of(lms_app, row) == "undecided"
    do(assess, row.id, [finding(1, 3)], a)
    assert standing_of(lms_app, row) == "met"
    do(take_assessment_back, row.id, b)
    assert standing_of(lms_app, row) == "undecided"


def test_who_may_not_assess(
    do, make_ruled, make_enrolment, make_person, make_teacher, make_organisation, make_assignment
):
    run = make_ruled()
    person = make_person()
    row = make_enrolment(run=run, person=person, state="active")
    with pytest.raises(Refused) as error:
        do(assess, row.id, [finding(0, 2)], Actor(person_id=person.id))
    assert codes(error) == ["own"]
    company = make_organisation(kind="company")
    employed, former = make_teacher(run, "Employed"), make_teacher(run, "Former")
    make_assignment(person=employed, organisation=company)
    make_assignment(person=former, organisation=company, to_day=(now() - timedelta(days=5)).date())
    with pytest.raises(Refused) as error:
        do(assess, row.id, [finding(0, 2)], Actor(person_id=employed.id))
    assert codes(error) == ["company"]
    assert do(assess, row.id, [finding(0, 2)], Actor(person_id=former.id)) == 1


def test_a_company_teacher_of_the_run_never_assesses(
    do, make_ruled, make_enrolment, make_teacher, make_team_member
):
    run = make_ruled()
    both = make_teacher(run)
    make_team_member(run=run, person=both, role="company_teacher")
    row = make_enrolment(run=run, state="active")
    with pytest.raises(Refused) as error:
        do(assess, row.id, [finding(0, 2)], Actor(person_id=both.id))
    assert codes(error) == ["company"]


@pytest.mark.parametrize(
    "bad",
    [
        [finding(2, 1)],
        [finding(0, 4)],
        [finding(0, -1)],
        [finding(0, 1), finding(0, 2)],
        [Finding(outcome=0, level=1, method="hearsay")],
        [finding(0, 1, work_id=999)],
    ],
)
def test_findings_that_cannot_be(do, make_ruled, make_enrolment, bad):
    row = make_enrolment(run=make_ruled(), state="active")
    with pytest.raises(Refused):
        do(assess, row.id, bad, SYSTEM)


def test_the_table_and_one_participant_at_a_time(
    lms_app, sign_in, submit, make_ruled, make_enrolment, make_person, make_teacher
):
    run = make_ruled(assessors=2)
    learner = make_person(name="Anna Learner", language="en")
    a = make_enrolment(run=run, person=learner, state="active")
    b = make_enrolment(run=run, person=make_person(name="Bent Learner"), state="active")
    first, second = (
        sign_in(lms_app.test_client(), make_teacher(run, name)) for name in ("Ann T", "Bo T")
    )
    text = first.get(f"/teach/{run.key}/assess").text
    assert "See the problem" in text
    assert text.count("not assessed") == 4
    url = f"/teach/{run.key}/assess/{a.key}"
    empty = submit(first, url)
    assert empty.status_code == 422
    assert "Choose a level for at least one outcome." in empty.text
    fields = {"level-0": "2", "method-0": "observation", "supervised-0": "y", "note-0": "Rolig"}
    done = submit(first, url, **fields, next="1")
    assert done.headers["Location"].endswith(f"/assess/{b.key}")
    page = second.get(url).text
    assert "You see what they found when you have said" in page
    assert "Rolig" not in page
    own = sign_in(lms_app.test_client(), learner)
    assert "What was assessed" not in own.get(f"/enrolments/{a.key}").text
    submit(second, url, **{"level-0": "3", "method-0": "work"})
    assert "They differ" in second.get(f"/teach/{run.key}/assess").text
    page = second.get(url).text
    assert "Ann T found:" in page
    assert "Rolig" in page
    submit(second, url, **{"level-0": "2", "method-0": "work"})
    shown = own.get(f"/enrolments/{a.key}").text
    assert "What was assessed" in shown
    assert "See the problem" in shown
    submit(second, f"{url}/back")
    assert "What was assessed" not in own.get(f"/enrolments/{a.key}").text


class Certifying(Specimen):
    told: tuple = ()

    @hookimpl
    def lms_certificate_details(self, completions):
        self.told = tuple(completions[0].outcomes)
        return {
            c.enrolment_id: CertificateDetails(kind="competence", statement=LocalisedText(en="did"))
            for c in completions
        }


def test_the_certificate_is_told_what_was_found(lms_app_factory):
    from lms.testing.rows import Maker

    plugin = Certifying()
    app = lms_app_factory(plugins=[(SPECIMEN, plugin)])
    make = Maker(app)
    rule = {"version": "a", "conditions": {"assessment": {}}}
    run = make.run(version=make.version(outcomes=OUTCOMES), state="running", rule=rule)
    row = make.enrolment(run=run, state="active")
    with app.app_context():
        with unit_of_work():
            assess(row.id, [finding(0, 2), finding(1, 3, supervised=True)], SYSTEM)
            decide_completions([row.id], SYSTEM)
        certificate_details(list(completions_of([row.id]).values()))
    assert [(o.title.en, o.level, o.supervised) for o in plugin.told] == [
        ("See the problem", 2, False),
        ("Try it", 3, True),
    ]
