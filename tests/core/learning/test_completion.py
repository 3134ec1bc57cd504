"""Completion: conditions with reasons, the teacher's word, deciding once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lms.contracts import SYSTEM, Actor, CompletionRule, ConditionResult, LocalisedText
from lms.core.catalogue.models import CourseSession, CourseVersion, Run
from lms.core.catalogue.services import change_run_state
from lms.core.enrolment.queries import enrolments_by_id
from lms.core.learning import presenting, todo
from lms.core.learning.conditions import overall, standings
from lms.core.learning.models import Attendance, Completion, Declaration
from lms.core.learning.services import Presence, decide_completions, declare, set_attendance
from lms.core.refused import Refused
from lms.db import db, now
from lms.hookspecs import hookimpl
from lms.testing.specimen import SPECIMEN, Specimen
from lms.work import Conflict, unit_of_work


@pytest.fixture
def run(make_run):
    return make_run(
        state="running",
        sessions=[now() - timedelta(days=9), now() - timedelta(days=2)],
        session_minutes=100,
        capacity=50,
    )


@pytest.fixture
def teacher(client, sign_in, make_person, make_team_member, run):
    person = make_person(language="en")
    make_team_member(run=run, person=person)
    return sign_in(client, person)


@pytest.fixture
def do(lms_app):
    def call(service, *arguments, **options):
        with lms_app.app_context():
            for _attempt in range(20):
                try:
                    with unit_of_work():
                        return service(*arguments, **options)
                except Conflict:
                    continue
            raise AssertionError("twenty conflicts in a row")

    return call


@pytest.fixture
def attend(do, maker, run):
    """`attend(enrolment, first, second)`: minutes on the two days, 100 each."""

    def write(enrolment, *minutes):
        for session, spent in zip(maker.sessions_of(run), minutes, strict=True):
            line = Presence(enrolment_id=enrolment.id, mode="partial", minutes=spent)
            do(set_attendance, session.id, [line], SYSTEM)

    return write


def standing_of(app, enrolment):
    with app.app_context():
        facts = enrolments_by_id([enrolment.id])
        return standings(list(facts.values()))[enrolment.id]


@pytest.mark.parametrize(
    ("minutes", "met"), [((60, 100), True), ((60, 99), False), ((100, 100), True), ((0, 0), False)]
)
def test_exactly_the_needed_share_is_enough(lms_app, run, make_enrolment, attend, minutes, met):
    enrolment = make_enrolment(run=run, state="active")
    attend(enrolment, *minutes)
    standing = standing_of(lms_app, enrolment)
    (attendance,) = [r for r in standing.reasons if r.name == "attendance"]
    assert attendance.met is met
    assert (standing.minutes_attended, standing.minutes_held) == (sum(minutes), 200)
    assert f"{sum(minutes)} of 200 minutes" in attendance.reason.en
    assert "80" in attendance.reason.da
    assert attendance.reason.sv


def test_before_anything_was_held_nothing_is_decided(lms_app, run, make_enrolment):
    standing = standing_of(lms_app, make_enrolment(run=run, state="active"))
    assert standing.result == "undecided"
    assert all(reason.met is None for reason in standing.reasons)


def test_a_cancelled_day_counts_for_nobody(lms_app, run, make_enrolment, attend, maker):
    enrolment = make_enrolment(run=run, state="active")
    attend(enrolment, 100, 0)
    second = maker.sessions_of(run)[1]
    with lms_app.app_context(), unit_of_work():
        db.session.execute(
            db.update(CourseSession).where(CourseSession.id == second.id).values(state="cancelled")
        )
    standing = standing_of(lms_app, enrolment)
    assert (standing.minutes_attended, standing.minutes_held) == (100, 100)


@pytest.mark.once
def test_how_conditions_add_up():
    def result(met):
        return ConditionResult(name="x", met=met, reason=LocalisedText())

    assert overall([]) == "undecided"
    assert overall([result(True), result(True)]) == "met"
    assert overall([result(True), result(None)]) == "undecided"
    assert overall([result(None), result(False)]) == "not_met"


def test_the_rule_is_fixed_when_the_run_opens(do, lms_app, make_run, make_enrolment, maker):
    run = make_run(state="announced")
    do(change_run_state, run.id, "open", SYSTEM)
    with lms_app.app_context(), unit_of_work():
        db.session.execute(
            db.update(CourseVersion).values(rule={"version": "later", "conditions": {}})
        )
    do(change_run_state, run.id, "closed", SYSTEM)
    do(change_run_state, run.id, "open", SYSTEM)
    assert maker.reload(run).rule["version"] == "specimen-1"
    enrolment = make_enrolment(run=run, state="active")
    assert standing_of(lms_app, enrolment).rule_version == "specimen-1"


class WithOwnCondition(Specimen):
    """Its own condition is met for whoever's goal says so; it fails when told to."""

    broken = False

    @hookimpl
    def lms_completion_conditions(self, enrolments):
        if self.broken:
            raise RuntimeError("out of order")
        text = LocalisedText(en="The plan is handed in.")
        return {
            e.id: [ConditionResult(name="specimen.plan", met=e.goal == "plan", reason=text)]
            for e in enrolments
        }


