"""The demo's activities: what its courses promise is there, loaded once however often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.api import now, stopped_clock
from lms.core.catalogue.models import Course, CourseVersion, Run
from lms.core.enrolment.models import Enrolment
from lms.core.learning.models import (
    Activity,
    Agreement,
    Assessment,
    Attendance,
    Comment,
    Completion,
    Snippet,
    Standing,
    Waiver,
    Work,
)
from lms.core.learning.outlines import uncovered
from lms.core.learning.queries.outline import activities_in_version
from lms.core.users.models import Person
from lms.db import db
from lms.host import current_host
from lms.journal.models import JournalEntry
from lms_activities.demo.outlines import FOLDER, read
from lms_activities.models import Attempt, HandIn, Link, LogEntry, Marking, Record, Share
from lms_activities.queries.quiz import attempts_of
from lms_activities.quiz import FEWEST_FOR_STATISTICS, figures
from lms_activities.types import ACTIVITY_TYPES

ALL = ("activities", "courses", "certificates", "technology_trials")
RICH = "To i samme stue"


def load(app: Flask) -> None:
    """The whole demo, in the order of its steps."""
    with app.app_context():
        steps = current_host().demo_steps()
        for name in sorted(steps):
            steps[name].item()


@pytest.fixture
def demo(lms_app_factory: Callable[..., Flask]) -> Flask:
    """An app with the demo of all plugins."""
    return lms_app_factory(plugins=ALL, fill=load)


def counted(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def entries() -> int:
    """What the journal has, but for the programme's page, which is written each time."""
    return counted(JournalEntry, JournalEntry.verb != "home.programme_written")


def rich_run() -> int:
    found = db.session.scalars(select(Run).where(Run.state == "running")).all()
    return next(run.id for run in found if run.title.da == RICH)


def outlooks() -> Mapping[str, str]:
    """How people of the rich run stand with attendance, by mail."""
    rows = db.session.execute(
        select(Person.email, Standing.outlook)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .join(Standing, Standing.enrolment_id == Enrolment.id)
        .where(Enrolment.run_id == rich_run())
    )
    return {row.email.split("@")[0]: row.outlook for row in rows}


def test_demo_has_an_outline_in_each_course_and_copies_in_its_runs(demo: Flask) -> None:
    with demo.app_context():
        approved = db.session.scalars(
            select(CourseVersion.id).where(CourseVersion.state == "approved")
        ).all()
        assert len(approved) == 7
        for version_id in approved:
            activities = activities_in_version(version_id)
            assert len(activities) >= 5
            runs = db.session.scalars(
                select(Run.id).where(Run.course_version_id == version_id)
            ).all()
            for run_id in runs:
                assert counted(Activity, Activity.run_id == run_id) == len(activities)
        kinds = set(db.session.scalars(select(Activity.activity_type)))
        assert kinds == {one.key for one in ACTIVITY_TYPES}
        assert counted(Activity, Activity.catch_up)
        assert counted(Activity, ~Activity.required)
        assert counted(Activity, Activity.after_id.is_not(None))
        assert any(
            set(one.others_minutes) >= {"host", "company"}
            for one in db.session.scalars(select(Activity))
        )


def test_demo_leaves_no_learning_outcome_uncovered(demo: Flask) -> None:
    from lms.core.catalogue.queries import version_by_id

    with demo.app_context():
        for version_id in db.session.scalars(select(CourseVersion.id)):
            activities = activities_in_version(version_id)
            assert not uncovered(version_by_id(version_id), activities)


@pytest.mark.once
@pytest.mark.parametrize("path", sorted(FOLDER.glob("outlines/*.json")), ids=lambda p: p.stem)
def test_demo_texts_are_written_in_every_language_of_their_course(path: Any) -> None:
    from lms_courses.demo.reading import courses

    outline = read("outlines", path.stem)
    assert outline is not None
    codes = set(next(one for one in courses() if one["slug"] == path.stem)["languages"])

    def texts(value: Any) -> list[dict[str, str]]:
        if isinstance(value, list):
            return [text for one in value for text in texts(one)]
        if not isinstance(value, dict):
            return []
        if set(value) & {"da", "sv", "en"} and not set(value) - {"da", "sv", "en", "right"}:
            return [value]
        return [text for one in value.values() for text in texts(one)]

    for one in outline["activities"]:
        for text in [one["title"], *texts(one["content"])]:
            assert codes <= set(text), text


def test_demo_has_work_in_every_state(demo: Flask) -> None:
    with demo.app_context():
        states = Counter(db.session.scalars(select(Work.state)))
        assert set(states) == {"started", "submitted", "returned", "accepted"}
        marked = select(Activity.id).where(Activity.activity_type == "assignment")
        waiting = select(Work.id).where(Work.state == "submitted", Work.activity_id.in_(marked))
        assert len(db.session.scalars(waiting).all()) >= 5
        # Returned, handed in again, accepted with levels.
        again = select(HandIn.work_id).where(HandIn.number == 2, HandIn.outcome == "accepted")
        assert db.session.scalars(again).all()
        assert any(levels for levels in db.session.scalars(select(Marking.levels)))


