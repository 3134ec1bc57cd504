"""Verdicts follow from facts alone: the same in any order, bit by bit or all at once."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from lms.contracts import SYSTEM, Actor
from lms.core.catalogue.models import CourseVersion
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning.conditions import judge_all
from lms.core.learning.models import Standing
from lms.core.learning.queries import activities_by_id, agreement_of, stored_standings
from lms.core.learning.queries.assessing import waivers_of
from lms.core.learning.services import (
    AgreementWords,
    Finding,
    Presence,
    accept_work,
    assess,
    declare,
    return_work,
    set_attendance,
    start_work,
    submit_work,
    take_out,
    take_waiver_back,
    waive,
    write_agreement,
)
from lms.core.learning.services.standing import recompute
from lms.db import db, now
from lms.jobs import drain
from lms.journal import deliver, seal
from lms.work import Conflict, unit_of_work
from tests.core.learning.facts import make_activity


def rows(app):
    with app.app_context():
        found = db.session.scalars(db.select(Standing).order_by(Standing.enrolment_id)).all()
        db.session.expunge_all()
        return {row.enrolment_id: row for row in found}


def listen(app):
    with app.app_context():
        seal()
        deliver()
        return drain()


FACTS_RULE = {
    "version": "p1",
    "conditions": {
        "attendance": {"percent": 80},
        "activities": {"of": 2},
        "declared": {},
        "assessment": {"level": 2},
        "agreement": {},
    },
}
OUTCOMES = [{"da": "Se", "sv": "Se", "en": "See"}]


class Story:
    """A small run, and what may happen in it: each deed leaves one fact behind."""

    def __init__(self, app, maker):
        self.app, self.maker = app, maker
        version = maker.version(outcomes=OUTCOMES)
        moments = [now() - timedelta(days=9), now() - timedelta(days=2)]
        self.run = maker.run(
            version=version,
            state="running",
            sessions=moments,
            session_minutes=100,
            rule=FACTS_RULE,
        )
        self.days = maker.sessions_of(self.run)
        self.tasks = [make_activity(maker, self.run, title=f"T{n}") for n in range(3)]
        self.people = [maker.person() for _ in range(2)]
        self.rows = [
            maker.enrolment(run=self.run, person=person, state="active", manager=maker.person())
            for person in self.people
        ]

    def do(self, service, *arguments, **options):
        with self.app.app_context(), unit_of_work():
            return service(*arguments, **options)

    def attend(self, who, day, minutes):
        line = Presence(enrolment_id=self.rows[who].id, mode="partial", minutes=minutes)
        self.do(set_attendance, self.days[day].id, [line], SYSTEM)

    def work(self, who, task, verb):
        def act():
            if self.tasks[task].id not in activities_by_id([self.tasks[task].id]):
                return  # nobody had begun it when it was taken out, so it is gone
            work = start_work(self.tasks[task].id, self.rows[who].id, SYSTEM)
            if verb == "submit" and work.state in ("started", "returned"):
                submit_work(work, SYSTEM)
            elif verb == "accept" and work.state != "accepted":
                accept_work(work, SYSTEM)
            elif verb == "return" and work.state in ("submitted", "accepted"):
                return_work(work, SYSTEM)

        self.do(act)

    def declare(self, who, accepted):
        self.do(declare, self.rows[who].id, accepted, "", SYSTEM)

    def assess(self, who, level):
        finding = Finding(outcome=0, level=level, method="work")
        self.do(assess, self.rows[who].id, [finding], SYSTEM)

    def agree(self, who, part):
        row = self.rows[who]
        person = row.person_id if part == "employee" else row.manager_id

        def act():
            found = agreement_of(row.id)
            words = AgreementWords(goal="Mål", task="Opgave", minutes_promised=60)
            revision = found.revision if found else 0
            write_agreement(row.id, words, Actor(person_id=person), revision=revision)

        self.do(act)

    def let_off(self, who, condition, on):
        def act():
            there = [
                one.condition for one in waivers_of([self.rows[who].id]).get(self.rows[who].id, ())
            ]
            if on:
                waive(self.rows[who].id, condition, "Derfor", SYSTEM)
            elif condition in there:
                take_waiver_back(self.rows[who].id, condition, SYSTEM)

        self.do(act)

    def take_out(self, task):
        def act():
            activity = activities_by_id([self.tasks[task].id]).get(self.tasks[task].id)
            if activity is not None and activity.state == "shown":
                take_out(activity, SYSTEM)

        self.do(act)
        listen(self.app)

    def stored(self):
        with self.app.app_context():
            enrolments = list(enrolments_by_id([row.id for row in self.rows]).values())
            return stored_standings(enrolments)

    def judged(self):
        with self.app.app_context():
            enrolments = list(enrolments_by_id([row.id for row in self.rows]).values())
            return judge_all(enrolments)

    def agrees(self):
        """What was written as things happened is what is found by looking at everything."""
        judged = self.judged()
        for enrolment_id, stood in self.stored().items():
            assert stood == judged[enrolment_id]

    def verdicts(self):
        return [self.judged()[row.id] for row in self.rows]


who = st.integers(0, 1)
DEEDS = st.one_of(
    st.tuples(st.just("attend"), who, st.integers(0, 1), st.sampled_from([0, 60, 100])),
    st.tuples(
        st.just("work"), who, st.integers(0, 2), st.sampled_from(["submit", "accept", "return"])
    ),
    st.tuples(st.just("declare"), who, st.booleans()),
    st.tuples(st.just("assess"), who, st.integers(0, 3)),
    st.tuples(st.just("agree"), who, st.sampled_from(["employee", "manager"])),
    st.tuples(st.just("let_off"), who, st.sampled_from(["attendance", "agreement"]), st.booleans()),
    st.tuples(st.just("take_out"), st.integers(0, 2)),
)


def test_bit_by_bit_is_the_same_as_all_at_once(lms_app, maker):
    class Machine(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.story = Story(lms_app, maker)

        @rule(deed=DEEDS)
        def happens(self, deed):
            name, *arguments = deed
            getattr(self.story, name)(*arguments)

        @invariant()
        def stored_is_judged(self):
            self.story.agrees()

        def teardown(self):
            story = self.story
            story.do(recompute, story.run.id)
            before = {id_: row.changed_at for id_, row in rows(lms_app).items()}
            story.do(recompute, story.run.id)
            assert {id_: row.changed_at for id_, row in rows(lms_app).items()} == before
            assert story.stored() == story.judged()

    examples = 200 if os.environ.get("LMS_PROVE") == "1" else 6
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=10,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
        ),
    )


# One deed for each fact, so that every order leaves the same facts behind.
ONCE = [
    ("attend", 0, 0, 100),
    ("attend", 0, 1, 60),
    ("work", 0, 0, "accept"),
    ("work", 0, 1, "accept"),
    ("work", 0, 2, "submit"),
    ("declare", 0, True),
    ("assess", 0, 2),
    ("agree", 0, "employee"),
    ("agree", 0, "manager"),
    ("let_off", 0, "agreement", True),
    ("attend", 1, 0, 0),
]


@settings(max_examples=100 if os.environ.get("LMS_PROVE") == "1" else 4)
@given(order=st.permutations(ONCE), left_out=st.sets(st.integers(0, len(ONCE) - 1), max_size=3))
def test_the_order_in_which_things_happen_never_changes_the_verdict(
    lms_app, maker, order, left_out
):
    kept = [deed for deed in order if ONCE.index(deed) not in left_out]
    stories = []
    for deeds in (kept, sorted(kept)):
        story = Story(lms_app, maker)
        for name, *arguments in deeds:
            getattr(story, name)(*arguments)
        story.agrees()
        stories.append(
            [
                (v.facts.result, v.facts.reasons, v.outlook, v.done, v.required)
                for v in story.verdicts()
            ]
        )
    assert stories[0] == stories[1]


@settings(max_examples=50 if os.environ.get("LMS_PROVE") == "1" else 5)
@given(
    percent=st.integers(0, 100),
    level=st.integers(0, 3),
    dropped=st.sets(st.sampled_from(sorted(FACTS_RULE["conditions"])), max_size=4),
)
def test_a_later_rule_changes_no_earlier_verdict(lms_app, maker, percent, level, dropped):
    """The run keeps the rule it opened with, whatever the course version says later."""
    story = Story(lms_app, maker)
    for name, *arguments in ONCE:
        getattr(story, name)(*arguments)
    before = story.verdicts()
    later = {
        "version": "p2",
        "conditions": {
            name: options
            for name, options in (
                FACTS_RULE["conditions"]
                | {"attendance": {"percent": percent}, "assessment": {"level": level}}
            ).items()
            if name not in dropped
        },
    }

    def change():
        db.session.execute(
            db.update(CourseVersion)
            .where(CourseVersion.id == story.run.course_version_id)
            .values(rule=later)
        )

    story.do(change)
    story.do(recompute, story.run.id)
    assert story.verdicts() == before
    assert {stood.facts.rule_version for stood in story.stored().values()} == {"p1"}


def test_two_facts_at_once_are_both_seen(lms_app, maker):
    story = Story(lms_app, maker)
    row, together = story.rows[0], threading.Barrier(3)

    def at_once(deed):
        together.wait()
        for _attempt in range(20):
            try:
                return deed()
            except Conflict:
                continue
        raise AssertionError("twenty conflicts in a row")

    work = story.do(start_work, story.tasks[0].id, row.id, SYSTEM)
    act = [
        lambda: story.do(accept_work, work, SYSTEM),
        lambda: story.attend(0, 0, 100),
        lambda: story.do(declare, row.id, True, "", SYSTEM),
    ]
    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(at_once, deed) for deed in act]:
            done.result()
    story.agrees()
    stood = story.stored()[row.id]
    assert (stood.done, stood.facts.minutes_attended) == (1, 100)
