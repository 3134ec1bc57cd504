"""The demo: complete, true to its files, loaded once however often, and around any today."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lms.api import (
    CompletionRule,
    CourseType,
    EnrolmentRequest,
    hookimpl,
    now,
    runs_by_id,
    stopped_clock,
)
from lms.core.catalogue.models import Course, CourseSession, CourseVersion, Run
from lms.core.enrolment.models import Enrolment, Transition
from lms.core.enrolment.states import STATES
from lms.core.users.models import Person
from lms.core.users.passwords import verify
from lms.db import db
from lms.host import current_host
from lms.journal.models import JournalEntry
from lms_courses import asking
from lms_courses.demo import world
from lms_courses.demo.reading import Calendar, courses, read
from lms_courses.models import (
    Application,
    CaseComment,
    CaseQuestion,
    CaseResult,
    CaseVersion,
    Decision,
    GroupTerms,
    Journey,
    Nda,
    NdaSignature,
    Panel,
    PanelForm,
    PanelSubject,
    TestPlan,
    Tryout,
    ValueClaim,
)
from lms_courses.types import STAFF, type_data

XR = "new_technology_trial"
SHOWN = set(STATES) - {"requested"}
"""Nobody's request rests in the demo: companies apply, and what they sent is no request."""


class Trials:
    """Stands in for the plugin that brings the type of the seventh course."""

    __slots__ = ()

    @hookimpl
    def lms_course_types(self) -> Sequence[CourseType]:
        rule = CompletionRule(
            version="xr", conditions={"attendance": {"percent": 80}, "declared": {}}
        )
        return (replace(type_data(STAFF).plan, key=XR, rule=rule),)


def load(app: Flask) -> None:
    """Every step of the demo that is the plugin's."""
    with app.app_context():
        for step in current_host().demo_steps().values():
            if step.plugin == "courses":
                step.item()


@pytest.fixture
def whole(lms_app_factory: Callable[..., Flask]) -> Flask:
    """An app that knows all course types of the demo, and has it."""
    return lms_app_factory(plugins=["courses", ("trials", Trials())], fill=load)