def test_demo_has_a_pair_and_a_group_that_handed_in_together(demo: Flask) -> None:
    with demo.app_context():
        shares = Counter(db.session.scalars(select(Share.hand_in_id)))
        assert set(shares.values()) >= {1, 2, 3}
        assert counted(HandIn, HandIn.agreed_by_id.is_not(None))
        assert counted(HandIn, HandIn.agreed_at.is_(None))  # one waits for the other's yes


def test_demo_shows_tasks_to_managers_and_ends_them_in_records(demo: Flask) -> None:
    with demo.app_context():
        seen = Counter(
            (row.purpose, row.answered_at is not None)
            for row in db.session.execute(select(Link.purpose, Link.answered_at))
        )
        assert set(seen) == {(p, a) for p in ("seen", "observed") for a in (True, False)}
        assert set(db.session.scalars(select(Record.kind))) == {"changed_routine", "learning_note"}
        assert counted(Work, Work.record_key.is_not(None)) == counted(Record)
        assert counted(LogEntry) > 10


def test_demo_quizzes_have_tries_enough_for_figures(demo: Flask) -> None:
    with demo.app_context():
        quizzes = db.session.scalars(
            select(Activity).where(Activity.activity_type == "quiz", Activity.run_id == rich_run())
        ).all()
        works = db.session.scalars(
            select(Work.id).where(Work.activity_id.in_([one.id for one in quizzes]))
        ).all()
        tries = [
            (100 * (one.points or 0) // one.most, one.results, one.answers)
            for of_one in attempts_of(works).values()
            for one in of_one
        ]
        found = figures(["q1", "q2"], tries)
        assert all(one.asked >= FEWEST_FOR_STATISTICS for one in found)
        assert counted(Attempt, Attempt.number == 2)


def test_demo_says_who_must_come_who_cannot_pass_and_who_caught_up(demo: Flask) -> None:
    with demo.app_context():
        found = outlooks()
        assert found["assistent-plejecenter"] == "must_attend"
        assert found["underskoterska-natt"] == "lost"
        assert found["hjaelper"] != "lost"
        assert counted(Attendance, Attendance.catch_up > 0) == 1


def test_demo_agreements_waivers_assessments_talk_and_snippets(demo: Flask) -> None:
    with demo.app_context():
        assert counted(Agreement, Agreement.state == "agreed") >= 3
        assert counted(Agreement, Agreement.manager_signed_at.is_(None)) == 1
        assert counted(Waiver, Waiver.reason != "")
        assert counted(Assessment, Assessment.method == "conversation")
        talk = Counter(db.session.scalars(select(Comment.by_team)))
        assert talk[True] >= 3
        assert talk[False] >= 5
        assert counted(Snippet) >= 3


def test_demo_has_a_version_in_review_that_its_author_may_not_approve(demo: Flask) -> None:
    with demo.app_context():
        waiting = db.session.scalars(
            select(CourseVersion).where(CourseVersion.state == "review")
        ).one()
        assert waiting.number == 2
        assert waiting.created_by_id is not None
        assert counted(Activity, Activity.course_version_id == waiting.id)


def test_demo_completions_stay_as_they_were_told(demo: Flask) -> None:
    with demo.app_context():
        results = Counter(db.session.scalars(select(Completion.result)))
        assert results == {"met": 12, "not_met": 3}
        rules = set(db.session.scalars(select(Completion.rule_version)))
        assert rules == {"company-2", "staff-3", "new-technology-trial-1"}


def test_demo_happens_in_the_past_and_changes_nothing_when_loaded_again(demo: Flask) -> None:
    with demo.app_context():
        before = entries(), counted(Work), counted(Activity)
        assert counted(Work, Work.started_at > now()) == 0
        assert counted(JournalEntry, JournalEntry.at > now()) == 0
    load(demo)
    with demo.app_context():
        assert (entries(), counted(Work), counted(Activity)) == before


@pytest.mark.once
def test_demo_without_the_courses_has_no_activities(lms_app_factory: Callable[..., Flask]) -> None:
    alone = lms_app_factory(plugins=["activities"])
    load(alone)
    with alone.app_context():
        assert (counted(Course), counted(Activity)) == (0, 0)


@pytest.mark.once
@pytest.mark.parametrize("path", sorted(FOLDER.glob("stories/*.json")), ids=lambda p: p.stem)
def test_demo_steps_come_after_their_activity_opens_on_any_day_of_the_week(path: Any) -> None:
    from lms_courses.demo.reading import read as read_courses

    story = read("stories", path.stem)
    assert story is not None
    outline = read("outlines", story["course"])
    assert outline is not None
    run = next(one for one in read_courses("courses")["runs"] if one["slug"] == path.stem)
    # A first day in a weekend moves to Monday.
    latest = run["sessions"][0]["day"] + 2
    opens = {one["name"]: one.get("opens") for one in outline["activities"]}
    for step in story["steps"]:
        assert step["day"] < 0
        if opens.get(step.get("on")) is not None:
            assert step["day"] >= latest + opens[step["on"]], step


@pytest.mark.once  # which day it is no database changes
@pytest.mark.parametrize("day", [24, 28])
def test_demo_fits_other_days_of_the_week(lms_app_factory: Callable[..., Flask], day: int) -> None:
    app = lms_app_factory(plugins=ALL)
    with stopped_clock(datetime(2026, 3, day, 20, 50, tzinfo=UTC)):
        load(app)
        with app.app_context():
            assert counted(Work) > 100