@pytest.mark.parametrize("broken", [False, True])
def test_a_course_types_own_condition_counts_and_a_broken_one_is_never_met(lms_app_factory, broken):
    from lms.testing.rows import Maker

    plugin = WithOwnCondition()
    plugin.broken = broken
    app = lms_app_factory(plugins=[(SPECIMEN, plugin)])
    make = Maker(app)
    rule = {"version": "own", "conditions": {"specimen.plan": {}}}
    run = make.run(state="running", rule=rule)
    good, bad = (make.enrolment(run=run, state="active", goal=g) for g in ("plan", "none"))
    assert standing_of(app, good).result == ("undecided" if broken else "met")
    assert standing_of(app, bad).result == ("undecided" if broken else "not_met")


# --- the teacher's word and the decision --------------------------------------------------------


def test_the_word_is_kept_and_can_be_changed(teacher, submit, run, make_enrolment, lms_app):
    a, b = (make_enrolment(run=run, state="active") for _ in range(2))
    url = f"/teach/{run.key}/complete"
    response = submit(
        teacher, url, **{f"word-{a.key}": "yes", f"word-{b.key}": "no", f"note-{b.key}": "Mangler"}
    )
    assert response.status_code == 303
    assert "Mangler" in teacher.get(url).text
    submit(teacher, url, **{f"word-{a.key}": "yes", f"word-{b.key}": "yes", f"note-{b.key}": ""})
    with lms_app.app_context():
        words = db.session.scalars(db.select(Declaration).order_by(Declaration.id)).all()
        assert [(w.enrolment_id, w.accepted, w.note) for w in words] == [
            (a.id, True, ""),
            (b.id, True, ""),
        ]


def test_junk_in_the_word_comes_back(teacher, submit, run, make_enrolment, lms_app):
    row = make_enrolment(run=run, state="active")
    url = f"/teach/{run.key}/complete"
    note = "x" * 501
    response = submit(teacher, url, **{f"word-{row.key}": "perhaps", f"note-{row.key}": note})
    assert response.status_code == 422
    assert note in response.text
    assert "Choose one of the answers." in response.text


def test_deciding_writes_outcome_reasons_and_state_once(
    teacher, submit, run, make_enrolment, attend, do, lms_app, maker
):
    met, missing, unsaid = (make_enrolment(run=run, state="active") for _ in range(3))
    for row, minutes in ((met, (100, 60)), (missing, (100, 10)), (unsaid, (100, 100))):
        attend(row, *minutes)
    do(declare, met.id, True, "", SYSTEM)
    do(declare, missing.id, True, "", SYSTEM)
    url = f"/teach/{run.key}/decide"
    assert "Decide now" in teacher.get(url).text
    assert submit(teacher, url).status_code == 303
    states = [maker.reload(row).state for row in (met, missing, unsaid)]
    assert states == ["completed", "not_completed", "active"]
    with lms_app.app_context():
        rows = db.session.scalars(db.select(Completion).order_by(Completion.enrolment_id)).all()
        assert [(r.enrolment_id, r.result, r.minutes_attended) for r in rows] == [
            (met.id, "met", 160),
            (missing.id, "not_met", 110),
        ]
        assert {reason["name"] for reason in rows[0].reasons} == {"attendance", "declared"}
    page = teacher.get(f"/teach/{run.key}/complete").text
    assert "160 of 200 minutes" in page
    assert submit(teacher, url).status_code == 422  # only who is undecided is left
    assert "There is nobody to decide on yet." in teacher.get(url).text


def test_nothing_is_decided_while_a_register_is_missing(
    teacher, submit, run, make_enrolment, do, maker
):
    row = make_enrolment(run=run, state="active")
    first = maker.sessions_of(run)[0]
    do(set_attendance, first.id, [Presence(enrolment_id=row.id, mode="present")], SYSTEM)
    do(declare, row.id, True, "", SYSTEM)
    url = f"/teach/{run.key}/decide"
    assert "The register is missing for 1 of 2 sessions" in teacher.get(url).text
    assert submit(teacher, url).status_code == 422
    assert maker.reload(row).state == "active"


def test_two_who_decide_at_once_decide_once(do, run, make_enrolment, attend, lms_app):
    rows = [make_enrolment(run=run, state="active") for _ in range(3)]
    for row in rows:
        attend(row, 100, 100)
        do(declare, row.id, True, "", SYSTEM)
    ids = [row.id for row in rows]

    def decide(_number):
        try:
            do(decide_completions, ids, SYSTEM)
        except Refused:
            return "refused"
        return "decided"

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(decide, range(3)))
    assert sorted(outcomes) == ["decided", "refused", "refused"]
    with lms_app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Completion)) == 3


def test_what_is_decided_stays_decided(do, run, make_enrolment, attend):
    row = make_enrolment(run=run, state="active")
    attend(row, 100, 100)
    do(declare, row.id, True, "", SYSTEM)
    do(decide_completions, [row.id], SYSTEM)
    with pytest.raises(Refused):
        do(declare, row.id, False, "Alligevel ikke", SYSTEM)