def counted(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_demo_loads_seven_courses_fifteen_runs_and_every_state(whole: Flask) -> None:
    with whole.app_context():
        assert (counted(Course), counted(Run), counted(Person)) == (7, 15, 49)
        enrolments = Counter(db.session.scalars(select(Enrolment.state)))
        assert set(enrolments) == SHOWN
        assert enrolments.total() == sum(len(run["enrolments"]) for run in read("courses")["runs"])
        runs = Counter(db.session.scalars(select(Run.state)))
        assert runs == Counter(run["state"] for run in read("courses")["runs"])
        assert set(db.session.scalars(select(CourseVersion.state))) == {"approved"}
        # Nobody approved a course of their own.
        assert not db.session.scalars(
            select(CourseVersion.id).where(
                CourseVersion.created_by_id == CourseVersion.approved_by_id
            )
        ).all()


def test_demo_timelines_tell_what_the_file_tells(whole: Flask) -> None:
    told = {
        (run["title"]["da"], run["enrol_until"], one["person"]): one["history"]
        for run in read("courses")["runs"]
        for one in run["enrolments"]
    }
    with whole.app_context():
        slugs = {one["email"]: one["slug"] for one in read("organisations")["people"]}
        calendar = Calendar("Europe/Copenhagen")
        by = aliased(Person)
        steps: dict[tuple[str, int, str], list[Any]] = defaultdict(list)
        for email, title, until, *step in db.session.execute(
            select(
                Person.email,
                Run.title,
                Run.enrol_until,
                Transition.new,
                by.email,
                Transition.reason,
                Transition.at,
            )
            .join(Enrolment, Enrolment.id == Transition.enrolment_id)
            .join(Run, Run.id == Enrolment.run_id)
            .join(Person, Person.id == Enrolment.person_id)
            .outerjoin(by, by.id == Transition.by_id)
            .order_by(Transition.id)
        ):
            days = (until.astimezone(calendar.zone).date() - calendar.today).days
            steps[title.da, days, slugs[email]].append(step)
        assert set(steps) == set(told)
        for key, history in told.items():
            assert [(new, slugs.get(who), why) for new, who, why, _at in steps[key]] == [
                (step["state"], step["by"], step["reason"] or "") for step in history
            ]
            moments = [at for *_step, at in steps[key]]
            assert moments == sorted(moments)
            assert moments[-1] < now()
            asked = moments[0].astimezone(calendar.zone).date() - calendar.today
            assert asked.days == history[0]["day"]


def run_id_of(slug: str) -> int:
    """A run of the file, found by its title and its last day for asking."""
    told = next(run for run in read("courses")["runs"] if run["slug"] == slug)
    calendar = Calendar(told["zone"])
    until = calendar.at(told["enrol_until"], "23:59")
    rows = db.session.execute(select(Run.id, Run.title).where(Run.enrol_until == until))
    return next(row.id for row in rows if row.title.da == told["title"]["da"])


def tally(column: Any, *where: Any) -> Counter[Any]:
    return Counter(db.session.scalars(select(column).where(*where)))


def test_demo_has_a_company_track_from_call_to_feedback(whole: Flask) -> None:
    """CT1-1, CT1-3 to CT1-6: six applied, each place and each no has its reason, the plans are
    signed and commented on, and all got what the panel said at one moment."""
    with whole.app_context():
        run_id = run_id_of("klar-til-kommunen-foerste")
        states = {"confirmed": 3, "waiting": 1, "refused": 2}
        assert tally(Application.state, Application.run_id == run_id) == states
        assert "" not in tally(Application.reason, Application.run_id == run_id)
        own = select(Application.id).where(Application.run_id == run_id)
        claims = tally(ValueClaim.role, ValueClaim.application_id.in_(own))
        assert claims == {"citizen": 3, "staff": 3, "manager": 3}
        assert tally(TestPlan.state, TestPlan.application_id.in_(own)) == {"commented": 3}
        day = db.session.scalars(select(Panel).where(Panel.run_id == run_id)).one()
        assert day.kind == "feedback_day"
        assert day.held_at < day.released_at < day.release_by
        subjects = db.session.scalars(
            select(PanelSubject).where(PanelSubject.panel_id == day.id)
        ).all()
        assert len(subjects) == 3
        assert all(one.summary for one in subjects)
        forms = tally(PanelForm.subject_id, PanelForm.subject_id.in_([one.id for one in subjects]))
        assert set(forms.values()) == {3}


def test_demo_has_a_staff_track_in_which_pairs_try_and_managers_decide(whole: Flask) -> None:
    """CT2-3 to CT2-6: journeys looked through by somebody else, a yes asked for before anything is
    tried, and a decision that is yes and one that is later."""
    with whole.app_context():
        run_id = run_id_of("to-i-samme-stue-i-gang")
        journeys = db.session.scalars(select(Journey).where(Journey.run_id == run_id)).all()
        assert len(journeys) == 3
        checked = [one for one in journeys if one.checked_at is not None]
        assert len(checked) == 2
        assert all(one.checked_by_id != one.created_by_id for one in checked)
        tried = db.session.scalars(select(Tryout).where(Tryout.run_id == run_id)).all()
        assert Counter(one.state for one in tried) == {"confirmed": 2, "asked": 1}
        assert all(one.partner_id is not None and one.manager_id is not None for one in tried)
        decided = db.session.scalars(select(Decision).where(Decision.run_id == run_id)).all()
        assert Counter(one.outcome for one in decided) == {"yes": 1, "later": 1}
        assert all(one.signed_at is not None for one in decided)
        assert {one.wake_on is not None for one in decided if one.outcome == "later"} == {True}


def test_demo_has_a_student_module_with_a_negotiated_case(whole: Flask) -> None:
    """CT4-1 to CT4-8: a case in versions, one group with the agreement and one without, questions
    that the company answers for all, two panels, and a result that practice takes up."""
    with whole.app_context():
        run_id = run_id_of("teknologi-taet-paa-hold-1")
        assert sorted(db.session.scalars(select(CaseVersion.number))) == [1, 2, 3]
        assert tally(CaseComment.side) == {"practice": 1, "teacher": 1, "company": 1}
        assert tally(Nda.state) == {"signed": 1}
        assert tally(GroupTerms.with_nda, GroupTerms.run_id == run_id) == {True: 1}
        assert counted(NdaSignature) == 3
        panels = db.session.scalars(select(Panel).where(Panel.run_id == run_id)).all()
        assert {one.kind: one.released_at is not None for one in panels} == {
            "mid": True,
            "pitch": True,
        }
        asked = db.session.scalars(select(CaseQuestion)).all()
        assert Counter((one.personal, one.answered_at is not None) for one in asked) == {
            (False, True): 2,
            (True, True): 1,
            (False, False): 1,
        }
        results = db.session.scalars(select(CaseResult)).all()
        assert all(one.sent_at is not None for one in results)
        assert Counter(one.response for one in results) == {"taken_up": 1, "": 1}


def test_demo_loaded_again_changes_nothing(whole: Flask) -> None:
    with whole.app_context():
        before = counted(JournalEntry), counted(Enrolment), counted(Person)
    load(whole)
    with whole.app_context():
        assert (counted(JournalEntry), counted(Enrolment), counted(Person)) == before


@pytest.mark.once  # the whole demo is loaded on both
def test_demo_without_the_other_plugin_waits_with_its_course(
    lms_app_factory: Callable[..., Flask],
) -> None:
    alone = lms_app_factory(plugins=["courses"])
    load(alone)
    with alone.app_context():
        assert (counted(Course), counted(Run)) == (6, 13)
        # Every state is there without it, too.
        assert set(db.session.scalars(select(Enrolment.state))) == SHOWN
        address = alone.config["DATABASE_URL"]
        db.session.remove()
    later = lms_app_factory(plugins=["courses", ("trials", Trials())], database_url=address)
    load(later)
    with later.app_context():
        assert (counted(Course), counted(Run)) == (7, 15)


def test_demo_accounts_are_written_down_and_open_the_door(whole: Flask) -> None:
    accounts = json.loads((whole.config["DATA_DIR"] / world.ACCOUNTS).read_text())
    assert {account["role"] for account in accounts} == {
        "company_teacher",
        "company_user",
        "evaluator",
        "institution_admin",
        "learner",
        "manager",
        "programme_lead",
        "site_admin",
        "teacher",
    }
    with whole.app_context():
        for account in accounts:
            stored = db.session.scalar(
                select(Person.password_hash).where(Person.email == account["email"])
            )
            assert verify(stored, account["password"]), account["role"]


@pytest.mark.once
@pytest.mark.parametrize("day", range(7))
def test_demo_days_of_work_never_fall_in_a_weekend(day: int) -> None:
    moment = datetime(2026, 3, 27, 22, 50, tzinfo=UTC) + timedelta(days=day)
    calendar = Calendar("Europe/Copenhagen", moment)
    days = [calendar.at_work(offset, "09:00") for offset in range(-400, 400)]
    assert all(found.weekday() < 5 and found.hour == 9 for found in days)
    assert days == sorted(days)
    assert all(calendar.at_work(offset, "09:00") < moment for offset in range(-400, -2))


@pytest.mark.once  # which days those are no database changes
@pytest.mark.parametrize("day", [28, 29])
def test_demo_fits_a_weekend(lms_app_factory: Callable[..., Flask], day: int) -> None:
    app = lms_app_factory(plugins=["courses"])
    # Just before midnight, around the change to summer time.
    with stopped_clock(datetime(2026, 3, day, 20, 50, tzinfo=UTC)):
        load(app)
        with app.app_context():
            rows = db.session.execute(
                select(CourseSession.starts_at, CourseSession.state, Run.zone).join(
                    Run, Run.id == CourseSession.run_id
                )
            ).all()
            assert rows
            for starts_at, state, zone in rows:
                local = starts_at.astimezone(Calendar(zone).zone)
                assert local.weekday() < 5
                assert 8 <= local.hour <= 13
                assert (state == "held") <= (starts_at < now())


def test_demo_requests_would_pass_the_plugins_own_checks(whole: Flask) -> None:
    with whole.app_context():
        rows = db.session.execute(
            select(Enrolment.person_id, Enrolment.run_id, Enrolment.employer_id, Enrolment.answers)
        ).all()
        runs = runs_by_id([row.run_id for row in rows])
        requests = [
            EnrolmentRequest(
                person_id=row.person_id,
                run=runs[row.run_id],
                employer_id=row.employer_id,
                goal="",
                answers=row.answers,
            )
            for row in rows
        ]
        assert not asking.refusals(requests)


@pytest.mark.once
def test_demo_modules_belong_to_phases_of_their_course() -> None:
    for course in courses():
        phases = {phase["key"] for phase in course["phases"]}
        assert {module["phase"] for module in course["modules"]} <= phases
        assert course["minutes"] == sum(module["minutes"] for module in course["modules"])
