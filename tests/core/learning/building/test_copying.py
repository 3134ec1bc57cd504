"""What goes along with a copy, who is told of it, and that rules stay where they were fixed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from lms.contracts import SYSTEM, LocalisedText
from lms.core.catalogue import services as catalogue
from lms.core.catalogue.models import CourseVersion, Run
from lms.core.catalogue.queries import card_by_id
from lms.core.catalogue.services import DraftChanged, SessionPlan
from lms.core.learning.queries.lineage import first_of_each
from lms.core.learning.services import building
from lms.core.learning.services.building import RunPlan
from lms.core.refused import Refused
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, SPECIMEN_TYPE, Specimen
from lms.work import unit_of_work
from tests.core.learning.building.kit import fields_of, send, text_of


class Following(Specimen):
    """Hears of copies, and breaks when told to."""

    def __init__(self):
        self.heard = []
        self.broken = False

    @hookimpl
    def lms_after_copies(self, copies, actor):
        if self.broken:
            raise RuntimeError("out of order")
        self.heard += copies


@pytest.fixture
def following():
    return Following()


@pytest.fixture
def lms_plugins(following):
    return [(SPECIMEN, following)]


def run_plan(host, **changes):
    begins = now() + timedelta(days=30)
    day = SessionPlan(
        title=LocalisedText(da="Dag"),
        content=LocalisedText(),
        starts_at=begins,
        ends_at=begins + timedelta(hours=3),
    )
    values = {
        "title": LocalisedText(da="Hold"),
        "hosts": [host.id],
        "zone": "Europe/Copenhagen",
        "sessions": [day],
        "capacity": 9,
    }
    return RunPlan(**values | changes)


def test_lms_after_copies(lms_app, following, school, draft, activity, maker):
    version = draft(school, state="approved")
    row = activity(version)
    old = maker.run(version=version, hosts=[school], sessions=1)
    session_id = None
    with lms_app.test_request_context():
        from lms.core.catalogue.queries import sessions_of

        session_id = sessions_of([old.id])[old.id][0].id
        with unit_of_work():
            new_run = building.copy_run(old.id, run_plan(school), SYSTEM, sessions=[session_id])
        with unit_of_work():
            started = building.start_run(version.id, run_plan(school), SYSTEM)
        with unit_of_work():
            again = building.copy_course(version.id, version.course_id, school.id, SYSTEM)
        with unit_of_work():
            third = building.next_version(version.id, SYSTEM)
        assert started
    copied, begun, course, followed = following.heard
    assert copied.runs == {old.id: new_run}
    assert list(copied.sessions) == [session_id]
    assert copied.days in (2, 3)  # by the calendar there, which may be a day ahead of UTC
    assert copied.zone == "Europe/Copenhagen"
    assert list(begun.activities) == [row.id]
    assert (begun.runs, begun.versions) == ({}, {})
    assert course.versions == {version.id: again}
    assert list(course.courses) == [version.course_id]
    assert (followed.versions, followed.courses) == ({version.id: third}, {})


def test_a_copy_that_somebody_fails_is_not_made(lms_app, following, enter, school, draft):
    version = draft(school, state="approved")
    following.broken = True
    client = enter("teacher", school)
    page = text_of(client.get(f"/build/version/{version.key}"))
    answer = send(client, f"/build/version/{version.key}/next", fields_of(page, "/next"))
    assert answer.status_code in (303, 500, 503)
    with lms_app.app_context():
        assert len(db.session.scalars(select(CourseVersion.id)).all()) == 1


def test_activities_are_known_again_through_several_versions(
    lms_app, enter, school, draft, activity
):
    version = draft(school, state="approved")
    first = activity(version, content={"text": {"da": "Hej du"}, "questions": [{"points": 1}]})
    gone = activity(version, "Udgår", position=2)
    with lms_app.test_request_context():
        ids = [version.id]
        for _ in range(2):
            with unit_of_work():
                new = building.next_version(ids[-1], SYSTEM)
                db.session.get_one(CourseVersion, new).state = "approved"
                ids.append(new)
        with unit_of_work():
            from lms.core.learning.models import Activity

            rows = db.session.scalars(
                select(Activity)
                .where(Activity.course_version_id == ids[-1])
                .order_by(Activity.position)
            ).all()
            assert first_of_each([rows[0].id, first.id]) == {
                rows[0].id: first.id,
                first.id: first.id,
            }
            rows[0].content = {"text": {"da": "Hej alle"}, "questions": [{"points": 2}]}
            rows[0].minutes = 25
            db.session.delete(rows[1])
            last = db.session.get_one(CourseVersion, ids[-1])
            last.title = LocalisedText(da="Løft let", sv="Løft uden løft", en="Løft uden løft")
            last.modules = [{**last.modules[1]}, {**last.modules[0], "minutes": 90}]
            last.outcomes = [*last.outcomes, {"da": "Nyt mål", "sv": "", "en": ""}]
            last.rule = {"version": "x", "conditions": {"attendance": {"percent": 60}}}
            key = last.key
    client = enter("teacher", school)
    page = text_of(client.get(f"/build/version/{key}/compare?with={version.key}"))
    assert "Title (Danish)" in page
    assert "Title (Swedish)" not in page
    assert "text › da" in page
    assert "questions 1 › points" in page
    assert "Udgår" in page
    assert "Outcome 2 (Danish)" in page
    assert "At least so many percent of the minutes: 80" in page
    assert "At least so many percent of the minutes: 60" in page
    assert gone.title.da == "Udgår"
    same = text_of(client.get(f"/build/version/{version.key}/compare"))
    assert "Compare version 1 with" in same
    alone = draft(school)
    assert "There is only one version" in text_of(client.get(f"/build/version/{alone.key}/compare"))


def test_a_version_that_is_copied_says_the_same(lms_app, enter, school, draft, activity):
    version = draft(school, state="approved")
    activity(version)
    with lms_app.test_request_context():
        with unit_of_work():
            new = building.next_version(version.id, SYSTEM)
        key = card_by_id(new, SYSTEM).key
    client = enter("teacher", school)
    assert "The two versions say the same" in text_of(client.get(f"/build/version/{key}/compare"))


# --- rules stay -----------------------------------------------------------------------------------


class Rules(RuleBasedStateMachine):
    """Somebody writes rules, approves, makes runs, opens them: a run's rule never changes."""

    app = None
    maker = None

    versions = Bundle("versions")
    runs = Bundle("runs")

    @initialize(target=versions)
    def begin(self):
        self.fixed: dict[int, object] = {}
        self.host = self.maker.organisation()
        return self.maker.version(state="draft", course=self.maker.course(owner=self.host)).id

    def act(self, verb, *arguments, **named):
        with self.app.test_request_context():
            try:
                with unit_of_work():
                    return verb(*arguments, **named)
            except (Refused, DraftChanged):
                return None

    @rule(version=versions, percent=st.integers(1, 100), stale=st.booleans())
    def write(self, version, percent, stale):
        with self.app.test_request_context():
            card = card_by_id(version, SYSTEM)
        written = {"version": f"{percent}", "conditions": {"attendance": {"percent": percent}}}
        revision = card.revision - 1 if stale else card.revision
        self.act(catalogue.write_draft, version, {"rule": written}, SYSTEM, revision=revision)

    @rule(version=versions)
    def send(self, version):
        self.act(catalogue.send_for_review, version, SYSTEM)

    @rule(version=versions)
    def back(self, version):
        self.act(catalogue.send_back, version, SYSTEM, "Nej")

    @rule(version=versions)
    def approve(self, version):
        self.act(catalogue.approve_version, version, SYSTEM)

    @rule(version=versions)
    def retire(self, version):
        self.act(catalogue.retire_version, version, SYSTEM)

    @rule(target=versions, version=versions)
    def follow(self, version):
        made = self.act(building.next_version, version, SYSTEM)
        return made if made is not None else multiple()

    @rule(target=runs, version=versions)
    def make(self, version):
        made = self.act(building.start_run, version, run_plan(self.host), SYSTEM)
        return made if made is not None else multiple()

    @rule(run=runs, state=st.sampled_from(("announced", "open", "closed", "running")))
    def move(self, run, state):
        self.act(catalogue.change_run_state, run, state, SYSTEM)

    @invariant()
    def no_rule_has_changed(self):
        with self.app.app_context():
            rows = db.session.execute(
                select(Run.id, Run.rule, CourseVersion.rule, CourseVersion.state).join(
                    CourseVersion, CourseVersion.id == Run.course_version_id
                )
            ).all()
        for run_id, run_rule, version_rule, state in rows:
            assert state in ("approved", "retired")
            assert run_rule == version_rule
            assert self.fixed.setdefault(run_id, run_rule) == run_rule


def test_a_run_keeps_its_rule_whatever_becomes_of_the_version(lms_app, maker):
    machine = type("RulesHere", (Rules,), {"app": lms_app, "maker": maker})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=10, stateful_step_count=20, deadline=None)
    )
    assert SPECIMEN_TYPE.rule.version == "specimen-1"