def test_the_one_it_is_about_reads_the_reasons(
    lms_app, sign_in, run, make_enrolment, make_person, attend, do
):
    person = make_person(language="en")
    row = make_enrolment(run=run, person=person, state="active")
    attend(row, 100, 0)
    do(declare, row.id, False, "Send idéarket", SYSTEM)
    browser = sign_in(lms_app.test_client(), person)
    text = browser.get(f"/enrolments/{row.key}").text
    assert "Present 100 of 200 minutes (50%)" in text
    assert "Send idéarket" in text
    do(decide_completions, [row.id], SYSTEM)
    text = browser.get(f"/enrolments/{row.key}").text
    assert "You did not complete" in text
    assert "Present 100 of 200 minutes (50%)" in text


def test_a_run_without_conditions_is_never_completed_by_itself(lms_app, make_run, make_enrolment):
    run = make_run(state="running", rule={"version": "none", "conditions": {}})
    standing = standing_of(lms_app, make_enrolment(run=run, state="active"))
    assert standing.result == "undecided"
    assert isinstance(run, Run)


# --- sums ---------------------------------------------------------------------------------------


def shown(*numbers):
    figures, total = presenting.safe_figures([(str(i), n) for i, n in enumerate(numbers)])
    return [figure.number for figure in figures], total


@pytest.mark.once
def test_small_groups_are_hidden_and_cannot_be_reckoned():
    assert shown(12, 7) == ([12, 7], 19)
    assert shown(0, 12) == ([12], 12)
    assert shown(2, 1) == ([None, None], None)
    assert shown(12, 7, 2) == ([12, None, None], 21)
    assert shown(12, 3, 3) == ([12, None, None], 18)
    assert shown(12, 7, 1, 1) == ([12, None, None, None], 21)
    assert shown(12, 3) == ([None, None], 15)


def test_an_evaluator_sees_no_names(
    client, sign_in, make_person, make_team_member, run, make_enrolment
):
    person = make_person(language="en")
    make_team_member(run=run, person=person, role="evaluator")
    for state, count in (("active", 6), ("withdrawn", 6), ("declined", 1)):
        for _ in range(count):
            make_enrolment(run=run, state=state, person=make_person(name="Hemmeligt Navn"))
    sign_in(client, person)
    text = client.get(f"/teach/{run.key}/sums").text
    assert "Hemmeligt Navn" not in text
    assert "not shown" in text
    assert ">13<" in text


# --- what waits ---------------------------------------------------------------------------------


def test_todo_items_of_teachers_and_participants(
    lms_app, make_run, make_person, make_team_member, make_enrolment
):
    from lms.core.learning import hooks

    teacher, learner = make_person(), make_person()
    over = make_run(state="running", sessions=[now() - timedelta(days=1)], title="Slut")
    under_way = make_run(
        state="running", sessions=[now() - timedelta(hours=3), now() + timedelta(days=3)]
    )
    for run in (over, under_way):
        make_team_member(run=run, person=teacher)
        make_enrolment(run=run, person=learner, state="active")
    with lms_app.test_request_context():
        titles = [item.title.en for item in hooks.lms_todo_items(Actor(person_id=teacher.id))]
        own = [item.title.en for item in hooks.lms_todo_items(Actor(person_id=learner.id))]
    assert [title.split(":")[0] for title in titles] == [
        "Write who was there",
        "Write who was there",
        "Teach the next day",
    ]
    assert len(own) == 1
    assert own[0].startswith("Come to the next day")
    with lms_app.app_context(), unit_of_work():
        db.session.execute(
            db.update(CourseSession).where(CourseSession.run_id == over.id).values(state="held")
        )
    with lms_app.test_request_context():
        titles = [item.title.en for item in hooks.lms_todo_items(Actor(person_id=teacher.id))]
    assert "Decide who completes Slut" in titles


def test_a_register_that_waits_for_a_look_is_named_however_far_its_session_was_moved(
    lms_app, make_run, make_person, make_team_member, make_enrolment
):
    teacher = make_person()
    run = make_run(state="running", sessions=[now() + timedelta(days=60)])
    make_team_member(run=run, person=teacher)
    row = make_enrolment(run=run, state="active")
    with lms_app.app_context(), unit_of_work():
        session_id = db.session.scalars(
            db.select(CourseSession.id).where(CourseSession.run_id == run.id)
        ).one()
        db.session.add(
            Attendance(
                enrolment_id=row.id,
                course_session_id=session_id,
                minutes=60,
                mode="present",
                unsure=True,
                set_at=now(),
            )
        )
    with lms_app.test_request_context():
        titles = [item.title.en for item in todo.items(Actor(person_id=teacher.id))]
    assert [title.split(":")[0] for title in titles] == ["Look at what came late"]


@pytest.mark.once
def test_a_rule_without_attendance_asks_for_no_share():
    rule = CompletionRule(version="x", conditions={"declared": {}})
    assert presenting.needed_percent(rule) is None
    assert presenting.needed_percent(None) is None
